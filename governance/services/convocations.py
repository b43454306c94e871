"""The mails of a meeting: every one leaves through here, with its event, and is kept in its log."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.enums import LinkPurpose
from accounts.models import AccessLink, User
from accounts.services import make_link
from core.calendars import Method, invitation
from core.mail import composed, send_on_commit
from core.models import Mail
from core.text import NBSP, moment_in_words
from governance.enums import ConvocationKind
from governance.models import Attendee, Meeting, MeetingLetter
from governance.summaries.agendas import Agenda, agenda_of
from governance.summaries.convocations import Recipient
from governance.summaries.events import event_of

TEMPLATE = "governance/mail/convocation.txt"
# The page still says that it is over to whoever comes late.
OPEN_AFTER = dt.timedelta(days=60)
SHORTEST = dt.timedelta(days=30)
NOT_MADE_YET = "(le lien personnel est créé au moment du départ)"


@dataclass(frozen=True)
class Sender:
    """Who convenes: mails are answered to them."""

    by: User

    @property
    def name(self) -> str:
        return self.by.get_full_name()


def write_to_everybody(
    meeting: Meeting,
    *,
    kind: ConvocationKind,
    sender: Sender,
    was: Meeting | None = None,
) -> int:
    """Order one mail to each person convened who has an address; calendars follow the number.

    Inside the gesture of the meeting. Says how many; three queries, and seven a mail.
    """
    raise_sequence(meeting)
    agenda = agenda_of(meeting)
    people = Attendee.objects.filter(meeting=meeting).select_related("person").order_by("pk")
    letters = [
        write_letter(one, meeting=meeting, kind=kind, sender=sender, agenda=agenda, was=was)
        for one in people
        if follow_directory(one)
    ]
    return len(letters)


def follow_directory(attendee: Attendee) -> bool:
    """Write from now on to the address that the directory gives; whether there is one.

    Inside the gesture of the meeting. No query unless it changed; expects the person.
    """
    person = attendee.person
    if person is not None and person.email and person.email != attendee.email:
        attendee.email = person.email
        attendee.save(update_fields=["email"])
    return bool(attendee.email)


def raise_sequence(meeting: Meeting) -> None:
    """What calendars know of the meeting is about to change. Two queries."""
    Meeting.objects.filter(pk=meeting.pk).update(sequence=F("sequence") + 1)
    meeting.refresh_from_db(fields=["sequence"])


def write_letter(
    attendee: Attendee,
    *,
    meeting: Meeting,
    kind: ConvocationKind,
    sender: Sender,
    agenda: Agenda | None = None,
    was: Meeting | None = None,
) -> MeetingLetter:
    """Order one mail to one person, with a link of its own; seven queries.

    They have an address. Expects the place of the meeting.
    """
    is_cancelled = meeting.is_cancelled
    link, url = (None, "") if is_cancelled else _link_for(meeting)
    now = timezone.now()
    event = event_of(meeting, stamped_at=now, attendee=attendee)
    mail = send_on_commit(
        to=attendee.email,
        subject=subject_of(meeting, kind=kind),
        body=_body(meeting, attendee.name, kind, url, sender, agenda or agenda_of(meeting), was),
        reply_to=sender.by.email,
        calendar=invitation(event, method=Method.CANCEL if is_cancelled else Method.REQUEST),
    )
    letter = MeetingLetter.objects.create(
        attendee=attendee,
        kind=kind,
        sequence=meeting.sequence,
        mail=mail,
        link=link,
        written_at=now,
    )
    kept = {"mail": mail} if link is None else {"mail": mail, "link": link}
    Attendee.objects.filter(pk=attendee.pk).update(**kept)
    return letter


def preview_of(meeting: Meeting, *, recipient: Recipient, sender: Sender, agenda: Agenda) -> Mail:
    """The mail as it will leave, but for its link. No query; expects the place."""
    kind = ConvocationKind.FIRST
    return composed(
        to=recipient.email,
        subject=subject_of(meeting, kind=kind),
        body=_body(meeting, recipient.name, kind, NOT_MADE_YET, sender, agenda, None),
        reply_to=sender.by.email,
    )


def subject_of(meeting: Meeting, *, kind: ConvocationKind) -> str:
    """« Aubrac : convocation au COPIL du 1er mars 2026 à 14 h 00 ». Expects the place."""
    territory = meeting.body.project.territory
    day = moment_in_words(meeting.starts_at, time_zone=territory.time_zone)
    words = {
        ConvocationKind.UPDATE: "changement pour la réunion",
        ConvocationKind.CANCEL: "annulation de la réunion",
    }.get(kind, "convocation à la réunion")
    return f"{territory.name}{NBSP}: {words} «{NBSP}{meeting}{NBSP}» du {day}"


def _link_for(meeting: Meeting) -> tuple[AccessLink, str]:
    until = meeting.ends_at + OPEN_AFTER - timezone.now()
    link, token = make_link(purpose=LinkPurpose.MEETING, valid_for=max(until, SHORTEST))
    return link, settings.SITE_URL + reverse("governance:reply_open", args=[token])


def _body(
    meeting: Meeting,
    name: str,
    kind: ConvocationKind,
    url: str,
    sender: Sender,
    agenda: Agenda,
    was: Meeting | None,
) -> str:
    territory = meeting.body.project.territory
    has_moved = was is not None and was.starts_at != meeting.starts_at
    words = {
        "meeting": meeting,
        "territory": territory,
        "name": name,
        "kind": kind.value,
        "url": url,
        "sender": sender,
        "agenda": agenda,
        "was": was if has_moved else None,
    }
    return render_to_string(TEMPLATE, words)
