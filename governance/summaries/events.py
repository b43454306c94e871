"""A meeting as calendars know it: in the mail of a convocation, and in a feed that is followed."""

import datetime as dt
from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse

from core.calendars import Answer, CalendarEvent, Guest
from governance.enums import Reply
from governance.models import Attendee, Meeting

ANSWERS = {
    Reply.NONE: Answer.NONE,
    Reply.YES: Answer.YES,
    Reply.NO: Answer.NO,
    Reply.REPRESENTED: Answer.SOMEBODY_ELSE,
}


def title_of(meeting: Meeting) -> str:
    """« COPIL · Aubrac », with its own title when it has one. Expects the place."""
    place = meeting.body.project.territory.name
    named = [meeting.title, str(meeting.body), f"PTSM {place}"]
    return " · ".join(word for word in named if word)


def place_of(meeting: Meeting) -> str:
    """Where to go, were it by a screen."""
    return ", ".join(word for word in (meeting.place, meeting.distance_url) if word)


def event_of(
    meeting: Meeting, *, stamped_at: dt.datetime, attendee: Attendee | None = None
) -> CalendarEvent:
    """The event, for one guest who is the only one named: addresses are nobody else's to read.

    The organiser is the address that writes, so that calendars find it the same whoever leads. No
    secret is in it: it stays in agendas that others read. Expects the place. No query.
    """
    territory = meeting.body.project.territory
    guests: tuple[Guest, ...] = ()
    if attendee is not None and attendee.email:
        answer = ANSWERS[Reply(attendee.reply)]
        guests = (Guest(attendee.name, attendee.email, answer),)
    return CalendarEvent(
        uid=meeting.uid,
        sequence=meeting.sequence,
        title=title_of(meeting),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        time_zone=territory.time_zone,
        stamped_at=stamped_at,
        place=place_of(meeting),
        description=meeting.words,
        url=settings.SITE_URL + reverse("governance:meeting_detail", args=[meeting.pk]),
        organiser=Guest(f"PTSM {territory.name}", parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
        guests=guests,
        is_cancelled=meeting.is_cancelled,
    )
