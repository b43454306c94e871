"""Quarters: what is typed, kept, compared and shown."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quarters import Quarter, span

QUARTERS = st.builds(Quarter.of, st.integers(1990, 2099), st.integers(1, 4))


@given(QUARTERS)
def test_typed_code_reads_back(quarter: Quarter) -> None:
    assert Quarter.parse(quarter.code) == quarter
    assert Quarter.of(quarter.year, quarter.number) == quarter


@given(st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)))
def test_day_falls_in_its_quarter(day: dt.date) -> None:
    quarter = Quarter.on(day)
    first_month = quarter.number * 3 - 2
    assert quarter.year == day.year
    assert first_month <= day.month <= first_month + 2


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)),
    st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)),
)
def test_quarters_follow_the_calendar(one: dt.date, other: dt.date) -> None:
    early, late = sorted([one, other])
    assert Quarter.on(early) <= Quarter.on(late)


@given(QUARTERS, st.integers(0, 60))
def test_span_is_every_quarter_both_ends_included(first: Quarter, length: int) -> None:
    quarters = span(first.index, first.index + length)
    assert len(quarters) == length + 1
    assert quarters[0] == first
    assert [b.index - a.index for a, b in pairwise(quarters)] == [1] * length


def test_span_backwards_is_empty() -> None:
    assert span(Quarter.of(2026, 2).index, Quarter.of(2026, 1).index) == ()


def test_year_ends_with_its_fourth_quarter() -> None:
    assert Quarter(Quarter.of(2026, 4).index + 1) == Quarter.of(2027, 1)


def test_five_years_from_march_are_twenty_one_columns() -> None:
    first, last = Quarter.on(dt.date(2024, 3, 1)), Quarter.on(dt.date(2029, 2, 28))
    assert len(span(first.index, last.index)) == 21


@pytest.mark.parametrize("typed", ["2026-T4", "2026T4", " 2026-t4 ", "2026 - T4", "2026-Q4"])
def test_usual_spellings_are_understood(typed: str) -> None:
    assert Quarter.parse(typed) == Quarter.of(2026, 4)


@pytest.mark.parametrize("typed", ["", "T4", "2026", "2026-T5", "2026-T0", "26-T4", "T4 2026 x"])
def test_anything_else_is_refused_in_french(typed: str) -> None:
    with pytest.raises(ValueError, match="n’est pas un trimestre"):
        Quarter.parse(typed)


def test_no_fifth_quarter() -> None:
    with pytest.raises(ValueError, match="de 1 à 4"):
        Quarter.of(2026, 5)


def test_reader_sees_quarter_then_year() -> None:
    quarter = Quarter.of(2026, 4)
    assert (str(quarter), quarter.short, quarter.code) == ("T4\u00a02026", "T4", "2026-T4")
