"""Which sheet, which header, which column is what: guessed, corrected by hand, kept as JSON.

    {"sheet": "Suivi", "header": [3, 4], "columns": {"A": "number", "B": "title", "H": "T3 2026"}}

A column is named by its letter; it holds a field of `words.FIELDS`, or the quarters that it is
about. A column that is not named is kept in the remarks, one that is « ignore » is left out.
"""

import json
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Any

from core.quarters import Quarter
from core.text import NBSP
from documents.workbooks import ForeignSheet, Mistake, WorkbookRefused
from roadmap.imports.foreign.quarters import Span, read_span
from roadmap.imports.foreign.words import FIELDS
from roadmap.workbooks.widgets import text_of

LAST_HEADER_ROW = 1000
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Guess:
    """What a column is taken for, and why, in French; `quarters` when it is part of a calendar."""

    column: int
    header: str
    field: str = ""
    quarters: Span = ()
    score: float = 0.0
    reason: str = ""

    @property
    def letter(self) -> str:
        return letter_of(self.column)

    @property
    def says(self) -> str:
        """What the column is taken for, in French."""
        if self.quarters:
            first, last = str(Quarter(self.quarters[0])), str(Quarter(self.quarters[-1]))
            return first if first == last else f"{first} à {last}"
        return FIELDS[self.field].says if self.field else "gardée dans les remarques"


@dataclass(frozen=True)
class Mapping:
    """How one sheet is read; header rows are consecutive, from 1."""

    sheet: str
    header: tuple[int, ...]
    columns: AnyMapping[int, Guess] = field(default_factory=dict)

    @property
    def first_row(self) -> int:
        return self.header[-1] + 1

    def column_of(self, code: str) -> int | None:
        """The first column that holds a field."""
        return next((column for column in self.columns_of(code)), None)

    def columns_of(self, code: str) -> list[int]:
        return [guess.column for guess in self.columns.values() if guess.field == code]

    @property
    def as_json(self) -> dict[str, Any]:
        """What a file of mapping says."""
        named = {guess.letter: _code(guess) for guess in self.columns.values() if _code(guess)}
        return {"sheet": self.sheet, "header": list(self.header), "columns": named}


def _code(guess: Guess) -> str:
    if not guess.quarters:
        return guess.field
    first, last = Quarter(guess.quarters[0]), Quarter(guess.quarters[-1])
    words = f"T{first.number} {first.year}"
    return words if first == last else f"{words} - T{last.number} {last.year}"


def letter_of(column: int) -> str:
    """« A », « AB »: what Excel calls a column."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, len(LETTERS))
        letters = LETTERS[rest] + letters
    return letters


def column_of_letter(letters: str) -> int:
    """The column of « AB »; 0 when it is none."""
    column = 0
    for letter in letters.strip().upper():
        if letter not in LETTERS or column > 10_000:
            return 0
        column = column * len(LETTERS) + LETTERS.index(letter) + 1
    return column


def read_mapping(contents: bytes, sheets: tuple[ForeignSheet, ...]) -> Mapping:
    """The mapping that a file tells. `WorkbookRefused` with a sentence when it cannot be used."""
    try:
        told = json.loads(contents.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _refused("n’est pas un JSON lisible") from error
    if not isinstance(told, dict):
        raise _refused("n’est pas un objet JSON")
    names = {sheet.name: sheet for sheet in sheets}
    if not isinstance(told.get("sheet"), str) or told["sheet"] not in names:
        known = ", ".join(f"«{NBSP}{name}{NBSP}»" for name in names)
        raise _refused(
            f"nomme une feuille qui n’est pas dans le classeur. Celui-ci a{NBSP}: {known}"
        )
    sheet = names[told["sheet"]]
    header = _header(told.get("header"))
    columns = told.get("columns")
    if not isinstance(columns, dict) or not columns:
        raise _refused("ne dit pas ce que sont les colonnes («\u00a0columns\u00a0»)")
    guesses = [_column(letters, code, sheet, header) for letters, code in columns.items()]
    mapping = Mapping(sheet.name, header, {guess.column: guess for guess in guesses})
    _check(mapping)
    return mapping


def _header(told: Any) -> tuple[int, ...]:
    rows = told if isinstance(told, list) else [told]
    is_good = rows and all(type(row) is int and 0 < row <= LAST_HEADER_ROW for row in rows)
    if not is_good or rows != list(range(rows[0], rows[0] + len(rows))):
        raise _refused("ne dit pas les lignes de titres («\u00a0header\u00a0»), par exemple [3, 4]")
    return tuple(rows)


def _column(letters: Any, code: Any, sheet: ForeignSheet, header: tuple[int, ...]) -> Guess:
    column = column_of_letter(str(letters))
    if not column:
        raise _refused(f"nomme une colonne «{NBSP}{letters}{NBSP}», qui n’existe pas")
    title = header_text(sheet, header, column)
    reason = "dite par le fichier de correspondance"
    if isinstance(code, str) and (code in FIELDS or not code):
        return Guess(column, title, field=code, score=1.0, reason=reason)
    quarters = read_span(code) if isinstance(code, str) else ()
    if not quarters:
        known = ", ".join(FIELDS)
        raise _refused(
            f"dit que la colonne {letters} est «{NBSP}{code}{NBSP}», qui n’est pas connu. Écrivez "
            f"l’un de ceux-ci{NBSP}: {known}, ou un trimestre («{NBSP}T3 2026{NBSP}»)"
        )
    return Guess(column, title, quarters=quarters, score=1.0, reason=reason)


def _check(mapping: Mapping) -> None:
    for code, known in FIELDS.items():
        if not known.is_many and len(mapping.columns_of(code)) > 1:
            letters = " et ".join(letter_of(column) for column in mapping.columns_of(code))
            raise _refused(f"donne «{NBSP}{code}{NBSP}» à plusieurs colonnes ({letters})")
    if mapping.column_of("title") is None:
        raise _refused("ne dit pas quelle colonne est le titre des fiches («\u00a0title\u00a0»)")


def _refused(complaint: str) -> WorkbookRefused:
    return WorkbookRefused(f"Le fichier de correspondance {complaint}.")


def header_text(sheet: ForeignSheet, header: tuple[int, ...], column: int) -> str:
    """The words over a column, those of merged titles once."""
    from_top: dict[tuple[int, int], str] = {}
    for row in header:
        if text := shown_text(sheet.value(row, column)):
            from_top[sheet.anchor(row, column)] = text
    return " ".join(from_top.values())


def shown_text(value: Any) -> str:
    """A cell as people read it, mistakes included: nothing is lost."""
    return value.sentence if isinstance(value, Mistake) else text_of(value).strip()
