"""A body that meets: what the tests of minutes and decisions begin with."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from governance.enums import BodyKind, MeetingState, Reply, SeatRole
from governance.models import AgendaItem, Attendee, Body, Decision, Meeting, Person, Seat
from governance.services.attendance import hold_meeting
from governance.services.decisions import Decided, write_decision
from governance.services.minutes import keep_notes, propose_minutes, writing_minutes
from territories.models import Project
from tests.factories import PersonFactory, unsigned

PARIS = dt.timezone(dt.timedelta(hours=1))


@dataclass(frozen=True)
class Held:
    """A COPIL, its last meeting and its next one, two points each."""

    project: Project
    body: Body
    last: Meeting
    next: Meeting
    item: AgendaItem
    second: AgendaItem
    chair: Person


def day(project: Project, days: int) -> dt.datetime:
    """Two in the afternoon, that many days from today."""
    on = project.territory.today() + dt.timedelta(days=days)
    return dt.datetime.combine(on, dt.time(14), tzinfo=PARIS)


def meet(body: Body, days: int, **fields: Any) -> Meeting:
    """A meeting convened, that many days from today."""
    starts_at = day(body.project, days)
    fields = {"state": MeetingState.CONVENED, "place": "Rodez, salle des fêtes", **fields}
    with unsigned():
        meeting: Meeting = Meeting.objects.create(
            body=body, starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=2), **fields
        )
    return Meeting.objects.with_place().get(pk=meeting.pk)


def add_point(meeting: Meeting, title: str, rank: int, **fields: Any) -> AgendaItem:
    """One point of the agenda."""
    with unsigned():
        item: AgendaItem = AgendaItem.objects.create(
            meeting=meeting, title=title, rank=rank, **fields
        )
    return item


def convene(meeting: Meeting, name: str, reply: Reply = Reply.NONE, **fields: Any) -> Attendee:
    """Somebody of the list."""
    with unsigned():
        attendee: Attendee = Attendee.objects.create(
            meeting=meeting, name=name, reply=reply, **fields
        )
    return attendee


def hold(project: Project) -> Held:
    """The body, its meetings, their points, who chairs it."""
    chair = PersonFactory.create(
        territory=project.territory, first_name="Maya", last_name="Legrand"
    )
    with unsigned():
        body: Body = Body.objects.create(project=project, name="COPIL", kind=BodyKind.COPIL)
        Seat.objects.create(body=body, role=SeatRole.CHAIR, person=chair, person_name=str(chair))
    last, following = meet(body, -3), meet(body, 30)
    return Held(
        project=project,
        body=body,
        last=last,
        next=following,
        item=add_point(last, "Suivi des fiches", 1),
        second=add_point(last, "Questions diverses", 2),
        chair=chair,
    )


def note(item: AgendaItem, words: str, by: User) -> None:
    """Words typed under a point."""
    with writing_minutes(item.meeting, by=by) as written:
        item.notes = words
        keep_notes(written=written, item=item)


def fresh(meeting: Meeting) -> Meeting:
    """As the base holds it now."""
    return Meeting.objects.with_place().get(pk=meeting.pk)


def proposed(held: Held, by: User) -> Meeting:
    """The last meeting held, noted, proposed."""
    note(held.item, "La fiche 3 avance.", by)
    hold_meeting(meeting=held.last, by=by)
    propose_minutes(meeting=held.last, tells=False, by=by)
    return fresh(held.last)


def decide(held: Held, text: str, by: User, **fields: Any) -> Decision:
    """A decision of the last meeting."""
    given = {"decided_on": held.last.starts_on, "meeting": held.last, **fields}
    return write_decision(
        project=Project.objects.get(pk=held.project.pk),
        decided=Decided(text=text, **given.pop("more", {})),
        by=by,
        **given,
    )
