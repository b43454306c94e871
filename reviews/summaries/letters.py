"""What the mails of a campaign say: the lead's words or the usual ones, then the facts.

The sheets, the territory and the deadline are always told, whatever the lead writes.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.text import NBSP, counted, day_in_words
from reviews.models import Campaign, Update


@dataclass(frozen=True)
class LetterWords:
    """One mail before it leaves, without its link."""

    subject: str
    context: Mapping[str, Any]


def usual_subject(campaign: Campaign) -> str:
    """What an opening letter is called when its lead changes nothing. Expects the place."""
    return (
        f"{campaign.project.territory.name}{NBSP}: où en sont vos actions au "
        f"{campaign.reviewed}{NBSP}?"
    )


def usual_letter(campaign: Campaign) -> str:
    """What an opening letter says when its lead changes nothing. Expects the place."""
    return (
        f"Le projet territorial de santé mentale de {campaign.project.territory.name} fait le "
        f"point sur le {campaign.reviewed}. Pour chacune des fiches ci-dessous, dites en deux "
        f"minutes où elle en est{NBSP}: ce qui a été fait, ce qui bloque, l’aide dont vous avez "
        "besoin. Le comité de pilotage lira vos réponses."
    )


def usual_reminder(campaign: Campaign) -> str:
    """What a reminder says when its lead changes nothing. Expects the place."""
    return (
        f"Nous n’avons pas encore votre réponse pour la revue {campaign.reviewed} du projet "
        f"territorial de santé mentale de {campaign.project.territory.name}. Si rien n’a changé, "
        "un seul geste suffit pour le dire."
    )


def opening_letter(
    campaign: Campaign, updates: Iterable[Update], *, at: dt.datetime | None = None
) -> LetterWords:
    """The first mail to somebody asked about these sheets. No query; expects the place."""
    return _letter(
        subject=campaign.letter_subject or usual_subject(campaign),
        text=campaign.letter_text or usual_letter(campaign),
        asked=_asked(campaign, updates, at),
    )


def reminder_letter(
    campaign: Campaign, updates: Iterable[Update], *, at: dt.datetime | None = None
) -> LetterWords:
    """The mail to somebody of whom these answers are still expected. No query; expects the place.

    The deadline told is theirs: that of the campaign, but for a sheet that was given a delay.
    """
    asked = _asked(campaign, updates, at)
    what = "réponse attendue"
    if not asked.is_late:
        what = f"réponse jusqu’au {day_in_words(asked.due_on)}"
    return _letter(
        subject=(
            f"{campaign.project.territory.name}, revue {campaign.reviewed}{NBSP}: {what} "
            f"({counted(len(asked.updates), 'fiche')})"
        ),
        text=campaign.reminder_text or usual_reminder(campaign),
        asked=asked,
    )


@dataclass(frozen=True)
class _Asked:
    """What one person is asked, until when at the latest for the first of it."""

    updates: tuple[Update, ...]
    due_on: dt.date
    is_late: bool

    @property
    def lines(self) -> list[str]:
        """One a sheet; its own day where it is not the one told for all."""
        return [sheet_line(update, told=self.due_on) for update in self.updates]


def _asked(campaign: Campaign, updates: Iterable[Update], at: dt.datetime | None) -> _Asked:
    known = tuple(updates)
    due_on = min((update.due_on or campaign.due_on for update in known), default=campaign.due_on)
    return _Asked(known, due_on, is_late=due_on < campaign.project.territory.today(at=at))


def sheet_line(update: Update, *, told: dt.date | None = None) -> str:
    """« Fiche 12 : Maison des adolescents », with its own day unless it is the one already told.

    Expects the sheet and the campaign.
    """
    due_on = update.due_on or (update.campaign.due_on if told else None)
    has_its_day = due_on is not None and due_on != told
    day = f" (jusqu’au {day_in_words(due_on)})" if due_on and has_its_day else ""
    return f"Fiche {update.action.number}{NBSP}: {update.action.title}{day}"


def _letter(*, subject: str, text: str, asked: _Asked) -> LetterWords:
    return LetterWords(
        subject=subject,
        context={
            "text": text,
            "sheets": asked.lines,
            "due": day_in_words(asked.due_on),
            "is_late": asked.is_late,
        },
    )
