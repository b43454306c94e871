"""A gesture is taken back exactly, or not at all and somebody says why."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from accounts.models import User
from core.quarters import Quarter
from journal.enums import Source
from journal.models import ChangeSet
from journal.undoing import UndoRefused, undo
from roadmap.enums import ObjectiveKind
from roadmap.models import (
    Action,
    ActionComment,
    ActionRole,
    Axis,
    Objective,
    PlannedQuarter,
    Priority,
    Theme,
)
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    AxisFactory,
    FundingLineFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlannedQuarterFactory,
    ProjectGroupFactory,
    unsigned,
)
from tests.journal.states import state_of

pytestmark = pytest.mark.django_db

Counted = Callable[[Callable[[], object]], int]
Q4 = Quarter.of(2026, 4).index


@pytest.fixture
def project(cast: Cast) -> Project:
    return cast.project


@pytest.fixture
def sheet(project: Project) -> Action:
    return ActionFactory.create(project=project, number=1, title="Aller vers")


class Done:
    """A gesture once made, and the project before and after it."""

    made: ChangeSet
    before: object
    after: object


@contextmanager
def doing(project: Project, *, by: User | None = None) -> Iterator[Done]:
    done = Done()
    done.before = state_of(project)
    with writing(project, by=by) as made:
        yield done
    assert made.changeset is not None
    done.made, done.after = made.changeset, state_of(project)


def take_back(project: Project, done: ChangeSet, *, by: User | None = None) -> ChangeSet:
    with writing(project, by=by, source=Source.UNDO, undoes=done) as made:
        undo(list(done.changes.order_by("rank")))
    assert made.changeset is not None
    return made.changeset


def refusal(project: Project, done: ChangeSet) -> str:
    """What somebody is told; nothing is written, and the project is not revised."""
    project.refresh_from_db()
    before, revision, gestures = state_of(project), project.revision, ChangeSet.objects.count()
    with pytest.raises(UndoRefused) as refused:
        take_back(project, done)
    project.refresh_from_db()
    assert (state_of(project), project.revision) == (before, revision)
    assert ChangeSet.objects.count() == gestures
    return str(refused.value)


def assert_goes_and_comes_back(project: Project, done: Done) -> None:
    """Undone, the project is as before; the undo undone, as after; and again."""
    undone = take_back(project, done.made)
    assert state_of(project) == done.before
    redone = take_back(project, undone)
    assert state_of(project) == done.after
    take_back(project, redone)
    assert state_of(project) == done.before


# --- What comes back ----------------------------------------------------------------------------


def test_written_fields(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        sheet.title, sheet.need = "Autre", "Un constat"
        sheet.save()
    assert_goes_and_comes_back(project, done)


def test_the_search_text_follows(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        sheet.title = "Pédopsychiatrie"
        sheet.save()
    assert Action.objects.matching("pedopsychiatrie").exists()
    take_back(project, done.made)
    assert not Action.objects.matching("pedopsychiatrie").exists()
    assert Action.objects.matching("aller").exists()


def test_added_rows_one_hanging_on_the_other(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        group = Objective.objects.create(action=sheet, kind=ObjectiveKind.PROJECT, title="Groupe")
        row = Objective.objects.create(action=sheet, parent=group, title="Neuf")
        PlannedQuarter.objects.create(objective=row, quarter=Q4)
        ActionRole.objects.create(action=sheet, objective=row, kind="pilote", label="CH")
    assert_goes_and_comes_back(project, done)


def test_a_whole_sheet_removed_with_all_that_hangs_on_it(project: Project, sheet: Action) -> None:
    group = ProjectGroupFactory.create(action=sheet)
    row = ObjectiveFactory.create(action=sheet, parent=group)
    PlannedQuarterFactory.create(objective=row)
    ActionRoleFactory.create(action=sheet, objective=row)
    FundingLineFactory.create(action=sheet, amount="1200.50")
    with unsigned():
        sheet.themes.set(Theme.objects.all()[:2])
        sheet.secondary_priorities.set(Priority.objects.all()[:2])
    with doing(project) as done:
        sheet.delete()
    assert not Action.objects.exists()
    assert_goes_and_comes_back(project, done)


def test_an_objective_removed_comes_back_to_what_it_was_tied_to(
    project: Project, sheet: Action
) -> None:
    row = ObjectiveFactory.create(action=sheet)
    role = ActionRoleFactory.create(action=sheet, objective=row)
    with doing(project) as done:
        row.delete()
    assert_goes_and_comes_back(project, done)
    role.refresh_from_db()
    assert role.objective == Objective.objects.get()


def test_parts_removed_before_the_whole(project: Project, sheet: Action) -> None:
    cell = PlannedQuarterFactory.create(objective__action=sheet)
    with doing(project) as done:
        cell.delete()
        sheet.objectives.all().delete()
        sheet.delete()
    assert_goes_and_comes_back(project, done)


def test_two_sheets_that_exchanged_their_numbers(project: Project, sheet: Action) -> None:
    other = ActionFactory.create(project=project, number=2)
    with doing(project) as done:
        Action.objects.renumber({sheet.pk: 2, other.pk: 1})
    assert_goes_and_comes_back(project, done)
    assert (Action.objects.get(number=1), Action.objects.get(number=2)) == (sheet, other)


def test_one_sheet_renumbered_while_another_was_written(project: Project, sheet: Action) -> None:
    other = ActionFactory.create(project=project, number=2)
    with doing(project) as done:
        Action.objects.filter(pk=sheet.pk).update(number=7)
        Action.objects.filter(pk=other.pk).update(title="Autre")
    assert_goes_and_comes_back(project, done)


def test_a_new_sheet_that_took_the_number_of_another(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        Action.objects.filter(pk=sheet.pk).update(number=9)
        Action.objects.create(project=project, number=1, title="Neuve")
    assert_goes_and_comes_back(project, done)


def test_a_new_sheet_in_the_place_of_one_removed(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        sheet.delete()
        Action.objects.create(project=project, number=1, title="Neuve")
    assert_goes_and_comes_back(project, done)


def test_a_row_that_moved_under_a_new_one(project: Project, sheet: Action) -> None:
    row = ObjectiveFactory.create(action=sheet)
    with doing(project) as done:
        group = Objective.objects.create(action=sheet, kind=ObjectiveKind.PROJECT, title="Groupe")
        Objective.objects.filter(pk=row.pk).update(parent=group)
    assert_goes_and_comes_back(project, done)


def test_a_row_that_became_the_group_of_another(project: Project, sheet: Action) -> None:
    row = ObjectiveFactory.create(action=sheet)
    with doing(project) as done:
        Objective.objects.filter(pk=row.pk).update(kind=ObjectiveKind.PROJECT)
        Objective.objects.create(action=sheet, parent=row, title="Dessous")
    assert_goes_and_comes_back(project, done)


def test_rows_that_left_a_group_removed(project: Project, sheet: Action) -> None:
    group = ProjectGroupFactory.create(action=sheet)
    row = ObjectiveFactory.create(action=sheet, parent=group)
    with doing(project) as done:
        Objective.objects.filter(pk=row.pk).update(parent=None)
        group.delete()
    assert_goes_and_comes_back(project, done)


def test_a_new_axis_with_the_sheets_put_under_it(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        axis = Axis.objects.create(project=project, title="Axe")
        Action.objects.filter(pk=sheet.pk).update(axis=axis)
        Action.objects.create(project=project, number=5, title="Neuve", axis=axis)
    assert_goes_and_comes_back(project, done)


def test_cells_shifted_by_one_quarter(project: Project, sheet: Action) -> None:
    row = ObjectiveFactory.create(action=sheet)
    for quarter in (Q4, Q4 + 1):
        PlannedQuarterFactory.create(objective=row, quarter=quarter)
    with doing(project) as done:
        row.planned_quarters.filter(quarter=Q4).delete()
        PlannedQuarter.objects.create(objective=row, quarter=Q4 + 2)
    assert_goes_and_comes_back(project, done)


def test_the_project_itself(project: Project) -> None:
    with doing(project) as done:
        Project.objects.filter(pk=project.pk).update(planning_last=Q4)
    assert_goes_and_comes_back(project, done)


def test_a_comment_whose_author_has_left_comes_back_signed(
    project: Project, sheet: Action, cast: Cast
) -> None:
    with unsigned():
        comment = ActionComment.objects.create(
            action=sheet, author=cast.bruno, author_name="Bruno", text="À revoir"
        )
    with doing(project) as done:
        comment.delete()
    cast.bruno.delete()
    take_back(project, done.made)
    back = ActionComment.objects.get()
    assert (back.author, back.author_name, back.text) == (None, "Bruno", "À revoir")


def test_an_undo_is_a_gesture_like_another(project: Project, sheet: Action, cast: Cast) -> None:
    with doing(project, by=cast.agnes) as done:
        sheet.title = "Autre"
        sheet.save()
    undone = take_back(project, done.made, by=cast.bruno)
    assert (undone.undoes, undone.source, undone.by) == (done.made, Source.UNDO, cast.bruno)
    assert undone.revision == done.made.revision + 1  # type: ignore[operator]
    assert list(done.made.undone_by.all()) == [undone]


def test_only_some_changes_of_a_gesture(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        sheet.title, sheet.need = "Autre", "Un constat"
        sheet.save()
    with writing(project, by=None):
        undo(list(done.made.changes.filter(field="title")))
    sheet.refresh_from_db()
    assert (sheet.title, sheet.need) == ("Aller vers", "Un constat")


def test_an_added_row_that_has_gone_since_is_gone_already(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        row = Objective.objects.create(action=sheet, title="Neuf")
        Action.objects.filter(pk=sheet.pk).update(title="Autre")
    with writing(project, by=None):
        row.delete()
    take_back(project, done.made)
    assert state_of(project) == done.before


def test_fields_written_since_beside_the_gesture_stay(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        Action.objects.filter(pk=sheet.pk).update(title="Autre")
    with writing(project, by=None):
        Action.objects.filter(pk=sheet.pk).update(need="Un constat")
    take_back(project, done.made)
    sheet.refresh_from_db()
    assert (sheet.title, sheet.need) == ("Aller vers", "Un constat")


def test_an_undo_costs_the_same_for_many_rows(project: Project, queries: Counted) -> None:
    def cost(number: int) -> int:
        sheet = ActionFactory.create(project=project)
        rows = [ObjectiveFactory.create(action=sheet) for _ in range(number)]
        kept = [PlannedQuarterFactory.create(objective=row) for row in rows]
        gone = [PlannedQuarterFactory.create(objective=row, quarter=Q4 + 1) for row in rows]
        with doing(project) as done:
            PlannedQuarter.objects.filter(pk__in=[cell.pk for cell in kept]).update(state="fait")
            PlannedQuarter.objects.filter(pk__in=[cell.pk for cell in gone]).delete()
            PlannedQuarter.objects.bulk_create(
                PlannedQuarter(objective=row, quarter=Q4 + 2) for row in rows
            )
        return queries(lambda: take_back(project, done.made))

    # More rows than these are kept in several batches.
    assert cost(2) == cost(20)


# --- What stands in the way ---------------------------------------------------------------------


def test_a_value_rewritten_since(project: Project, sheet: Action, cast: Cast) -> None:
    with doing(project) as done:
        Action.objects.filter(pk=sheet.pk).update(title="Autre", need="Un constat")
    with writing(project, by=cast.bruno):
        Action.objects.filter(pk=sheet.pk).update(title="Encore autre")
    assert refusal(project, done.made) == (
        "Ce geste ne peut plus être annulé tel quel\u00a0: «\u00a01. Autre\u00a0» a été modifié "
        f"depuis par {cast.bruno.get_full_name()}."
    )


def test_a_row_gone_since(project: Project, sheet: Action, cast: Cast) -> None:
    row = ObjectiveFactory.create(action=sheet, title="Un")
    with doing(project) as done:
        Objective.objects.filter(pk=row.pk).update(title="Deux")
    with writing(project, by=cast.bruno):
        row.delete()
    assert "«\u00a0Deux\u00a0» a été retiré depuis par Bruno" in refusal(project, done.made)


def test_many_rows_written_since_are_not_all_named(project: Project, sheet: Action) -> None:
    rows = [ObjectiveFactory.create(action=sheet, title=f"Ligne {n}") for n in range(5)]
    with doing(project) as done:
        sheet.objectives.update(state="fait")
    with writing(project, by=None):
        sheet.objectives.update(state="en_cours")
    told = refusal(project, done.made)
    assert told.endswith("par quelqu’un d’autre, et 2 autres.")
    assert told.count("«") == 3
    assert len(rows) == 5


def test_an_added_row_rewritten_since(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        row = Objective.objects.create(action=sheet, title="Neuf")
    with writing(project, by=None):
        Objective.objects.filter(pk=row.pk).update(title="Repris")
    assert "«\u00a0Neuf\u00a0» a été modifié depuis" in refusal(project, done.made)


def test_something_hung_on_it_since(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        row = Objective.objects.create(action=sheet, title="Neuf")
    with writing(project, by=None):
        PlannedQuarter.objects.create(objective=row, quarter=Q4)
    assert refusal(project, done.made) == (
        "«\u00a0Neuf\u00a0» porte maintenant «\u00a0T4\u00a02026 prévu\u00a0»\u00a0: "
        "retirez d’abord ce qui y a été ajouté depuis."
    )


def test_something_that_needs_it_since(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        axis = Axis.objects.create(project=project, title="Axe")
    with writing(project, by=None):
        Action.objects.filter(pk=sheet.pk).update(axis=axis)
    assert "«\u00a0Axe\u00a0» porte maintenant «\u00a01. Aller vers\u00a0»" in (
        refusal(project, done.made)
    )


def test_a_number_taken_since(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        sheet.delete()
    ActionFactory.create(project=project, number=1)
    assert refusal(project, done.made) == (
        "«\u00a01. Aller vers\u00a0»\u00a0: Ce numéro est déjà celui d’une autre fiche."
    )


def test_a_title_taken_since(project: Project) -> None:
    axis = AxisFactory.create(project=project, title="Axe")
    with doing(project) as done:
        Axis.objects.filter(pk=axis.pk).update(title="Thème")
    AxisFactory.create(project=project, title="Axe")
    assert "Cet axe existe déjà dans ce projet." in refusal(project, done.made)


@pytest.mark.parametrize("whole", ["sheet", "group"])
def test_what_it_was_part_of_gone_since(project: Project, sheet: Action, whole: str) -> None:
    group = ProjectGroupFactory.create(action=sheet)
    row = ObjectiveFactory.create(action=sheet, parent=group)
    PlannedQuarterFactory.create(objective=row)
    with doing(project) as done:
        row.delete()
    with writing(project, by=None):
        (sheet if whole == "sheet" else group).delete()
    assert refusal(project, done.made) == (
        "Une ligne ne peut pas revenir\u00a0: ce dont elle faisait partie a été retiré depuis. "
        "Annulez d’abord ce retrait."
    )


def test_a_structure_of_the_directory_gone_since(project: Project, sheet: Action) -> None:
    holder = OrganisationFactory.create(territory=project.territory)
    role = ActionRoleFactory.create(action=sheet, organisation=holder, label="")
    with doing(project) as done:
        role.delete()
    holder.delete()
    assert refusal(project, done.made)


def test_a_rule_of_the_row_that_does_not_hold_any_more(project: Project, sheet: Action) -> None:
    group = ProjectGroupFactory.create(action=sheet)
    row = ObjectiveFactory.create(action=sheet, parent=group)
    with doing(project) as done:
        Objective.objects.filter(pk=row.pk).update(parent=None)
    with writing(project, by=None):
        Objective.objects.filter(pk=group.pk).update(kind=ObjectiveKind.OBJECTIVE)
    assert "Un objectif se range sous un projet de la même fiche." in refusal(project, done.made)


def test_twice(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        sheet.delete()
    take_back(project, done.made)
    assert "«\u00a01. Aller vers\u00a0» est déjà revenu." in refusal(project, done.made)


def test_a_kind_of_row_that_the_application_has_dropped(project: Project, sheet: Action) -> None:
    with doing(project) as done:
        Action.objects.filter(pk=sheet.pk).update(title="Autre")
    done.made.changes.update(model="roadmap.gone")
    assert "ne connaît plus" in refusal(project, done.made)


def test_a_column_that_the_application_has_dropped_stays_behind(
    project: Project, sheet: Action
) -> None:
    with doing(project) as done:
        Action.objects.filter(pk=sheet.pk).update(title="Autre", need="Un constat")
    done.made.changes.filter(field="need").update(field="gone")
    take_back(project, done.made)
    sheet.refresh_from_db()
    assert (sheet.title, sheet.need) == ("Aller vers", "Un constat")


def test_a_thousand_rows_that_lead_to_a_thousand_others(project: Project, sheet: Action) -> None:
    with unsigned():
        rows = Objective.objects.bulk_create(
            Objective(action=sheet, title=f"Ligne {rank}", position=rank) for rank in range(1_001)
        )
        PlannedQuarter.objects.bulk_create(PlannedQuarter(objective=r, quarter=Q4) for r in rows)
    with doing(project) as done:
        PlannedQuarter.objects.filter(objective__action=sheet).delete()
    take_back(project, done.made)
    assert PlannedQuarter.objects.filter(objective__action=sheet).count() == 1_001
