"""Several people at once, on real connections: each gesture whole, one after the other.

They are held at the project's lock together: each has read what it reads before, none has written.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models import Model

from accounts.models import User
from core.quarters import Quarter
from journal.models import ChangeSet
from roadmap.models import Action, Objective, PlannedQuarter
from roadmap.services.arranging import OrderStale
from roadmap.services.bulk import Asked, BulkRefused, edit_sheets, plan_bulk
from roadmap.services.cells import CellsSaved, SetCell, set_cells
from roadmap.services.gestures import SheetRefused
from roadmap.services.history import AlreadyTakenBack, take_back
from roadmap.services.lifecycle import make_sheet, restore_sheet, retire_sheet
from roadmap.services.numbering import NumberTaken, Way, renumber_sheet, taken_number
from roadmap.services.objectives import (
    Spot,
    Written,
    add_objective,
    move_objective,
    paste_lines,
    remove_objective,
)
from roadmap.services.pasting import PastedRow
from roadmap.services.returning import ReturnStale, SheetReturn, return_to, way_back
from roadmap.services.shifting import Note, RowChanged, set_note, shift_objective
from roadmap.summaries.outline import Place, outline_of
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast
from tests.factories import ActionFactory, ObjectiveFactory, PlannedQuarterFactory

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory locks whole tables"),
    pytest.mark.django_db(transaction=True),
]

FIRST = Quarter.of(2026, 1).index
TOKEN = "a" * 32
PATIENCE = 20
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""

Act = Callable[[], Any]


@pytest.fixture
def row(cast: Cast) -> Objective:
    action = ActionFactory.create(project=cast.project, number=3)
    return ObjectiveFactory.create(action=action, title="Créer un groupe", position=1)


def at_once(place: Model, *acts: Act) -> list[Any]:
    """What each act gave, or how it was refused; all wait for the same lock before any goes on."""
    outcomes: list[Any] = [None] * len(acts)

    def play(index: int, act: Act) -> None:
        try:
            outcomes[index] = act()
        except Exception as refusal:  # noqa: BLE001 (told by the test itself)
            outcomes[index] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=play, args=each) for each in enumerate(acts)]
    with transaction.atomic():
        type(place)._default_manager.select_for_update().get(pk=place.pk)
        for thread in threads:
            thread.start()
        until = time.monotonic() + PATIENCE
        while (waiting := how_many_wait()) < len(acts) and time.monotonic() < until:
            time.sleep(0.005)
    for thread in threads:
        thread.join(PATIENCE)
    assert waiting == len(acts), outcomes
    assert not any(thread.is_alive() for thread in threads)
    return outcomes


def how_many_wait() -> int:
    with connection.cursor() as cursor:
        # Within a transaction PostgreSQL would answer what it answered first.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(WAITING)
        return int(cursor.fetchone()[0])


def here(cast: Cast) -> Project:
    """The project as one more page loads it."""
    return Project.objects.select_related("territory").get(pk=cast.project.pk)


def again(row: Objective) -> Objective:
    """The row as one more page loads it."""
    return Objective.objects.select_related("action__project__territory").get(pk=row.pk)


def sheet(action: Action) -> Action:
    """The sheet as one more page loads it."""
    return Action.objects.select_related("project__territory").get(pk=action.pk)


def gestures(cast: Cast) -> int:
    """How many were made since the scene was set; their revisions are dense."""
    made = ChangeSet.objects.of(cast.project.scope).exclude(revision=None).order_by("pk")
    revisions = [gesture.revision for gesture in made]
    last = here(cast).revision
    assert revisions == list(range(last - len(revisions) + 1, last + 1))
    return len(revisions)


def kinds(outcomes: list[Any]) -> Counter[str]:
    return Counter(type(outcome).__name__ for outcome in outcomes)


def kept(row: Objective) -> dict[int, str]:
    """What the base says of a row, counted from the first quarter."""
    cells = PlannedQuarter.objects.filter(objective=row).order_by("quarter")
    return {cell.quarter - FIRST: cell.state for cell in cells}


def titles(action: Action) -> list[str]:
    """The rows in order, whose ranks are dense."""
    rows = list(Objective.objects.filter(action=action).order_by("position", "pk"))
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    return [row.title for row in rows]


# --- The grid ---


def test_two_people_on_two_cells_of_a_row_both_write(cast: Cast, row: Objective) -> None:
    def paint(by: Any, step: int) -> CellsSaved:
        cell = SetCell(row.pk, FIRST + step, "prevu", "")
        return set_cells(project=here(cast), by=by, cells=[cell])

    people = [cast.agnes, cast.emile] * 2
    outcomes = at_once(
        cast.project, *(lambda by=by, n=n: paint(by, n) for n, by in enumerate(people))
    )
    assert [(one.saved, one.conflicts) for one in outcomes] == [(1, ())] * 4
    assert kept(row) == dict.fromkeys(range(4), "prevu")
    assert sorted(one.revision for one in outcomes) == list(range(1, 5))
    assert gestures(cast) == 4


def test_two_people_on_one_cell_are_one_conflict(cast: Cast, row: Objective) -> None:
    def paint(by: Any, to: str) -> CellsSaved:
        cells = [SetCell(row.pk, FIRST, to, ""), SetCell(row.pk, FIRST + 1, "prevu", "")]
        return set_cells(project=here(cast), by=by, cells=cells)

    saved = at_once(
        cast.project, lambda: paint(cast.agnes, "prevu"), lambda: paint(cast.emile, "fait")
    )
    (conflict,) = [one for outcome in saved for one in outcome.conflicts]
    winner = cast.emile if conflict.now == "fait" else cast.agnes
    assert conflict.by == winner.get_full_name()
    assert kept(row) == {0: conflict.now, 1: "prevu"}
    assert gestures(cast) == 1


def test_rows_painted_across_each_other_never_block(cast: Cast, row: Objective) -> None:
    """Each takes the rows in the order opposite to the other's."""
    other = ObjectiveFactory.create(action=row.action, position=2)
    for one in (row, other):
        PlannedQuarterFactory.create(objective=one, quarter=FIRST, state="prevu")

    def paint(by: Any, rows: list[Objective], to: str) -> CellsSaved:
        cells = [SetCell(one.pk, FIRST, to, "prevu") for one in rows]
        return set_cells(project=here(cast), by=by, cells=cells)

    saved = at_once(
        cast.project,
        lambda: paint(cast.agnes, [row, other], "fait"),
        lambda: paint(cast.emile, [other, row], "decale"),
    )
    assert sorted(len(one.conflicts) for one in saved) == [0, 2]
    assert kept(row) == kept(other)


