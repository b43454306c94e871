"""Writing again to somebody whose mail did not arrive: a new letter, with a new link."""

from accounts.models import User
from core.text import NBSP
from reviews.enums import LetterKind
from reviews.models import Campaign, Letter, Respondent
from reviews.services.letters import (
    WrittenAlready,
    follow_directory,
    known_respondent,
    write_to,
)
from reviews.summaries.letters import opening_letter, reminder_letter
from reviews.writing import ReviewRefused, writing_campaign


def resend(*, letter: Letter, by: User) -> Letter:
    """Send that letter again, to the address that the directory gives now.

    Its text is not kept (`docs/decisions/0008`): it is written anew, about the sheets of which an
    answer is still expected. Raises `ReviewRefused` when there is nobody or nothing to ask any
    more, or when it was sent again already. About fifteen queries.
    """
    if letter.respondent_id is None:
        raise ReviewRefused("Ce courriel n’est pas une demande de réponse.")
    kind = LetterKind.OPENING if letter.kind == LetterKind.OPENING else LetterKind.REMINDER
    return _write(letter.campaign, letter.respondent_id, kind, f"renvoi {letter.pk}", by)


def write_first(*, respondent: Respondent, by: User) -> Letter:
    """Send the first letter to somebody who had no address when the campaign opened.

    Raises `ReviewRefused` as `resend` does. About fifteen queries.
    """
    return _write(respondent.campaign, respondent.pk, LetterKind.OPENING, "ouverture", by)


def _write(
    campaign: Campaign, respondent_pk: int, kind: LetterKind, occasion: str, by: User
) -> Letter:
    with writing_campaign(campaign, by=by) as writing:
        present = writing.campaign
        if not present.is_open:
            raise ReviewRefused("Cette revue n’est pas ouverte\u00a0: aucun courriel n’en part.")
        respondent = known_respondent(present, pk=respondent_pk)
        follow_directory(respondent)
        writing.made.words = f"a suivi l’annuaire pour écrire à {respondent}"
        if not respondent.email:
            raise ReviewRefused(
                f"L’annuaire n’a pas d’adresse pour {respondent}{NBSP}: complétez-la d’abord."
            )
        expected = respondent.updates.silent().select_related("action", "campaign").in_order()
        if not expected:
            raise ReviewRefused(
                f"{respondent} n’a plus de fiche sans réponse{NBSP}: rien n’a été envoyé."
            )
        words = opening_letter if kind == LetterKind.OPENING else reminder_letter
        letter = words(present, expected)
        try:
            return write_to(
                respondent,
                kind=kind,
                subject=letter.subject,
                context=letter.context,
                occasion=occasion,
            )
        except WrittenAlready as refusal:
            raise ReviewRefused(
                f"Ce courriel a déjà été envoyé à nouveau à {respondent}."
            ) from refusal
