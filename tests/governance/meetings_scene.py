"""A body, who sits there, and its meetings, for the tests of convocations and calendars."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from governance.enums import SeatRole
from governance.models import AgendaItem, Body, Meeting, Person
from territories.models import Project
from tests.factories import PersonFactory, unsigned
from tests.governance.bodies_scene import make_body, make_seat

PARIS = zoneinfo.ZoneInfo("Europe/Paris")


def scene_body(project_pk: int | str) -> Body:
    """A body of that project that nobody else puts on stage."""
    return make_body(Project.objects.with_place().get(pk=project_pk), "Comité des réunions")


def at_two(day: dt.date) -> dt.datetime:
    """Two in the afternoon, in Paris."""
    return dt.datetime.combine(day, dt.time(14), tzinfo=PARIS)


def make_meeting(body: Body, *, days: int = 10, **fields: Any) -> Meeting:
    """A meeting of two hours, that many days from today."""
    day = body.project.territory.today() + dt.timedelta(days=days)
    starts = fields.pop("starts_at", at_two(day))
    with unsigned():
        meeting: Meeting = Meeting.objects.create(
            **(
                {"body": body, "starts_at": starts, "ends_at": starts + dt.timedelta(hours=2)}
                | fields
            )
        )
    return Meeting.objects.with_place().get(pk=meeting.pk)


def make_item(meeting: Meeting, title: str, **fields: Any) -> AgendaItem:
    """One more item of its agenda."""
    rank = AgendaItem.objects.filter(meeting=meeting).count() + 1
    with unsigned():
        return AgendaItem.objects.create(meeting=meeting, title=title, rank=rank, **fields)


@dataclass(frozen=True)
class Sitting:
    """A COPIL where Nina presides, Omar sits without an address, and a seat is vacant."""

    project: Project
    body: Body
    meeting: Meeting
    lead: User
    nina: Person
    omar: Person
    substitute: Person


def set_sitting(project: Project, lead: User) -> Sitting:
    """The body, its seats, and a meeting in preparation in ten days."""
    project = Project.objects.with_place().get(pk=project.pk)
    territory = project.territory
    body = make_body(project, "COPIL")

    def person(first: str, last: str, email: str) -> Person:
        return PersonFactory.create(
            territory=territory, first_name=first, last_name=last, email=email, user=None
        )

    nina = person("Nina", "Roy", "nina@exemple.fr")
    omar = person("Omar", "Diop", "")
    substitute = person("Zoé", "Martin", "zoe@exemple.fr")
    make_seat(body, nina, role=SeatRole.CHAIR, rank=1, substitute=substitute)
    make_seat(body, omar, rank=2)
    make_seat(body, rank=3)
    return Sitting(project, body, make_meeting(body), lead, nina, omar, substitute)
