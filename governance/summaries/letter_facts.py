"""What the application knows of a territory and of its bodies, for the framing letter.

Read live while a letter is written; kept as it was from the day on which it is proposed.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Self

from core.text import NBSP, counted, grouped, listed
from governance.enums import BodyKind
from governance.models import Body, Seat
from territories.models import Project, TerritoryPart

TO_COMPLETE = "à compléter"


@dataclass(frozen=True)
class SeatFact:
    """One line of a composition."""

    who: str
    organisation: str
    capacity: str
    role: str


@dataclass(frozen=True)
class BodyFact:
    """One body as it is: what it is for, who sits there."""

    name: str
    kind: str
    mission: str
    rhythm: str
    theme: str
    is_group: bool
    seats: tuple[SeatFact, ...]


@dataclass(frozen=True)
class LetterFacts:
    """A territory, its project, its bodies."""

    territory: str
    is_fictional: bool
    region: str
    agency: str
    departments: tuple[str, ...]
    project: str
    generation: int
    period: str
    identity: tuple[tuple[str, str], ...]
    bodies: tuple[BodyFact, ...]

    @property
    def steering(self) -> tuple[BodyFact, ...]:
        """The bodies but the work groups."""
        return tuple(body for body in self.bodies if not body.is_group)

    @property
    def groups(self) -> tuple[BodyFact, ...]:
        """The work groups."""
        return tuple(body for body in self.bodies if body.is_group)

    @property
    def departments_in_words(self) -> str:
        """« Sarthe et Mayenne »; nothing when none is known."""
        return listed(list(self.departments))

    def as_json(self) -> dict[str, Any]:
        """To be kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """As they were kept."""
        bodies = tuple(
            BodyFact(**{**body, "seats": tuple(SeatFact(**seat) for seat in body["seats"])})
            for body in kept["bodies"]
        )
        identity = tuple((name, value) for name, value in kept["identity"])
        departments = tuple(kept["departments"])
        return cls(**{**kept, "bodies": bodies, "identity": identity, "departments": departments})


def facts_of(project: Project, *, on: dt.date) -> LetterFacts:
    """What is known that day. Three queries; expects the project with its place."""
    territory = project.territory
    parts = list(territory.parts.select_related("department").order_by("department__code"))
    return LetterFacts(
        territory=territory.name,
        is_fictional=territory.is_fictional,
        region=territory.region.name,
        agency=territory.region.ars_name,
        departments=tuple(part.department.name for part in parts),
        project=project.title,
        generation=project.generation,
        period=project.period,
        identity=tuple(_identity(project, parts)),
        bodies=tuple(_bodies(project, on)),
    )


def _identity(project: Project, parts: list[TerritoryPart]) -> Iterable[tuple[str, str]]:
    """The identity card: what is not known is said so, never invented."""
    territory = project.territory
    yield "Territoire", territory.name
    yield "Région", territory.region.name
    yield "Agence régionale de santé", territory.region.ars_name
    yield "Départements couverts", listed([_extent(part) for part in parts]) or TO_COMPLETE
    whole = bool(parts) and all(part.is_whole for part in parts)
    people = [part.department.population for part in parts]
    towns = [part.department.municipality_count for part in parts]
    yield (
        "Population municipale",
        (
            f"{grouped(sum(filter(None, people)))}{NBSP}habitants"
            if whole and all(people)
            else TO_COMPLETE
        ),
    )
    yield (
        "Communes",
        (counted(sum(filter(None, towns)), "commune") if whole and all(towns) else TO_COMPLETE),
    )
    seats = [part.department.chef_lieu for part in parts if part.department.chef_lieu]
    yield "Chefs-lieux" if len(seats) > 1 else "Chef-lieu", listed(seats) or TO_COMPLETE


def _extent(part: TerritoryPart) -> str:
    name = f"{part.department.name} ({part.department.code})"
    if part.is_whole:
        return f"{name}, en entier"
    return f"{name}, en partie" + (f"{NBSP}: {part.extent}" if part.extent else "")


def _bodies(project: Project, on: dt.date) -> Iterable[BodyFact]:
    bodies = list(Body.objects.of(project).sitting(on=on))
    seats: dict[int, list[Seat]] = {}
    for seat in Seat.objects.filter(body__in=bodies).on(on).with_people().in_order():
        seats.setdefault(seat.body_id, []).append(seat)
    for body in bodies:
        yield BodyFact(
            name=body.name,
            kind=body.get_kind_display(),
            mission=body.mission,
            rhythm=body.rhythm,
            theme=body.theme,
            is_group=body.kind == BodyKind.GROUP,
            seats=tuple(_seat(seat) for seat in seats.get(body.pk, [])),
        )


def _seat(seat: Seat) -> SeatFact:
    """Whoever keeps a seat is printed by their present name, or by the one that was kept."""
    return SeatFact(
        who=str(seat.person) if seat.person else seat.person_name or "à désigner",
        organisation=str(seat.organisation) if seat.organisation else seat.organisation_name,
        capacity=seat.get_capacity_display(),
        role=seat.get_role_display(),
    )
