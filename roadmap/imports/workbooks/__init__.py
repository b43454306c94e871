"""A workbook that comes back: read whole, compared cell by cell, then written at once."""

from roadmap.imports.workbooks.plan import (
    ImportPlan,
    ImportRefused,
    check_workbook,
    import_workbook,
    imported_by,
    plan_import,
)
from roadmap.imports.workbooks.report import CellChange, CellError, Choice, RowConflict

__all__ = [
    "CellChange",
    "CellError",
    "Choice",
    "ImportPlan",
    "ImportRefused",
    "RowConflict",
    "check_workbook",
    "import_workbook",
    "imported_by",
    "plan_import",
]
