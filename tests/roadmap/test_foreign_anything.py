"""Any sheet at all is read without a fault, and none of its texts is lost."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.text import clean_line, fold
from documents.workbooks import ForeignSheet, Mistake, WorkbookRefused, as_kept
from roadmap.imports.foreign import ForeignReading, Mapping, guess_mapping, read_rows
from roadmap.imports.foreign.mapping import shown_text
from roadmap.imports.foreign.plan import plan_reading
from roadmap.imports.foreign.words import parts_of_list
from roadmap.services.history import take_back
from roadmap.services.importing import Imported, write_import
from tests.cast import gather
from tests.journal.states import state_of
from tests.roadmap.test_workbook_import import Scene

TITLES = [
    *("N°", "Action", "Fiche action", "Axe", "Pilote", "Objectifs", "Statut", "Calendrier"),
    *("T1 2026", "T2", "2026", "S1", "Commentaires", "Budget", "Financeur", "Zzz", "Début", "Fin"),
    *("Indicateurs", "Constat", "Priorité", "Co-pilote", "Budget 2026", "Montant 2027"),
]
VALUES: list[Any] = [
    *TITLES,
    *(1, 2, 46266, True, False, "x", "fait", "reporté", "n°4", "FA 3.2", "Total", "- a\n- b"),
    *("Axe 1 : aller vers", "Fiche 3 : loger", "ARS ; GHT", "\u00e9" * 300, "un texte", "-", "; ;"),
    dt.datetime(2026, 5, 1),  # noqa: DTZ001 (as Excel gives it)
    Mistake("contient une formule dont le résultat n’est pas dans le fichier (=A1)"),
]
places = st.tuples(st.integers(1, 9), st.integers(1, 8))
cells = st.dictionaries(
    # A reader gives no control character.
    places,
    st.sampled_from(VALUES) | st.text(min_size=1, max_size=9).map(as_kept),
    max_size=50,
)
merges = st.lists(st.tuples(places, st.integers(0, 2), st.integers(0, 3)), max_size=4)


@st.composite
def sheets(draw: st.DrawFn) -> ForeignSheet:
    """A sheet of random cells, most with a row of titles; ranges do not cross."""
    filled: dict[tuple[int, int], Any] = {
        place: value for place, value in draw(cells).items() if shown_text(value)
    }
    if draw(st.booleans()):
        titles = draw(st.lists(st.sampled_from(TITLES), min_size=2, max_size=8, unique=True))
        filled |= {(1, column): title for column, title in enumerate(["Action", *titles], start=1)}
    ranges: list[tuple[int, int, int, int]] = []
    for (top, left), down, right in draw(merges):
        found = (top, left, top + down, left + right)
        if not any(_cross(found, other) for other in ranges):
            ranges.append(found)
    colours = dict.fromkeys(draw(st.lists(places, max_size=5)), "9DC3E6")
    return ForeignSheet("Feuil1", filled, colours=colours, merged=tuple(ranges))


def _cross(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return not (one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1])


def told(reading: ForeignReading) -> Iterator[str]:
    """Every text that a reading holds."""
    yield from (left.text for left in reading.left)
    yield from (guess.header for guess in reading.mapping.columns.values())
    for action in reading.actions:
        yield from (action.label, action.title, action.axis, action.priority, action.status_words)
        yield from (text for texts in action.texts.values() for text in texts)
        yield from action.remarks
        yield from (who for _, _, who in action.roles)
        yield from (line.who for line in action.funding)
        yield from (label for _, label in action.indicators)
        yield from (objective.title for objective in action.objectives)


def is_told(value: Any, words: str) -> bool:
    """As it is, or part by part for a list, or a number apart from its title."""
    text = shown_text(value)
    if isinstance(value, str) and value == "Fiche 3 : loger":
        return "fiche 3" in words and "loger" in words
    parts = [text, *([] if isinstance(value, Mistake) else parts_of_list(text))]
    return fold(clean_line(text)) in words or all(
        fold(clean_line(part)) in words for part in parts[1:]
    )


# Read as a value: a quarter, a cross, an amount, a status.
BY_VALUE = {"start", "end", "period", "amount", "status", "number"}


@given(sheets())
@settings(max_examples=300, deadline=None)
def test_nothing_of_any_sheet_is_lost(sheet: ForeignSheet) -> None:
    try:
        mapping = guess_mapping([sheet])
    except WorkbookRefused:
        return
    check(sheet, mapping)


@given(sheets(), st.data())
@settings(max_examples=150, deadline=None)
def test_nor_by_any_mapping(sheet: ForeignSheet, data: st.DataObject) -> None:
    try:
        mapping = guess_mapping([sheet])
    except WorkbookRefused:
        return
    kept = data.draw(st.sets(st.sampled_from(sorted(mapping.columns))))
    columns = {column: guess for column, guess in mapping.columns.items() if column in kept}
    check(sheet, Mapping(sheet.name, mapping.header, columns))


def check(sheet: ForeignSheet, mapping: Mapping) -> None:
    reading = read_rows((sheet,), mapping)
    words = " | ".join(fold(clean_line(text)) for text in told(reading))
    left = {(one.row, one.column) for one in reading.left}
    for place, value in sheet.cells.items():
        guess = mapping.columns.get(place[1])
        is_value = guess is not None and (guess.quarters or guess.field in BY_VALUE)
        if place not in left and not is_value and sheet.anchor(*place) == place:
            assert is_told(value, words), (place, value)


@pytest.mark.slow
class TestAnyRoadmap(TestCase):
    """A roadmap with one of everything, and a sheet of random cells sent over it."""

    def setUp(self) -> None:
        self.scene = Scene(gather())

    @given(sheets())
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def test_is_written_and_then_changes_nothing(self, sheet: ForeignSheet) -> None:
        try:
            mapping = guess_mapping([sheet])
        except WorkbookRefused:
            return
        project = self.scene.project
        before = state_of(project)
        done = self._write(sheet, mapping)
        plan = plan_reading(self.scene.project, read_rows((sheet,), mapping))
        assert [error.sentence for error in plan.report.errors] == []
        assert plan.report.changes == []
        assert plan.report.created == 0
        if done.changeset is not None:
            take_back(gesture=done.changeset, project=self.scene.project, by=None)
        assert state_of(project) == before

    def _write(self, sheet: ForeignSheet, mapping: Mapping) -> Imported:
        plan = plan_reading(self.scene.project, read_rows((sheet,), mapping))
        assert [error.sentence for error in plan.report.errors] == []
        return write_import(project=self.scene.project, by=None, make=lambda: plan.batch)
