"""Reminding the silent, by the clock: at the days of the campaign, eight o’clock there.

Nothing is kept of what the clock has seen. Each tick asks the base who is still silent about what,
which reminder of theirs came last, and whether it left: a beat that stopped, started twice or whose
hour goes backwards forgets nobody and writes to nobody twice.
"""

import datetime as dt
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone

from journal.enums import Source
from reviews.enums import SILENT_STATES, CampaignState, LetterKind
from reviews.models import Campaign, Charge, Letter, Respondent, Update
from reviews.services.letters import (
    WrittenAlready,
    follow_directory,
    known_respondent,
    write_to,
)
from reviews.summaries.letters import reminder_letter
from reviews.summaries.reminders import occasion_of
from reviews.writing import ReviewRefused, writing_campaign

logger = logging.getLogger(__name__)

SEPARATOR = ", "
LONGEST_OCCASION = 80


@dataclass(frozen=True)
class Due:
    """The reminder that came last for one deadline."""

    # In days from it: -3 is « J-3 ».
    offset: int
    deadline: dt.date
    moment: dt.datetime

    @property
    def occasion(self) -> str:
        """How the letter says what it was for: « J-3 2026-12-20 »."""
        return occasion_of(self.offset, self.deadline)


@dataclass(frozen=True)
class _Written:
    """When somebody was written to, in one campaign: what they know already."""

    first: dt.datetime | None = None
    reminded: dt.datetime | None = None
    extended: dt.datetime | None = None

    def covers(self, due: Due, *, is_extended: bool, at: dt.datetime) -> bool:
        """Whether a letter that left since then said as much.

        One that left « later than now » says nothing: the clock went backwards.
        """
        known = [self.first, self.reminded, self.extended if is_extended else None]
        return any(moment is not None and due.moment <= moment <= at for moment in known)


def last_due(
    campaign: Campaign,
    *,
    deadline: dt.date,
    at: dt.datetime,
    asked_at: dt.datetime | None = None,
) -> Due | None:
    """The latest reminder whose hour has come; those before it are not sent any more.

    None before the first, nor for an hour at which the campaign was not open yet, its days were
    others, or the sheet was not asked about (`asked_at`). Expects the place.
    """
    past = [
        Due(offset, deadline, moment)
        for offset in campaign.reminder_days
        if (moment := campaign.morning_of(deadline + dt.timedelta(days=offset))) <= at
    ]
    latest = max(past, key=lambda due: due.moment, default=None)
    begun = [campaign.opened_at, campaign.rescheduled_at, asked_at]
    if latest is None or any(one and latest.moment <= one <= at for one in begun):
        return None
    return latest


def remind_due(*, at: dt.datetime | None = None) -> int:
    """Remind everybody whose hour has come; gives how many. Harmless to repeat.

    Two queries when nothing is due, whatever the number of campaigns.
    """
    now = at or timezone.now()
    awake = {
        campaign.pk: campaign
        for campaign in Campaign.objects.filter(state=CampaignState.OPEN).with_place()
        if campaign.is_awake(at=now)
    }
    reminded = 0
    for campaign, respondent_pk in _to_remind(awake, now) if awake else ():
        try:
            reminded += _remind(campaign, respondent_pk, now)
        except (ReviewRefused, WrittenAlready):
            # Closed meanwhile, or another clock was first.
            continue
        except Exception:
            # The others are reminded all the same; this one is tried again at the next tick.
            logger.exception("Respondent %s was not reminded", respondent_pk)
    return reminded


def _to_remind(awake: dict[int, Campaign], now: dt.datetime) -> Iterator[tuple[Campaign, int]]:
    """Each person once, who may have something to be reminded of. One query."""
    seen: set[int] = set()
    expected = Charge.objects.filter(respondent__campaign__in=awake)
    for respondent, key, due_on, asked_at, *letters in _silent(expected):
        campaign = awake[key]
        due = last_due(campaign, deadline=due_on or campaign.due_on, at=now, asked_at=asked_at)
        if due is None or respondent in seen:
            continue
        if not _Written(*letters).covers(due, is_extended=due_on is not None, at=now):
            seen.add(respondent)
            yield campaign, respondent


