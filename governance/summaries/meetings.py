"""The meetings of a project, and those of one person: lists, a month, what comes next."""

import calendar
import datetime as dt
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from governance.enums import MeetingState, Reply
from governance.models import Attendee, Body, Meeting
from territories.models import Project

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class MeetingLine:
    """One meeting of a list, and how many answered."""

    meeting: Meeting
    convened: int
    coming: int


def meeting_lines(
    project: Project, *, past: bool, body: Body | None = None, at: dt.datetime | None = None
) -> list[MeetingLine]:
    """Those to come, the next one first; or the past ones, the latest first. One query."""
    moment = at or timezone.now()
    rows = Meeting.objects.filter(body__project=project).select_related("body")
    if body is not None:
        rows = rows.filter(body=body)
    rows = rows.filter(ends_at__lt=moment) if past else rows.filter(ends_at__gte=moment)
    counted = rows.annotate(
        convened=Count("attendees"),
        coming=Count("attendees", filter=Q(attendees__reply=Reply.YES)),
    )
    order = ("-starts_at", "-pk") if past else ("starts_at", "pk")
    ordered: Iterable[Any] = counted.order_by(*order)
    return [MeetingLine(row, row.convened, row.coming) for row in ordered]


# --- A month ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CalendarDay:
    """One case of the grid."""

    day: dt.date
    is_in_month: bool
    is_today: bool
    meetings: tuple[Meeting, ...]


@dataclass(frozen=True)
class Month:
    """A month in whole weeks, from Monday on."""

    year: int
    month: int
    weeks: tuple[tuple[CalendarDay, ...], ...]

    @property
    def name(self) -> str:
        """« novembre 2026 »."""
        return f"{MONTHS[self.month - 1]} {self.year}"

    @property
    def before(self) -> str:
        """The address of the month before: « 2026-10 »."""
        return _key(self.year - 1, 12) if self.month == 1 else _key(self.year, self.month - 1)

    @property
    def after(self) -> str:
        return _key(self.year + 1, 1) if self.month == 12 else _key(self.year, self.month + 1)

    @property
    def busy_days(self) -> tuple[CalendarDay, ...]:
        """The days of the month that have a meeting, for the list of a telephone."""
        return tuple(day for week in self.weeks for day in week if day.is_in_month and day.meetings)


def _key(year: int, month: int) -> str:
    return f"{year:04}-{month:02}"


def read_month(typed: str, *, today: dt.date) -> tuple[int, int]:
    """A year and a month from « 2026-11 »; those of today from anything else."""
    year, _, month = typed.partition("-")
    if all(part.isascii() and part.isdecimal() and len(part) < 5 for part in (year, month)):
        found = int(year), int(month)
        if FIRST_YEAR < found[0] < LAST_YEAR and 1 <= found[1] <= 12:
            return found
    return today.year, today.month


def month_of(project: Project, *, year: int, month: int) -> Month:
    """The meetings of a project in a month, cancelled ones included. One query."""
    zone = zoneinfo.ZoneInfo(project.territory.time_zone)
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    first = dt.datetime.combine(weeks[0][0], dt.time(), tzinfo=zone)
    last = dt.datetime.combine(weeks[-1][-1] + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    rows = Meeting.objects.of(project).filter(starts_at__gte=first, starts_at__lt=last)
    by_day = _by_day(rows.select_related("body").order_by("starts_at", "pk"), zone)
    today = project.territory.today()
    return Month(
        year,
        month,
        tuple(
            tuple(
                CalendarDay(day, day.month == month, day == today, tuple(by_day.get(day, [])))
                for day in week
            )
            for week in weeks
        ),
    )


def _by_day(meetings: Iterable[Meeting], zone: zoneinfo.ZoneInfo) -> dict[dt.date, list[Meeting]]:
    found: dict[dt.date, list[Meeting]] = {}
    for meeting in meetings:
        found.setdefault(meeting.starts_at.astimezone(zone).date(), []).append(meeting)
    return found


# --- One person ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class MyMeeting:
    """A meeting of one person: what they answered, if they are convened."""

    meeting: Meeting
    attendee: Attendee | None

    @property
    def is_waiting(self) -> bool:
        """Convened, and silent so far."""
        return (
            self.attendee is not None
            and self.attendee.reply == Reply.NONE
            and self.meeting.is_convened
        )


def my_next_meetings(
    user: User, *, at: dt.datetime | None = None, most: int = 50
) -> list[MyMeeting]:
    """What is coming for somebody, by seat or by convocation, the next one first. Two queries."""
    rows = Meeting.objects.of_person(user).with_place().filter(ends_at__gte=at or timezone.now())
    rows = rows.exclude(state=MeetingState.CANCELLED).order_by("starts_at", "pk")
    meetings = list(rows[:most])
    theirs = Attendee.objects.filter(person__user=user, meeting__in=[m.pk for m in meetings])
    attendees = {one.meeting_id: one for one in theirs}
    return [MyMeeting(meeting, attendees.get(meeting.pk)) for meeting in meetings]
