"""What the lead does with the answers as they come: validate, return, give time."""

import contextlib
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from core.text import NBSP, counted, day_in_words, listed
from reviews.enums import LetterKind, UpdateState
from reviews.models import Campaign, Update
from reviews.models.updates import UpdateQuerySet
from reviews.services.letters import WrittenAlready, write_to
from reviews.summaries.letters import sheet_line
from reviews.summaries.seals import lacks_of, seal_of
from reviews.writing import CampaignGesture, ReviewRefused, writing_open


@dataclass(frozen=True)
class Validated:
    """What became of the answers ticked: those validated, and why the others were not."""

    done: tuple[Update, ...]
    left: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """Who was written to about an answer."""

    names: tuple[str, ...]


def validate_answers(
    *, campaign: Campaign, seen: Mapping[int, str], by: User, at: dt.datetime | None = None
) -> Validated:
    """Validate these answers as they were seen (`summaries.seals.seal_of`), by key.

    One that was corrected, returned or validated meanwhile is left, and told. Raises
    `ReviewRefused` when all are. About fifteen queries, however many answers.
    """
    with writing_open(campaign, by=by) as writing:
        updates = list(_answers(writing).filter(pk__in=seen).in_order().for_reading())
        left = {update: _why_not(update, seen[update.pk]) for update in updates}
        done = [update for update in updates if not left[update]]
        told = tuple(sentence for sentence in left.values() if sentence)
        if not done:
            raise ReviewRefused(" ".join(told) or "Cochez au moins une réponse reçue.")
        for update in done:
            update.state, update.validated_at = UpdateState.VALIDATED, at or timezone.now()
        Update.objects.bulk_update(done, ["state", "validated_at"])
        writing.made.words = f"a validé {_sheets_in_words(done)}"
    return Validated(tuple(done), told)


def return_answer(*, update: Update, words: str, seen: str, by: User) -> Told:
    """Send an answer back with a word, by mail, to everybody who answers for that sheet.

    Raises `ReviewRefused` when it is not what was seen any more. About ten queries, and six a mail.
    """
    with writing_open(update.campaign, by=by) as writing:
        present = _read_again(writing, update)
        if refusal := _why_not(present, seen, whatever_it_lacks=True):
            raise ReviewRefused(refusal)
        came = present.submitted_at
        present.state = UpdateState.RETURNED
        present.return_words = words
        present.save(update_fields=["state", "return_words"])
        writing.made.words = f"a renvoyé la réponse sur la {_sheet(present)}"
        return _write_about(
            writing.campaign,
            present,
            kind=LetterKind.RETURNED,
            subject="votre réponse demande une précision",
            context={"words": words, "by": by.get_full_name()},
            occasion=f"{present.pk} {came:%Y%m%d%H%M%S%f}",
        )


def extend_deadline(*, update: Update, due_on: dt.date, reason: str, by: User) -> Told:
    """Give one sheet until that day, say why, and tell by mail those who answer for it.

    Raises `ReviewRefused` when the answer came meanwhile, or when the day gives no time. About ten
    queries, and six a mail.
    """
    with writing_open(update.campaign, by=by) as writing:
        present = _read_again(writing, update)
        if not present.is_silent:
            raise ReviewRefused(
                f"La réponse sur la {_sheet(present)} est arrivée{NBSP}: il n’y a plus de délai à "
                "donner."
            )
        if due_on <= writing.campaign.due_on or due_on < writing.campaign.project.territory.today():
            raise ReviewRefused(
                "Choisissez un jour à venir, après la date limite de la revue "
                f"({day_in_words(writing.campaign.due_on)})."
            )
        present.due_on, present.due_reason = due_on, reason
        present.save(update_fields=["due_on", "due_reason"])
        until = day_in_words(due_on)
        writing.made.words = f"a donné jusqu’au {until} pour la {_sheet(present)}"
        return _write_about(
            writing.campaign,
            present,
            kind=LetterKind.EXTENDED,
            subject=f"vous avez jusqu’au {until}",
            context={"reason": reason},
            occasion=f"{present.pk} {due_on}",
        )


def take_back_validation(*, update: Update, by: User) -> None:
    """Make a validated answer a received one again; raises `ReviewRefused` when it is not one."""
    with writing_open(update.campaign, by=by) as writing:
        present = _read_again(writing, update)
        if not present.is_validated:
            raise ReviewRefused(f"La réponse sur la {_sheet(present)} n’est plus validée.")
        present.state, present.validated_at = UpdateState.SUBMITTED, None
        present.save(update_fields=["state", "validated_at"])
        writing.made.words = f"a repris la validation de la {_sheet(present)}"


def _answers(writing: CampaignGesture) -> UpdateQuerySet:
    return Update.objects.filter(campaign=writing.campaign)


def _read_again(writing: CampaignGesture, update: Update) -> Update:
    """The answer as the base holds it now, under the lock."""
    present = _answers(writing).for_reading().get(pk=update.pk)
    present.campaign = writing.campaign
    return present


def _why_not(update: Update, seen: str, *, whatever_it_lacks: bool = False) -> str:
    """Why an answer cannot be validated, nor returned, as it was seen; blank when it can."""
    if update.is_validated:
        return f"{_name(update)}{NBSP}: la réponse est déjà validée."
    if update.is_silent:
        state = update.get_state_display().lower()
        return f"{_name(update)}{NBSP}: la réponse n’est pas reçue ({state})."
    if seal_of(update) != seen:
        return (
            f"{_name(update)}{NBSP}: la réponse a été corrigée depuis que vous "
            "l’avez lue, relisez-la."
        )
    lacks = () if whatever_it_lacks else lacks_of(update)
    if lacks:
        return (
            f"{_name(update)}{NBSP}: {listed(list(lacks))}. Renvoyez la réponse, ou complétez-la."
        )
    return ""


def _write_about(
    campaign: Campaign,
    update: Update,
    *,
    kind: LetterKind,
    subject: str,
    context: Mapping[str, object],
    occasion: str,
) -> Told:
    """One mail to each person who answers for a sheet and has an address."""
    facts = {
        "sheet": sheet_line(update),
        "due": day_in_words(update.deadline),
        **context,
    }
    names = []
    for respondent in update.respondents.all():
        if respondent.email:
            respondent.campaign = campaign
            with contextlib.suppress(WrittenAlready):
                write_to(
                    respondent,
                    kind=kind,
                    subject=f"{_head(campaign, update)}, {subject}",
                    context=facts,
                    occasion=occasion,
                )
            names.append(respondent.name)
    return Told(tuple(names))


def _head(campaign: Campaign, update: Update) -> str:
    """« Aubrac, revue T4 2026, fiche 3 »."""
    return f"{campaign.project.territory.name}, revue {campaign.reviewed}, {_sheet(update)}"


def _sheet(update: Update) -> str:
    return f"fiche{NBSP}{update.action.number}"


def _name(update: Update) -> str:
    return f"Fiche{NBSP}{update.action.number}"


def _sheets_in_words(updates: list[Update]) -> str:
    """« la réponse sur la fiche 3 », « 4 réponses »."""
    if len(updates) == 1:
        return f"la réponse sur la {_sheet(updates[0])}"
    return counted(len(updates), "réponse")
