"""Workbooks: the one place that knows the library, which reads and writes them safely.

What a workbook says is the business of the room that hands it over (`roadmap.workbooks`).
"""

from documents.workbooks.foreign import ForeignSheet, read_foreign, sheet_names
from documents.workbooks.keeping import keep_workbook, read_upload, sweep_workbooks, token_of
from documents.workbooks.long import write_long
from documents.workbooks.reading import ReadSheet, read_workbook
from documents.workbooks.safety import MOST_BYTES, MOST_ROWS, WorkbookRefused
from documents.workbooks.serving import taken_away
from documents.workbooks.shapes import (
    LONGEST_TEXT,
    Cell,
    ColumnShape,
    LongWorkbook,
    Mistake,
    SheetShape,
    Workbook,
    as_kept,
)
from documents.workbooks.writing import write_workbook

__all__ = [
    "LONGEST_TEXT",
    "MOST_BYTES",
    "MOST_ROWS",
    "Cell",
    "ColumnShape",
    "ForeignSheet",
    "LongWorkbook",
    "Mistake",
    "ReadSheet",
    "SheetShape",
    "Workbook",
    "WorkbookRefused",
    "as_kept",
    "keep_workbook",
    "read_foreign",
    "read_upload",
    "read_workbook",
    "sheet_names",
    "sweep_workbooks",
    "taken_away",
    "token_of",
    "write_long",
    "write_workbook",
]
