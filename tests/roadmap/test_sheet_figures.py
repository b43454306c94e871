"""Progress, lateness, completeness, money: the rules of one sheet, without a page."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quarters import Quarter
from roadmap.enums import CellState, FundingState, ObjectiveState, RoleKind, Status
from roadmap.models import Action
from roadmap.summaries import (
    Lateness,
    Progress,
    Schedule,
    completeness_of,
    funding_of,
    is_done_with_leaves_undone,
    lateness_of,
    progress_of,
    role_groups_of,
    rows_of,
    schedule_of,
    summarise,
)
from tests.factories import (
    ActionFactory,
    ActionIndicatorFactory,
    ActionRoleFactory,
    AxisFactory,
    FundingLineFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PersonFactory,
    PlannedQuarterFactory,
    ProjectGroupFactory,
    unsigned,
)

NOW = Quarter.of(2026, 4)

pytestmark = pytest.mark.django_db


def loaded(action: Action) -> Action:
    return Action.objects.for_sheet().get(pk=action.pk)


def planned(action: Action, quarter: Quarter, **fields: object) -> None:
    cell = {"state": fields.pop("cell", CellState.PLANNED)}
    objective = ObjectiveFactory.create(action=action, **fields)
    PlannedQuarterFactory.create(objective=objective, quarter=quarter.index, **cell)


def test_progress_counts_leaves_and_forgets_the_abandoned() -> None:
    action = ActionFactory.create()
    group = ProjectGroupFactory.create(action=action)
    ObjectiveFactory.create(action=action, parent=group, state=ObjectiveState.DONE)
    ObjectiveFactory.create(action=action, parent=group, state=ObjectiveState.RUNNING)
    ObjectiveFactory.create(action=action, state=ObjectiveState.DROPPED)
    assert progress_of(loaded(action)) == Progress(done=1, total=2)


def test_a_project_without_children_is_a_leaf() -> None:
    action = ActionFactory.create()
    ProjectGroupFactory.create(action=action, state=ObjectiveState.DONE)
    assert progress_of(loaded(action)) == Progress(done=1, total=1)


def test_progress_without_objective_says_so() -> None:
    progress = progress_of(loaded(ActionFactory.create()))
    assert (progress.label, progress.percent) == ("sans objectif", 0)


def test_progress_says_100_only_when_all_is_done() -> None:
    assert Progress(done=199, total=200).percent == 99
    assert Progress(done=200, total=200).percent == 100


def test_sheet_is_late_by_its_oldest_leaf() -> None:
    action = ActionFactory.create()
    planned(action, Quarter.of(2026, 2))
    planned(action, Quarter.of(2025, 4))
    planned(action, Quarter.of(2027, 1))
    lateness = lateness_of(loaded(action), on=NOW)
    assert lateness == Lateness(4)
    assert lateness.label == "en retard de 4\u00a0trimestres"


def test_one_quarter_late_is_told_in_the_singular() -> None:
    assert Lateness(1).label == "en retard d’un\u00a0trimestre"


def test_what_is_planned_in_the_current_quarter_is_not_late() -> None:
    action = ActionFactory.create()
    planned(action, NOW)
    lateness = lateness_of(loaded(action), on=NOW)
    assert (lateness, lateness.label, lateness.is_late) == (Lateness(0), "", False)


@pytest.mark.parametrize("state", [ObjectiveState.DONE, ObjectiveState.DROPPED])
def test_an_ended_leaf_is_never_late(state: ObjectiveState) -> None:
    action = ActionFactory.create()
    planned(action, Quarter.of(2025, 1), state=state)
    assert lateness_of(loaded(action), on=NOW) == Lateness(0)


@pytest.mark.parametrize("status", [Status.DONE, Status.SUSPENDED, Status.DROPPED])
def test_a_stopped_sheet_is_never_late(status: Status) -> None:
    action = ActionFactory.create(status=status, status_reason="attente")
    planned(action, Quarter.of(2025, 1))
    assert lateness_of(loaded(action), on=NOW) == Lateness(0)


def test_without_any_plan_there_is_no_calendar() -> None:
    action = ActionFactory.create()
    ObjectiveFactory.create(action=action)
    assert lateness_of(loaded(action), on=NOW).label == "sans calendrier"


def test_a_slipped_quarter_counts_only_when_none_replaced_it() -> None:
    action = ActionFactory.create()
    objective = ObjectiveFactory.create(action=action)
    PlannedQuarterFactory.create(
        objective=objective, quarter=Quarter.of(2026, 1).index, state=CellState.SLIPPED
    )
    assert lateness_of(loaded(action), on=NOW) == Lateness(3)
    PlannedQuarterFactory.create(objective=objective, quarter=Quarter.of(2027, 1).index)
    assert lateness_of(loaded(action), on=NOW) == Lateness(0)


def test_schedule_is_of_the_leaves_not_ended() -> None:
    action = ActionFactory.create()
    assert schedule_of(loaded(action), on=NOW) == Schedule(None, None)
    planned(action, Quarter.of(2030, 1), state=ObjectiveState.DONE)
    planned(action, Quarter.of(2026, 2))
    assert schedule_of(loaded(action), on=NOW) == Schedule(None, Quarter.of(2026, 2))
    planned(action, Quarter.of(2027, 3))
    planned(action, Quarter.of(2027, 1))
    assert schedule_of(loaded(action), on=NOW) == Schedule(Quarter.of(2027, 1), Quarter.of(2027, 3))


def test_a_role_prints_its_label_else_the_person_else_the_organisation() -> None:
    person = PersonFactory.create(first_name="Ève", last_name="Roy")
    structure = OrganisationFactory.create(name="CH du Val")
    role = ActionRoleFactory.create(label="Le pôle", person=person, organisation=structure)
    assert role.printed == "Le pôle"
    role.label = ""
    assert (role.printed, role.code) == ("Ève Roy", f"personne:{person.pk}")
    role.person = None
    assert (role.printed, role.code) == ("CH du Val", f"organisation:{structure.pk}")


def test_lateness_is_told_of_the_quarter_asked_and_not_of_today() -> None:
    action = ActionFactory.create()
    planned(action, Quarter.of(2026, 2))
    assert lateness_of(loaded(action), on=Quarter.of(2026, 3)) == Lateness(1)


def test_an_empty_sheet_misses_nine_points_of_ten() -> None:
    completeness = completeness_of(loaded(ActionFactory.create()))
    assert completeness.percent == 10
    assert [point.code for point in completeness.missing] == [
        "constat", "public", "axe", "pilote", "partenaires", "objectifs", "planning",
        "financement", "indicateurs",
    ]  # fmt: skip


def test_a_full_sheet_is_complete() -> None:
    action = ActionFactory.create(need="Un constat.", audience="Adultes")
    action.axis = AxisFactory.create(project=action.project)
    with unsigned():
        action.save()
    pilot = OrganisationFactory.create(territory=action.project.territory)
    ActionRoleFactory.create(action=action, organisation=pilot)
    ActionRoleFactory.create(action=action, kind=RoleKind.PARTNER, label="MDA")
    planned(action, NOW)
    FundingLineFactory.create(action=action)
    ActionIndicatorFactory.create(action=action)
    assert completeness_of(loaded(action)).percent == 100


def test_a_free_text_is_no_pilot() -> None:
    action = ActionFactory.create()
    ActionRoleFactory.create(action=action, label="à déterminer par les pilotes")
    assert "pilote" in [point.code for point in completeness_of(loaded(action)).missing]


def test_money_adds_up_by_state_and_refused_money_counts_nowhere() -> None:
    action = ActionFactory.create()
    for state, amount in [
        (FundingState.ASKED, "100.10"), (FundingState.ASKED, "200.20"),
        (FundingState.GRANTED, "5"), (FundingState.REFUSED, "1000"), (FundingState.ASKED, None),
    ]:  # fmt: skip
        value = None if amount is None else Decimal(amount)
        FundingLineFactory.create(action=action, state=state, amount=value)
    totals = funding_of(loaded(action))
    assert (totals.asked, totals.granted, totals.considered) == (
        Decimal("300.30"),
        Decimal(5),
        Decimal(),
    )


def test_rows_without_parent_come_first_then_each_project_and_its_own() -> None:
    action = ActionFactory.create()
    second = ProjectGroupFactory.create(action=action, title="P2", position=2)
    first = ProjectGroupFactory.create(action=action, title="P1", position=1)
    ObjectiveFactory.create(action=action, parent=second, title="P2.1", position=0)
    ObjectiveFactory.create(action=action, parent=first, title="P1.2", position=9)
    ObjectiveFactory.create(action=action, parent=first, title="P1.1", position=8)
    ObjectiveFactory.create(action=action, title="seul", position=5)
    titles = [row.title for row in rows_of(loaded(action))]
    assert titles == ["seul", "P1", "P1.1", "P1.2", "P2", "P2.1"]


def test_a_role_on_one_objective_is_told_with_it_and_is_not_the_sheet_s() -> None:
    action = ActionFactory.create()
    row = ObjectiveFactory.create(action=action, label="1)", title="Créer un groupe")
    ActionRoleFactory.create(
        action=action, objective=row, kind=RoleKind.PILOT_GROUP, label="cf fiche action"
    )
    groups = {group.label: group.entries for group in role_groups_of(loaded(action))}
    assert groups["Groupe pilote"][0].objective == "1) Créer un groupe"
    assert groups["Pilotes"] == ()
    assert summarise(loaded(action), on=NOW).pilots == ()


def test_done_with_leaves_undone_is_told() -> None:
    action = ActionFactory.create(status=Status.DONE)
    assert not is_done_with_leaves_undone(loaded(action))
    ObjectiveFactory.create(action=action)
    assert is_done_with_leaves_undone(loaded(action))


def test_figures_of_a_loaded_sheet_cost_no_query(queries: object) -> None:
    action = ActionFactory.create()
    planned(action, NOW)
    ActionRoleFactory.create(action=action)
    FundingLineFactory.create(action=action)
    sheet = loaded(action)
    assert queries(lambda: (summarise(sheet, on=NOW), role_groups_of(sheet))) == 0  # type: ignore[operator]


@given(done=st.integers(0, 500), left=st.integers(0, 500))
def test_percent_stays_between_0_and_100(done: int, left: int) -> None:
    progress = Progress(done=done, total=done + left)
    assert 0 <= progress.percent <= 100
    assert (progress.percent == 100) == (left == 0 and done > 0)
