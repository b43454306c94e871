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
    """In order of their days. One query; expects the place.

    A letter belongs to the reminder that it names, were it a day late, and to that of its day,
    were the due date another one then.
    """
    letters = Letter.objects.filter(campaign=campaign, kind=LetterKind.REMINDER)
    sent = [
        (campaign.project.territory.today(at=moment), occasion)
        for moment, occasion in letters.values_list("written_at", "occasion")
    ]
    return [
        ReminderLine(
            words=reminder_in_words(days),
            day=day,
            is_past=campaign.is_reminder_past(days, at=at),
            count=sum(
                on == day or occasion_of(days, campaign.due_on) in occasion for on, occasion in sent
            ),
        )
        for days, day in campaign.reminders
    ]


def occasion_of(days: int, deadline: dt.date) -> str:
    """How a letter says which reminder it is: « J-3 2026-12-20 »."""
    return f"J{days:+d} {deadline:%Y-%m-%d}"


def reminder_in_words(days: int) -> str:
    """« J−3 », with the sign of print."""
    return f"J−{-days}" if days < 0 else f"J+{days}"
