"""A workbook that comes back: read whole, compared cell by cell, then written at once."""

from roadmap.imports.workbooks.plan import (
    Choice,
    ImportPlan,
    ImportRefused,
    import_workbook,
    plan_import,
)
from roadmap.imports.workbooks.report import CellChange, CellError, RowConflict

__all__ = [
    "CellChange",
    "CellError",
    "Choice",
    "ImportPlan",
    "ImportRefused",
    "RowConflict",
    "import_workbook",
    "plan_import",
]
