"""What a cell of a file names: a sheet by its number, an objective by its rank or its words."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.text import NBSP, fold
from roadmap.enums import ObjectiveKind
from roadmap.imports.workbooks.tables import FileRow
from roadmap.models import Action, Objective
from roadmap.summaries.sheets import rows_of
from roadmap.workbooks.book import Book, printed_words, shortened
from roadmap.workbooks.widgets import nearest, text_of

RANK = re.compile(r"(?:rang\s*)?(\d{1,4})(?:\.\s+(.*))?", re.IGNORECASE | re.DOTALL)


@dataclass(eq=False)
class Named:
    """One objective, and all that a file may call it."""

    row: Objective
    ranks: set[int] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def call(self, *, rank: int | None, label: str, title: str) -> None:
        """Add what one source calls it: the base, or a row of the file."""
        if rank:
            self.ranks.add(rank)
        # Its nature may not be read yet: both ways of printing it are known.
        printed = [printed_words(kind, label, title) for kind in ObjectiveKind]
        names = (title, label, *printed, *map(shortened, printed))
        self.words.update(fold(name) for name in names if name)


class References:
    """The sheets and the objectives that a file may name: those of the base, those that it adds."""

    def __init__(self, book: Book) -> None:
        self.book = book
        # As the file numbers them.
        self.sheets: dict[int, Action] = {}
        self._objectives: dict[int, list[Named]] = defaultdict(list)
        self._by_row: dict[int, Named] = {}
        for action in book.live:
            for row in rows_of(action):
                self._name(action, row, rank=book.ranks[row.pk])

    def take_sheets(self, rows: Iterable[FileRow], numbers: dict[int, int]) -> None:
        """The numbers that the file gives its sheets; those that it leaves out keep theirs."""
        told = {id(row.row) for row in rows if row.row is not None and not row.is_left}
        for action in self.book.live:
            if id(action) not in told:
                self.sheets[action.number] = action
        for row in rows:
            if row.row is not None and not row.is_left:
                number = numbers.get(id(row.row), row.row.number)
                self.sheets.setdefault(number, row.row)

    def take_objective(self, action: Action, row: FileRow) -> None:
        """What the file calls one of its objectives."""
        rank = row.text("rank")
        named = self._by_row.get(id(row.row)) or self._name(action, row.row, rank=None)
        named.call(
            rank=int(rank) if rank.isdecimal() else None,
            label=row.text("label"),
            title=row.text("title"),
        )
        if named not in self._objectives[id(action)]:
            self._objectives[id(action)].append(named)

    def _name(self, action: Action, row: Objective, *, rank: int | None) -> Named:
        named = Named(row)
        if row.pk is not None:
            named.call(rank=rank, label=row.label, title=row.title)
        self._objectives[id(action)].append(named)
        self._by_row[id(row)] = named
        return named

    def sheet(self, value: object) -> Action:
        """The sheet of that number. `ValueError` with a sentence."""
        text = text_of(value)
        if not text.isdecimal() or int(text) not in self.sheets:
            raise ValueError(
                f"aucune fiche ne porte le numéro «{NBSP}{text}{NBSP}» dans la feuille "
                f"«{NBSP}Fiches{NBSP}»."
            )
        return self.sheets[int(text)]

    def objective(self, action: Action, text: str) -> Objective:
        """The row of that sheet. `ValueError` with a sentence, and the nearest one."""
        known = self._objectives[id(action)]
        found = RANK.fullmatch(text.strip())
        rank = int(found[1]) if found else None
        words = fold((found[2] or "") if found else text)
        alike = [named for named in known if words and words in named.words]
        alike = alike or [named for named in known if fold(text) in named.words]
        if len(alike) > 1 and rank is not None:
            alike = [named for named in alike if rank in named.ranks] or alike
        if not alike and rank is not None and not words:
            alike = [named for named in known if rank in named.ranks]
        if len(alike) == 1:
            return alike[0].row
        if alike:
            raise ValueError(
                f"plusieurs objectifs de la fiche {action.number} répondent à «{NBSP}{text}{NBSP}»"
                f"{NBSP}: écrivez le rang."
            )
        near = nearest(text, [named.row.printed for named in known])
        raise ValueError(
            f"«{NBSP}{text}{NBSP}» n’est pas un objectif de la fiche {action.number}{near}."
        )
