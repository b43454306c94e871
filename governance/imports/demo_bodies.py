"""The bodies of « Territoire de démonstration »: made once, by the same services as anybody's.

The file counts days from that of the loading: a mandate that is about to end ends soon, whenever
the demonstration is run.
"""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from accounts.models import User
from governance.enums import BodyKind, SeatRole
from governance.imports.proposals import proposal_of
from governance.models import Body, Organisation, Person, Seat
from governance.services.seats import keep_names
from journal.enums import Source
from territories.models import Project
from territories.writing import writing

SOURCE = Path(__file__).resolve().parent.parent / "data" / "demo_bodies.json"


def load_demo_bodies(project: Project, *, lead: User, on: dt.date, path: Path = SOURCE) -> bool:
    """Give the project its bodies and who sits there, past and present; whether it did.

    Nothing when it has a body already: visitors' work stays. One gesture.
    """
    if Body.objects.filter(project=project).exists():
        return False
    told = json.loads(path.read_text(encoding="utf-8"))
    with writing(
        project,
        by=lead,
        words="a installé les instances de la démonstration",
        source=Source.COMMAND,
        on_paper=False,
    ):
        _People(project, told, on).write(told["bodies"])
    return True


class _People:
    """Whom the file names, found in the directory or added to it."""

    def __init__(self, project: Project, told: Mapping[str, Any], on: dt.date) -> None:
        self.project = project
        self.on = on
        territory = project.territory
        self.organisations = {
            one.name: one for one in Organisation.objects.filter(territory=territory)
        }
        for person in told["people"]:
            self._meet(person)
        self.people = {
            str(one): one
            for one in Person.objects.filter(territory=territory).select_related("organisation")
        }
        for gone in told["gone"]:
            person = self.people[gone["person"]]
            person.left_on = self._day(gone["on"])
            person.save(update_fields=["left_on"])

    def write(self, bodies: list[Mapping[str, Any]]) -> None:
        for rank, told in enumerate(bodies, start=1):
            body = self._body(told, rank)
            for place, seat in enumerate(told["seats"], start=1):
                self._seat(body, seat, place)

    def _meet(self, told: Mapping[str, str]) -> None:
        Person.objects.get_or_create(
            territory=self.project.territory,
            first_name=told["first_name"],
            last_name=told["last_name"],
            defaults={
                "organisation": self.organisations.get(told["organisation"]),
                "function": told["function"],
                "email": told["email"],
            },
        )

    def _body(self, told: Mapping[str, Any], rank: int) -> Body:
        proposal = proposal_of(told["proposal"])
        return Body.objects.create(
            project=self.project,
            kind=told.get("kind", BodyKind(proposal.kind)),
            name=told["name"],
            rank=rank,
            theme=told.get("theme", ""),
            gate=told.get("gate", ""),
            mission=told.get("mission", proposal.mission),
            rhythm=proposal.rhythm,
            created_on=self._day(told["created"]),
            ended_on=self._day(told.get("ended")),
        )

    def _seat(self, body: Body, told: Mapping[str, Any], rank: int) -> None:
        person = self.people.get(told.get("person", ""))
        organisation = self.organisations.get(told.get("organisation", ""))
        seat = Seat(
            body=body,
            role=told.get("role", SeatRole.MEMBER),
            capacity=told["capacity"],
            person=person,
            organisation=organisation or (person.organisation if person else None),
            substitute=self.people.get(told.get("substitute", "")),
            rank=rank,
            starts_on=self._day(told.get("starts")),
            ends_on=self._day(told.get("ends")),
        )
        keep_names(seat)
        seat.save()

    def _day(self, days: int | None) -> dt.date | None:
        return None if days is None else self.on + dt.timedelta(days=days)
