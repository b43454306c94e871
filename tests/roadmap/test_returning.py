"""Going back to an earlier state, without screens: a field, a sheet, and what cannot come back."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from accounts.models import User
from core.quarters import Quarter
from core.text import NBSP
from journal.enums import Source
from journal.models import Change, ChangeSet
from journal.tracing import TracedModel
from journal.undoing import UndoRefused
from roadmap.enums import CellState, RoleKind, Status
from roadmap.models import (
    Action,
    ActionComment,
    ActionTheme,
    Axis,
    Objective,
    PlannedQuarter,
    Theme,
)
from roadmap.services import Attached, describe_roadmap, write_roadmap
from roadmap.services.history import take_back
from roadmap.services.lifecycle import retire_sheet
from roadmap.services.margins import comment_on_sheet
from roadmap.services.numbering import renumber_sheet
from roadmap.services.objectives import remove_objective
from roadmap.services.returning import (
    FieldReturn,
    ReturnStale,
    SheetReturn,
    return_to,
    way_back,
)
from roadmap.services.returning.ways import Way
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    AxisFactory,
    ObjectiveFactory,
    PlannedQuarterFactory,
    ProjectGroupFactory,
)
from tests.journal.states import state_of

T4 = Quarter.of(2026, 4).index


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=3, title="Pair-aidance", need="Vite")


def done(project: Project, by: User | None, act: Callable[[], object]) -> ChangeSet:
    with writing(project, by=by, words="a écrit") as made:
        act()
    assert made.changeset is not None
    return made.changeset


def wrote(row: TracedModel, by: User | None = None, **values: object) -> ChangeSet:
    """One gesture of a person on one row of a sheet."""

    def act() -> None:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))

    action = row if isinstance(row, Action) else row.action  # type: ignore[attr-defined]
    return done(action.project, by, act)


def go(way: Way, project: Project, by: User, token: str = "") -> ChangeSet:
    made = return_to(way=way, seen=way_back(way).code, project=project, by=by, token=token)
    assert made.changeset is not None
    return made.changeset


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


# --- A field ------------------------------------------------------------------------------------


def test_a_field_comes_back_whatever_was_written_since(cast: Cast, sheet: Action) -> None:
    first = wrote(sheet, cast.bruno, need="Loin")
    wrote(sheet, cast.emile, need="Plus loin", aim="Mieux")
    wrote(sheet, cast.bruno, need="Trop loin")
    made = go(FieldReturn(first.changes.get()), cast.project, cast.agnes)
    assert (fresh(sheet).need, fresh(sheet).aim) == ("Loin", "Mieux")
    assert (made.by, made.source, made.undoes) == (cast.agnes, Source.UNDO, None)
    assert made.words.startswith(
        f"a ramené la fiche «{NBSP}3. Pair-aidance{NBSP}» à ses valeurs du "
    )
    assert made.words.endswith(f"{NBSP}: constat ou besoin")
    change = made.changes.get()
    assert (change.old, change.new) == ("Trop loin", "Loin")
    take_back(gesture=made, project=cast.project, by=cast.agnes)
    assert fresh(sheet).need == "Trop loin"
    assert Action.objects.of(cast.project).matching("trop loin").exists()


def test_the_value_that_a_gesture_found_comes_back_too(cast: Cast, sheet: Action) -> None:
    first = wrote(sheet, cast.bruno, need="Loin")
    wrote(sheet, cast.bruno, need="Plus loin")
    made = go(FieldReturn(first.changes.get(), before=True), cast.project, cast.agnes)
    assert fresh(sheet).need == "Vite"
    assert "à ses valeurs d’avant le " in made.words


def test_a_stop_comes_back_with_its_reason(cast: Cast, sheet: Action) -> None:
    stopped = wrote(sheet, cast.bruno, status=Status.SUSPENDED, status_reason="Travaux")
    wrote(sheet, cast.bruno, status=Status.RUNNING, status_reason="")
    go(FieldReturn(stopped.changes.get(field="status")), cast.project, cast.agnes)
    assert (fresh(sheet).status, fresh(sheet).status_reason) == (Status.SUSPENDED, "Travaux")


def test_the_present_value_is_not_written_again(cast: Cast, sheet: Action) -> None:
    first = wrote(sheet, cast.bruno, need="Loin")
    wrote(sheet, cast.bruno, need="Ailleurs")
    wrote(sheet, cast.bruno, need="Loin")
    way = FieldReturn(first.changes.get())
    assert way_back(way).changes == ()
    with pytest.raises(UndoRefused, match="déjà l’état présent"):
        go(way, cast.project, cast.agnes)


def test_a_row_that_is_gone_or_a_place_does_not_come_back_alone(cast: Cast, sheet: Action) -> None:
    row = ObjectiveFactory.create(action=sheet, title="Créer", position=1)
    made = wrote(row, cast.bruno, title="Créer un groupe")
    remove_objective(objective=row, by=cast.bruno)
    with pytest.raises(UndoRefused, match="n’existe plus"):
        way_back(FieldReturn(made.changes.get()))
    renumber_sheet(action=sheet, number=9, by=cast.bruno)
    moved = Change.objects.filter(field="number", row=sheet.pk).latest("pk")
    with pytest.raises(UndoRefused, match="ne revient pas seule"):
        way_back(FieldReturn(moved))


def test_a_retired_sheet_is_not_written(cast: Cast, sheet: Action) -> None:
    first = wrote(sheet, cast.bruno, need="Loin")
    wrote(sheet, cast.bruno, need="Plus loin")
    retire_sheet(action=sheet, reason="Doublon", by=cast.bruno)
    with pytest.raises(UndoRefused, match="est retirée de la feuille de route"):
        go(FieldReturn(first.changes.get()), cast.project, cast.agnes)


# --- A sheet ------------------------------------------------------------------------------------


def test_a_sheet_comes_back_with_all_that_hangs_on_it(cast: Cast, sheet: Action) -> None:
    row = ObjectiveFactory.create(action=sheet, title="Créer", position=1)
    PlannedQuarterFactory.create(objective=row, quarter=T4)
    role = ActionRoleFactory.create(action=sheet, objective=row, label="Mairie")
    axis = AxisFactory.create(project=cast.project)
    ActionFactory.create(project=cast.project, number=4)
    with writing(cast.project, by=None):
        ActionTheme.objects.create(action=sheet, theme=Theme.objects.get(position=1))
    then = wrote(sheet, cast.bruno, axis=axis, need="Loin")
    before = state_of(cast.project)
    wrote(sheet, cast.bruno, need="Plus loin", axis=None)
    wrote(role, cast.bruno, label="Département", kind=RoleKind.PARTNER)
    done(
        cast.project,
        cast.emile,
        lambda: (
            PlannedQuarter.objects.filter(objective=row).update(state=CellState.DONE),
            PlannedQuarter.objects.create(objective=row, quarter=T4 + 1),
            ActionTheme.objects.filter(action=sheet).delete(),
            Objective.objects.create(action=sheet, title="Former", position=2),
        ),
    )
    remove_objective(objective=row, by=cast.emile)
    renumber_sheet(action=sheet, number=12, by=cast.agnes)
    comment_on_sheet(action=sheet, text="Vu", by=cast.bruno)
    after = state_of(cast.project)
    made = go(SheetReturn(sheet, then), cast.project, cast.agnes)
    comments = set(ActionComment.objects.values_list("pk", flat=True))
    assert {
        key: values
        for key, values in state_of(cast.project).items()
        if key[0] != "roadmap.actioncomment"
    } == before
    assert comments, "what was said of it stays"
    assert made.words.startswith(f"a ramené la fiche{NBSP}3 «{NBSP}Pair-aidance{NBSP}»")
    take_back(gesture=made, project=cast.project, by=cast.agnes)
    assert state_of(cast.project) == after


def test_rows_that_came_back_alike_are_no_change(cast: Cast, sheet: Action) -> None:
    row = ObjectiveFactory.create(action=sheet)
    cell = PlannedQuarterFactory.create(objective=row, quarter=T4)
    then = wrote(sheet, cast.bruno, need="Loin")
    done(cast.project, cast.bruno, lambda: cell.delete())
    done(
        cast.project,
        cast.bruno,
        lambda: PlannedQuarter.objects.create(objective=row, quarter=T4),
    )
    assert way_back(SheetReturn(sheet, then)).changes == ()


def test_a_retired_sheet_comes_back_into_the_roadmap(cast: Cast, sheet: Action) -> None:
    then = wrote(sheet, cast.bruno, need="Loin")
    retire_sheet(action=sheet, reason="Doublon", by=cast.bruno)
    go(SheetReturn(sheet, then), cast.project, cast.agnes)
    assert not fresh(sheet).is_retired


def test_papers_may_have_given_the_number_that_it_leaves(cast: Cast, sheet: Action) -> None:
    then = wrote(sheet, cast.bruno, need="Loin")
    moved = renumber_sheet(action=sheet, number=12, by=cast.bruno).changeset
    assert moved is not None
    ChangeSet.objects.filter(pk=moved.pk).update(at=moved.at - dt.timedelta(days=30))
    made = go(SheetReturn(sheet, then), cast.project, cast.agnes)
    assert fresh(sheet).number == 3
    assert "Anciennement fiche\u00a012" in fresh(sheet).formerly
    take_back(gesture=made, project=cast.project, by=cast.agnes)
    assert fresh(sheet).number == 12
    assert "Anciennement fiche\u00a03 " in fresh(sheet).formerly


@pytest.mark.parametrize("is_retired", [False, True])
def test_a_number_that_another_sheet_has_stands_in_the_way(
    cast: Cast, sheet: Action, is_retired: bool
) -> None:
    then = wrote(sheet, cast.bruno, need="Loin")
    if is_retired:
        retire_sheet(action=sheet, reason="Doublon", by=cast.bruno)
    else:
        renumber_sheet(action=sheet, number=12, by=cast.bruno)
    ActionFactory.create(project=cast.project, number=3, title="Logement")
    before = state_of(cast.project)
    with pytest.raises(UndoRefused) as refused:
        go(SheetReturn(sheet, then), cast.project, cast.agnes)
    assert str(refused.value) == (
        f"La fiche portait alors le numéro{NBSP}3, qui est maintenant celui de la fiche "
        f"«{NBSP}Logement{NBSP}»{NBSP}: donnez d’abord un autre numéro à celle-ci."
    )
    assert state_of(cast.project) == before


def test_an_axis_that_is_gone_stands_in_the_way(cast: Cast, sheet: Action) -> None:
    axis: Axis = AxisFactory.create(project=cast.project, title="Loger")
    then = wrote(sheet, cast.bruno, axis=axis)
    wrote(sheet, cast.bruno, axis=None)
    done(cast.project, cast.bruno, lambda: axis.delete())
    with pytest.raises(UndoRefused, match="sous l’axe «\u00a0Loger\u00a0», qui a été retiré"):
        go(SheetReturn(sheet, then), cast.project, cast.agnes)


def test_before_it_was_made_there_is_no_state(cast: Cast, sheet: Action) -> None:
    early = wrote(sheet, cast.bruno, need="Loin")
    late = ActionFactory.create(project=cast.project, number=8)
    with pytest.raises(UndoRefused, match="n’existait pas à ce moment"):
        way_back(SheetReturn(late, early))


# --- Two people, two clicks ---------------------------------------------------------------------


def test_what_was_read_is_what_is_done(cast: Cast, sheet: Action) -> None:
    then = wrote(sheet, cast.bruno, need="Loin")
    wrote(sheet, cast.bruno, need="Plus loin")
    way = SheetReturn(sheet, then)
    seen = way_back(way).code
    wrote(sheet, cast.bruno, aim="Mieux")
    with pytest.raises(ReturnStale, match="a changé pendant que vous lisiez"):
        return_to(way=way, seen=seen, project=cast.project, by=cast.agnes)
    assert (fresh(sheet).need, fresh(sheet).aim) == ("Plus loin", "Mieux")


def test_a_double_click_is_one_gesture(cast: Cast, sheet: Action) -> None:
    then = wrote(sheet, cast.bruno, need="Loin")
    wrote(sheet, cast.bruno, need="Plus loin")
    way = SheetReturn(sheet, then)
    seen = way_back(way).code
    first, again = (
        return_to(way=way, seen=seen, project=cast.project, by=cast.agnes, token="a")
        for _ in range(2)
    )
    assert first.changeset == again.changeset
    assert ChangeSet.objects.of(cast.project.scope).count() == 3


def test_going_back_does_not_cost_more_after_more_gestures(
    cast: Cast, sheet: Action, queries: Callable[[Callable[[], object]], int]
) -> None:
    ways = [
        SheetReturn(sheet, wrote(sheet, cast.bruno, need=f"Texte {rank}")) for rank in range(12)
    ]
    few = queries(lambda: go(ways[-2], cast.project, cast.agnes))
    assert queries(lambda: go(ways[0], cast.project, cast.agnes)) == few <= 25


def test_a_sheet_written_afresh_by_a_load_comes_back(cast: Cast, sheet: Action) -> None:
    group = ProjectGroupFactory.create(action=sheet, label="Projet 1", title="Aller", position=1)
    row = ObjectiveFactory.create(action=sheet, parent=group, title="Créer", position=2)
    PlannedQuarterFactory.create(objective=row, quarter=T4)
    ActionRoleFactory.create(action=sheet, objective=row, label="Mairie")
    ActionFactory.create(project=cast.project, number=5, title="Logement")
    then = wrote(sheet, cast.bruno, need="Loin")
    before, drafted = state_of(cast.project), describe_roadmap(cast.project)
    write_roadmap(project=cast.project, roadmap=drafted, by=cast.agnes)
    other = replace(drafted.sheets[0], objectives=(), need="Chargé", attached=Attached())
    write_roadmap(
        project=cast.project,
        roadmap=replace(drafted, sheets=(other, *drafted.sheets[1:])),
        by=cast.agnes,
    )
    go(SheetReturn(sheet, then), cast.project, cast.agnes)
    assert describe_roadmap(cast.project) == drafted
    assert state_of(cast.project) == before, "under the same keys"
