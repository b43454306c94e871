"""A directory's workbook that comes back: read whole, compared cell by cell, written at once."""

from governance.imports.directory.plan import (
    ImportPlan,
    ImportRefused,
    check_directory,
    import_directory,
    plan_directory,
)
from governance.imports.directory.report import CellChange, CellError, Choice, Conflict, Report

__all__ = [
    "CellChange",
    "CellError",
    "Choice",
    "Conflict",
    "ImportPlan",
    "ImportRefused",
    "Report",
    "check_directory",
    "import_directory",
    "plan_directory",
]
