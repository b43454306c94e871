"""What those convened answer: by the mail's link, signed in, or by the lead who writes it down."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from core.text import NBSP
from governance.enums import Reply
from governance.models import Attendee
from governance.writing import GovernanceRefused, writing_meeting
from journal.enums import Source


@dataclass(frozen=True)
class Answering:
    """Who answers: the person themselves, by link or by account, or a lead in their place."""

    by: User | None = None
    signed: str = ""
    is_lead: bool = False


class TooLate(GovernanceRefused):
    """The meeting began, or is not held any more: its answers do not change."""


def refuse_late(attendee: Attendee, *, is_lead: bool = False) -> None:
    """Raises `TooLate`; a lead may still write down what they were told. Expects the meeting."""
    meeting = attendee.meeting
    if meeting.is_cancelled:
        raise TooLate("Cette réunion est annulée\u00a0: il n’y a plus rien à répondre.")
    if not meeting.is_convened and not is_lead:
        raise TooLate("Cette réunion est passée\u00a0: votre réponse ne change plus.")
    if meeting.starts_at <= timezone.now() and not is_lead:
        raise TooLate("Cette réunion a commencé\u00a0: votre réponse ne change plus.")


def answer(
    *, attendee: Attendee, reply: Reply, represented_by: str, answering: Answering
) -> Attendee:
    """Keep what somebody convened answers; they may change it until the meeting. Seven queries.

    Raises `TooLate`, or `GovernanceRefused` when nobody is named to represent them.
    """
    source = Source.PAGE if answering.by else Source.LINK
    with writing_meeting(
        attendee.meeting, by=answering.by, signed=answering.signed, source=source
    ) as writing:
        present = Attendee.objects.get(pk=attendee.pk)
        present.meeting = writing.meeting
        refuse_late(present, is_lead=answering.is_lead)
        if reply == Reply.REPRESENTED and not represented_by:
            raise GovernanceRefused("Dites par qui.")
        present.reply = reply
        present.represented_by = represented_by if reply == Reply.REPRESENTED else ""
        present.replied_at = timezone.now()
        present.save(update_fields=["reply", "represented_by", "replied_at"])
        said = f"«{NBSP}{present.get_reply_display()}{NBSP}»"
        whose = f"pour {present}" if answering.is_lead else "à la convocation"
        writing.made.words = f"a répondu {said} {whose}"
    return present
