"""Who was there: noted in the meeting, from what people had answered."""

import datetime as dt
from collections.abc import Iterable

from accounts.models import User
from core.text import NBSP, counted, fold
from governance.enums import MeetingState, Presence
from governance.models import Attendee, Meeting, Person
from governance.services.minutes import WritingMinutes, writing_minutes
from governance.writing import GovernanceRefused


def keep_attendance(*, written: WritingMinutes, rows: Iterable[Attendee]) -> int:
    """Keep the presences that were typed, in the gesture that checked them. Two queries a row."""
    kept = list(rows)
    for row in kept:
        row.save(update_fields=["presence", "represented_by"])
    written.made.words = f"a noté {counted(len(kept), 'présence')}"
    return len(kept)


def note_the_others(*, meeting: Meeting, presence: Presence, by: User) -> int:
    """Note in one go all those of whom nothing is noted yet. Gives how many."""
    with writing_minutes(meeting, by=by) as written:
        rows = Attendee.objects.filter(meeting=written.meeting, presence=Presence.UNKNOWN)
        noted = rows.update(presence=presence)
        written.made.words = f"a noté le reste des présences{NBSP}: {presence.label.lower()}"
    return noted


def add_attendee(
    *, meeting: Meeting, name: str, organisation: str, capacity: str, by: User
) -> Attendee:
    """Add somebody who came without being convened, present.

    Tied to the directory when one person alone is called so. Raises `GovernanceRefused` when they
    are on the list already. About seven queries.
    """
    with writing_minutes(meeting, by=by) as written:
        present = written.meeting
        listed = Attendee.objects.filter(meeting=present)
        if fold(name) in {fold(known) for known in listed.values_list("name", flat=True)}:
            raise GovernanceRefused(
                f"«{NBSP}{name}{NBSP}» est déjà sur la liste. S’il s’agit d’un homonyme, précisez "
                "le nom, par exemple avec son organisation."
            )
        territory = present.body.project.territory_id
        known = Person.objects.filter(territory=territory, folded=fold(name), left_on=None)
        found = list(known.select_related("organisation")[:2])
        person = found[0] if len(found) == 1 else None
        theirs = person.organisation.name if person and person.organisation else ""
        attendee: Attendee = Attendee.objects.create(
            meeting=present,
            person=person,
            name=str(person) if person else name,
            organisation_name=organisation or theirs,
            capacity=capacity,
            presence=Presence.PRESENT,
        )
        written.made.words = f"a ajouté {attendee} aux présents"
    return attendee


def hold_meeting(*, meeting: Meeting, by: User, on: dt.date | None = None) -> None:
    """Say, today or `on` that day, that the meeting took place: what its papers tell is the past.

    Raises `GovernanceRefused` before its day, or when it was cancelled.
    """
    with writing_minutes(meeting, by=by) as written:
        present = written.meeting
        if present.state == MeetingState.HELD:
            return
        if present.starts_on > (on or present.body.project.territory.today()):
            raise GovernanceRefused(
                "Cette réunion est à venir\u00a0: notez qu’elle est tenue le jour venu."
            )
        present.state = MeetingState.HELD
        present.save(update_fields=["state"])
        written.made.words = "a noté que la réunion est tenue"
