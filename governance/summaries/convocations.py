"""Who is to be convened to a meeting, what each is going to read, and what they answered."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.text import counted
from governance.enums import Reply
from governance.models import Attendee, Meeting, Person, Seat

GUEST = "Invité"


@dataclass(frozen=True)
class Recipient:
    """Somebody to convene, by a seat or by name."""

    name: str
    capacity: str
    organisation: str = ""
    email: str = ""
    person: Person | None = None
    # Convened or invited already.
    attendee: Attendee | None = None

    @property
    def is_gone(self) -> bool:
        """Left the directory before: not written to."""
        return self.person is not None and self.person.left_on is not None


@dataclass(frozen=True)
class Recipients:
    """Everybody who is to be convened, and what is wrong with some."""

    everybody: tuple[Recipient, ...]
    vacant: int

    @property
    def reachable(self) -> tuple[Recipient, ...]:
        return tuple(one for one in self.everybody if one.email and not one.is_gone)

    @property
    def without_address(self) -> tuple[Recipient, ...]:
        return tuple(one for one in self.everybody if not one.email and not one.is_gone)

    @property
    def gone(self) -> tuple[Recipient, ...]:
        return tuple(one for one in self.everybody if one.is_gone)

    @property
    def convened(self) -> tuple[Recipient, ...]:
        """Those who will be on the list of the meeting, with or without a mail."""
        return tuple(one for one in self.everybody if not one.is_gone)

    @property
    def seal(self) -> str:
        """What the page showed: another one later, and the list is to be read again."""
        shown = sorted(f"{one.name}\0{one.email}" for one in self.convened)
        return hashlib.sha256("\n".join(shown).encode()).hexdigest()[:16]


def recipients_of(meeting: Meeting, *, with_substitutes: bool) -> Recipients:
    """The seats of that day, then the guests, nobody twice. Two queries; expects the place."""
    day = meeting.body.project.territory.today(at=meeting.starts_at)
    seats = list(Seat.objects.filter(body=meeting.body_id).on(day).in_order().with_people())
    attendees = list(
        Attendee.objects.filter(meeting=meeting)
        .select_related("person__organisation")
        .order_by("pk")
    )
    known = {one.person_id: one for one in attendees if one.person_id}
    found: dict[object, Recipient] = {}
    for recipient in _seated(seats, with_substitutes=with_substitutes):
        person = recipient.person
        key = person.pk if person else recipient.name
        if key not in found and not (person and person.pk in known):
            found[key] = recipient
    guests = [_guest(one) for one in attendees]
    vacant = sum(1 for seat in seats if seat.is_vacant)
    return Recipients(everybody=(*found.values(), *guests), vacant=vacant)


def _seated(seats: Iterable[Seat], *, with_substitutes: bool) -> Iterator[Recipient]:
    for seat in seats:
        if not seat.is_vacant:
            yield _holder(seat)
        if with_substitutes and seat.substitute is not None:
            person = seat.substitute
            yield Recipient(
                name=str(person),
                capacity=f"Suppléance de {seat.person_name or seat.person or 'ce siège'}"[:120],
                organisation=str(person.organisation or seat.organisation_name),
                email=person.email,
                person=person,
            )


def _holder(seat: Seat) -> Recipient:
    person = seat.person
    return Recipient(
        name=str(person) if person else seat.person_name,
        capacity=seat.get_role_display(),
        organisation=str(seat.organisation or seat.organisation_name or ""),
        email=person.email if person else "",
        person=person,
    )


def _guest(one: Attendee) -> Recipient:
    return Recipient(
        name=one.name,
        capacity=one.capacity or GUEST,
        organisation=one.organisation_name,
        email=one.email,
        person=one.person,
        attendee=one,
    )


# --- Answers ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answers:
    """What those convened answered so far."""

    attendees: tuple[Attendee, ...]

    def told(self, reply: Reply) -> int:
        return sum(1 for one in self.attendees if one.reply == reply)

    @property
    def expected(self) -> int:
        """How many did not answer."""
        return self.told(Reply.NONE)

    @property
    def in_words(self) -> str:
        """« 3 présents, 1 absent, 2 représentés, 4 sans réponse »."""
        parts = [
            counted(self.told(Reply.YES), "présent"),
            counted(self.told(Reply.REPRESENTED), "représenté"),
            counted(self.told(Reply.NO), "absent"),
        ]
        return f"{', '.join(parts)}, {counted(self.expected, 'sans réponse', 'sans réponse')}"


def answers_to(meeting: Meeting) -> Answers:
    """Who is convened and what they answered. One query."""
    rows = Attendee.objects.filter(meeting=meeting).select_related("person", "mail")
    return Answers(tuple(rows.order_by("pk")))
