"""Going back to an earlier state: of one field, or of a whole sheet, whatever was written since."""

from roadmap.services.returning.gesture import ReturnStale, return_to
from roadmap.services.returning.ways import (
    FieldReturn,
    SheetReturn,
    WayBack,
    may_return_alone,
    way_back,
)

__all__ = [
    "FieldReturn",
    "ReturnStale",
    "SheetReturn",
    "WayBack",
    "may_return_alone",
    "return_to",
    "way_back",
]
