"""Which sheet, which header, which column is what: guessed, corrected by hand, kept as JSON.

    {"sheet": "Suivi", "header": [3, 4],
     "columns": {"A": "number", "B": "title", "G": "amount 2026", "H": "T3 2026"},
     "values": {"status": {"à revoir": "suspendue"}}, "colours": {"9DC3E6": "fait"}}

A column is named by its letter; it holds a field of `words.FIELDS`, or the quarters that it is
about. A column that is not named is kept in the remarks, one that is « ignore » is left out.
Values and colours are those of which the meaning is not the one that is guessed.
"""

import json
import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.quarters import Quarter
from core.text import NBSP, fold
from documents.workbooks import ForeignSheet, Mistake, WorkbookRefused
from roadmap.enums import CellState, Status
from roadmap.imports.foreign.quarters import Span, read_span
from roadmap.imports.foreign.words import FIELDS
from roadmap.workbooks.widgets import text_of

LAST_HEADER_ROW = 1000
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
AMOUNT_OF_YEAR = re.compile(r"amount ((?:19|20)\d\d)")
COLOUR = re.compile(r"[0-9A-F]{6}|theme\d{1,2}")
STATUS, PRIORITY, CELL = "status", "priority", "cell"
# What words may be told to mean; blank when they are kept as a text.
MEANINGS: AnyMapping[str, frozenset[str]] = {
    STATUS: frozenset(map(str, Status)),
    PRIORITY: frozenset("123456"),
    CELL: frozenset(map(str, CellState)),
}


@dataclass(frozen=True)
class Guess:
    """What a column is taken for, and why, in French; `quarters` when it is part of a calendar."""

    column: int
    header: str
    field: str = ""
    quarters: Span = ()
    score: float = 0.0
    reason: str = ""
    # Of an amount that is about one year.
    year: int = 0

    @classmethod
    def told(cls, column: int, header: str, code: str, reason: str) -> "Guess | None":
        """What a column was told to be; nothing when the code is not known."""
        guess = cls(column, header, score=1.0, reason=reason)
        if code in FIELDS or not code:
            return replace(guess, field=code)
        if found := AMOUNT_OF_YEAR.fullmatch(code):
            return replace(guess, field="amount", year=int(found[1]))
        quarters = read_span(code)
        return replace(guess, quarters=quarters) if quarters else None

    @property
    def code(self) -> str:
        """As a file of mapping says it; blank when the column is kept in the remarks."""
        if self.quarters:
            return code_of_span(self.quarters)
        return f"{self.field} {self.year}" if self.year else self.field

    @property
    def letter(self) -> str:
        return letter_of(self.column)

    @property
    def says(self) -> str:
        """What the column is taken for, in French."""
        if self.quarters:
            first, last = str(Quarter(self.quarters[0])), str(Quarter(self.quarters[-1]))
            return first if first == last else f"{first} à {last}"
        if self.year:
            return f"{FIELDS[self.field].says} de {self.year}"
        return FIELDS[self.field].says if self.field else "gardée dans les remarques"


@dataclass(frozen=True)
class Mapping:
    """How one sheet is read; header rows are consecutive, from 1."""

    sheet: str
    header: tuple[int, ...]
    columns: AnyMapping[int, Guess] = field(default_factory=dict)
    # By kind, what words are told to mean, folded; by colour, a state or nothing.
    values: AnyMapping[str, AnyMapping[str, str]] = field(default_factory=dict)
    colours: AnyMapping[str, str] = field(default_factory=dict)

    def meaning(self, kind: str, text: str) -> str | None:
        """What a word was told to mean; None when nobody said."""
        return self.values.get(kind, {}).get(fold(text))

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
        named = {guess.letter: guess.code for guess in self.columns.values() if guess.code}
        told: dict[str, Any] = {"sheet": self.sheet, "header": list(self.header), "columns": named}
        if values := {kind: dict(words) for kind, words in self.values.items() if words}:
            told["values"] = values
        return told | ({"colours": dict(self.colours)} if self.colours else {})


