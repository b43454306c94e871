"""What the papers of the roadmap say, as plain values: the press turns them into files.

No row and no key of the base leaves this package: equal contents in two bases are equal bytes.
"""

from roadmap.exports.booklet import booklet_context, booklet_title
from roadmap.exports.imprint import Imprint
from roadmap.exports.plannings import DrawnGrid, draw_for_paper
from roadmap.exports.selection import UNSORTED_PRIORITY, Selection, standing_of, unknown_version
from roadmap.exports.sheet import sheet_context, sheet_title, unknown_sheet
from roadmap.exports.table import table_context, table_title

__all__ = [
    "UNSORTED_PRIORITY",
    "DrawnGrid",
    "Imprint",
    "Selection",
    "booklet_context",
    "booklet_title",
    "draw_for_paper",
    "sheet_context",
    "sheet_title",
    "standing_of",
    "table_context",
    "table_title",
    "unknown_sheet",
    "unknown_version",
]