def test_a_sheet_retired_under_the_brush_keeps_the_cell_or_says_why(
    cast: Cast, row: Objective
) -> None:
    cell = SetCell(row.pk, FIRST, "prevu", "")
    saved, retired = at_once(
        cast.project,
        lambda: set_cells(project=here(cast), by=cast.emile, cells=[cell]),
        lambda: retire_sheet(action=sheet(row.action), reason="Reprise ailleurs", by=cast.agnes),
    )
    assert not isinstance(retired, Exception)
    assert sheet(row.action).is_retired
    if saved.refused:
        assert "la fiche 3 a été retirée" in saved.refused[0].sentence
    assert kept(row) == ({} if saved.refused else {0: "prevu"})
    assert gestures(cast) == (1 if saved.refused else 2)


def test_an_objective_removed_under_the_brush_takes_the_cell_or_refuses_it(
    cast: Cast, row: Objective
) -> None:
    cell = SetCell(row.pk, FIRST, "prevu", "")
    saved, removed = at_once(
        cast.project,
        lambda: set_cells(project=here(cast), by=cast.emile, cells=[cell]),
        lambda: remove_objective(objective=again(row), by=cast.agnes),
    )
    take_back(gesture=removed.changeset, project=here(cast), by=cast.agnes)
    assert len(saved.refused) + saved.saved == 1
    assert kept(row) == ({} if saved.refused else {0: "prevu"})


def test_a_row_shifted_by_two_people_moves_once(cast: Cast, row: Objective) -> None:
    PlannedQuarterFactory.create(objective=row, quarter=FIRST, state="prevu")

    def shift(by: Any) -> int:
        seen = here(cast).revision
        return shift_objective(objective=again(row), by=by, quarters=1, revision=seen)

    outcomes = at_once(cast.project, lambda: shift(cast.agnes), lambda: shift(cast.emile))
    assert kinds(outcomes) == {"int": 1, RowChanged.__name__: 1}
    assert kept(row) == {1: "prevu"}


