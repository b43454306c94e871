"""Regions, départements, territories, projects, their formal acts, and memberships."""

from territories.models.memberships import Membership
from territories.models.places import (
    Department,
    Region,
    Territory,
    TerritoryPart,
    known_time_zone,
    worked_on_by,
)
from territories.models.projects import FormalAct, Project

__all__ = [
    "Department",
    "FormalAct",
    "Membership",
    "Project",
    "Region",
    "Territory",
    "TerritoryPart",
    "known_time_zone",
    "worked_on_by",
]
