"""Pieces of page that every room draws in the same way."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.quarters import Quarter
from core.text import (
    NBSP,
    ago_in_words,
    clock_in_words,
    counted,
    day_in_words,
    elapsed_in_words,
    euros,
    in_pieces,
    moment_in_words,
    weekday_in_words,
)

register = template.Library()
register.filter("euros", euros)
register.filter("day", day_in_words)


@register.filter
def rows_of(texts: Iterable[str], most: int) -> list[list[str]]:
    """These texts in one row of a paper's table; in several, short ones, when it leaves its page.

    A row taller than its page would lose the header of the table on the next one.
    """
    told = list(texts)
    whole = in_pieces(told, most=most)
    return whole if len(whole) == 1 else in_pieces(told, most=most // 2)


@register.simple_tag(takes_context=True)
def nav_link(
    context: template.Context, name: str, words: str, *args: Any, active: str
) -> SafeString:
    """A link of the main navigation, told as current when the page says `section`."""
    current = ' aria-current="page"' if context.get("section") == active else ""
    return format_html(
        '<a href="{}"{}>{}</a>', reverse(name, args=args), SafeString(current), words
    )


@register.simple_tag
def status_chip(code: str, words: str) -> SafeString:
    """A state: drawn sign, word, and only then colour."""
    return format_html('<span class="chip chip-{}">{}</span>', code, words)


@register.simple_tag(name="counted")
def counted_tag(number: int, singular: str, plural: str = "") -> str:
    """« 4 fiches »: the number and its noun, agreed."""
    return counted(number, singular, plural)


@register.filter
def quarter(index: int | None) -> str:
    """« T4 2026 » from what the base keeps."""
    return "" if index is None else str(Quarter(index))


@register.filter
def percent(number: int) -> str:
    """« 80 % »."""
    return f"{number}{NBSP}%"


@register.filter
def uncapitalised(words: str) -> str:
    """« arrêté du PTSM »: a label set inside a sentence, its acronyms untouched."""
    return f"{words[:1].lower()}{words[1:]}"


@register.filter
def moment(at: dt.datetime, time_zone: str) -> str:
    """« 1er mars 2024 à 14 h 05 », on the clocks of that place."""
    return moment_in_words(at, time_zone=time_zone)


@register.filter
def dated_moment(at: dt.datetime, time_zone: str) -> str:
    """« mardi 1er mars 2024 à 14 h 05 »: what people note down."""
    there = at.astimezone(zoneinfo.ZoneInfo(time_zone))
    return f"{weekday_in_words(there)} {moment_in_words(at, time_zone=time_zone)}"


@register.filter
def clock(at: dt.datetime, time_zone: str) -> str:
    """« 14 h 05 », on the clocks of that place."""
    return clock_in_words(at, time_zone=time_zone)


@register.filter
def ago(at: dt.datetime, time_zone: str) -> str:
    """« il y a 12 jours », on the calendars of that place."""
    return ago_in_words(at, now=timezone.now(), time_zone=time_zone)


@register.filter
def elapsed(since: dt.datetime) -> str:
    """« 12 secondes »: how long something has been going on."""
    return elapsed_in_words(since, now=timezone.now())
