"""How a value is shown in a cell, and read from one: in French, both ways.

`clean` raises `ValueError` with a sentence that goes on after « Avancement : ».
"""

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from import_export.widgets import Widget

from core.quarters import Quarter
from core.text import NBSP, clean_line, clean_paragraphs, fold, grouped
from roadmap.models import Priority
from roadmap.workbooks.book import Book, same_words

BETWEEN = f"{NBSP}; "
YES, NO = "oui", "non"
QUARTER = re.compile(r"(?:T\s*(\d+)\s*[-/ ]?\s*(\d+)|(\d+)\s*[-/ ]?\s*T\s*(\d+))", re.IGNORECASE)
WHOLE = re.compile(r"\d{1,9}")
AMOUNT = re.compile(r"(\d+)(?:[.,](\d{1,2}))?")
LEFT_OUT = re.compile(r"[\s€]")
# As the grid of the screen is typed.
LETTERS = {"p": "prevu", "f": "fait", "d": "decale"}
CENT = Decimal("0.01")
# From 0, nothing alike, to 1, the same.
NEAR = 0.5
MOST_DIGITS = 10


def text_of(value: Any) -> str:
    """A cell as a text: a number as people write it, nothing for an empty one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return str(value)


def nearest(typed: str, known: Iterable[str]) -> str:
    """« ; le plus proche est « En cours » », or nothing when none is near."""
    words = list(known)
    scores = [_nearness(fold(typed), fold(one)) for one in words]
    best = max(scores, default=0)
    if best < NEAR:
        return ""
    return f"{NBSP}; le plus proche est «{NBSP}{words[scores.index(best)]}{NBSP}»"


def _nearness(typed: str, known: str) -> float:
    """As a whole, or word by word for whoever types a part of a long title."""
    whole = difflib.SequenceMatcher(None, typed, known).ratio()
    parts = typed.split()
    found = [part for part in parts if difflib.get_close_matches(part, known.split(), 1, 0.75)]
    return max(whole, len(found) / len(parts) * 0.95 if parts else 0)


class FrenchWidget(Widget):  # type: ignore[misc]
    """The least: what is shown is the value itself."""

    def clean(self, value: Any, row: Any = None, *, book: Book, **options: Any) -> Any:  # noqa: ARG002
        return self.read(value, book)

    def render(self, value: Any, obj: Any = None, *, book: Book, **options: Any) -> Any:  # noqa: ARG002
        return self.shown(value, book)

    def read(self, value: Any, book: Book) -> Any:  # noqa: ARG002
        return value

    def shown(self, value: Any, book: Book) -> Any:  # noqa: ARG002
        return "" if value is None else value


class LineWidget(FrenchWidget):
    """One line of text, no longer than its field."""

    settle = staticmethod(clean_line)

    def __init__(self, longest: int) -> None:
        super().__init__()
        self.longest = longest

    def read(self, value: Any, book: Book) -> str:  # noqa: ARG002
        text = self.settle(text_of(value))
        if len(text) > self.longest:
            raise ValueError(
                f"ce texte a {grouped(len(text))} caractères, et il en tient "
                f"{grouped(self.longest)}{NBSP}: raccourcissez-le."
            )
        return text


class ParagraphsWidget(LineWidget):
    """A text of several lines."""

    settle = staticmethod(clean_paragraphs)


class WholeWidget(FrenchWidget):
    """A whole number between two others; blank where it may be."""

    def __init__(self, lowest: int, highest: int) -> None:
        super().__init__()
        self.lowest, self.highest = lowest, highest

    def read(self, value: Any, book: Book) -> int | None:  # noqa: ARG002
        text = LEFT_OUT.sub("", text_of(value))
        if not text:
            return None
        if not WHOLE.fullmatch(text) or not self.lowest <= int(text) <= self.highest:
            raise ValueError(
                f"«{NBSP}{text_of(value)}{NBSP}» n’est pas un nombre entier de {self.lowest} à "
                f"{self.highest}."
            )
        return int(text)


class RankWidget(WholeWidget):
    """Where an objective stands in its sheet."""

    def shown(self, value: Any, book: Book) -> Any:
        return "" if value is None else book.ranks[value]


class AmountWidget(FrenchWidget):
    """Euros, with two decimals at most."""

    def read(self, value: Any, book: Book) -> Decimal | None:  # noqa: ARG002
        digits = LEFT_OUT.sub("", text_of(_near_cents(value)))
        if not digits:
            return None
        if digits.startswith(("-", "−")):
            raise ValueError("un montant ne peut pas être négatif.")
        found = AMOUNT.fullmatch(digits)
        if found is None:
            raise ValueError(
                f"«{NBSP}{text_of(value)}{NBSP}» n’est pas un montant{NBSP}: écrivez par exemple "
                f"24{NBSP}000,50."
            )
        if len(found[1].lstrip("0")) > MOST_DIGITS:
            raise ValueError("ce montant est trop grand\u00a0: vérifiez les zéros.")
        return Decimal(f"{found[1]}.{(found[2] or '').ljust(2, '0')}")


def _near_cents(value: Any) -> Any:
    """24000.499999999996 is what a software keeps of 24 000,50."""
    if isinstance(value, Decimal):
        cents = value.quantize(CENT)
        if abs(cents - value) < Decimal("0.000001"):
            return cents
    return value


class YesNoWidget(FrenchWidget):
    """« oui » or « non »."""

    def read(self, value: Any, book: Book) -> bool:  # noqa: ARG002
        folded = fold(text_of(value))
        if folded in {YES, "o", "vrai", "x", "1"}:
            return True
        if folded in {NO, "n", "faux", "0"}:
            return False
        raise ValueError(f"écrivez «{NBSP}{YES}{NBSP}» ou «{NBSP}{NO}{NBSP}».")

    def shown(self, value: Any, book: Book) -> str:  # noqa: ARG002
        return YES if value else NO


class ChoiceWidget(FrenchWidget):
    """One of the words of an enumeration."""

    def __init__(self, choices: type[TextChoices], letters: Mapping[str, str] = {}) -> None:
        super().__init__()
        self.words = {str(value): str(label) for value, label in choices.choices}
        self.letters = letters

    def read(self, value: Any, book: Book) -> str:  # noqa: ARG002
        text = text_of(value)
        for code, words in self.words.items():
            if same_words(text, words):
                return code
        if (code := self.letters.get(fold(text), "")) in self.words:
            return code
        if not text:
            return ""
        near = nearest(text, self.words.values())
        choices = "" if near else f"{NBSP}; choix possibles{NBSP}: {', '.join(self.words.values())}"
        raise ValueError(f"«{NBSP}{text}{NBSP}» n’existe pas{near or choices}.")

    def shown(self, value: Any, book: Book) -> str:  # noqa: ARG002
        return self.words.get(str(value), "")


class QuarterWidget(FrenchWidget):
    """« T4 2026 »."""

    def read(self, value: Any, book: Book) -> int | None:  # noqa: ARG002
        text = text_of(value)
        return read_quarter(text) if text else None

    def shown(self, value: Any, book: Book) -> str:  # noqa: ARG002
        return "" if value is None else quarter_title(value)


def quarter_title(index: int) -> str:
    """« T4 2026 », with a space that people type."""
    return str(Quarter(index)).replace(NBSP, " ")


def read_quarter(text: str) -> int:
    """« T4 2026 » or « 2026-T4 »; `ValueError` for « T5 2026 »."""
    found = QUARTER.fullmatch(clean_line(text).replace(NBSP, " "))
    year, number = (found[2] or found[3], found[1] or found[4]) if found else ("", "")
    if not (year and number and 1990 <= int(year) <= 2099 and 1 <= int(number) <= 4):
        raise ValueError(
            f"«{NBSP}{text}{NBSP}» n’est pas un trimestre possible{NBSP}: écrivez par exemple "
            f"T4{NBSP}2026, de T1 à T4, de 1990 à 2099."
        )
    return Quarter.of(int(year), int(number)).index


class PriorityWidget(FrenchWidget):
    """A priority of the decree: « 2. Parcours… », or its number alone."""

    def read(self, value: Any, book: Book) -> int | None:
        text = text_of(value)
        return _priority(text, book) if text else None

    def shown(self, value: Any, book: Book) -> str:
        return "" if value is None else str(book.priorities[value])


def _priority(text: str, book: Book) -> int:
    if key := priority_named(text, book.priorities):
        return key
    known = [str(one) for one in book.priorities.values()]
    near = nearest(text, known)
    raise ValueError(
        f"«{NBSP}{text}{NBSP}» n’est pas une priorité du décret"
        f"{near or f'{NBSP}; elles vont de 1 à {len(known)}'}."
    )


def priority_named(text: str, priorities: Mapping[int, Priority]) -> int | None:
    """The key of the priority that is so called, by its number too."""
    for key, one in priorities.items():
        names = {fold(str(one)), fold(one.short_label), str(one.number)}
        if fold(text).rstrip(".") in names or fold(text) in names:
            return key
    return None


class PrioritiesWidget(FrenchWidget):
    """The numbers of several priorities: « 2 ; 5 »."""

    def read(self, value: Any, book: Book) -> tuple[int, ...]:
        keys = {_priority(part, book) for part in parts_of(text_of(value), also=",")}
        return tuple(key for key in book.priorities if key in keys)

    def shown(self, value: Any, book: Book) -> str:
        return BETWEEN.join(str(book.priorities[key].number) for key in value)


class ThemesWidget(FrenchWidget):
    """The titles of several themes of the ANAP."""

    def read(self, value: Any, book: Book) -> tuple[int, ...]:
        known = {fold(one.title): key for key, one in book.themes.items()}
        found = set()
        for part in parts_of(text_of(value)):
            if fold(part) not in known:
                near = nearest(part, [one.title for one in book.themes.values()])
                raise ValueError(f"«{NBSP}{part}{NBSP}» n’est pas un thème de l’ANAP{near}.")
            found.add(known[fold(part)])
        return tuple(key for key in book.themes if key in found)

    def shown(self, value: Any, book: Book) -> str:
        return BETWEEN.join(book.themes[key].title for key in value)


def parts_of(text: str, *, also: str = "") -> list[str]:
    """What stands between semicolons, and on each line."""
    separators = f"[;\n{also}]"
    return [part.strip() for part in re.split(separators, text) if part.strip()]


class AxisWidget(FrenchWidget):
    """A local axis by its title; a new title is a new axis, given back as a text."""

    longest = 300

    def read(self, value: Any, book: Book) -> int | str | None:
        text = clean_line(text_of(value))
        if not text:
            return None
        for key, axis in book.axes.items():
            if fold(text) in {fold(axis.title), fold(str(axis))}:
                return key
        return str(LineWidget(self.longest).read(text, book))

    def shown(self, value: Any, book: Book) -> str:
        if isinstance(value, str):
            return value
        return "" if value is None else str(book.axes[value])


class HolderWidget(FrenchWidget):
    """Who holds a role or pays: an entry of the directory, or a free text; read with its label."""

    def __init__(self, directory: str) -> None:
        super().__init__()
        self.directory = directory

    def shown(self, value: Any, book: Book) -> str:
        label, organisation, person = value
        if organisation is None and person is None:
            return str(label)
        directory = getattr(book, self.directory)
        return str(directory.words_of(organisation=organisation, person=person))


class PrintedWidget(FrenchWidget):
    """What is printed of them, when it is something else than their name."""

    def shown(self, value: Any, book: Book) -> str:  # noqa: ARG002
        label, organisation, person = value
        return "" if organisation is None and person is None else str(label)


class ObjectiveWidget(FrenchWidget):
    """A row of the sheet, as `Book.words` names it; read among the rows of the file."""

    def shown(self, value: Any, book: Book) -> str:
        return "" if value is None else book.words.get(value, "")
