"""Events of calendars: whatever is typed is read back, and clocks that change are told right."""

import datetime as dt
import zoneinfo
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from core import delivery, tasks
from core.calendars import Answer, CalendarEvent, Guest, Method, feed, invitation
from core.mail import send_on_commit
from core.text import clean_line, clean_paragraphs
from tests.core.post_office import PostOffice, post_office

__all__ = ["post_office"]

PARIS = "Europe/Paris"
NOON = dt.datetime(2026, 3, 28, 11, tzinfo=dt.UTC)
typed = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def event(**changes: object) -> CalendarEvent:
    fields: dict[str, object] = {
        "uid": "abc",
        "sequence": 3,
        "title": "COPIL",
        "starts_at": NOON,
        "ends_at": NOON + dt.timedelta(hours=2),
        "time_zone": PARIS,
        "stamped_at": NOON,
    }
    return CalendarEvent(**(fields | changes))  # type: ignore[arg-type]


def only(text: str) -> Any:
    return Calendar.from_ical(text).walk("VEVENT")[0]


@given(title=typed, place=typed, description=typed, name=typed)
def test_any_words_are_read_back(title: str, place: str, description: str, name: str) -> None:
    guest = Guest(name, "zoe@exemple.fr", Answer.YES)
    text = invitation(
        event(title=title, place=place, description=description, guests=(guest,), organiser=guest),
        method=Method.REQUEST,
    )
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    read = only(text)
    assert read["summary"] == clean_line(title)
    assert read.get("location", "") == clean_paragraphs(place)
    assert read.get("description", "") == clean_paragraphs(description)
    assert read["attendee"] == "mailto:zoe@exemple.fr"
    assert read["attendee"].params["PARTSTAT"] == "ACCEPTED"
    assert len(Calendar.from_ical(text).walk("VEVENT")) == 1


@pytest.mark.parametrize(
    ("day", "zone"),
    [
        ((2026, 3, 28), PARIS),
        ((2026, 3, 29), PARIS),
        ((2026, 10, 24), PARIS),
        ((2026, 10, 25), PARIS),
        ((2026, 7, 1), "Indian/Reunion"),
        ((2026, 3, 8), "America/Miquelon"),
    ],
)
def test_hours_stay_those_of_the_place_across_the_change(
    day: tuple[int, int, int], zone: str
) -> None:
    starts = dt.datetime(*day, 9, 30, tzinfo=zoneinfo.ZoneInfo(zone))
    ends = starts + dt.timedelta(hours=2)
    text = invitation(event(starts_at=starts, ends_at=ends, time_zone=zone), method=Method.REQUEST)
    assert f"DTSTART;TZID={zone}:{starts:%Y%m%dT%H%M%S}" in text
    calendar = Calendar.from_ical(text)
    told: Any = calendar.walk("VTIMEZONE")[0]
    there = told.to_tz(lookup_tzid=False)
    assert starts.replace(tzinfo=there).utcoffset() == starts.utcoffset()


def test_summer_time_begins_at_two_and_ends_at_three() -> None:
    text = invitation(event(), method=Method.REQUEST)
    assert "DTSTART:20260329T020000\r\nTZNAME:CEST" in text
    assert "DTSTART:20261025T030000\r\nTZNAME:CET" in text


def test_cancelled_event_keeps_its_identity() -> None:
    text = invitation(event(sequence=4, is_cancelled=True), method=Method.CANCEL)
    read = only(text)
    assert Calendar.from_ical(text)["method"] == "CANCEL"
    assert (read["uid"], read["sequence"], read["status"]) == ("abc", 4, "CANCELLED")


def test_feed_asks_nothing_and_names_nobody() -> None:
    guest = Guest("Zoé", "zoe@exemple.fr")
    text = feed([event(guests=(guest,), organiser=guest), event(uid="def")], name="Mes réunions")
    assert "METHOD" not in text
    assert "zoe@exemple.fr" not in text
    assert len(Calendar.from_ical(text).walk("VEVENT")) == 2
    assert len(Calendar.from_ical(text).walk("VTIMEZONE")) == 1
    assert feed([], name="Vide").startswith("BEGIN:VCALENDAR")


@pytest.mark.django_db
def test_mail_carries_the_event_and_then_forgets_it(post_office: PostOffice) -> None:
    text = invitation(event(title="Réunion, l’été ; à Nîmes"), method=Method.REQUEST)
    with mock.patch.object(tasks.send_mail, "apply_async"):
        mail = send_on_commit(to="zoe@exemple.fr", subject="S", body="Bonjour", calendar=text)
    delivery.deliver(mail.pk)
    (message,) = post_office.received
    parts = {part.get_content_type(): part for part in message.walk()}
    assert parts["text/plain"].get_content().strip() == "Bonjour"
    assert parts["text/calendar"].get_param("method") == "REQUEST"
    assert parts["text/calendar"].get_content_charset() == "utf-8"
    for kind in ("text/calendar", "application/ics"):
        brought: Any = parts[kind].get_payload(decode=True)
        read = Calendar.from_ical(brought)
        assert read.walk("VEVENT")[0]["summary"] == "Réunion, l’été ; à Nîmes"
    mail.refresh_from_db()
    assert (mail.body, mail.calendar) == ("", "")
