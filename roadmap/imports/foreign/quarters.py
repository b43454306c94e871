"""Quarters as people write them: « T3 2026 », « 3e trim. 2026 », « sept. 2026 », a date, a range.

Each reading gives the quarters that it covers, by index, or nothing when it is no quarter.
"""

import datetime as dt
import re
from decimal import Decimal

from core.quarters import Quarter
from core.text import fold

FIRST_YEAR, LAST_YEAR = 1990, 2099
# What Excel counts from; a plain number is a date when it falls in a plausible year.
EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 (a day, without place)
SERIALS = range(36526, 55153)
MONTHS = ("janv", "fev", "mars", "avr", "mai", "juin", "juil", "aou", "sept", "oct", "nov", "dec")
MONTH = (
    r"(janv?(?:ier)?|fevr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|aout?|sept?(?:embre)?"
    r"|oct(?:obre)?|nov(?:embre)?|dec(?:embre)?)\.?"
)
YEAR = r"((?:19|20)\d\d)"
SHORT_YEAR = r"((?:19|20)?\d\d)"
RANK = r"([1-4])\s*(?:er|ere|e|eme|nd)?"
Q_FIRST = re.compile(rf"[tq]\s*([1-4])(?:\s*[-/. ]\s*{SHORT_YEAR}|\s*{YEAR})")
YEAR_FIRST = re.compile(rf"{YEAR}\s*[-/. ]?\s*[tq]\s*([1-4])")
IN_WORDS = re.compile(rf"{RANK}\s*(?:trimestre|trim|tri)\.?\s*(?:de\s+)?[-/]?\s*{YEAR}")
WORD_FIRST = re.compile(rf"(?:trimestre|trim)\.?\s*([1-4])\s*[-/]?\s*{YEAR}")
SEMESTER = re.compile(
    rf"(?:s\s*([12])|([12])\s*(?:er|e|eme|nd)?\s*(?:semestre|sem)\.?)\s*[-/]?\s*{YEAR}"
)
YEAR_OF_SEMESTER = re.compile(rf"{YEAR}\s*[-/. ]?\s*s\s*([12])")
MONTH_IN_WORDS = re.compile(rf"(?:\d{{1,2}}(?:er)?\s+)?{MONTH}\s*[-/]?\s*{SHORT_YEAR}")
MONTH_IN_DIGITS = re.compile(rf"(0?[1-9]|1[0-2])\s*[/.-]\s*{YEAR}")
DAY = re.compile(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-]{SHORT_YEAR}")
ISO_DAY = re.compile(rf"{YEAR}-(\d\d)(?:-(\d\d))?(?:[t ]00:00(?::00)?)?")
WHOLE_YEAR = re.compile(rf"(?:annee\s+)?{YEAR}")
PREFIX = re.compile(r"^(?:a partir de|a partir du|des|debut|fin|courant|en|le|vers|avant|mi)[ -]+")
STARTS = re.compile(r"\s*(?:debut|des|a partir)\b")
YEARS = re.compile(rf"{YEAR}\s*[-–/]\s*{YEAR}")
RANGE = re.compile(
    r"^(?:de|du|entre)?\s*(.+?)\s*(?:\s+(?:a|au|et|jusqu.a|jusqu.au)\s+|->|→|–|—|\s-\s)\s*(.+)$"
)
ALONE = re.compile(r"[tq]\s*([1-4])|([1-4])\s*(?:er|e|eme)?\s*(?:trimestre|trim)\.?")
HALF_ALONE = re.compile(r"s\s*([12])|([12])\s*(?:er|e|eme)?\s*(?:semestre|sem)\.?")
LONGEST_RANGE = 60
Span = tuple[int, ...]


def read_span(value: object, *, year: int | None = None) -> Span:
    """The quarters that a value covers, none when it is something else.

    « T3 » alone is one of `year`, when it is known.
    """
    if isinstance(value, dt.datetime):
        return _of_day(value)
    if isinstance(value, bool):
        return ()
    if isinstance(value, int | Decimal):
        return _of_number(value)
    text = fold(str(value or "")).strip(" .;,()")
    return _several(text, year) if text and len(text) < 80 else ()


