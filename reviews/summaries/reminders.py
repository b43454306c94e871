"""The reminders of a campaign: those that are past, whom they reached, those to come."""

import datetime as dt
from dataclasses import dataclass

from reviews.enums import LetterKind
from reviews.models import Campaign, Letter


@dataclass(frozen=True)
class ReminderLine:
    """One reminder, for whoever was given no delay."""

    words: str
    day: dt.date
    is_past: bool
    # How many people it reminded.
    count: int


def reminder_lines(campaign: Campaign, *, at: dt.datetime) -> list[ReminderLine]:
    """In order of their days. One query; expects the place."""
    letters = Letter.objects.filter(campaign=campaign, kind=LetterKind.REMINDER)
    moments = [
        campaign.project.territory.today(at=moment)
        for moment in letters.values_list("written_at", flat=True)
    ]
    return [
        ReminderLine(
            words=reminder_in_words(days),
            day=day,
            is_past=campaign.is_reminder_past(days, at=at),
            count=moments.count(day),
        )
        for days, day in campaign.reminders
    ]


def reminder_in_words(days: int) -> str:
    """« J−3 », with the sign of print."""
    return f"J−{-days}" if days < 0 else f"J+{days}"
