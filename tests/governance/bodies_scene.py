"""Bodies and seats that the tests of the governance put on stage."""

import datetime as dt
from typing import Any

from governance.enums import BodyKind, Capacity
from governance.models import Body, Person, Seat
from governance.services.seats import keep_names
from territories.models import Project
from tests.factories import unsigned

TODAY = dt.date(2026, 11, 23)


def make_body(project: Project, name: str = "Comité de pilotage", **fields: Any) -> Body:
    """A COPIL that nobody sits in."""
    with unsigned():
        return Body.objects.create(
            **({"project": project, "name": name, "kind": BodyKind.COPIL} | fields)
        )


def make_seat(body: Body, person: Person | None = None, **fields: Any) -> Seat:
    """A seat, vacant without `person`."""
    seat = Seat(**({"body": body, "person": person, "capacity": Capacity.OTHER} | fields))
    keep_names(seat)
    with unsigned():
        seat.save()
    return seat
