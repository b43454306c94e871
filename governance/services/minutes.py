"""The minutes: typed item by item by several hands, proposed, validated by the next meeting."""

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.template.loader import render_to_string

from accounts.models import User
from core.mail import send_on_commit
from core.text import NBSP, day_in_words
from governance.enums import MeetingState, MinutesState
from governance.models import AgendaItem, Attendee, Decision, Meeting
from governance.summaries.minutes import minutes_of
from governance.writing import GovernanceRefused, writing_meeting
from journal.recording import Gesture

logger = logging.getLogger(__name__)


class MinutesClosed(GovernanceRefused):
    """Proposed or validated meanwhile: what was being typed comes back to whoever typed it."""


@dataclass
class WritingMinutes:
    """The gesture under way, and the meeting as the base holds it now."""

    made: Gesture
    meeting: Meeting


@contextlib.contextmanager
def writing_minutes(meeting: Meeting, *, by: User, token: str = "") -> Iterator[WritingMinutes]:
    """What one person writes in attendance or minutes, the meeting locked meanwhile.

    Raises `MinutesClosed` once they are out, `GovernanceRefused` for a cancelled meeting.
    """
    with writing_meeting(meeting, by=by, token=token) as written:
        refuse_closed_minutes(written.meeting)
        yield WritingMinutes(written.made, written.meeting)


def refuse_closed_minutes(meeting: Meeting) -> None:
    """Agenda, attendance and minutes are written until the minutes are out. No query."""
    if meeting.state == MeetingState.CANCELLED:
        raise GovernanceRefused("Cette réunion a été annulée\u00a0: elle n’a pas de compte rendu.")
    if meeting.minutes_state == MinutesState.VALIDATED:
        raise MinutesClosed(
            "Ce compte rendu a été validé\u00a0: il ne change plus. Une correction se note dans la "
            "réunion suivante."
        )
    if meeting.minutes_state == MinutesState.PROPOSED:
        raise MinutesClosed(
            "Ce compte rendu a été proposé à la validation pendant que vous écriviez\u00a0: rien "
            "n’a été enregistré. Reprenez sa rédaction pour le corriger."
        )


def keep_notes(*, written: WritingMinutes, item: AgendaItem) -> None:
    """Keep what was typed under an item; the first words begin the minutes. Three queries."""
    item.save(update_fields=["notes"])
    _begin(written.meeting)
    written.made.words = f"a écrit le compte rendu du point «{NBSP}{item}{NBSP}»"


def _begin(meeting: Meeting) -> None:
    if meeting.minutes_state == MinutesState.NONE:
        meeting.minutes_state = MinutesState.DRAFT
        meeting.save(update_fields=["minutes_state"])


def propose_minutes(*, meeting: Meeting, tells: bool, by: User) -> int:
    """Propose the minutes: whoever reads the project reads them. Gives how many mails leave.

    On demand (`tells`), whoever was convened and has an address receives them. Raises
    `GovernanceRefused` when the meeting was not held, or nothing is written. About ten queries.
    """
    with writing_minutes(meeting, by=by) as written:
        present = written.meeting
        if present.state != MeetingState.HELD:
            raise GovernanceRefused(
                "Notez d’abord les présences, puis que la réunion est tenue\u00a0: son compte rendu"
                " se propose ensuite."
            )
        notes = AgendaItem.objects.filter(meeting=present).exclude(notes="")
        if not notes.exists() and not Decision.objects.filter(meeting=present).exists():
            raise GovernanceRefused(
                "Rien n’est encore écrit\u00a0: notez au moins un point ou une décision."
            )
        present.minutes_state = MinutesState.PROPOSED
        present.minutes_proposed_on = present.body.project.territory.today()
        present.save(update_fields=["minutes_state", "minutes_proposed_on"])
        written.made.words = "a proposé le compte rendu à la validation"
        told = _tell(present, by=by) if tells else 0
    logger.info("Minutes of meeting %s proposed by %s, %s mails", meeting.pk, by.pk, told)
    return told


def _tell(meeting: Meeting, *, by: User) -> int:
    """One mail to each address convened, the minutes in it: not everybody has an account."""
    addresses = dict.fromkeys(
        Attendee.objects.filter(meeting=meeting).exclude(email="").values_list("email", flat=True)
    )
    if not addresses:
        return 0
    read = minutes_of(meeting)
    place = meeting.body.project.territory
    body = render_to_string("governance/mail/minutes.txt", {"read": read, "territory": place})
    for address in addresses:
        send_on_commit(
            to=address,
            subject=f"{place.name}{NBSP}: compte rendu à relire, {read.body} du {read.day}",
            body=body,
            reply_to=by.email,
        )
    return len(addresses)


def take_minutes_back(*, meeting: Meeting, by: User) -> None:
    """Go back to writing minutes that were proposed. Raises `GovernanceRefused`."""
    with writing_meeting(meeting, by=by) as written:
        present = written.meeting
        if present.minutes_state != MinutesState.PROPOSED:
            raise GovernanceRefused(
                "Seul un compte rendu proposé et pas encore validé se reprend\u00a0: rechargez la "
                "page."
            )
        present.minutes_state, present.minutes_proposed_on = MinutesState.DRAFT, None
        present.save(update_fields=["minutes_state", "minutes_proposed_on"])
        written.made.words = "a repris la rédaction du compte rendu"


def validate_minutes(*, meeting: Meeting, at: Meeting, corrections: str, by: User) -> None:
    """Validate the minutes of an earlier meeting in a later one of the same body, for good.

    All that they say is kept as it is read now, with the corrections noted. Raises
    `GovernanceRefused`. About fifteen queries.
    """
    with writing_meeting(meeting, by=by) as written, writing_minutes(at, by=by) as later:
        present = written.meeting
        if present.body_id != at.body_id or present.starts_at >= later.meeting.starts_at:
            raise GovernanceRefused(
                "Un compte rendu se valide dans une réunion suivante de la même instance."
            )
        if present.minutes_state != MinutesState.PROPOSED:
            raise GovernanceRefused(
                "Ce compte rendu n’est plus à valider\u00a0: il a été repris, ou déjà validé."
            )
        present.minutes_state = MinutesState.VALIDATED
        present.minutes_validated_at = later.meeting
        present.minutes_corrections = corrections
        present.minutes_kept = asdict(minutes_of(present))
        present.save(
            update_fields=[
                "minutes_state",
                "minutes_validated_at",
                "minutes_corrections",
                "minutes_kept",
            ]
        )
        day = day_in_words(later.meeting.starts_on)
        written.made.words = f"a validé le compte rendu dans la réunion du {day}"
    logger.info("Minutes of meeting %s validated at %s by %s", meeting.pk, at.pk, by.pk)
