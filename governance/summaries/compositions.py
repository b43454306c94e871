"""Who sits in each body on a day, and what its composition lacks.

What a seat is held for is public; what somebody may have told of their own life is not read here.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from core.text import NBSP, day_in_words
from governance.enums import BodyKind, Capacity, SeatRole
from governance.models import Body, Seat
from territories.models import Project

# Ends within it: somebody is to be found. Ended within the other: nobody was.
SOON = dt.timedelta(days=90)
NOT_LONG_AGO = dt.timedelta(days=365)
LED_BY = {SeatRole.CHAIR, SeatRole.COCHAIR}
# The project team works, the pilots answer for actions: no profession is owed a seat there.
WITHOUT_LIBERALS = {BodyKind.TEAM, BodyKind.PILOTS}
ROLE_ORDER = [role.value for role in SeatRole]


class LackKind(StrEnum):
    """What a composition lacks: the page says how to mend each."""

    NOBODY = "personne"
    NO_USERS = "usagers"
    NO_LIBERAL = "liberaux"
    NO_CHAIR = "presidence"
    VACANT = "vacant"
    GONE = "partie"
    ENDED = "fini"
    ENDING = "finit"


@dataclass(frozen=True)
class Lack:
    """One thing that a composition lacks, in words; the seat that it is about, if any."""

    kind: LackKind
    words: str
    seat: Seat | None = None


@dataclass(frozen=True)
class SeatLine:
    """One seat as it is read on a day."""

    seat: Seat
    name: str
    organisation: str
    function: str
    role: str
    substitute: str
    # « partie le … », « jusqu’au … ».
    notice: str
    is_held: bool

    @property
    def capacity(self) -> str:
        return str(self.seat.get_capacity_display())


@dataclass(frozen=True)
class Composition:
    """One body on one day: its seats by capacity, and what is missing."""

    body: Body
    on: dt.date
    lines: tuple[SeatLine, ...]
    lacks: tuple[Lack, ...] = ()
    # Days on which something changed: what may be read of the past.
    days: tuple[dt.date, ...] = field(default=())

    @property
    def groups(self) -> list[tuple[str, list[SeatLine]]]:
        """By capacity, in the order of the list."""
        found: defaultdict[str, list[SeatLine]] = defaultdict(list)
        for line in self.lines:
            found[line.seat.capacity].append(line)
        return [(str(one.label), found[one.value]) for one in Capacity if found[one.value]]

    @property
    def held_count(self) -> int:
        return sum(line.is_held for line in self.lines)

    @property
    def vacant_count(self) -> int:
        return len(self.lines) - self.held_count

    @property
    def leaders(self) -> str:
        """Who presides or leads, by name; nobody is a lack."""
        names = [line.name for line in self.lines if line.is_held and _leads(line.seat)]
        return ", ".join(names)


def compositions(
    project: Project, *, on: dt.date, bodies: Iterable[Body] | None = None
) -> list[Composition]:
    """The bodies that sat on that day, each composed as it was; two queries.

    What is missing is told of the present only: `on` is then today, or later.
    """
    chosen = list(Body.objects.of(project) if bodies is None else bodies)
    sitting = [body for body in chosen if sat(body, on=on)] if bodies is None else chosen
    seats: defaultdict[int, list[Seat]] = defaultdict(list)
    for seat in Seat.objects.filter(body__in=sitting).with_people().in_order():
        seats[seat.body_id].append(seat)
    is_present = on >= project.territory.today()
    return [composition_of(body, seats[body.pk], on=on, judges=is_present) for body in sitting]


def sat(body: Body, *, on: dt.date) -> bool:
    """Whether a body was installed and not over on that day. No query."""
    begun = body.created_on is None or body.created_on <= on
    return begun and (body.ended_on is None or on < body.ended_on)


def composition_of(
    body: Body, seats: Iterable[Seat], *, on: dt.date, judges: bool = True
) -> Composition:
    """One body, from all of its seats, `with_people`. No query."""
    every = list(seats)
    there = [seat for seat in every if _is_on(seat, on)]
    there.sort(key=lambda seat: (ROLE_ORDER.index(seat.role), seat.rank, seat.pk))
    lines = tuple(_line(seat, on) for seat in there)
    lacks = tuple(_lacks(body, lines, every, on)) if judges and body.ended_on is None else ()
    return Composition(body, on, lines, lacks, days=_days(every, on))


def _is_on(seat: Seat, on: dt.date) -> bool:
    return (seat.starts_on or dt.date.min) <= on <= (seat.ends_on or dt.date.max)


def _line(seat: Seat, on: dt.date) -> SeatLine:
    person = seat.person
    name = str(person) if person else seat.person_name
    left = person.left_on if person and person.left_on and person.left_on <= on else None
    notice = ""
    if left is not None:
        notice = f"partie le {day_in_words(left)}"
    elif seat.ends_on is not None:
        notice = f"jusqu’au {day_in_words(seat.ends_on)}"
    return SeatLine(
        seat=seat,
        name=name,
        organisation=str(seat.organisation or "") or seat.organisation_name,
        function=person.function if person else "",
        role="" if seat.role == SeatRole.MEMBER else str(seat.get_role_display()),
        substitute=str(seat.substitute or "") or seat.substitute_name,
        notice=notice,
        is_held=bool(name) and left is None,
    )


def _leads(seat: Seat) -> bool:
    return seat.role in LED_BY or seat.role == SeatRole.LEAD


def _lacks(
    body: Body, lines: tuple[SeatLine, ...], every: list[Seat], on: dt.date
) -> Iterator[Lack]:
    if not lines:
        yield Lack(LackKind.NOBODY, "Personne n’y siège encore.")
        return
    held = [line.seat for line in lines if line.is_held]
    capacities = {seat.capacity for seat in held}
    if not capacities & {Capacity.USERS, Capacity.CARERS}:
        yield Lack(
            LackKind.NO_USERS, "Aucune personne concernée, aucun proche ni aidant n’y siège."
        )
    if body.kind not in WITHOUT_LIBERALS and Capacity.LIBERAL not in capacities:
        yield Lack(LackKind.NO_LIBERAL, "Aucun professionnel libéral n’y siège.")
    if not any(_is_chair(body, seat) for seat in held):
        whom = "La présidence est à pourvoir" if body.is_presided else "Personne ne l’anime"
        yield Lack(LackKind.NO_CHAIR, f"{whom}.")
    yield from _lacks_of_seats(lines, every, on)


def _is_chair(body: Body, seat: Seat) -> bool:
    return seat.role in LED_BY or (not body.is_presided and seat.role == SeatRole.LEAD)


def _lacks_of_seats(lines: tuple[SeatLine, ...], every: list[Seat], on: dt.date) -> Iterator[Lack]:
    for line in lines:
        whose = line.organisation or line.capacity
        if not line.name:
            yield Lack(LackKind.VACANT, f"Siège vacant{NBSP}: {whose}.", line.seat)
        elif not line.is_held:
            yield Lack(LackKind.GONE, f"{line.name} ({whose}) est {line.notice}.", line.seat)
        elif _is_ending(line.seat, every, on):
            day = day_in_words(line.seat.ends_on or on)
            words = f"Le mandat de {line.name} ({whose}) finit le {day}."
            yield Lack(LackKind.ENDING, words, line.seat)
    for seat in every:
        if _ended_without_successor(seat, every, on):
            who, day = seat.person_name or "Siège vacant", day_in_words(seat.ends_on or on)
            whose = seat.organisation_name or str(seat.get_capacity_display())
            words = f"Le mandat de {who} ({whose}) est fini depuis le {day}, sans successeur."
            yield Lack(LackKind.ENDED, words, seat)


def _is_ending(seat: Seat, every: list[Seat], on: dt.date) -> bool:
    soon = seat.ends_on is not None and seat.ends_on <= on + SOON
    return soon and not _has_successor(seat, every)


def _ended_without_successor(seat: Seat, every: list[Seat], on: dt.date) -> bool:
    ended = seat.ends_on is not None and on - NOT_LONG_AGO <= seat.ends_on < on
    return ended and bool(seat.person_name) and not _has_successor(seat, every)


def _has_successor(seat: Seat, every: list[Seat]) -> bool:
    """Somebody began later for the same capacity and organisation, or the same person again."""
    return any(
        other.pk != seat.pk
        and seat.ends_on is not None
        and (other.ends_on is None or other.ends_on > seat.ends_on)
        and (
            (seat.person_id is not None and other.person_id == seat.person_id)
            or (
                other.starts_on is not None
                and other.starts_on > (seat.starts_on or dt.date.min)
                and other.capacity == seat.capacity
                and other.organisation_name == seat.organisation_name
            )
        )
        for other in every
    )


def _days(every: list[Seat], on: dt.date) -> tuple[dt.date, ...]:
    """Beginnings and ends up to that day, the latest first."""
    found = {seat.starts_on for seat in every if seat.starts_on}
    found |= {seat.ends_on for seat in every if seat.ends_on}
    return tuple(sorted((day for day in found if day != on), reverse=True))
