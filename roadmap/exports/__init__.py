"""What the papers of the roadmap say, as plain values: the press turns them into files.

No row and no key of the base leaves this package: equal contents in two bases are equal bytes.
"""

from roadmap.exports.booklet import booklet_context, booklet_title
from roadmap.exports.selection import UNSORTED_PRIORITY, Selection
from roadmap.exports.sheet import sheet_context, sheet_title, unknown_sheet
from roadmap.exports.table import table_context, table_title

__all__ = [
    "UNSORTED_PRIORITY",
    "Selection",
    "booklet_context",
    "booklet_title",
    "sheet_context",
    "sheet_title",
    "table_context",
    "table_title",
    "unknown_sheet",
]
