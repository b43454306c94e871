"""Words: folding for search and sort, plurals, and the small care that French asks of print."""

import datetime as dt
import re
import textwrap
import unicodedata
import zoneinfo
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import override

NBSP = "\u00a0"
NARROW_NBSP = "\u202f"
# In days: beyond, a date says more than a number.
A_MONTH = 31
# Word's soft line break is a vertical tab: a line end for whoever pressed Shift and Enter.
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Unbreakable spaces are typed on purpose: they stay.
BLANKS = re.compile(r"[ \t\n]+")
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
# Embeddings, overrides and isolates of direction (Unicode standard annex 9).
DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def fold(text: str) -> str:
    """Lower case without accents nor ligatures, for search and sort on both databases.

    SQLite's LIKE does not know that É is é (`decisions.md` 19).
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    spelled = text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae")
    spelled = spelled.replace("’", "'")
    decomposed = unicodedata.normalize("NFKD", spelled)
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(kept.casefold().split())


def clean_line(text: str) -> str:
    """One line of typed text, without control characters nor doubled spaces."""
    return BLANKS.sub(" ", clean_paragraphs(text)).strip()


def clean_paragraphs(text: str) -> str:
    """Typed text with one kind of line end and no control character; what else was typed stays.

    Gone too: the invisible orders that turn the words that follow, even outside of the text. A word
    written from right to left does not need them.
    """
    unified = DIRECTIONS.sub("", LINE_ENDS.sub("\n", text))
    return "".join(
        char for char in unified if char in "\n\t" or unicodedata.category(char) != "Cc"
    ).strip()


def counted(number: int, singular: str, plural: str = "") -> str:
    """« 1 fiche », « 4 fiches », « aucune » is left to the sentence; zero is singular in French."""
    word = singular if abs(number) < 2 else plural or f"{singular}s"
    return f"{grouped(number)}{NBSP}{word}"


def grouped(number: int) -> str:
    """Thousands parted by a narrow space: « 24 000 »."""
    return f"{number:,}".replace(",", NARROW_NBSP)


def euros(amount: Decimal | None) -> str:
    """« 24 000 € », cents only when there are some; nothing when the amount is unknown."""
    if amount is None:
        return ""
    whole, cents = divmod(round(amount * 100), 100)
    decimals = f",{cents:02d}" if cents else ""
    return f"{grouped(int(whole))}{decimals}{NBSP}€"


def day_in_words(day: dt.date) -> str:
    """« 1er mars 2024 », with spaces that keep it on one line."""
    with override("fr"):
        month = date_format(day, "F")
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{month}{NBSP}{day.year}"


def moment_in_words(at: dt.datetime, *, time_zone: str) -> str:
    """« 1er mars 2024 à 14 h 05 », as clocks say it in that place."""
    there = at.astimezone(zoneinfo.ZoneInfo(time_zone))
    return f"{day_in_words(there)} à {clock_in_words(at, time_zone=time_zone)}"


def weekday_in_words(day: dt.date) -> str:
    """« mardi »."""
    return WEEKDAYS[day.weekday()]


def clock_in_words(at: dt.datetime, *, time_zone: str) -> str:
    """« 14 h 05 », as clocks say it in that place."""
    there = at.astimezone(zoneinfo.ZoneInfo(time_zone))
    return f"{there.hour}{NBSP}h{NBSP}{there.minute:02d}"


def ago_in_words(at: dt.datetime, *, now: dt.datetime, time_zone: str) -> str:
    """« aujourd’hui », « hier », « il y a 12 jours », then the day, as calendars say it there."""
    zone = zoneinfo.ZoneInfo(time_zone)
    day = at.astimezone(zone).date()
    days = (now.astimezone(zone).date() - day).days
    if days <= 1:
        return "hier" if days == 1 else "aujourd’hui"
    return f"il y a {counted(days, 'jour')}" if days <= A_MONTH else f"le {day_in_words(day)}"


def elapsed_in_words(since: dt.datetime, *, now: dt.datetime) -> str:
    """« 12 secondes », then « 2 min 05 s »: how long something has been going on."""
    minutes, seconds = divmod(max(int((now - since).total_seconds()), 0), 60)
    if not minutes:
        return counted(seconds, "seconde")
    return f"{grouped(minutes)}{NBSP}min{NBSP}{seconds:02}{NBSP}s"


def listed(words: list[str]) -> str:
    """« un, deux et trois »."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"


def in_pieces(texts: Iterable[str], *, most: int, line: int = 40) -> list[list[str]]:
    """The same texts in groups of about that many signs, for a table whose rows fit on a page.

    Cut at the ends of lines, else between words, else anywhere; a short line takes the room of
    `line` signs. At least one group, were it empty.
    """
    groups: list[list[str]] = [[]]
    left = most
    for text in texts:
        goes_on = False
        for part in _parts(text, most=most):
            cost = max(len(part), line)
            if cost > left and groups[-1]:
                groups.append([])
                left, goes_on = most, False
            if goes_on:
                groups[-1][-1] += f"\n{part}"
            else:
                groups[-1].append(part)
            goes_on, left = True, left - cost
    return groups


def _parts(text: str, *, most: int) -> Iterator[str]:
    for written in text.split("\n"):
        yield from textwrap.wrap(written, width=most, replace_whitespace=False) or [""]
