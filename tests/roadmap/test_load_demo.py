"""The fictional roadmap: whole, coherent with itself, and of its time whenever it is loaded."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.quarters import Quarter
from governance.models import Organisation, Person
from roadmap.enums import (
    STATUSES_WITH_REASON,
    CellState,
    FundingState,
    IndicatorKind,
    ObjectiveState,
    RoleKind,
    Status,
)
from roadmap.imports.demo import SOURCE, load_demo_roadmap, read_demo
from roadmap.imports.prepared import Outcome, PreparedProject, RoadmapEdited
from roadmap.models import Action
from roadmap.services import ObjectiveDraft, RoadmapRefused, SheetDraft, describe_roadmap
from roadmap.summaries.sheets import lateness_of
from territories.enums import ActKind
from territories.imports import describe_project
from territories.models import Project, Territory
from tests.factories import unsigned

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 11, 20)
DAYS = [dt.date(2026, 1, 1), dt.date(2026, 5, 31), dt.date(2026, 9, 30), ON, dt.date(2031, 2, 1)]


@pytest.fixture(params=DAYS, ids=str)
def day(request: pytest.FixtureRequest) -> dt.date:
    """A day of each quarter, and one long after."""
    return request.param  # type: ignore[no-any-return]


def leaves(sheet: SheetDraft) -> Iterator[ObjectiveDraft]:
    return (row for row in sheet.rows if not row.children)


def states_of(sheet: SheetDraft) -> set[str]:
    return {leaf.state for leaf in leaves(sheet)}


def is_late(leaf: ObjectiveDraft, today: int) -> bool:
    """A leaf whose last quarter is behind and that nobody finished."""
    is_open = leaf.state in {ObjectiveState.TODO, ObjectiveState.RUNNING}
    return is_open and bool(leaf.cells) and leaf.cells[-1].quarter < today


def sheets(prepared: PreparedProject, *statuses: Status) -> list[SheetDraft]:
    return [sheet for sheet in prepared.roadmap.sheets if sheet.status in statuses]


def test_project_lasts_five_years_and_twenty_one_quarters() -> None:
    project = read_demo(on=ON).project
    assert project.title.endswith("2024-2029")
    assert (project.starts_on, project.ends_on) == (dt.date(2024, 3, 1), dt.date(2029, 2, 28))
    assert project.planning_first == Quarter.of(2024, 1).index
    assert project.planning_last == Quarter.of(2029, 1).index
    assert [(act.kind, act.dated_on) for act in project.acts] == [
        (ActKind.PROJECT_ORDER, dt.date(2024, 3, 12))
    ]


def test_every_kind_of_thing_is_shown() -> None:
    demo = read_demo(on=ON)
    attached = [sheet.attached for sheet in demo.roadmap.sheets]
    rows = demo.roadmap.rows
    assert {sheet.status for sheet in demo.roadmap.sheets} == set(Status)
    assert {sheet.priority for sheet in demo.roadmap.sheets} == {1, 2, 3, 4, 5, 6}
    assert {theme for sheet in demo.roadmap.sheets for theme in sheet.themes} == {1, 2, 3, 4, 5}
    assert {row.state for row in rows} == set(ObjectiveState)
    assert {cell.state for row in rows for cell in row.cells} == set(CellState)
    assert {line.state for held in attached for line in held.funding} == set(FundingState)
    assert {item.kind for held in attached for item in held.indicators} == set(IndicatorKind)
    kinds = {role.kind for held in attached for role in held.roles}
    assert kinds >= {RoleKind.PILOT, RoleKind.COPILOT, RoleKind.PILOT_GROUP, RoleKind.PARTNER}
    assert any(row.planning_note for row in rows)
    assert any(row.children for row in rows)
    assert any(not sheet.rows for sheet in demo.roadmap.sheets)
    assert any(not sheet.axis for sheet in demo.roadmap.sheets)
    assert any(sheet.secondary_priorities for sheet in demo.roadmap.sheets)


def test_some_sheets_have_no_pilot_and_some_a_text_for_one() -> None:
    roles = [sheet.attached.roles for sheet in read_demo(on=ON).roadmap.sheets]
    piloting = [[r for r in held if r.kind == RoleKind.PILOT] for held in roles]
    assert any(not held for held in piloting)
    assert any(role.label == "à déterminer par les pilotes" for held in piloting for role in held)
    assert any(role.person for held in piloting for role in held)
    assert any(role.organisation for held in piloting for role in held)


def test_exactly_one_cell_lies_out_of_the_planning(day: dt.date) -> None:
    demo = read_demo(on=day)
    assert demo.project.planning_first is not None
    assert demo.project.planning_last is not None
    window = range(demo.project.planning_first, demo.project.planning_last + 1)
    cells = [cell for row in demo.roadmap.rows for cell in row.cells]
    assert [cell.quarter in window for cell in cells].count(False) == 1


def test_cells_agree_with_the_state_of_their_objective(day: dt.date) -> None:
    today = Quarter.on(day).index
    for row in read_demo(on=day).roadmap.rows:
        by_state = {
            state: [cell.quarter for cell in row.cells if cell.state == state]
            for state in CellState
        }
        done, planned = by_state[CellState.DONE], by_state[CellState.PLANNED]
        assert all(quarter <= today for quarter in done), row.title
        if row.state == ObjectiveState.DONE:
            assert done, row.title
            assert not planned, row.title
        if row.state == ObjectiveState.TODO:
            assert not done, row.title
        if row.state == ObjectiveState.DROPPED:
            assert not row.cells, row.title
        assert not row.cells or row.cells[-1].state != CellState.SLIPPED, row.title
        quarters = [cell.quarter for cell in row.cells]
        assert quarters == sorted(set(quarters)), row.title


def test_past_cells_of_running_work_are_done_slipped_or_late(day: dt.date) -> None:
    today = Quarter.on(day).index
    for sheet in sheets(read_demo(on=day), Status.NOT_STARTED, Status.RUNNING, Status.DONE):
        for leaf in leaves(sheet):
            past = {cell.state for cell in leaf.cells if cell.quarter < today}
            if not is_late(leaf, today) and leaf.state != ObjectiveState.TODO:
                assert CellState.PLANNED not in past, leaf.title


def test_a_projet_with_rows_under_it_leaves_the_planning_to_them() -> None:
    for row in read_demo(on=ON).roadmap.rows:
        if row.children:
            assert not row.cells
            assert not row.planning_note


def test_status_agrees_with_the_objectives() -> None:
    demo = read_demo(on=ON)
    open_states = {ObjectiveState.RUNNING, ObjectiveState.DONE}
    for sheet in sheets(demo, Status.NOT_STARTED):
        assert not states_of(sheet) & open_states, sheet.title
    for sheet in sheets(demo, Status.RUNNING):
        assert states_of(sheet) & open_states, sheet.title
        assert states_of(sheet) != {ObjectiveState.DONE}, sheet.title
    for sheet in sheets(demo, Status.DONE):
        assert states_of(sheet) == {ObjectiveState.DONE}, sheet.title
    for sheet in sheets(demo, Status.DROPPED):
        assert ObjectiveState.RUNNING not in states_of(sheet), sheet.title


def test_stopped_sheets_say_why_and_the_others_need_not() -> None:
    for sheet in read_demo(on=ON).roadmap.sheets:
        assert bool(sheet.status_reason) == (sheet.status in STATUSES_WITH_REASON), sheet.title


def test_some_sheets_are_late_by_different_delays(day: dt.date) -> None:
    today = Quarter.on(day).index
    delays = {
        today - leaf.cells[-1].quarter
        for sheet in sheets(read_demo(on=day), Status.NOT_STARTED, Status.RUNNING)
        for leaf in leaves(sheet)
        if is_late(leaf, today)
    }
    assert delays == {1, 2, 3}


def test_printed_numbers_follow_one_another() -> None:
    for sheet in read_demo(on=ON).roadmap.sheets:
        for rows in (sheet.objectives, *(row.children for row in sheet.objectives)):
            labels = [row.label for row in rows if row.label.endswith(")")]
            assert labels == [f"{rank})" for rank in range(1, len(labels) + 1)], sheet.title


def test_our_sentences_carry_french_typography() -> None:
    text = SOURCE.read_text(encoding="utf-8")
    sentences = [item for item in walk(json.loads(text)) if " " in item]
    for sentence in sentences:
        assert "'" not in sentence, sentence
        assert not any(f" {sign}" in sentence for sign in ":;?!»"), sentence
        assert "« " not in sentence, sentence


def walk(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for held in value.values():
            yield from walk(held)
    elif isinstance(value, list):
        for held in value:
            yield from walk(held)


def test_the_base_holds_what_the_file_says() -> None:
    demo = read_demo(on=ON)
    loaded = load_demo_roadmap(on=ON)
    project = Project.objects.get(pk=loaded.project.pk)
    assert loaded.outcome is Outcome.CREATED
    assert (describe_project(project), describe_roadmap(project)) == (demo.project, demo.roadmap)
    territory = Territory.objects.get(code="demo")
    assert territory.is_fictional
    assert territory.region.ars_name == "ARS de démonstration"
    assert not territory.parts.exists()


def test_second_load_changes_nothing() -> None:
    first = load_demo_roadmap(on=ON).project
    revision = Project.objects.get(pk=first.pk).revision
    again = load_demo_roadmap(on=dt.date(2026, 12, 31))
    assert again.outcome is Outcome.UNCHANGED
    assert Project.objects.get(pk=first.pk).revision == revision


def test_untouched_demo_follows_the_calendar() -> None:
    first = load_demo_roadmap(on=ON).project
    later = load_demo_roadmap(on=dt.date(2027, 1, 2))
    assert later.outcome is Outcome.RENEWED
    assert later.project == first
    assert describe_roadmap(first) == read_demo(on=dt.date(2027, 1, 2)).roadmap
    assert later.project.title.endswith("2025-2030")


def test_a_visitor_s_work_is_kept_even_when_the_quarter_turns() -> None:
    project = load_demo_roadmap(on=ON).project
    with unsigned():
        Action.objects.filter(project=project, number=4).update(status=Status.RUNNING)
    edited = describe_roadmap(project)
    for moment in (ON, dt.date(2027, 1, 2)):
        with pytest.raises(RoadmapEdited, match=r"Territoire de démonstration.*--force"):
            load_demo_roadmap(on=moment)
    assert describe_roadmap(project) == edited
    assert load_demo_roadmap(on=ON, force=True).outcome is Outcome.REPLACED
    assert describe_roadmap(project) == read_demo(on=ON).roadmap


@pytest.mark.skipif(not connection.features.has_select_for_update, reason="a lock of PostgreSQL")
def test_the_base_is_held_while_it_is_compared() -> None:
    load_demo_roadmap(on=ON)
    with CaptureQueriesContext(connection) as done:
        load_demo_roadmap(on=ON)
    reads = [query["sql"] for query in done if 'FROM "territories_project"' in query["sql"]]
    assert "FOR UPDATE" in reads[0]


def test_directory_entries_that_somebody_corrected_are_kept() -> None:
    load_demo_roadmap(on=ON)
    Person.objects.filter(last_name="Ferrand").update(telephone="02 61 91 99 99")
    load_demo_roadmap(on=dt.date(2027, 1, 2))
    assert Person.objects.get(last_name="Ferrand").telephone == "02 61 91 99 99"
    assert Person.objects.count() == len(read_demo(on=ON).directory.people)
    assert Organisation.objects.count() == len(read_demo(on=ON).directory.organisations)


def test_a_name_out_of_the_directory_is_refused(tmp_path: Path) -> None:
    demo = json.loads(SOURCE.read_text(encoding="utf-8"))
    demo["people"] = []
    path = tmp_path / "demo.json"
    path.write_text(json.dumps(demo), encoding="utf-8")
    with pytest.raises(RoadmapRefused, match="n’est pas dans l’annuaire"):
        load_demo_roadmap(on=ON, path=path)
    assert not Territory.objects.exists()


def test_lateness_shown_today_is_the_one_intended(day: dt.date) -> None:
    project = load_demo_roadmap(on=day).project
    on = Quarter.on(day)
    delays = {
        action.number: lateness_of(action, on=on).quarters
        for action in Action.objects.of(project).in_order().for_sheet()
    }
    late = {number: quarters for number, quarters in delays.items() if quarters}
    assert late == {2: 1, 5: 2, 10: 3, 18: 1}
    assert [number for number, quarters in delays.items() if quarters is None] == [11]
