"""Events as calendars read them (iCalendar, RFC 5545), and as mail carries them (iTIP, RFC 5546).

Lines are folded and words escaped by the icalendar library. Time zones are written here: that
library begins summer time an hour late.
"""

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress

from core.text import clean_line, clean_paragraphs

PRODUCT = "-//PTSM//Projet territorial de sante mentale//FR"
# What an agenda that follows another one asks for again, and how often.
REFRESHED = dt.timedelta(hours=6)
HOUR = dt.timedelta(hours=1)


class Method(StrEnum):
    """What a calendar is asked to do of an event that a mail brings."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Answer(StrEnum):
    """What a guest answered, in the words of calendars."""

    NONE = "NEEDS-ACTION"
    YES = "ACCEPTED"
    NO = "DECLINED"
    SOMEBODY_ELSE = "DELEGATED"


@dataclass(frozen=True)
class Guest:
    """Somebody with an address: whoever organises, whoever is invited."""

    name: str
    email: str
    answer: Answer = Answer.NONE


@dataclass(frozen=True)
class CalendarEvent:
    """One event. The same `uid` with a higher `sequence` replaces what was sent before."""

    uid: str
    sequence: int
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    time_zone: str
    stamped_at: dt.datetime
    place: str = ""
    description: str = ""
    url: str = ""
    organiser: Guest | None = None
    guests: tuple[Guest, ...] = ()
    is_cancelled: bool = False


def invitation(event: CalendarEvent, *, method: Method) -> str:
    """The event as a mail brings it: accepted, moved or taken away in one click."""
    return _written([event], method=method)


def feed(events: Iterable[CalendarEvent], *, name: str) -> str:
    """Events that a calendar follows by their address; nothing is asked of its reader."""
    return _written(list(events), name=name)


def _written(events: list[CalendarEvent], *, method: str = "", name: str = "") -> str:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", clean_line(name))
        calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", f"PT{REFRESHED // HOUR}H")
    for zone in sorted({event.time_zone for event in events}):
        days = [event.starts_at for event in events if event.time_zone == zone]
        calendar.add_component(_time_zone(zone, min(days).year - 1, max(days).year + 1))
    for event in events:
        calendar.add_component(_event(event, is_feed=not method))
    text: str = calendar.to_ical().decode()
    return text


def _event(event: CalendarEvent, *, is_feed: bool) -> Event:
    zone = zoneinfo.ZoneInfo(event.time_zone)
    written = Event()
    written.add("uid", event.uid)
    written.add("sequence", event.sequence)
    written.add("dtstamp", event.stamped_at.astimezone(dt.UTC))
    written.add("dtstart", event.starts_at.astimezone(zone))
    written.add("dtend", event.ends_at.astimezone(zone))
    written.add("summary", clean_line(event.title))
    written.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    written.add("transp", "TRANSPARENT" if event.is_cancelled else "OPAQUE")
    for name, words in (("location", event.place), ("description", event.description)):
        if words:
            written.add(name, clean_paragraphs(words))
    if event.url:
        written.add("url", event.url)
    if is_feed:
        return written
    if event.organiser is not None:
        written.add("organizer", _address(event.organiser))
    for guest in event.guests:
        address = _address(guest)
        address.params["CUTYPE"] = "INDIVIDUAL"
        address.params["ROLE"] = "REQ-PARTICIPANT"
        address.params["PARTSTAT"] = guest.answer.value
        # Answers come by the link of the mail: an answer sent by a calendar would reach nobody.
        address.params["RSVP"] = "FALSE"
        written.add("attendee", address)
    return written


def _address(guest: Guest) -> vCalAddress:
    address = vCalAddress(f"mailto:{clean_line(guest.email)}")
    # Quotes inside a parameter are written in a way that few calendars read.
    address.params["CN"] = clean_line(guest.name).replace('"', "’")
    return address


# --- Time zones ---------------------------------------------------------------------------------


def _time_zone(name: str, first: int, last: int) -> Timezone:
    """What a calendar must know of the clocks of that place, from one year to another."""
    zone = zoneinfo.ZoneInfo(name)
    written = Timezone()
    written.add("tzid", name)
    start = dt.datetime(first, 1, 1, tzinfo=dt.UTC)
    offset = start.astimezone(zone).utcoffset() or dt.timedelta()
    written.add_component(_clock(start, zone, before=offset))
    for at in _changes(zone, start, dt.datetime(last + 1, 1, 1, tzinfo=dt.UTC)):
        before = (at - HOUR).astimezone(zone).utcoffset() or dt.timedelta()
        written.add_component(_clock(at, zone, before=before))
    return written


def _changes(
    zone: zoneinfo.ZoneInfo, start: dt.datetime, end: dt.datetime
) -> Iterator[dt.datetime]:
    """The hours at which clocks change there; day by day, then hour by hour."""
    day = start
    while day < end:
        following = day + dt.timedelta(days=1)
        offset = day.astimezone(zone).utcoffset()
        if following.astimezone(zone).utcoffset() != offset:
            at = day
            while at.astimezone(zone).utcoffset() == offset:
                at += HOUR
            yield at
        day = following


def _clock(
    at: dt.datetime, zone: zoneinfo.ZoneInfo, *, before: dt.timedelta
) -> TimezoneStandard | TimezoneDaylight:
    """What clocks say from that hour on; it is told as clocks said it just before."""
    local = at.astimezone(zone)
    clock = TimezoneDaylight() if local.dst() else TimezoneStandard()
    clock.add("dtstart", (at + before).replace(tzinfo=None))
    clock.add("tzoffsetfrom", before)
    clock.add("tzoffsetto", local.utcoffset() or dt.timedelta())
    clock.add("tzname", local.tzname() or "")
    return clock
