"""What the screens that show several rooms say in figures."""

from overview.summaries.booklets import booklets_in_force, with_booklets
from overview.summaries.sheets import (
    SheetRow,
    chosen_sheets,
    current_projects,
    facets_of,
    in_order_of,
    quarter_of,
    rows_of,
)
from overview.summaries.territories import TerritoryCard, territory_cards

__all__ = [
    "SheetRow",
    "TerritoryCard",
    "booklets_in_force",
    "chosen_sheets",
    "current_projects",
    "facets_of",
    "in_order_of",
    "quarter_of",
    "rows_of",
    "territory_cards",
    "with_booklets",
]
