"""From sheets as they were sent to rows of ours: titles found, formulas told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.text import NBSP, clean_line, fold
from documents.workbooks import Mistake, ReadSheet
from documents.workbooks.reading import ReadRow
from governance.imports.directory.report import CellError, Report
from governance.workbooks.sheets import SheetResource
from governance.workbooks.widgets import text_of


@dataclass
class FileRow:
    """One row as it was sent; `row` is the row of the base that it tells, or a new one."""

    sheet: SheetResource
    number: int
    values: Mapping[str, Any]
    row: Any = None
    is_new: bool = False
    written: set[str] = field(default_factory=set)

    def text(self, name: str) -> str:
        """What a cell says, nothing when it holds no value."""
        value = self.values.get(name)
        return "" if isinstance(value, Mistake) else clean_line(text_of(value))

    def error(self, report: Report, name: str, message: str) -> None:
        """Tell what is wrong in one cell."""
        column = self.sheet.columns[name]
        said = message[:1].upper() + message[1:]
        report.errors.append(CellError(said, self.sheet.name, self.number, column.title))


def read_tables(
    sent: Mapping[str, ReadSheet], sheets: Sequence[SheetResource], report: Report
) -> dict[str, list[FileRow]]:
    """The rows of every sheet by its name; what is missing or no value goes to the errors."""
    by_name = {fold(name): sheet for name, sheet in sent.items()}
    tables = {}
    for sheet in sheets:
        found = by_name.get(fold(sheet.name))
        if found is None or not found.rows:
            what = "est vide, sans même ses titres" if found else "manque"
            message = (
                f"La feuille «{NBSP}{sheet.name}{NBSP}» {what}{NBSP}: gardez les deux feuilles "
                "d’un export, même vides de lignes."
            )
            report.errors.append(CellError(message, sheet.name))
            continue
        places = _places(sheet, found.rows[0], report)
        tables[sheet.name] = _rows(sheet, places, found.rows[1:], report)
    return tables


def _places(sheet: SheetResource, titles: ReadRow, report: Report) -> dict[int, str]:
    """Which column stands where; one that is not there leaves what the application says."""
    sent = [
        fold(clean_line("" if isinstance(value, Mistake) else text_of(value)))
        for value in titles.values
    ]
    counts = Counter(sent)
    missing = []
    for column in sheet.columns.values():
        title = fold(column.title)
        if counts[title] > 1:
            _of_titles(
                report, sheet, column.title, f"est là {counts[title]} fois\u00a0: gardez-en une."
            )
        elif title not in counts and (column.is_key or column.is_required):
            _of_titles(
                report, sheet, column.title, "manque\u00a0: gardez les colonnes d’un export."
            )
        elif title not in counts and not column.is_reminder:
            missing.append(f"«{NBSP}{column.title}{NBSP}»")
    if missing:
        report.notices.append(
            f"Feuille «{NBSP}{sheet.name}{NBSP}»{NBSP}: sans colonne {', '.join(missing)}, ce que "
            "dit l’application reste."
        )
    names = {fold(column.title): name for name, column in sheet.columns.items()}
    return {place: names[title] for place, title in enumerate(sent) if title in names}


def _of_titles(report: Report, sheet: SheetResource, title: str, said: str) -> None:
    message = f"La colonne «{NBSP}{title}{NBSP}» {said}"
    report.errors.append(CellError(message, sheet.name, 1, title))


def _rows(
    sheet: SheetResource, places: Mapping[int, str], rows: Sequence[ReadRow], report: Report
) -> list[FileRow]:
    found = []
    columns = sheet.columns
    for read in rows:
        values = {
            name: read.values[place] if place < len(read.values) else None
            for place, name in places.items()
            if not columns[name].is_reminder
        }
        if all(value is None for value in values.values()):
            continue
        row = FileRow(sheet, read.number, values)
        for name, value in values.items():
            if isinstance(value, Mistake):
                row.error(report, name, f"cette cellule {value.sentence}")
        found.append(row)
    return found
