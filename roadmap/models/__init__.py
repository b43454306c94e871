"""The rows of the roadmap, one subject a file."""

from roadmap.models.actions import Action, ActionQuerySet
from roadmap.models.attached import ActionIndicator, ActionRole, FundingLine
from roadmap.models.columns import ColumnMapping, shape_of
from roadmap.models.margins import ActionAttachment, ActionComment, FormerNumber
from roadmap.models.objectives import Objective, PlannedQuarter
from roadmap.models.reference import Axis, Priority, PriorityHeading, Theme
from roadmap.models.sorting import ActionTheme, SecondaryPriority
from roadmap.models.ties import AgendaSheet, DecisionSheet
from roadmap.models.versions import RoadmapVersion, VersionFrozen

__all__ = [
    "Action",
    "ActionAttachment",
    "ActionComment",
    "ActionIndicator",
    "ActionQuerySet",
    "ActionRole",
    "ActionTheme",
    "AgendaSheet",
    "Axis",
    "ColumnMapping",
    "DecisionSheet",
    "FormerNumber",
    "FundingLine",
    "Objective",
    "PlannedQuarter",
    "Priority",
    "PriorityHeading",
    "RoadmapVersion",
    "SecondaryPriority",
    "Theme",
    "VersionFrozen",
    "shape_of",
]