def test_two_texts_over_a_row_are_both_given_back(cast: Cast, row: Objective) -> None:
    def write(by: Any, text: str) -> object:
        return set_note(objective=again(row), by=by, note=Note(text), was=Note())

    outcomes = at_once(
        cast.project, lambda: write(cast.agnes, "phase 1"), lambda: write(cast.emile, "phase 2")
    )
    (conflict,) = [one for one in outcomes if one is not None]
    assert {conflict.theirs.text, conflict.mine.text} == {"phase 1", "phase 2"}
    assert again(row).planning_note == conflict.theirs.text


# --- Objectives ---


def test_lines_added_together_are_all_there_in_a_dense_order(cast: Cast, row: Objective) -> None:
    def add(title: str) -> Written:
        line, spot = PastedRow("", title), Spot(after=row.pk)
        return add_objective(action=sheet(row.action), by=cast.agnes, row=line, spot=spot)

    def paste() -> Written:
        lines = [PastedRow("", "p1", is_project=True), PastedRow("", "p2")]
        return paste_lines(action=sheet(row.action), by=cast.emile, rows=lines, spot=Spot())

    outcomes = at_once(cast.project, *(lambda one=one: add(one) for one in "abc"), paste)
    assert kinds(outcomes) == {"Written": 4}
    found = titles(row.action)
    assert (found[0], sorted(found[1:4]), found[4:]) == (row.title, ["a", "b", "c"], ["p1", "p2"])
    assert gestures(cast) == 4


def test_two_people_who_move_rows_do_not_mix_their_orders(cast: Cast, row: Objective) -> None:
    others = [ObjectiveFactory.create(action=row.action, position=n) for n in (2, 3)]

    def move(by: Any, one: Objective) -> Written:
        in_order = Action.objects.prefetch_related("objectives").get(pk=row.action_id)
        order = outline_of(in_order).order
        return move_objective(objective=again(one), by=by, place=Place(None, 0), order=order)

    outcomes = at_once(
        cast.project, lambda: move(cast.agnes, others[0]), lambda: move(cast.emile, others[1])
    )
    assert kinds(outcomes) == {"Written": 1, OrderStale.__name__: 1}
    (moved,) = [one for one in outcomes if isinstance(one, Written)]
    assert titles(row.action)[0] == moved.rows[0].title


# --- The same gesture twice, at the same moment ---


def test_a_double_click_is_one_gesture(cast: Cast, row: Objective) -> None:
    def paint() -> object:
        cell = SetCell(row.pk, FIRST, "prevu", "")
        return set_cells(project=here(cast), by=cast.agnes, cells=[cell], token=TOKEN)

    def add() -> object:
        line = PastedRow("", "Une fois")
        action = sheet(row.action)
        return add_objective(action=action, by=cast.agnes, row=line, spot=Spot(), token="b" * 32)

    def make() -> object:
        return make_sheet(
            project=here(cast), number=8, title="Neuve", by=cast.agnes, token="c" * 32
        )

    outcomes = at_once(cast.project, paint, add, make, paint, add, make)
    assert kinds(outcomes) == {"CellsSaved": 2, "Written": 2, "SheetMade": 2}
    assert outcomes[1].rows == outcomes[4].rows
    assert outcomes[2].action == outcomes[5].action
    assert kept(row) == {0: "prevu"}
    assert titles(row.action) == [row.title, "Une fois"]
    assert gestures(cast) == 3


def test_a_shift_sent_twice_moves_once(cast: Cast, row: Objective) -> None:
    PlannedQuarterFactory.create(objective=row, quarter=FIRST, state="prevu")

    def shift() -> int:
        return shift_objective(
            objective=again(row), by=cast.agnes, quarters=1, revision=0, token=TOKEN, mine=[TOKEN]
        )

    assert at_once(cast.project, shift, shift) == [1, 1]
    assert kept(row) == {1: "prevu"}


def test_a_gesture_taken_back_by_two_people_is_so_once(cast: Cast, row: Objective) -> None:
    removed = remove_objective(objective=again(row), by=cast.agnes).changeset
    assert removed is not None

    def undo(by: Any) -> ChangeSet:
        return take_back(gesture=removed, project=here(cast), by=by)

    outcomes = at_once(cast.project, lambda: undo(cast.agnes), lambda: undo(cast.emile))
    assert kinds(outcomes) == {"ChangeSet": 1, AlreadyTakenBack.__name__: 1}
    assert titles(row.action) == [row.title]


# --- Numbers ---


