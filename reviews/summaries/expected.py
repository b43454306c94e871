"""What is expected of somebody who signs in: the answers of their open reviews."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from reviews.enums import CampaignState
from reviews.models import Update


@dataclass(frozen=True)
class Progress:
    """« 1 sur 3 »: answers given, out of those that are asked."""

    given: int
    asked: int

    @property
    def is_over(self) -> bool:
        return self.given == self.asked


def progress_of(updates: Iterable[Update]) -> Progress:
    """How far somebody is with their sheets. No query."""
    rows = list(updates)
    return Progress(given=sum(not update.is_silent for update in rows), asked=len(rows))


@dataclass(frozen=True)
class Deadline:
    """Until when an answer is expected, in the days of its own territory."""

    on: dt.date
    days_left: int

    @property
    def is_past(self) -> bool:
        return self.days_left < 0


def deadline_of(update: Update, *, at: dt.datetime | None = None) -> Deadline:
    """When this answer is expected. Expects the place; no query."""
    today = update.campaign.project.territory.today(at=at)
    return Deadline(update.deadline, (update.deadline - today).days)


def answers_expected(user: User) -> list[tuple[Update, Deadline]]:
    """The answers still expected of that person in person, the most pressing first. One query."""
    theirs = Update.objects.visible_to(user).filter(
        campaign__state=CampaignState.OPEN,
        respondents__person__user=user.pk,
        respondents__person__left_on=None,
    )
    rows = theirs.silent().with_place().in_order().distinct()
    expected = [(update, deadline_of(update)) for update in rows]
    return sorted(expected, key=lambda one: one[1].on)