def read_year(value: object) -> int | None:
    """The one year that a text names."""
    found = set(re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", str(value or "")))
    return int(found.pop()) if len(found) == 1 else None


def _of_day(day: dt.datetime) -> Span:
    return (Quarter.on(day).index,) if FIRST_YEAR <= day.year <= LAST_YEAR else ()


def _of_number(value: int | Decimal) -> Span:
    """A year, or the serial of a day."""
    if isinstance(value, Decimal) and not value.is_finite():
        return ()
    if FIRST_YEAR <= value <= LAST_YEAR:
        return _year(int(value)) if value == int(value) else ()
    if int(value) in SERIALS:
        return _of_day(EPOCH + dt.timedelta(days=int(value)))
    return ()


def _several(text: str, year: int | None) -> Span:
    whole = _one(text, year)
    if whole:
        return whole
    parts = [part.strip() for part in re.split(r"[;,\n+]|\s+et\s+|\s/\s", text) if part.strip()]
    if len(parts) > 1 and not re.match(r"entre\b", text):
        read = [_range(part, year) or _one(part, year or read_year(text)) for part in parts]
        if all(read):
            return tuple(sorted({index for span in read for index in span}))
    return _range(text, year)


def _range(text: str, year: int | None) -> Span:
    found = YEARS.fullmatch(text) or RANGE.match(text)
    if found is None:
        return ()
    last = _one(found[2], year)
    first = _one(found[1], year or (Quarter(last[0]).year if last else None))
    if not first or not last or not 0 <= last[-1] - first[0] <= LONGEST_RANGE:
        return ()
    return tuple(range(first[0], last[-1] + 1))


def _one(text: str, year: int | None) -> Span:
    bare = PREFIX.sub("", text.strip())
    span = _plainly(bare, year)
    if len(span) > 1 and bare != text.strip():
        # « fin 2026 » is its last quarter, « dès 2026 » its first one.
        return (
            span[-1:]
            if text.strip().startswith("fin")
            else span[:1]
            if STARTS.match(text)
            else span
        )
    return span


def _plainly(text: str, year: int | None) -> Span:
    for read in (_quarter, _semester, _day, _month):
        if span := read(text):
            return span
    if found := WHOLE_YEAR.fullmatch(text):
        return _year(int(found[1]))
    return _alone(text, year) if year else ()


def _alone(text: str, year: int) -> Span:
    if found := ALONE.fullmatch(text):
        return (Quarter.of(year, int(found[1] or found[2])).index,)
    if found := HALF_ALONE.fullmatch(text):
        return _half(year, int(found[1] or found[2]))
    if found := re.fullmatch(MONTH, text):
        return (Quarter.of(year, (_month_of(found[1]) + 2) // 3).index,)
    return ()


def _quarter(text: str) -> Span:
    for pattern in (Q_FIRST, IN_WORDS, WORD_FIRST):
        if found := pattern.fullmatch(text):
            number, *years = [part for part in found.groups() if part]
            return (Quarter.of(_full(years[0]), int(number)).index,)
    if found := YEAR_FIRST.fullmatch(text):
        return (Quarter.of(int(found[1]), int(found[2])).index,)
    return ()


def _semester(text: str) -> Span:
    if found := SEMESTER.fullmatch(text):
        return _half(int(found[3]), int(found[1] or found[2]))
    if found := YEAR_OF_SEMESTER.fullmatch(text):
        return _half(int(found[1]), int(found[2]))
    return ()


def _day(text: str) -> Span:
    if found := DAY.fullmatch(text):
        return _checked(_full(found[3]), int(found[2]), int(found[1]))
    if found := ISO_DAY.fullmatch(text):
        return _checked(int(found[1]), int(found[2]), int(found[3] or 1))
    return ()


def _month(text: str) -> Span:
    if found := MONTH_IN_WORDS.fullmatch(text):
        return _checked(_full(found[2]), _month_of(found[1]), 1)
    if found := MONTH_IN_DIGITS.fullmatch(text):
        return _checked(int(found[2]), int(found[1]), 1)
    return ()


def _month_of(words: str) -> int:
    starts = {"jan": 1, "fev": 2, "mar": 3, "avr": 4, "mai": 5, "aou": 8, "sep": 9}
    starts |= {"oct": 10, "nov": 11, "dec": 12, "juin": 6, "juil": 7}
    return next(number for start, number in starts.items() if words.startswith(start))


def _checked(year: int, month: int, day: int) -> Span:
    try:
        return _of_day(dt.datetime(year, month, day))  # noqa: DTZ001 (a day, without place)
    except ValueError:
        return ()


def _full(year: str) -> int:
    return int(year) + 2000 if len(year) == 2 else int(year)


def _half(year: int, number: int) -> Span:
    first = Quarter.of(year, 2 * number - 1).index
    return (first, first + 1)


def _year(year: int) -> Span:
    first = Quarter.of(year, 1).index
    return tuple(range(first, first + 4))
