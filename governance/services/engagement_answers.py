"""What organisations answered: signed or refused, corrected when it was noted wrongly."""

import datetime as dt
from typing import TYPE_CHECKING

from accounts.models import User
from accounts.services import revoke_link
from documents.attachments import attach_file
from governance.enums import EngagementState
from governance.models import EngagementLetter, EngagementRound
from governance.services.engagement import writing_round
from governance.writing import GovernanceRefused
from journal.recording import Gesture

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def sign_letter(
    *,
    letter: EngagementLetter,
    on: dt.date,
    signed_by: str,
    scan: "UploadedFile[bytes] | None",
    by: User | None,
) -> Gesture:
    """Note that a letter came back signed, and keep its scan.

    Raises `GovernanceRefused`, or `documents.attachments.AttachmentRefused`. Twelve queries.
    """
    with writing_round(batch=letter.round, by=by) as writing_now:
        present = _sent(letter, on, writing_now.round)
        present.state, present.answered_on = EngagementState.SIGNED, on
        present.signed_by, present.reason = signed_by, ""
        if scan is not None:
            present.scan = attach_file(upload=scan, by=by)
        present.save()
        if present.link is not None:
            revoke_link(link=present.link)
        writing_now.made.words = f"a noté que {present.name} a signé sa lettre d’engagement"
    return writing_now.made


def refuse_letter(
    *, letter: EngagementLetter, on: dt.date, reason: str, by: User | None
) -> Gesture:
    """Note that an organisation does not engage itself, and why. Raises `GovernanceRefused`."""
    with writing_round(batch=letter.round, by=by) as writing_now:
        present = _sent(letter, on, writing_now.round)
        present.state, present.answered_on, present.reason = EngagementState.REFUSED, on, reason
        present.save()
        if present.link is not None:
            revoke_link(link=present.link)
        writing_now.made.words = f"a noté que {present.name} ne s’engage pas"
    return writing_now.made


def reopen_letter(*, letter: EngagementLetter, by: User) -> Gesture:
    """Take an answer back: the letter waits for one again; a wrong scan leaves it.

    Raises `GovernanceRefused`.
    """
    with writing_round(batch=letter.round, by=by) as writing_now:
        present = _present(letter)
        if not present.is_answered:
            raise GovernanceRefused(f"{present} n’a pas encore de réponse.")
        present.state, present.answered_on = EngagementState.SENT, None
        present.signed_by, present.reason, present.scan = "", "", None
        present.save()
        writing_now.made.words = f"a effacé la réponse de {present.name}"
    return writing_now.made


def _sent(letter: EngagementLetter, on: dt.date, batch: EngagementRound) -> EngagementLetter:
    """The letter as the base holds it, which may be answered on that day."""
    present = _present(letter)
    if present.is_to_send:
        raise GovernanceRefused(
            "Cette lettre n’est pas encore partie\u00a0: notez d’abord son envoi, ou sa remise."
        )
    if present.is_answered:
        raise GovernanceRefused(
            "Une réponse est déjà notée pour cette lettre\u00a0: effacez-la d’abord si elle est "
            "fausse."
        )
    if on > batch.project.territory.today():
        raise GovernanceRefused("Cette date est à venir\u00a0: notez la réponse le jour venu.")
    if present.sent_on and on < present.sent_on:
        raise GovernanceRefused("La réponse ne peut pas précéder l’envoi de la lettre.")
    return present


def _present(letter: EngagementLetter) -> EngagementLetter:
    rows = EngagementLetter.objects.select_related("link")
    present = rows.filter(pk=letter.pk).first()
    if present is None:
        raise GovernanceRefused("Cette lettre a été retirée de l’envoi entre-temps.")
    return present
