"""Writes a long workbook row after row: what is written is let go, whatever the number of rows."""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from documents.workbooks.shapes import Cell, LongWorkbook, SheetShape
from documents.workbooks.writing import looks_in, settled, text_in_cell

# What is left of the hundred when the last row is written: the file is packed.
PACKED = 95


def write_long(
    workbook: LongWorkbook, *, on_progress: Callable[[int], None] | None = None
) -> bytes:
    """The whole file, packed. `WorkbookRefused` when a text is longer than a cell holds.

    Rows wait in a file of the machine; what is held in memory is one part, and the packed file.
    """
    from openpyxl import Workbook as Book

    book = Book(write_only=True)
    book.properties.title = workbook.title
    book.properties.creator = "PTSM"
    book.properties.language = "fr-FR"
    looks = looks_in(book)
    sheets = {
        shape.name: LongSheet(book.create_sheet(shape.name), shape, looks)
        for shape in workbook.sheets
    }
    try:
        for rank, part in enumerate(workbook.parts, start=1):
            for name, rows in part.items():
                sheets[name].add(rows)
            if on_progress:
                on_progress(rank * PACKED // max(workbook.part_count, rank))
        with tempfile.TemporaryFile() as kept:
            book.save(kept)
            return settled(kept, workbook.changed_at)
    finally:
        for sheet in sheets.values():
            sheet.let_go()


class LongSheet:
    """One sheet that only grows."""

    def __init__(self, sheet: Any, shape: SheetShape, looks: Mapping[str, Any]) -> None:
        from openpyxl.utils import get_column_letter

        self._sheet, self._looks, self._filled = sheet, looks, 0
        for rank, column in enumerate(shape.columns, start=1):
            sheet.column_dimensions[get_column_letter(rank)].width = column.width
        sheet.freeze_panes = f"{get_column_letter(shape.fixed_columns + 1)}2"
        sheet.print_title_rows = "1:1"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self.add([[Cell(column.title, "head") for column in shape.columns], *shape.rows])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows below the others; none can be written again."""
        for row in rows:
            self._filled += 1
            self._sheet.append([self._kept(cell) for cell in row])

    def let_go(self) -> None:
        """Nothing is left on the machine of a workbook that was refused halfway."""
        if not self._sheet.closed:
            self._sheet.close()
            self._sheet._writer.cleanup()

    def _kept(self, cell: Cell) -> Any:
        from openpyxl.cell import WriteOnlyCell

        if cell.value is None or cell.value == "":
            return None
        kept = WriteOnlyCell(self._sheet)
        kept._style = self._looks[cell.look]
        if isinstance(cell.value, str):
            # Said to be a text: « =1+1 » stays one.
            kept._value = text_in_cell(cell.value, self._sheet.title, self._filled)
            kept.data_type = "s"
        else:
            kept.value = cell.value
        return kept
