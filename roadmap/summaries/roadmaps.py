"""A whole roadmap: its counts, and its sheets in groups."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.quarters import Quarter
from roadmap.enums import PILOTING_ROLES, Status
from roadmap.models import Action, Axis, Priority
from roadmap.summaries.planning import Segment, strip_of
from roadmap.summaries.sheets import Lateness, Progress, lateness_of, named, progress_of

UNSORTED = "sans"


@dataclass(frozen=True)
class SheetLine:
    """One line of the list."""

    action: Action
    progress: Progress
    lateness: Lateness
    pilots: tuple[str, ...]
    strip: tuple[Segment, ...]


@dataclass(frozen=True)
class SheetGroup:
    """Sheets of one priority or of one axis."""

    code: str
    number: str
    title: str
    # 1 to 6 picks the colour; None for axes and for what is not sorted yet.
    priority: int | None
    sheets: tuple[Action, ...]


@dataclass(frozen=True)
class Facet:
    """One choice of a filter, and how many sheets it would show."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class RoadmapSummary:
    """Counts of a roadmap, or of what its filters keep."""

    sheet_count: int
    objective_count: int
    late_count: int
    statuses: tuple[Facet, ...]


def sum_up(actions: Iterable[Action], *, on: Quarter) -> RoadmapSummary:
    """Counts over sheets loaded by `for_counts()`; no query."""
    sheets = list(actions)
    return RoadmapSummary(
        sheet_count=len(sheets),
        objective_count=sum(
            not objective.is_project for action in sheets for objective in action.objectives.all()
        ),
        late_count=sum(lateness_of(action, on=on).is_late for action in sheets),
        statuses=statuses_of(sheets),
    )


def statuses_of(actions: Iterable[Action]) -> tuple[Facet, ...]:
    """How many of these sheets have each status; no query."""
    counts = Counter(action.status for action in actions)
    return tuple(Facet(status.value, str(status.label), counts[status.value]) for status in Status)


def line_of(action: Action, *, quarters: tuple[Quarter, ...], on: Quarter) -> SheetLine:
    """What the list says of a sheet of `for_list()`; no query."""
    return SheetLine(
        action=action,
        progress=progress_of(action),
        lateness=lateness_of(action, on=on),
        pilots=named(action, PILOTING_ROLES),
        strip=strip_of(action, quarters),
    )


def group_sheets(actions: Iterable[Action], *, by: str) -> list[SheetGroup]:
    """Sheets under their priority (`by="priorite"`) or their axis (`by="axe"`), in order.

    Expects sheets of `for_list()`; no query. What has neither comes last.
    """
    sheets: dict[Priority | Axis | None, list[Action]] = {}
    for action in actions:
        sheets.setdefault(action.axis if by == "axe" else action.priority, []).append(action)
    return [
        _group(heading, tuple(sheets[heading])) for heading in sorted(sheets, key=_heading_rank)
    ]


def _heading_rank(heading: Priority | Axis | None) -> tuple[bool, int, int]:
    if heading is None:
        return (True, 0, 0)
    rank = heading.number if isinstance(heading, Priority) else heading.position
    return (False, rank, heading.pk)


def _group(heading: Priority | Axis | None, sheets: tuple[Action, ...]) -> SheetGroup:
    if isinstance(heading, Priority):
        number = str(heading.number)
        return SheetGroup(number, number, heading.short_label, heading.number, sheets)
    if isinstance(heading, Axis):
        return SheetGroup(str(heading.pk), heading.label, heading.title, None, sheets)
    return SheetGroup(UNSORTED, "", "À classer", None, sheets)
