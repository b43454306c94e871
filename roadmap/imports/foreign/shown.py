"""What the assistant shows of a file: its first rows, and of each column what it holds."""

from dataclasses import dataclass

from core.text import clean_line, fold
from documents.workbooks import ForeignSheet
from roadmap.imports.foreign.mapping import Guess, letter_of, shown_text
from roadmap.imports.foreign.sent import OpenedFile

# A table on a page, and not the file itself.
ROWS_ABOVE, ROWS_BELOW, MOST_COLUMNS = 2, 5, 60
LONGEST_CELL = 60
SAMPLES = 3
# Further down, nothing is looked for.
DEEPEST_SAMPLE = 400


@dataclass(frozen=True)
class RowShown:
    """One row of the file."""

    number: int
    cells: tuple[str, ...]
    is_title: bool


@dataclass(frozen=True)
class ColumnShown:
    """A column, some of what it holds, and what it was guessed to be."""

    letter: str
    header: str
    samples: tuple[str, ...]
    guess: Guess
    is_corrected: bool
    is_hidden: bool


def letters_shown(sheet: ForeignSheet) -> list[str]:
    """What Excel calls the columns of the table."""
    return [letter_of(column) for column in range(1, min(sheet.width, MOST_COLUMNS) + 1)]


def first_rows(sheet: ForeignSheet, header: tuple[int, ...]) -> list[RowShown]:
    """The titles of a table, with what stands around them.

    From the titles on, merged cells say the same everywhere: this is how they are read.
    """
    first, last = max(1, header[0] - ROWS_ABOVE), min(header[-1] + ROWS_BELOW, sheet.height)
    columns = range(1, min(sheet.width, MOST_COLUMNS) + 1)
    return [
        RowShown(
            row,
            tuple(
                _shortened(shown_text(sheet.value(row, column)))
                if row >= header[0] or sheet.anchor(row, column) == (row, column)
                else ""
                for column in columns
            ),
            is_title=row in header,
        )
        for row in range(first, max(last, header[-1]) + 1)
    ]


def columns_shown(opened: OpenedFile) -> list[ColumnShown]:
    """Every column of the table, in order."""
    return [
        ColumnShown(
            letter=guess.letter,
            header=guess.header,
            samples=_samples(opened.sheet, opened.mapping.first_row, guess.column),
            guess=opened.guessed.columns[guess.column],
            is_corrected=guess.code != opened.guessed.columns[guess.column].code,
            is_hidden=guess.column in opened.sheet.hidden_columns,
        )
        for guess in opened.mapping.columns.values()
    ]


def _samples(sheet: ForeignSheet, first: int, column: int) -> tuple[str, ...]:
    """The first different texts of a column."""
    found: dict[str, str] = {}
    for row in range(first, min(first + DEEPEST_SAMPLE, sheet.height + 1)):
        text = _shortened(shown_text(sheet.cells.get((row, column))))
        if text:
            found.setdefault(fold(text), text)
        if len(found) == SAMPLES:
            break
    return tuple(found.values())


def _shortened(text: str) -> str:
    line = clean_line(text)
    return line if len(line) <= LONGEST_CELL else f"{line[: LONGEST_CELL - 1].rstrip()}…"
