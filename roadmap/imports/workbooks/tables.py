"""From sheets as they were sent to rows of ours: titles found, formulas told."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.text import NBSP, clean_line, fold
from documents.workbooks import Mistake, ReadSheet
from documents.workbooks.reading import ReadRow
from roadmap.imports.workbooks.report import CellError, Outcome
from roadmap.workbooks.columns import Column, SheetResource
from roadmap.workbooks.planning import BEFORE, GROUP, SheetOfPlanning, quarter_column
from roadmap.workbooks.widgets import read_quarter, text_of

LOOKS_LIKE_A_QUARTER = re.compile(r"[TQ]?\s*\d[\d\s/T-]*", re.IGNORECASE)


@dataclass
class FileRow:
    """One row as it was sent; `row` is the row of the base that it tells, or a new one."""

    sheet: SheetResource
    number: int
    values: Mapping[str, Any]
    row: Any = None
    is_new: bool = False
    # Set aside: what it tells is gone, and stays so.
    is_left: bool = False
    has_error: bool = False
    outcome: Outcome = Outcome.UNCHANGED

    @property
    def is_existing(self) -> bool:
        return self.row is not None and not self.is_new and not self.is_left

    def value(self, name: str) -> Any:
        return self.values.get(name)

    def text(self, name: str) -> str:
        """What a cell says, nothing when it holds no value."""
        value = self.values.get(name)
        return "" if isinstance(value, Mistake) else text_of(value)


@dataclass
class Table:
    """One sheet of ours as it was sent."""

    sheet: SheetResource
    rows: list[FileRow] = field(default_factory=list)


def read_tables(
    sent: Mapping[str, ReadSheet], sheets: Sequence[SheetResource], errors: list[CellError]
) -> dict[str, Table]:
    """Every sheet by its name; what is missing, doubled or no value goes to the errors."""
    by_name = {fold(name): sheet for name, sheet in sent.items()}
    tables = {}
    for sheet in sheets:
        found = by_name.get(fold(sheet.name))
        if found is None or not found.rows:
            what = "est vide, sans même ses titres" if found else "manque"
            message = (
                f"la feuille «{NBSP}{sheet.name}{NBSP}» {what}{NBSP}: gardez toutes les feuilles "
                "d’un export, même vides de lignes."
            )
            errors.append(CellError(message[:1].upper() + message[1:], sheet=sheet.name))
            continue
        places = _places(sheet, found.rows[0], errors)
        tables[sheet.name] = Table(sheet, _rows(sheet, places, found.rows[1:], errors))
    return tables


def _places(sheet: SheetResource, titles: ReadRow, errors: list[CellError]) -> dict[int, str]:
    """Which column stands where, by the name that the code gives it."""
    sent = [fold(clean_line(_title(value))) for value in titles.values]
    if isinstance(sheet, SheetOfPlanning):
        _add_quarters(sheet, titles, errors)
    names = {fold(column.title): name for name, column in sheet.columns.items()}
    for title, count in Counter(sent).items():
        if title in names and count > 1:
            column = sheet.columns[names[title]]
            errors.append(_of_titles(sheet, column, f"est là {count} fois{NBSP}: gardez-en une."))
    for title, name in names.items():
        column = sheet.columns[name]
        if title not in sent and not column.is_reminder:
            errors.append(
                _of_titles(sheet, column, "manque\u00a0: gardez toutes les colonnes d’un export.")
            )
    return {place: names[title] for place, title in enumerate(sent) if title in names}


def _title(value: Any) -> str:
    return "" if isinstance(value, Mistake) else text_of(value)


def _of_titles(sheet: SheetResource, column: Column, said: str) -> CellError:
    message = f"La colonne «{NBSP}{column.title}{NBSP}» {said}"
    return CellError(message, sheet=sheet.name, row=1, column=column.title)


def _add_quarters(sheet: SheetOfPlanning, titles: ReadRow, errors: list[CellError]) -> None:
    """Quarters that somebody added are read as well; those that cannot be are told."""
    known = {fold(column.title) for column in sheet.columns.values()}
    for value in titles.values:
        title = clean_line(_title(value))
        if fold(title) in known or not LOOKS_LIKE_A_QUARTER.fullmatch(title):
            continue
        try:
            index = read_quarter(title)
        except ValueError as error:
            errors.append(CellError(_sentence(error), sheet=sheet.name, row=1, column=title))
            continue
        column = quarter_column(index)
        column.column_name = title
        sheet.fields.setdefault(f"{BEFORE}{index}", column)


def _sentence(error: ValueError) -> str:
    words = str(error)
    return words[:1].upper() + words[1:]


def _rows(
    sheet: SheetResource,
    places: Mapping[int, str],
    rows: Sequence[ReadRow],
    errors: list[CellError],
) -> list[FileRow]:
    found = []
    columns = sheet.columns
    for read in rows:
        values = {
            places[place]: value for place, value in enumerate(read.values) if place in places
        }
        if all(value is None or columns[name].is_reminder for name, value in values.items()):
            continue
        row = FileRow(sheet, read.number, values)
        if isinstance(sheet, SheetOfPlanning) and fold(row.text("key")) == GROUP:
            # The title of a sheet, over the lines of its objectives: it tells nothing.
            continue
        for name, value in values.items():
            if isinstance(value, Mistake) and not columns[name].is_reminder:
                told = f"cette cellule {value.sentence}"
                errors.append(
                    CellError(
                        told[:1].upper() + told[1:],
                        sheet=sheet.name,
                        row=read.number,
                        column=columns[name].title,
                    )
                )
                row.has_error = True
        found.append(row)
    return found
