"""The quarter grid written: each cell conflicts alone, every gesture is told and sent once."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.quarters import Quarter
from journal.models import ChangeSet
from roadmap.enums import CellState
from roadmap.models import Action, Objective, PlannedQuarter
from roadmap.services.cells import GridGesture, SetCell, set_cells
from roadmap.services.gestures import SheetRefused
from roadmap.services.shifting import (
    Note,
    RowChanged,
    cells_outside,
    set_note,
    set_row,
    set_window,
    shift_objective,
    shift_sheet,
)
from territories.writing import writing
from tests.cast import Cast, make_pilot
from tests.factories import (
    ActionFactory,
    ObjectiveFactory,
    PlannedQuarterFactory,
    unsigned,
)

FIRST = Quarter.of(2026, 1).index
TOKEN = "a" * 32


@pytest.fixture
def row(cast: Cast) -> Objective:
    action = ActionFactory.create(project=cast.project, number=3)
    return ObjectiveFactory.create(action=action, label="1)", title="Créer un groupe")


def kept(row: Objective) -> dict[int, str]:
    """What the base says of a row, counted from the first quarter."""
    cells = PlannedQuarter.objects.filter(objective=row).order_by("quarter")
    return {cell.quarter - FIRST: cell.state for cell in cells}


def put(row: Objective, **states: str) -> None:
    for name, state in states.items():
        PlannedQuarterFactory.create(objective=row, quarter=FIRST + int(name[1:]), state=state)


def cell(row: Objective, step: int, to: str, was: str = "") -> SetCell:
    return SetCell(row.pk, FIRST + step, to, was)


def last_words() -> str:
    gesture = ChangeSet.objects.latest_first().first()
    assert gesture is not None
    return gesture.words


def retire(action: Action) -> None:
    with unsigned():
        Action.objects.filter(pk=action.pk).update(retired_at=timezone.now())


# --- Cells ---


def test_a_gesture_adds_changes_and_empties_at_once(cast: Cast, row: Objective) -> None:
    put(row, q0="prevu", q1="prevu")
    saved = set_cells(
        project=cast.project,
        by=cast.agnes,
        cells=[
            cell(row, 0, "fait", "prevu"),
            cell(row, 1, "", "prevu"),
            cell(row, 2, "decale"),
        ],
    )
    assert (saved.saved, saved.conflicts, saved.refused) == (3, (), ())
    assert kept(row) == {0: "fait", 2: "decale"}
    gesture = ChangeSet.objects.latest_first().get(scope=cast.project.scope, by=cast.agnes)
    assert (gesture.revision, gesture.changes.count()) == (saved.revision, 3)


def test_only_the_cell_that_somebody_else_wrote_conflicts(cast: Cast, row: Objective) -> None:
    set_cells(project=cast.project, by=cast.emile, cells=[cell(row, 1, "fait")])
    saved = set_cells(
        project=cast.project,
        by=cast.agnes,
        cells=[cell(row, step, "prevu") for step in range(3)],
    )
    assert kept(row) == {0: "prevu", 1: "fait", 2: "prevu"}
    (conflict,) = saved.conflicts
    assert (conflict.cell.quarter, conflict.now, saved.saved) == (FIRST + 1, "fait", 2)
    assert conflict.by == cast.emile.get_full_name()
    assert conflict.sentence == (
        "T2\u00a02026 de «\u00a01) Créer un groupe\u00a0»\u00a0: "
        f"{cast.emile.get_full_name()} vient d’y mettre «\u00a0fait\u00a0»."
    )


def test_an_emptied_cell_says_who_emptied_it(cast: Cast, row: Objective) -> None:
    put(row, q0="prevu")
    set_cells(project=cast.project, by=cast.emile, cells=[cell(row, 0, "", "prevu")])
    saved = set_cells(project=cast.project, by=cast.agnes, cells=[cell(row, 0, "fait", "prevu")])
    assert kept(row) == {}
    assert saved.conflicts[0].by == cast.emile.get_full_name()
    assert saved.conflicts[0].sentence.endswith("vient de l’effacer.")


def test_the_same_value_by_two_people_is_no_conflict(cast: Cast, row: Objective) -> None:
    set_cells(project=cast.project, by=cast.emile, cells=[cell(row, 0, "fait")])
    saved = set_cells(project=cast.project, by=cast.agnes, cells=[cell(row, 0, "fait")])
    assert (saved.saved, saved.conflicts) == (1, ())
    assert ChangeSet.objects.filter(by=cast.agnes).count() == 0


def test_a_gesture_sent_twice_is_made_once(cast: Cast, row: Objective) -> None:
    batch = [cell(row, 0, "prevu"), cell(row, 1, "prevu")]
    first = set_cells(project=cast.project, by=cast.agnes, cells=batch, token=TOKEN)
    again = set_cells(project=cast.project, by=cast.agnes, cells=batch, token=TOKEN)
    assert (again.saved, again.conflicts, again.revision) == (2, (), first.revision)
    assert ChangeSet.objects.filter(token=TOKEN).count() == 1


def test_a_gesture_sent_again_does_not_undo_what_came_after(cast: Cast, row: Objective) -> None:
    batch = [cell(row, 0, "prevu")]
    set_cells(project=cast.project, by=cast.agnes, cells=batch, token=TOKEN)
    set_cells(project=cast.project, by=cast.emile, cells=[cell(row, 0, "", "prevu")])
    again = set_cells(project=cast.project, by=cast.agnes, cells=batch, token=TOKEN)
    assert kept(row) == {}
    assert [conflict.by for conflict in again.conflicts] == [cast.emile.get_full_name()]


def test_a_removed_objective_is_refused_alone(cast: Cast, row: Objective) -> None:
    other = ObjectiveFactory.create(action=row.action)
    gone = cell(other, 0, "prevu")
    with writing(cast.project, by=cast.emile):
        other.delete()
    saved = set_cells(project=cast.project, by=cast.agnes, cells=[gone, cell(row, 0, "prevu")])
    assert kept(row) == {0: "prevu"}
    assert [refusal.cell for refusal in saved.refused] == [gone]
    assert f"{cast.emile.get_full_name()} a retiré l’objectif" in saved.refused[0].sentence


def test_a_retired_sheet_is_refused_with_its_number(cast: Cast, row: Objective) -> None:
    retire(row.action)
    saved = set_cells(project=cast.project, by=cast.agnes, cells=[cell(row, 0, "prevu")])
    assert kept(row) == {}
    assert "la fiche 3 a été retirée" in saved.refused[0].sentence


def test_an_objective_of_another_project_does_not_exist(cast: Cast, row: Objective) -> None:
    elsewhere = ObjectiveFactory.create(action__project=cast.elsewhere)
    with pytest.raises(Objective.DoesNotExist):
        set_cells(
            project=cast.project,
            by=cast.agnes,
            cells=[cell(row, 0, "prevu"), cell(elsewhere, 0, "prevu")],
        )
    assert kept(row) == {}


@pytest.mark.parametrize("name", ["bruno", "gael", "chloe", "denis"])
def test_others_write_nothing(cast: Cast, row: Objective, name: str) -> None:
    user = cast.named(name)
    assert user is not None
    with pytest.raises(PermissionDenied):
        set_cells(project=cast.project, by=user, cells=[cell(row, 0, "prevu")])


def test_a_pilot_writes_their_sheet_and_no_other(cast: Cast, row: Objective) -> None:
    make_pilot(cast.bruno, row.action)
    set_cells(project=cast.project, by=cast.bruno, cells=[cell(row, 0, "prevu")])
    other = ObjectiveFactory.create(action__project=cast.project, action__number=9)
    with pytest.raises(PermissionDenied):
        set_cells(
            project=cast.project,
            by=cast.bruno,
            cells=[cell(row, 1, "prevu"), cell(other, 0, "prevu")],
        )
    assert kept(row) == {0: "prevu"}


def test_too_many_cells_are_refused_in_a_sentence(cast: Cast, row: Objective) -> None:
    batch = [SetCell(row.pk, FIRST, "prevu", "")] * 2001
    with pytest.raises(SheetRefused, match="au plus"):
        set_cells(project=cast.project, by=cast.agnes, cells=batch)


def test_four_hundred_cells_cost_what_one_costs(
    cast: Cast, row: Objective, queries: Callable[[Callable[[], object]], int]
) -> None:
    def act(rows: list[Objective], width: int, *, to: str, was: str) -> Callable[[], object]:
        batch = [cell(one, step, to, was) for one in rows for step in range(width)]
        return lambda: set_cells(project=cast.project, by=cast.agnes, cells=batch)

    rows = [
        ObjectiveFactory.create(action=ActionFactory.create(project=cast.project))
        for _ in range(20)
    ]
    for to, was in [("prevu", ""), ("fait", "prevu"), ("", "fait")]:
        one = queries(act([row], 1, to=to, was=was))
        many = queries(act(rows, 20, to=to, was=was))
        # The base takes long lists of new rows in parts, some ninety changes each on SQLite.
        assert many <= one + 8, (to, one, many)
        assert one <= 20


def test_conflicts_cost_the_same_for_one_as_for_many(
    cast: Cast, row: Objective, queries: Callable[[Callable[[], object]], int]
) -> None:
    put(row, **{f"q{step}": "fait" for step in range(20)})

    def act(width: int) -> int:
        batch = [cell(row, step, "prevu") for step in range(width)]
        return queries(lambda: set_cells(project=cast.project, by=cast.agnes, cells=batch))

    assert act(1) == act(20)


# --- In words ---


def test_the_journal_says_what_was_painted(cast: Cast, row: Objective) -> None:
    def paint(*cells: SetCell, kind: GridGesture = GridGesture.PAINT) -> str:
        set_cells(project=cast.project, by=cast.agnes, cells=cells, kind=kind)
        return last_words()

    other = ObjectiveFactory.create(action=row.action)
    elsewhere = ObjectiveFactory.create(action__project=cast.project, action__number=8)
    group = "«\u00a01) Créer un groupe\u00a0»"
    assert paint(*(cell(row, step, "prevu") for step in range(3))) == (
        f"a planifié 3\u00a0trimestres de l’objectif {group}"
    )
    assert paint(cell(row, 0, "fait", "prevu")) == (
        f"a marqué «\u00a0fait\u00a0» T1\u00a02026 de l’objectif {group}"
    )
    assert paint(cell(row, 0, "", "fait"), cell(row, 1, "", "prevu")) == (
        f"a effacé 2\u00a0trimestres de l’objectif {group}"
    )
    assert paint(cell(row, 0, "prevu"), cell(other, 0, "prevu")) == (
        "a planifié 2\u00a0trimestres de 2\u00a0objectifs de la fiche 3"
    )
    assert paint(cell(row, 5, "prevu"), cell(elsewhere, 0, "fait")) == (
        "a changé 2\u00a0trimestres de 2\u00a0objectifs de 2\u00a0fiches"
    )
    assert paint(cell(row, 5, "", "prevu"), kind=GridGesture.UNDO) == (
        f"a annulé son geste sur T2\u00a02027 de l’objectif {group}"
    )


# --- Moving ---


def test_a_row_moves_with_its_states_and_its_text(cast: Cast, row: Objective) -> None:
    put(row, q0="fait", q1="prevu", q3="decale")
    with unsigned():
        Objective.objects.filter(pk=row.pk).update(note_first=FIRST, note_last=FIRST + 2)
    shift_objective(objective=row, by=cast.agnes, quarters=1)
    assert kept(row) == {1: "fait", 2: "prevu", 4: "decale"}
    row.refresh_from_db()
    assert (row.note_first, row.note_last) == (FIRST + 1, FIRST + 3)
    assert last_words() == (
        "a décalé l’objectif «\u00a01) Créer un groupe\u00a0» de T1\u00a02026 à T2\u00a02026"
    )
    shift_objective(objective=row, by=cast.agnes, quarters=-1, kind=GridGesture.UNDO)
    assert kept(row) == {0: "fait", 1: "prevu", 3: "decale"}


def test_a_sheet_moves_whole_and_out_of_the_window(cast: Cast, row: Objective) -> None:
    other = ObjectiveFactory.create(action=row.action)
    put(row, q7="prevu")
    put(other, q0="fait")
    shift_sheet(action=row.action, by=cast.agnes, quarters=1)
    assert (kept(row), kept(other)) == ({8: "prevu"}, {1: "fait"})
    assert last_words() == "a décalé la fiche 3 d’un trimestre plus tard"


def test_a_move_sent_twice_is_made_once(cast: Cast, row: Objective) -> None:
    put(row, q0="prevu")
    for _ in range(2):
        shift_objective(objective=row, by=cast.agnes, quarters=1, token=TOKEN)
        shift_sheet(action=row.action, by=cast.agnes, quarters=1, token="b" * 32)
    assert kept(row) == {2: "prevu"}


def test_a_row_that_somebody_wrote_meanwhile_does_not_move(cast: Cast, row: Objective) -> None:
    put(row, q0="prevu")
    cast.project.refresh_from_db()
    drawn_at = cast.project.revision
    set_cells(
        project=cast.project, by=cast.emile, cells=[cell(row, 0, "fait", "prevu")], token=TOKEN
    )
    with pytest.raises(RowChanged, match="vient d’en changer le planning"):
        shift_objective(objective=row, by=cast.agnes, quarters=1, revision=drawn_at)
    with pytest.raises(RowChanged):
        shift_sheet(action=row.action, by=cast.agnes, quarters=1, revision=drawn_at)
    assert kept(row) == {0: "fait"}
    shift_objective(objective=row, by=cast.agnes, quarters=1, revision=drawn_at, mine=[TOKEN])
    assert kept(row) == {1: "fait"}


def test_another_row_may_have_changed_meanwhile(cast: Cast, row: Objective) -> None:
    other = ObjectiveFactory.create(action=row.action)
    put(row, q0="prevu")
    cast.project.refresh_from_db()
    drawn_at = cast.project.revision
    set_cells(project=cast.project, by=cast.emile, cells=[cell(other, 0, "fait")])
    shift_objective(objective=row, by=cast.agnes, quarters=1, revision=drawn_at)
    assert kept(row) == {1: "prevu"}


def test_nothing_moves_out_of_the_calendar(cast: Cast, row: Objective) -> None:
    PlannedQuarterFactory.create(objective=row, quarter=Quarter.of(2099, 4).index)
    with pytest.raises(SheetRefused, match="1990 à 2099"):
        shift_objective(objective=row, by=cast.agnes, quarters=1)


def test_an_empty_row_says_that_there_is_nothing_to_move(cast: Cast, row: Objective) -> None:
    with pytest.raises(SheetRefused, match="aucun trimestre à décaler"):
        shift_objective(objective=row, by=cast.agnes, quarters=1)


def test_a_retired_sheet_does_not_move(cast: Cast, row: Objective) -> None:
    put(row, q0="prevu")
    retire(row.action)
    with pytest.raises(SheetRefused, match="a été retirée"):
        shift_sheet(action=row.action, by=cast.agnes, quarters=1)


def test_a_wide_sheet_moves_at_the_price_of_a_narrow_one(
    cast: Cast, row: Objective, queries: Callable[[Callable[[], object]], int]
) -> None:
    put(row, q0="prevu")
    few = queries(lambda: shift_sheet(action=row.action, by=cast.agnes, quarters=1))
    for _ in range(10):
        put(ObjectiveFactory.create(action=row.action), q1="prevu", q4="fait")
    many = queries(lambda: shift_sheet(action=row.action, by=cast.agnes, quarters=1))
    assert many <= few + 2


# --- The text over the cells ---


def test_a_text_is_written_over_its_quarters(cast: Cast, row: Objective) -> None:
    note = Note("phase 1", FIRST, FIRST + 3)
    assert set_note(objective=row, by=cast.agnes, note=note, was=Note()) is None
    row.refresh_from_db()
    assert (row.planning_note, row.note_first, row.note_last) == ("phase 1", FIRST, FIRST + 3)
    assert "phase 1" in row.folded
    assert last_words().startswith("a écrit «\u00a0phase 1\u00a0» sur les trimestres")


def test_two_texts_are_both_given_back(cast: Cast, row: Objective) -> None:
    theirs, mine = Note("selon les moyens"), Note("phase 1")
    set_note(objective=row, by=cast.emile, note=theirs, was=Note())
    conflict = set_note(objective=row, by=cast.agnes, note=mine, was=Note())
    assert conflict is not None
    assert (conflict.theirs, conflict.mine) == (theirs, mine)
    assert conflict.by == cast.emile.get_full_name()
    row.refresh_from_db()
    assert row.planning_note == "selon les moyens"
    assert set_note(objective=row, by=cast.agnes, note=mine, was=theirs) is None


def test_a_row_sent_as_a_form_is_one_gesture(cast: Cast, row: Objective) -> None:
    saved = set_row(
        objective=row,
        by=cast.agnes,
        cells=[cell(row, 0, "prevu")],
        note=Note("phase 1"),
        was=Note(),
    )
    assert (saved.note, saved.has_changed, saved.cells.saved) == (None, True, 1)
    assert ChangeSet.objects.filter(by=cast.agnes).count() == 1
    assert " et a planifié " in last_words()


# --- The window ---


def test_a_narrower_window_keeps_what_lies_outside(cast: Cast, row: Objective) -> None:
    put(row, q0="prevu", q7="fait")
    was = (cast.project.planning_first, cast.project.planning_last)
    assert cells_outside(cast.project, first=FIRST + 1, last=FIRST + 6) == 2
    set_window(project=cast.project, by=cast.agnes, first=FIRST + 1, last=FIRST + 6, was=was)
    assert kept(row) == {0: "prevu", 7: "fait"}
    assert last_words() == "a réduit la période du planning à T2\u00a02026 – T3\u00a02027"
    set_window(
        project=cast.project,
        by=cast.agnes,
        first=FIRST - 4,
        last=FIRST + 9,
        was=(FIRST + 1, FIRST + 6),
    )
    assert last_words().startswith("a élargi la période du planning à T1\u00a02025")


def test_a_window_changed_by_somebody_else_is_refused(cast: Cast) -> None:
    was = (cast.project.planning_first, cast.project.planning_last)
    set_window(project=cast.project, by=cast.emile, first=FIRST, last=FIRST + 20, was=was)
    with pytest.raises(SheetRefused, match="vient de changer cette période"):
        set_window(project=cast.project, by=cast.agnes, first=FIRST, last=FIRST + 3, was=was)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [(FIRST, FIRST - 1, "finir avant"), (FIRST, FIRST + 60, "au plus"), (7000, 7004, "1990")],
)
def test_impossible_windows_are_refused(cast: Cast, first: int, last: int, sentence: str) -> None:
    was = (cast.project.planning_first, cast.project.planning_last)
    with pytest.raises(SheetRefused, match=sentence):
        set_window(project=cast.project, by=cast.agnes, first=first, last=last, was=was)


def test_every_state_has_a_word_in_the_journal(cast: Cast, row: Objective) -> None:
    for step, state in enumerate(CellState.values):
        set_cells(project=cast.project, by=cast.agnes, cells=[cell(row, step, state)])
        assert "trimestre" not in last_words()
        assert state not in last_words().replace("fait", "").split()
