"""Which sheet of the roadmap each sheet of a foreign file is: by its number, then by its title."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.text import NBSP, clean_line, fold
from roadmap.imports.foreign.results import ForeignAction
from roadmap.imports.foreign.words import parts_of_list
from roadmap.models import Action, Objective
from roadmap.services.gestures import named
from roadmap.services.numbering import HIGHEST_NUMBER
from roadmap.workbooks.book import Book

ALIKE = 0.6


@dataclass
class Matched:
    """A sheet that is there, or the number of one that the file adds."""

    number: int
    action: Action | None
    book: Book

    def parts(self, model: Any) -> Sequence[Any]:
        """What of that kind hangs on it already."""
        return self.book.rows(model, [self.action]) if self.action is not None else []

    def objective(self, title: str) -> Objective | None:
        """Its objective of that title, the mark before it aside; nothing when two have it."""
        wanted = fold(title)
        found = [row for row in self.parts(Objective) if wanted in _names(row)]
        return found[0] if found else None


def _names(row: Objective) -> set[str]:
    return {fold(row.title), fold(row.printed), *(fold(one) for one in parts_of_list(row.title))}


def match_actions(
    told: Iterable[ForeignAction], book: Book, notices: list[str]
) -> list[tuple[ForeignAction, Matched]]:
    """Every sheet of the file with its own; numbers that are taken are replaced, and told."""
    sheets = list(told)
    matcher = _Matcher(book, notices)
    matcher.match_alike(sheets)
    matcher.match_others(sheets)
    return [(sheet, matcher.found[id(sheet)]) for sheet in sheets]


class _Matcher:
    def __init__(self, book: Book, notices: list[str]) -> None:
        self.book, self.notices = book, notices
        self.found: dict[int, Matched] = {}
        self.by_number = {action.number: action for action in book.live}
        self.by_title: dict[str, Action] = {}
        for action in book.live:
            self.by_title.setdefault(fold(action.title), action)
        self.used: set[int] = set()
        self.numbers = set(self.by_number)

    def match_alike(self, sheets: Sequence[ForeignAction]) -> None:
        """The surest first: the same number and about the same title, then the same title."""
        for sheet in sheets:
            action = self.by_number.get(sheet.number or 0)
            if action is None and not sheet.title:
                sheet.title = f"{clean_line(sheet.label)} (sans titre dans le fichier)"
            if action is not None and not sheet.is_doubled and _is_alike(sheet, action):
                self._take(sheet, action)
        for sheet in sheets:
            action = self.by_title.get(fold(sheet.title)) if sheet.title else None
            if action is not None and id(sheet) not in self.found and action.pk not in self.used:
                self._take(sheet, action)
                if sheet.number not in {None, action.number}:
                    self._tell(sheet, f"garde son numéro{NBSP}{action.number} dans l’application")

    def match_others(self, sheets: Sequence[ForeignAction]) -> None:
        """A number that is there is that sheet; others are new, with their number or a free one."""
        for sheet in sheets:
            if id(sheet) in self.found:
                continue
            action = self.by_number.get(sheet.number or 0)
            if action is not None and not sheet.is_doubled and action.pk not in self.used:
                self._take(sheet, action)
                self._tell(
                    sheet, f"reconnue à son numéro, sous un autre titre que {named(action.title)}"
                )
        wanted = {sheet.number for sheet in sheets if id(sheet) not in self.found}
        for sheet in sheets:
            if id(sheet) in self.found:
                continue
            number = sheet.number
            if number is None or number in self.numbers or sheet.is_doubled:
                number = self._free(wanted)
                why = "numéro déjà pris" if sheet.number else "sans numéro simple"
                self._tell(sheet, f"{why}, prend le numéro{NBSP}{number}")
            self.numbers.add(number)
            self.found[id(sheet)] = Matched(number, None, self.book)

    def _take(self, sheet: ForeignAction, action: Action) -> None:
        if action.pk in self.used:
            return
        self.used.add(action.pk)
        self.found[id(sheet)] = Matched(action.number, action, self.book)

    def _free(self, wanted: set[int | None]) -> int:
        taken = self.numbers | {number for number in wanted if number}
        following = max(taken, default=0) + 1
        if following <= HIGHEST_NUMBER:
            return following
        return next(number for number in range(1, HIGHEST_NUMBER + 1) if number not in taken)

    def _tell(self, sheet: ForeignAction, words: str) -> None:
        label = f" ({sheet.label})" if sheet.label else ""
        self.notices.append(
            f"Ligne{NBSP}{sheet.row}, «{NBSP}{sheet.title or 'sans titre'}{NBSP}»{label}{NBSP}: "
            f"{words}."
        )


def _is_alike(sheet: ForeignAction, action: Action) -> bool:
    if not sheet.title:
        return True
    pair = fold(sheet.title), fold(action.title)
    return pair[0] == pair[1] or difflib.SequenceMatcher(None, *pair).ratio() >= ALIKE