def code_of_span(span: Span) -> str:
    """« T3 2026 », « T1 2027 - T2 2027 »: what the reading of a mapping understands."""
    first, last = Quarter(span[0]), Quarter(span[-1])
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
    mapping = mapping_told(told, sheets)
    check_mapping(mapping)
    return mapping


def mapping_told(told: Any, sheets: tuple[ForeignSheet, ...]) -> Mapping:
    """The mapping of a JSON, its columns unchecked. `WorkbookRefused` when it is none.

    Columns that have a title and are not named are kept in the remarks, under that title.
    """
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
    if not isinstance(columns, dict):
        raise _refused("ne dit pas ce que sont les colonnes («\u00a0columns\u00a0»)")
    guesses = {
        column: Guess(column, title, reason="n’est pas nommée par le fichier de correspondance")
        for column in range(1, sheet.width + 1)
        if (title := header_text(sheet, header, column))
    }
    named = [_column(letters, code, sheet, header) for letters, code in columns.items()]
    guesses |= {guess.column: guess for guess in named}
    return Mapping(
        sheet.name,
        header,
        dict(sorted(guesses.items())),
        values=_values(told.get("values", {})),
        colours=_colours(told.get("colours", {})),
    )


def _values(told: Any) -> dict[str, dict[str, str]]:
    if not isinstance(told, dict) or not set(told) <= set(MEANINGS):
        known = ", ".join(MEANINGS)
        raise _refused(f"range ses «\u00a0values\u00a0» sous autre chose que{NBSP}: {known}")
    for kind, words in told.items():
        meanings = {*MEANINGS[kind], ""}
        if not isinstance(words, dict) or not meanings.issuperset(map(str, words.values())):
            known = ", ".join(sorted(MEANINGS[kind]))
            raise _refused(
                f"donne à des mots («{NBSP}{kind}{NBSP}») un sens qui n’est pas connu{NBSP}: "
                f"{known}, ou rien pour les garder en texte"
            )
    return {
        kind: {fold(word): str(meaning) for word, meaning in words.items()}
        for kind, words in told.items()
    }


def _colours(told: Any) -> dict[str, str]:
    states = {*MEANINGS[CELL], ""}
    is_good = isinstance(told, dict) and states.issuperset(map(str, told.values()))
    if not is_good or not all(COLOUR.fullmatch(str(colour).removeprefix("#")) for colour in told):
        known = ", ".join(sorted(MEANINGS[CELL]))
        raise _refused(
            f'dit mal les couleurs («{NBSP}colours{NBSP}»), par exemple {{"9DC3E6": "fait"}}'
            f"{NBSP}: un sens parmi {known}, ou rien"
        )
    return {str(colour).removeprefix("#"): str(state) for colour, state in told.items()}


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
    guess = Guess.told(column, title, code, reason) if isinstance(code, str) else None
    if guess is None:
        known = ", ".join(FIELDS)
        raise _refused(
            f"dit que la colonne {letters} est «{NBSP}{code}{NBSP}», qui n’est pas connu. Écrivez "
            f"l’un de ceux-ci{NBSP}: {known}, ou un trimestre («{NBSP}T3 2026{NBSP}»)"
        )
    return guess


def check_mapping(mapping: Mapping) -> None:
    """Say what is given twice, or is missing; `WorkbookRefused`."""
    for code, letters in doubled(mapping).items():
        named = " et ".join(letters)
        raise _refused(f"donne «{NBSP}{code}{NBSP}» à plusieurs colonnes ({named})")
    if mapping.column_of("title") is None:
        raise _refused("ne dit pas quelle colonne est le titre des fiches («\u00a0title\u00a0»)")


def doubled(mapping: Mapping) -> dict[str, list[str]]:
    """What one column alone may hold, and the letters of those that are given it."""
    found: dict[str, list[str]] = {}
    for guess in mapping.columns.values():
        if guess.field and not FIELDS[guess.field].is_many:
            found.setdefault(guess.code, []).append(guess.letter)
    return {code: letters for code, letters in found.items() if len(letters) > 1}


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
