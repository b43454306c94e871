"""The days of a series of meetings: every n weeks, every n months, « le 2ᵉ mardi du mois ».

Holidays are not known here: whoever makes the series unticks the days that do not suit.
"""

import datetime as dt

from dateutil.relativedelta import relativedelta
from dateutil.rrule import MONTHLY, rrule, weekday

from core.text import NBSP, weekday_in_words
from governance.enums import Repeat

MOST_DAYS = 60
RANKS = {1: "1ᵉʳ", 2: "2ᵉ", 3: "3ᵉ", 4: "4ᵉ", -1: "dernier"}


def days_of(first: dt.date, *, repeat: Repeat, every: int, until: dt.date) -> list[dt.date]:
    """Every day of the series, the first one included; at most sixty."""
    if repeat == Repeat.WEEKS:
        step = dt.timedelta(weeks=every)
        return _until(until, [first + step * rank for rank in range(MOST_DAYS)])
    if repeat == Repeat.MONTHS:
        # From the first each time: the 31st stays so in the months that have one.
        each = (first + relativedelta(months=every * rank) for rank in range(MOST_DAYS))
        return _until(until, list(each))
    if repeat == Repeat.RANK:
        which = weekday(first.weekday(), rank_of(first))
        start = dt.datetime.combine(first, dt.time())
        found = rrule(MONTHLY, interval=every, byweekday=which, dtstart=start, count=MOST_DAYS)
        return _until(until, [each.date() for each in found])
    return [first]


def rank_of(day: dt.date) -> int:
    """Which Tuesday of its month it is, if a Tuesday; a fifth one is the last one."""
    rank = (day.day - 1) // 7 + 1
    return rank if rank < 5 else -1


def series_in_words(first: dt.date, *, repeat: Repeat, every: int) -> str:
    """« le 2ᵉ mardi du mois », « toutes les 3 semaines »."""
    if repeat == Repeat.WEEKS:
        how_often = "toutes les semaines" if every == 1 else f"toutes les {every}{NBSP}semaines"
        return f"le {weekday_in_words(first)}, {how_often}"
    months = "chaque mois" if every == 1 else f"tous les {every}{NBSP}mois"
    if repeat == Repeat.RANK:
        return f"le {RANKS[rank_of(first)]} {weekday_in_words(first)}, {months}"
    return f"le {first.day}, {months}" if repeat == Repeat.MONTHS else "une seule fois"


def _until(last: dt.date, days: list[dt.date]) -> list[dt.date]:
    return [day for day in days if day <= last]