def test_two_sheets_that_want_one_number(cast: Cast) -> None:
    first, second = (ActionFactory.create(project=cast.project, number=n) for n in (1, 2))

    def give(action: Action) -> object:
        return renumber_sheet(action=sheet(action), number=9, by=cast.agnes)

    outcomes = at_once(cast.project, lambda: give(first), lambda: give(second))
    assert kinds(outcomes) == {"Gesture": 1, NumberTaken.__name__: 1}
    numbers = sorted(Action.objects.of(cast.project).values_list("number", flat=True))
    assert numbers in ([1, 9], [2, 9])


def test_numbers_exchanged_and_pushed_at_once_stay_unique(cast: Cast) -> None:
    first, _, third = (ActionFactory.create(project=cast.project, number=n) for n in (1, 2, 3))

    def give(action: Action, number: int, way: Way) -> object:
        taken = taken_number(sheet(action), number=number)
        seen = taken.by(way) if taken else None
        assert seen is not None
        return renumber_sheet(
            action=sheet(action), number=number, by=cast.agnes, way=way, seen=seen.code
        )

    outcomes = at_once(
        cast.project,
        lambda: give(first, 2, Way.EXCHANGE),
        lambda: give(third, 1, Way.INSERT),
        lambda: make_sheet(project=here(cast), number=4, title="Neuve", by=cast.emile),
        lambda: make_sheet(project=here(cast), number=4, title="Autre", by=cast.agnes),
    )
    assert all(
        not isinstance(one, Exception) or isinstance(one, SheetRefused) for one in outcomes
    ), outcomes
    numbers = list(Action.objects.of(cast.project).values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == 4
    # One of the two that exchange, one of the two that make.
    assert gestures(cast) == 2


def test_a_number_taken_while_its_sheet_comes_back(cast: Cast) -> None:
    old = ActionFactory.create(project=cast.project, number=5, title="Ancienne")
    retire_sheet(action=sheet(old), reason="Reprise ailleurs", by=cast.agnes)
    outcomes = at_once(
        cast.project,
        lambda: restore_sheet(action=sheet(old), by=cast.agnes),
        lambda: make_sheet(project=here(cast), number=5, title="Neuve", by=cast.emile),
    )
    assert kinds(outcomes) in (
        {"SheetRestored": 1, "SheetMade": 1},
        {"SheetRestored": 1, NumberTaken.__name__: 1},
    )
    numbers = list(Action.objects.of(cast.project).values_list("number", flat=True))
    assert len(numbers) == len(set(numbers))
    assert 5 in numbers


# --- Several sheets, and earlier states ---------------------------------------------------------


def test_two_people_change_the_same_sheets(cast: Cast, row: Objective) -> None:
    PlannedQuarterFactory.create(objective=row, quarter=FIRST)
    later, keys = Asked(quarters=1), [row.action_id]
    plan = plan_bulk(cast.project, keys=keys, asked=later, theirs=keys)
    seen = {line.key: line.code for line in plan.lines}

    def act(by: User, token: str) -> Act:
        return lambda: edit_sheets(
            project=here(cast), keys=keys, asked=later, seen=seen, by=by, token=token
        )

    outcomes = at_once(
        cast.project,
        act(cast.agnes, "a"),
        act(cast.agnes, "a"),
        act(cast.emile, "b"),
    )
    cell = PlannedQuarter.objects.get(objective=row)
    assert cell.quarter == FIRST + 1, "moved once, whoever came first"
    assert ChangeSet.objects.of(cast.project.scope).count() == 1
    refused = [one for one in outcomes if isinstance(one, BulkRefused)]
    # Either Émile, or both clicks of Agnès.
    assert len(refused) in {1, 2}
    assert all("a été modifiée par" in one.sheets[0] for one in refused)


def test_two_people_go_back_to_one_state(cast: Cast, row: Objective) -> None:
    action = sheet(row.action)
    for text in ("Près", "Loin"):
        with writing(cast.project, by=cast.bruno):
            action.need = text
            action.save(update_fields=["need"])
    way = SheetReturn(action, ChangeSet.objects.of(cast.project.scope).earliest("pk"))
    seen = way_back(way).code

    def act(by: User) -> Act:
        return lambda: return_to(way=way, seen=seen, project=here(cast), by=by)

    outcomes = at_once(cast.project, act(cast.agnes), act(cast.emile))
    assert sum(isinstance(one, ReturnStale) for one in outcomes) == 1
    assert sheet(action).need == "Près"
    assert ChangeSet.objects.of(cast.project.scope).count() == 3
