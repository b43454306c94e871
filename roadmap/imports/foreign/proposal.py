"""How a foreign workbook is proposed to be read: as such titles were last time, else as guessed.

What somebody decided follows the titles of the columns, wherever these stand.
"""

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace

from core.text import NBSP, fold
from documents.workbooks import ForeignSheet
from roadmap.imports.foreign.guessing import guess_columns, guess_mapping, guess_sheet
from roadmap.imports.foreign.mapping import (
    Guess,
    Mapping,
    column_of_letter,
    doubled,
    mapping_told,
)
from roadmap.models import ColumnMapping

# Of the titles, how many must be the same for a mapping to be taken up.
ALIKE = 0.5
Header = tuple[int, ...]
# By letter of column.
Titles = AnyMapping[str, str]


@dataclass(frozen=True)
class Proposal:
    """A reading to begin with, and the decision that it takes up."""

    mapping: Mapping
    kept: ColumnMapping | None = None


def propose(sheets: Sequence[ForeignSheet], kept: Iterable[ColumnMapping]) -> Proposal:
    """The reading that was decided for the titles most alike, else the guessed one.

    Expects the decisions in order, the latest first. `WorkbookRefused` when every sheet is blank.
    """
    visible = [sheet for sheet in sheets if sheet.cells]
    found = [
        (likeness, -rank, sheet, header, one)
        for rank, one in enumerate(kept)
        for sheet in visible
        for header in {_first_guess(sheet), _rows_of(one)}
        if (likeness := _likeness(titles_under(sheet, header), one)) >= ALIKE
    ]
    if not found:
        return Proposal(guess_mapping(sheets))
    _, _, sheet, header, one = max(found, key=lambda each: (each[0], each[1], each[3]))
    return Proposal(_as_decided(sheet, header, one), one)


def _first_guess(sheet: ForeignSheet) -> Header:
    guessed = guess_sheet(sheet)
    return guessed.header if guessed else first_filled(sheet)


def first_filled(sheet: ForeignSheet) -> Header:
    """Where the titles of a table may stand when none is recognised."""
    return (min((row for row, _ in sheet.cells), default=1),)


def _rows_of(kept: ColumnMapping) -> Header:
    return tuple(kept.told["header"])


def titles_under(sheet: ForeignSheet, header: Header) -> dict[str, str]:
    """By letter, the titles of a table."""
    columns = guess_columns(sheet, header).columns.values()
    return {guess.letter: guess.header for guess in columns if guess.header}


def _likeness(titles: Titles, kept: ColumnMapping) -> float:
    here, there = set(_by_title(titles)), set(_by_title(kept.titles))
    return len(here & there) / max(len(here), len(there), 1)


def _by_title(titles: Titles) -> dict[tuple[str, int], str]:
    """The letter of each title, twins told apart by their rank."""
    found: dict[tuple[str, int], str] = {}
    for letter in sorted(titles, key=column_of_letter):
        rank = 0
        while (fold(titles[letter]), rank) in found:
            rank += 1
        found[fold(titles[letter]), rank] = letter
    return found


def _as_decided(sheet: ForeignSheet, header: Header, kept: ColumnMapping) -> Mapping:
    """What was decided, but for quarters that nobody corrected: titles tell those of this file."""
    corrected = set(kept.told.get("corrected", ()))
    guessed = guess_columns(sheet, header)
    letters = _by_title(kept.titles)
    decided = {}
    for place, letter in _by_title(titles_under(sheet, header)).items():
        guess = guessed.columns[column_of_letter(letter)]
        former = letters.get(place)
        if former and (former in corrected or not guess.quarters):
            decided[letter] = kept.told["columns"].get(former, "")
    told = mapping_told(
        {**kept.told, "sheet": sheet.name, "header": list(header), "columns": {}}, (sheet,)
    )
    return replace(
        with_codes(guessed, decided, "décidée lors d’un import précédent"),
        values=told.values,
        colours=told.colours,
    )


def propose_again(
    sheet: ForeignSheet, header: Header, before: Mapping, corrected: Collection[str]
) -> tuple[Mapping, list[str]]:
    """Another sheet, or other titles: guessed anew, corrections kept where titles are the same.

    Gives the reading, and the letters of the columns that keep a correction.
    """
    codes = {guess.letter: guess.code for guess in before.columns.values()}
    titles = {guess.letter: guess.header for guess in before.columns.values() if guess.header}
    letters = {place: letter for place, letter in _by_title(titles).items() if letter in corrected}
    kept = {
        letter: codes[letters[place]]
        for place, letter in _by_title(titles_under(sheet, header)).items()
        if place in letters
    }
    mapping = with_codes(guess_columns(sheet, header), kept, "corrigée à la main")
    return replace(mapping, values=before.values, colours=before.colours), list(kept)


def with_codes(mapping: Mapping, codes: AnyMapping[str, str], reason: str) -> Mapping:
    """A reading of which some columns are told; a guess gives way where one column alone may be."""
    columns = dict(mapping.columns)
    for letter, code in codes.items():
        column = column_of_letter(letter)
        if column in columns and columns[column].code != code:
            told = Guess.told(column, columns[column].header, code, reason)
            columns[column] = told or columns[column]
    mapping = replace(mapping, columns=columns)
    for letters in doubled(mapping).values():
        for letter in letters:
            guess = columns[column_of_letter(letter)]
            if letter not in codes:
                why = f"une autre colonne est déjà «{NBSP}{guess.says}{NBSP}»"
                columns[guess.column] = Guess(guess.column, guess.header, reason=why)
    return replace(mapping, columns=columns)