def _silent(expected: QuerySet[Charge]) -> list[Any]:
    """Respondent, campaign, delay given, when the sheet was added, and when they were written to,
    of what is expected still.

    Whoever left, or has no address anywhere, cannot be reminded. One query.
    """
    wrote, kind = "respondent__letters__written_at", "respondent__letters__kind"
    is_there = Q(respondent__person=None) | Q(respondent__person__left_on=None)
    has_address = ~Q(respondent__email="") | Q(respondent__person__email__gt="")
    rows = expected.filter(is_there, has_address, update__state__in=SILENT_STATES)
    return list(
        rows.values_list(
            "respondent_id", "respondent__campaign_id", "update__due_on", "update__asked_at"
        )
        .annotate(
            first=Min(wrote),
            reminded=Max(wrote, filter=Q(**{kind: LetterKind.REMINDER})),
            extended=Max(wrote, filter=Q(**{kind: LetterKind.EXTENDED})),
        )
        .order_by("respondent_id", "update__due_on", "update__asked_at")
    )


def _remind(campaign: Campaign, respondent_pk: int, now: dt.datetime) -> bool:
    """Write one mail to one person, once it is known again, under the lock, that it is due.

    About fifteen queries.
    """
    with writing_campaign(
        campaign, by=None, source=Source.CLOCK, signed=campaign.led_by_name
    ) as writing:
        present = writing.campaign
        if not present.is_open:
            return False
        respondent = known_respondent(present, pk=respondent_pk)
        theirs = _still_due(present, respondent, now)
        if not theirs:
            return False
        follow_directory(respondent)
        writing.made.words = f"a suivi l’annuaire pour écrire à {respondent}"
        letter = reminder_letter(present, [update for update, _ in theirs], at=now)
        write_to(
            respondent,
            kind=LetterKind.REMINDER,
            subject=letter.subject,
            context=letter.context,
            occasion=_occasion(due for _, due in theirs),
            at=now,
        )
    return True


def _still_due(
    campaign: Campaign, respondent: Respondent, now: dt.datetime
) -> list[tuple[Update, Due]]:
    """The silent sheets of somebody whose reminder did not leave yet. Three queries."""
    rows = _silent(Charge.objects.filter(respondent=respondent))
    if not rows:
        return []
    letters = _Written(*rows[0][4:])
    said = _said_to(respondent)
    found = []
    for update in respondent.updates.silent().select_related("action", "campaign").in_order():
        deadline = update.due_on or campaign.due_on
        due = last_due(campaign, deadline=deadline, at=now, asked_at=update.asked_at)
        if due is None or due.occasion in said:
            continue
        if not letters.covers(due, is_extended=update.due_on is not None, at=now):
            found.append((update, due))
    return found


def _said_to(respondent: Respondent) -> set[str]:
    """Every reminder that left for that person. One query."""
    letters = Letter.objects.filter(respondent=respondent, kind=LetterKind.REMINDER)
    occasions = letters.values_list("occasion", flat=True)
    return {part for occasion in occasions for part in occasion.split(SEPARATOR)}


def _occasion(reminders: Iterable[Due]) -> str:
    """What one mail is for, the latest hour first: as much of it as a letter keeps.

    One person may have sheets that are due at several dates; the rest is covered by the hour of
    the letter.
    """
    latest_first = sorted(set(reminders), key=_when, reverse=True)
    words = [due.occasion for due in latest_first]
    while len(SEPARATOR.join(words)) > LONGEST_OCCASION:
        words.pop()
    return SEPARATOR.join(words)


def _when(due: Due) -> tuple[dt.datetime, dt.date]:
    return (due.moment, due.deadline)
