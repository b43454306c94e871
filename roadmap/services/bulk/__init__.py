"""Several sheets of a roadmap written at once: what is asked, what it would change, the gesture."""

from roadmap.services.bulk.asked import Asked, AxisAsked, PilotAsked
from roadmap.services.bulk.planning import BulkPlan, SheetPlan, plan_bulk
from roadmap.services.bulk.writing import BulkDone, BulkRefused, edit_sheets

__all__ = [
    "Asked",
    "AxisAsked",
    "BulkDone",
    "BulkPlan",
    "BulkRefused",
    "PilotAsked",
    "SheetPlan",
    "edit_sheets",
    "plan_bulk",
]
