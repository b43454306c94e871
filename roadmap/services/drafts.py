"""A roadmap in plain values: nothing of the base, neither key nor rank.

What a file describes and what the base holds are both drafts, and compare with `==`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from roadmap.enums import (
    CellState,
    FundingState,
    IndicatorKind,
    ObjectiveKind,
    ObjectiveState,
    Status,
)


class RoadmapRefused(Exception):
    """A roadmap that cannot be written; the message is a French sentence for the reader."""


@dataclass(frozen=True)
class RoleDraft:
    """A role; `organisation` and `person` are names of the territory's directory."""

    kind: str
    label: str = ""
    organisation: str = ""
    person: str = ""


@dataclass(frozen=True)
class FundingDraft:
    """A funding line; the amount is in euros."""

    state: str = FundingState.CONSIDERED
    label: str = ""
    organisation: str = ""
    source: str = ""
    year: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class IndicatorDraft:
    """An indicator of a sheet."""

    label: str
    kind: str = IndicatorKind.OUTPUT
    value: str = ""
    target: str = ""
    target_quarter: int | None = None


@dataclass(frozen=True)
class CellDraft:
    """A quarter of the planning."""

    quarter: int
    state: str = CellState.PLANNED


@dataclass(frozen=True)
class Attached:
    """What hangs on a sheet, or on one row of its planning."""

    roles: tuple[RoleDraft, ...] = ()
    funding: tuple[FundingDraft, ...] = ()
    indicators: tuple[IndicatorDraft, ...] = ()


@dataclass(frozen=True)
class ObjectiveDraft:
    """A row of a sheet, with the rows under it."""

    title: str
    label: str = ""
    kind: str = ObjectiveKind.OBJECTIVE
    summary_title: str = ""
    summary_label: str = ""
    in_summary: bool = True
    in_planning: bool = True
    state: str = ObjectiveState.TODO
    planning_note: str = ""
    note_first: int | None = None
    note_last: int | None = None
    cells: tuple[CellDraft, ...] = ()
    attached: Attached = Attached()
    children: tuple["ObjectiveDraft", ...] = ()

    def with_children(self) -> Iterator["ObjectiveDraft"]:
        """The row, then the rows under it."""
        yield self
        for child in self.children:
            yield from child.with_children()


@dataclass(frozen=True)
class SheetDraft:
    """A fiche action; `priority` is its number, `axis` its title, `themes` their ranks."""

    number: int
    title: str
    planning_title: str = ""
    priority: int | None = None
    secondary_priorities: tuple[int, ...] = ()
    axis: str = ""
    themes: tuple[int, ...] = ()
    need: str = ""
    aim: str = ""
    audience: str = ""
    area: str = ""
    method: str = ""
    means: str = ""
    remarks: str = ""
    status: str = Status.NOT_STARTED
    status_reason: str = ""
    objectives: tuple[ObjectiveDraft, ...] = ()
    attached: Attached = Attached()

    @property
    def rows(self) -> tuple[ObjectiveDraft, ...]:
        """Every row of the sheet, in reading order."""
        return tuple(row for top in self.objectives for row in top.with_children())


@dataclass(frozen=True)
class HeadingDraft:
    """How the booklet words one priority."""

    priority: int
    title: str = ""
    planning_note: str = ""


@dataclass(frozen=True)
class AxisDraft:
    """A local axis."""

    title: str
    label: str = ""


@dataclass(frozen=True)
class RoadmapDraft:
    """Everything that a project's roadmap says; sheets by number."""

    sheets: tuple[SheetDraft, ...] = ()
    axes: tuple[AxisDraft, ...] = ()
    headings: tuple[HeadingDraft, ...] = ()

    @property
    def rows(self) -> tuple[ObjectiveDraft, ...]:
        """Every row of every sheet."""
        return tuple(row for sheet in self.sheets for row in sheet.rows)


TEXTS_OF_SHEET = (
    "title",
    "planning_title",
    "need",
    "aim",
    "audience",
    "area",
    "method",
    "means",
    "remarks",
    "status",
    "status_reason",
)
TEXTS_OF_ROW = (
    "title",
    "label",
    "kind",
    "summary_title",
    "summary_label",
    "in_summary",
    "in_planning",
    "state",
    "planning_note",
    "note_first",
    "note_last",
)
