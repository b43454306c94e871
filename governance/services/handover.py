"""What somebody who leaves holds in the governance, given to whoever takes it on.

Each is part of a gesture that is opened by whoever hands over several rooms at once.
"""

import datetime as dt

from accounts.services import revoke_link
from governance.enums import Reply
from governance.models import Attendee, Decision, Person, Seat
from governance.services.seats import hand_seat_over, keep_names
from governance.writing import writing_meeting


def pass_seat_on(seat: Seat, *, person: Person, on: dt.date) -> None:
    """End a seat on that day; somebody else begins the day after, unless they sit there already.

    Four queries. Raises `GovernanceRefused` when it would end before it began.
    """
    others = Seat.objects.filter(body=seat.body_id, person=person).on(on + dt.timedelta(days=1))
    if others.exclude(pk=seat.pk).exists():
        seat.ends_on = max(on, seat.starts_on or on)
        seat.save()
        return
    if seat.starts_on is not None and seat.starts_on > on:
        # Not begun: it changes hands whole.
        seat.person = person
        keep_names(seat)
        seat.save()
        return
    hand_seat_over(seat, person=person, on=on)


def pass_substitution_on(seat: Seat, *, person: Person) -> None:
    """Somebody else stands in for the holder; nobody, when they are the holder. One query."""
    seat.substitute = None if seat.person_id == person.pk else person
    seat.substitute_name = "" if seat.substitute is None else str(person)
    seat.save()


def pass_decision_on(decision: Decision, *, person: Person) -> None:
    """Somebody else answers for a decision. One query."""
    decision.responsible, decision.responsible_name = person, str(person)
    decision.save()


def pass_attendance_on(attendee: Attendee, *, person: Person) -> None:
    """Convene somebody else to a coming meeting: what was answered, and its secret link, go.

    Nobody is written to: the convocation says who is to be sent one. About ten queries.
    """
    with writing_meeting(attendee.meeting, by=None):
        present = Attendee.objects.select_related("link").get(pk=attendee.pk)
        if present.link is not None:
            revoke_link(link=present.link)
        there = Attendee.objects.filter(meeting=present.meeting_id, person=person)
        if there.exists():
            present.delete()
            return
        present.person, present.name = person, str(person)
        present.organisation_name = str(person.organisation or "")
        present.email = person.email
        present.reply, present.replied_at, present.represented_by = Reply.NONE, None, ""
        present.link = present.mail = None
        present.save()
