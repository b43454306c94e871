"""An agenda and its clock: at what hour each item begins, and whether all of them fit."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from core.text import NBSP
from governance.enums import DecisionState, MeetingState, MinutesState
from governance.models import AgendaItem, Decision, Meeting

MINUTES_VALIDATED = "Validation du compte rendu de la réunion du"


@dataclass(frozen=True)
class AgendaLine:
    """One item, and when it begins if all those before it say how long they last."""

    item: AgendaItem
    number: int
    begins_at: dt.datetime | None
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class Agenda:
    """The items in order, and their time against that of the meeting."""

    lines: tuple[AgendaLine, ...]
    minutes: int
    length: int

    @property
    def over(self) -> int:
        """How many minutes too many."""
        return max(self.minutes - self.length, 0)

    @property
    def left(self) -> int:
        """How many minutes remain."""
        return max(self.length - self.minutes, 0)

    @property
    def untimed(self) -> int:
        """How many items do not say how long they last."""
        return sum(1 for line in self.lines if line.item.minutes is None)

    @property
    def minutes_told(self) -> str:
        return minutes_in_words(self.minutes)

    @property
    def length_told(self) -> str:
        return minutes_in_words(self.length)

    @property
    def over_told(self) -> str:
        return minutes_in_words(self.over)

    @property
    def left_told(self) -> str:
        return minutes_in_words(self.left)


@dataclass(frozen=True)
class Proposals:
    """What may be put on an agenda in one click."""

    decisions: tuple[Decision, ...]
    # A meeting of the body before this one, whose minutes nobody validated yet.
    minutes_of: Meeting | None
    # The last one that has items, to be copied.
    copied_from: Meeting | None

    @property
    def are_some(self) -> bool:
        return bool(self.decisions or self.minutes_of or self.copied_from)


def minutes_in_words(minutes: int) -> str:
    """« 45 min », « 2 h », « 1 h 30 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02}" if rest else f"{hours}{NBSP}h"


def agenda_of(meeting: Meeting) -> Agenda:
    """The agenda of a meeting. One query."""
    items = AgendaItem.objects.filter(meeting=meeting).select_related("decision", "attachment")
    return agenda_from(meeting, list(items.order_by("rank", "pk")))


def agenda_from(meeting: Meeting, items: Sequence[AgendaItem]) -> Agenda:
    """The clock of these items. No query."""
    lines = []
    clock: dt.datetime | None = meeting.starts_at
    for number, item in enumerate(items, start=1):
        lines.append(AgendaLine(item, number, clock, number == 1, number == len(items)))
        known = clock is not None and item.minutes is not None
        clock = clock + dt.timedelta(minutes=item.minutes or 0) if known and clock else None
    return Agenda(
        lines=tuple(lines),
        minutes=sum(item.minutes or 0 for item in items),
        length=meeting.length // dt.timedelta(minutes=1),
    )


def proposals_for(meeting: Meeting) -> Proposals:
    """What the agenda does not hold yet. Four queries."""
    items = list(AgendaItem.objects.filter(meeting=meeting))
    known = {item.decision_id for item in items}
    decisions = Decision.objects.filter(body=meeting.body_id, state=DecisionState.OPEN)
    before = (
        Meeting.objects.filter(body=meeting.body_id, starts_at__lt=meeting.starts_at)
        .exclude(state=MeetingState.CANCELLED)
        .order_by("-starts_at", "-pk")
    )
    waiting = before.filter(minutes_state__in=[MinutesState.DRAFT, MinutesState.PROPOSED]).first()
    if waiting and any(item.title.startswith(MINUTES_VALIDATED) for item in items):
        waiting = None
    has_items = AgendaItem.objects.order_by().values("meeting")
    return Proposals(
        decisions=tuple(each for each in decisions.order_by("number") if each.pk not in known),
        minutes_of=waiting,
        copied_from=None if items else before.filter(pk__in=has_items).first(),
    )
