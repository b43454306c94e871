"""What the screens that show several rooms say in figures."""

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
    "chosen_sheets",
    "current_projects",
    "facets_of",
    "in_order_of",
    "quarter_of",
    "rows_of",
    "territory_cards",
]
