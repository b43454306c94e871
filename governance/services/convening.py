"""Convening: who is on the list, the first mails, those sent again."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from core.text import NBSP, counted
from governance.enums import ConvocationKind, MeetingState
from governance.models import Attendee, Meeting, MeetingLetter, Person
from governance.services.convocations import (
    Sender,
    follow_directory,
    write_letter,
    write_to_everybody,
)
from governance.services.meetings import day_told, refuse_settled
from governance.summaries.convocations import GUEST, Recipient, recipients_of
from governance.writing import GovernanceRefused, writing_meeting

CHANGED = (
    "La liste des personnes à convoquer a changé pendant que vous la lisiez\u00a0: rien n’est "
    "parti. Relisez-la, puis envoyez."
)


def convene(*, meeting: Meeting, with_substitutes: bool, seen: str, by: User) -> int:
    """Convene the seats of the day and the guests; says how many mails leave.

    `seen` is the seal of the list that was read. Raises `GovernanceRefused`. Some ten queries, and
    ten a person.
    """
    sender = Sender(by)
    with writing_meeting(meeting, by=by) as writing:
        present = writing.meeting
        if not present.is_draft:
            raise GovernanceRefused("Cette réunion est déjà convoquée, ou ne se tient plus.")
        if present.starts_at <= timezone.now():
            raise GovernanceRefused("L’heure de cette réunion est passée\u00a0: changez sa date.")
        recipients = recipients_of(present, with_substitutes=with_substitutes)
        if recipients.seal != seen:
            raise GovernanceRefused(CHANGED)
        if not recipients.convened:
            raise GovernanceRefused(
                "Personne n’est à convoquer\u00a0: nommez des membres dans l’instance, ou ajoutez "
                "un invité."
            )
        for one in recipients.convened:
            if one.attendee is None:
                _listed(present, one)
        present.state, present.convened_at = MeetingState.CONVENED, timezone.now()
        present.save(update_fields=["state", "convened_at"])
        people = counted(len(recipients.convened), "personne")
        writing.made.words = f"a convoqué {people} à la réunion du {day_told(present)}"
        return write_to_everybody(present, kind=ConvocationKind.FIRST, sender=sender)


def _listed(meeting: Meeting, one: Recipient) -> Attendee:
    return Attendee.objects.create(
        meeting=meeting,
        person=one.person,
        name=one.name[:170],
        organisation_name=one.organisation[:200],
        capacity=one.capacity[:120],
        email=one.email,
    )


def add_guest(*, meeting: Meeting, person: Person | None, name: str, email: str, by: User) -> str:
    """Add somebody to the list; convened at once when the others are. Gives what was done.

    Raises `GovernanceRefused` when they are on it already. Some ten queries.
    """
    with writing_meeting(meeting, by=by) as writing:
        present = writing.meeting
        refuse_settled(present)
        guest = Recipient(
            name=str(person) if person else name,
            capacity=GUEST,
            organisation=str(person.organisation or "") if person else "",
            email=person.email if person else email,
            person=person,
        )
        _refuse_twice(present, guest)
        try:
            with transaction.atomic():
                attendee = _listed(present, guest)
        except IntegrityError as failure:
            raise GovernanceRefused(f"{guest.name} est déjà sur la liste.") from failure
        writing.made.words = f"a invité {guest.name} à la réunion du {day_told(present)}"
        if not present.is_convened:
            return f"{guest.name} est sur la liste."
        if not attendee.email:
            return f"{guest.name} est sur la liste, mais sans adresse{NBSP}: prévenez-la vous-même."
        write_letter(attendee, meeting=present, kind=ConvocationKind.FIRST, sender=Sender(by))
        return f"La convocation part vers {attendee.email}."


def _refuse_twice(meeting: Meeting, guest: Recipient) -> None:
    known = Attendee.objects.filter(meeting=meeting)
    if guest.person is not None:
        known = known.filter(person=guest.person)
    elif guest.email:
        known = known.filter(email__iexact=guest.email)
    else:
        known = known.filter(name__iexact=guest.name)
    if known.exists():
        raise GovernanceRefused(f"{guest.name} est déjà sur la liste.")


def remove_guest(*, attendee: Attendee, by: User) -> None:
    """Take a guest from the list, while nobody was written to. Raises `GovernanceRefused`."""
    with writing_meeting(attendee.meeting, by=by) as writing:
        present = Attendee.objects.filter(pk=attendee.pk).first()
        if present is None:
            return
        if present.letters.exists() or not writing.meeting.is_draft:
            raise GovernanceRefused(
                f"{present} a déjà été convoqué{NBSP}: sa réponse reste sur la liste."
            )
        writing.made.words = f"a retiré {present} de la liste des invités"
        present.delete()


def resend(*, attendee: Attendee, by: User) -> MeetingLetter:
    """Write again to one person, at the address that the directory gives now, with a new link.

    Raises `GovernanceRefused` without an address, or once the meeting is over. Some ten queries.
    """
    with writing_meeting(attendee.meeting, by=by) as writing:
        meeting = writing.meeting
        if not meeting.is_convened:
            raise GovernanceRefused(
                "Cette réunion n’est pas convoquée\u00a0: aucun courriel n’en part."
            )
        present = Attendee.objects.select_related("person").get(pk=attendee.pk)
        writing.made.words = f"a suivi l’annuaire pour écrire à {present}"
        if not follow_directory(present):
            raise GovernanceRefused(
                f"L’annuaire n’a pas d’adresse pour {present}{NBSP}: complétez-la d’abord."
            )
        sender = Sender(by)
        return write_letter(present, meeting=meeting, kind=ConvocationKind.AGAIN, sender=sender)


def send_again_to_everybody(*, meeting: Meeting, by: User) -> int:
    """Send everybody the meeting as it is now, its agenda included; says how many mails leave.

    Raises `GovernanceRefused` unless it is convened.
    """
    with writing_meeting(meeting, by=by) as writing:
        present = writing.meeting
        if not present.is_convened:
            raise GovernanceRefused(
                "Cette réunion n’est pas convoquée\u00a0: aucun courriel n’en part."
            )
        writing.made.words = "a suivi l’annuaire pour écrire de nouveau à tout le monde"
        return write_to_everybody(present, kind=ConvocationKind.UPDATE, sender=Sender(by))
