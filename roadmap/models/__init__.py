"""The rows of the roadmap, one subject a file."""

from roadmap.models.actions import Action, ActionTheme, SecondaryPriority
from roadmap.models.attached import ActionIndicator, ActionRole, FundingLine
from roadmap.models.margins import ActionAttachment, ActionComment, FormerNumber
from roadmap.models.objectives import Objective, PlannedQuarter
from roadmap.models.reference import Axis, Priority, PriorityHeading, Theme

__all__ = [
    "Action",
    "ActionAttachment",
    "ActionComment",
    "ActionIndicator",
    "ActionRole",
    "ActionTheme",
    "Axis",
    "FormerNumber",
    "FundingLine",
    "Objective",
    "PlannedQuarter",
    "Priority",
    "PriorityHeading",
    "SecondaryPriority",
    "Theme",
]
