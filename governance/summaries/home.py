"""What the home page of the governance says of a project: where each body stands, what waits."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from governance.enums import MeetingState
from governance.models import Body, Decision, Meeting
from governance.summaries.compositions import Composition, compositions
from territories.models import Project


@dataclass(frozen=True)
class BodyLine:
    """One body: who leads it, when it met, when it meets, what it lacks."""

    composition: Composition
    last: Meeting | None
    next: Meeting | None

    @property
    def body(self) -> Body:
        return self.composition.body


@dataclass(frozen=True)
class GovernanceSummary:
    """All that the home page says."""

    lines: tuple[BodyLine, ...]
    ended: tuple[Body, ...]
    late: tuple[Decision, ...]
    open_count: int

    @property
    def has_copil(self) -> bool:
        return any(line.body.kind == "copil" for line in self.lines)


def governance_of(project: Project, *, on: dt.date) -> GovernanceSummary:
    """The bodies, their meetings, the decisions that are late. Four queries."""
    bodies = list(Body.objects.of(project))
    present = [body for body in bodies if body.ended_on is None or body.ended_on > on]
    last, coming = _meetings(project)
    decisions = list(
        Decision.objects.of(project).open().select_related("body", "responsible").order_by("due_on")
    )
    return GovernanceSummary(
        lines=tuple(
            BodyLine(one, last.get(one.body.pk), coming.get(one.body.pk))
            for one in compositions(project, on=on, bodies=present)
        ),
        ended=tuple(body for body in bodies if body not in present),
        late=tuple(one for one in decisions if one.due_on is not None and one.due_on < on),
        open_count=len(decisions),
    )


def _meetings(project: Project) -> tuple[dict[int, Meeting], dict[int, Meeting]]:
    """By body, the last meeting that was not cancelled, and the next one. One query."""
    now = timezone.now()
    last: dict[int, Meeting] = {}
    coming: dict[int, Meeting] = {}
    for meeting in Meeting.objects.of(project).exclude(state=MeetingState.CANCELLED):
        if meeting.starts_at < now:
            last.setdefault(meeting.body_id, meeting)
        else:
            coming[meeting.body_id] = meeting
    return last, coming
