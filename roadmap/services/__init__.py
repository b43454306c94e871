"""Writes of the roadmap that touch several models."""

from roadmap.services.drafts import (
    Attached,
    AxisDraft,
    CellDraft,
    FundingDraft,
    HeadingDraft,
    IndicatorDraft,
    ObjectiveDraft,
    RoadmapDraft,
    RoadmapRefused,
    RoleDraft,
    SheetDraft,
)
from roadmap.services.reading import describe_roadmap
from roadmap.services.writing import write_roadmap

__all__ = [
    "Attached",
    "AxisDraft",
    "CellDraft",
    "FundingDraft",
    "HeadingDraft",
    "IndicatorDraft",
    "ObjectiveDraft",
    "RoadmapDraft",
    "RoadmapRefused",
    "RoleDraft",
    "SheetDraft",
    "describe_roadmap",
    "write_roadmap",
]
