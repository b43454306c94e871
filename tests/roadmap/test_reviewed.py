"""What the closing of a review writes on the sheets, and what it leaves alone."""

from collections.abc import Callable

import pytest

from core.quarters import Quarter
from core.text import NBSP
from journal.models import Change
from roadmap.enums import CellState, ObjectiveState, Status, Weather
from roadmap.models import Action, Objective, PlannedQuarter
from roadmap.services.lifecycle import retire_sheet
from roadmap.services.reviewed import ReviewedObjective, ReviewedSheet, state_of, write_reviewed
from roadmap.summaries import planning_grid
from territories.writing import writing
from tests.factories import ActionFactory, ObjectiveFactory, PlannedQuarterFactory, UserFactory

pytestmark = pytest.mark.django_db

REVIEWED = Quarter.of(2026, 4)
LAST, NOW, NEXT, LATER = (REVIEWED.index + step for step in (-1, 0, 1, 3))
P, D, S = CellState.PLANNED, CellState.DONE, CellState.SLIPPED


@pytest.fixture
def sheet() -> Action:
    return ActionFactory.create(number=1, status=Status.NOT_STARTED)


def planned(sheet: Action, *quarters: int, state: str = ObjectiveState.TODO) -> Objective:
    row = ObjectiveFactory.create(action=sheet, state=state)
    for quarter in quarters:
        PlannedQuarterFactory.create(objective=row, quarter=quarter)
    return row


def say(sheet: Action, *objectives: ReviewedObjective, reason: str = "", **said: str) -> None:
    """What the review says of one sheet, written."""
    reviewed = ReviewedSheet(
        action=sheet.pk,
        status=Status(said.get("status", Status.RUNNING)),
        status_reason=reason,
        weather=said.get("weather", Weather.REACHABLE),
        objectives=objectives,
    )
    with writing(sheet.project, by=UserFactory.create()):
        write_reviewed([reviewed], quarter=REVIEWED)
    sheet.refresh_from_db()


def cells_of(row: Objective) -> dict[int, str]:
    cells = PlannedQuarter.objects.filter(objective=row)
    return dict(cells.order_by("quarter").values_list("quarter", "state"))


def test_the_sheet_says_what_the_review_found_and_when(sheet: Action) -> None:
    say(sheet, status=Status.SUSPENDED, reason="Poste vacant", weather=Weather.COMPROMISED)
    assert (sheet.status, sheet.status_reason) == (Status.SUSPENDED, "Poste vacant")
    assert (sheet.weather, sheet.reviewed_quarter) == (Weather.COMPROMISED, REVIEWED.index)
    assert Action.objects.matching("vacant").get() == sheet
    changes = Change.objects.filter(subject=sheet.subject).exclude(field="")
    fields = changes.values_list("field", flat=True)
    assert sorted(fields) == ["reviewed_quarter", "status", "status_reason", "weather"]


def test_what_is_done_is_marked_up_to_the_quarter_reviewed(sheet: Action) -> None:
    row = planned(sheet, LAST, NOW, NEXT)
    say(sheet, ReviewedObjective(row.pk, ObjectiveState.DONE))
    row.refresh_from_db()
    assert row.state == ObjectiveState.DONE
    assert cells_of(row) == {LAST: D, NOW: D, NEXT: P}


def test_what_slipped_leaves_every_quarter_before_the_new_one(sheet: Action) -> None:
    row = planned(sheet, LAST, NEXT)
    say(sheet, ReviewedObjective(row.pk, ObjectiveState.TODO, slipped_to=LATER))
    assert cells_of(row) == {LAST: S, NEXT: S, LATER: P}


def test_what_slips_into_a_quarter_already_planned_keeps_what_follows(sheet: Action) -> None:
    row = planned(sheet, NOW, NEXT, LATER)
    say(sheet, ReviewedObjective(row.pk, ObjectiveState.RUNNING, slipped_to=NEXT))
    assert cells_of(row) == {NOW: S, NEXT: P, LATER: P}


def test_a_second_slip_leaves_the_first_one_written(sheet: Action) -> None:
    row = planned(sheet, NOW)
    say(sheet, ReviewedObjective(row.pk, ObjectiveState.TODO, slipped_to=NEXT))
    say(sheet, ReviewedObjective(row.pk, ObjectiveState.TODO, slipped_to=LATER))
    assert cells_of(row) == {NOW: S, NEXT: S, LATER: P}


def test_a_slip_beyond_the_window_of_the_planning_is_kept_and_told(sheet: Action) -> None:
    project = sheet.project
    project.planning_first, project.planning_last = LAST, NEXT
    with writing(project, by=UserFactory.create()):
        project.save()
    row = planned(sheet, NOW)
    say(sheet, ReviewedObjective(row.pk, ObjectiveState.TODO, slipped_to=LATER))
    assert cells_of(row) == {NOW: S, LATER: P}
    found = list(Action.objects.filter(pk=sheet.pk).for_list())
    grid = planning_grid(found, quarters=project.planning_quarters, on=REVIEWED)
    remarks = grid.groups[0].rows[0].remarks
    assert remarks == (f"hors période{NBSP}: {Quarter(LATER)} (prévu)",)


def test_an_objective_removed_meanwhile_is_left_out(sheet: Action) -> None:
    gone, kept = planned(sheet, NOW), planned(sheet, NOW)
    key = gone.pk
    with writing(sheet.project, by=UserFactory.create()):
        gone.delete()
    say(
        sheet,
        ReviewedObjective(key, ObjectiveState.DONE),
        ReviewedObjective(kept.pk, ObjectiveState.DONE),
    )
    assert cells_of(kept) == {NOW: D}
    assert not Objective.objects.filter(pk=key).exists()


def test_a_sheet_retired_meanwhile_stays_as_it_was(sheet: Action) -> None:
    row = planned(sheet, NOW)
    retire_sheet(action=sheet, reason="Fusionnée", by=UserFactory.create())
    say(sheet, ReviewedObjective(row.pk, ObjectiveState.DONE))
    assert (sheet.status, sheet.reviewed_quarter) == (Status.NOT_STARTED, None)
    assert cells_of(row) == {NOW: P}


def test_nothing_to_say_writes_nothing(sheet: Action) -> None:
    with writing(sheet.project, by=UserFactory.create()) as made:
        write_reviewed([], quarter=REVIEWED)
    assert made.changeset is None


def test_a_state_differs_once_the_sheet_was_edited(sheet: Action) -> None:
    row = planned(sheet, NOW)

    def state() -> object:
        return state_of(Action.objects.for_list().get(pk=sheet.pk))

    before = state()
    assert state() == before
    say(sheet, ReviewedObjective(row.pk, ObjectiveState.TODO, slipped_to=NEXT))
    assert state() != before


def test_sixty_sheets_cost_as_many_queries_as_two(
    queries: Callable[[Callable[[], object]], int], sheet: Action
) -> None:
    def cost(count: int) -> int:
        sheets = [ActionFactory.create(project=sheet.project) for _ in range(count)]
        rows = [planned(each, NOW) for each in sheets]
        reviewed = [
            ReviewedSheet(
                action=each.pk,
                status=Status.RUNNING,
                status_reason="",
                weather="",
                objectives=(ReviewedObjective(row.pk, ObjectiveState.DONE),),
            )
            for each, row in zip(sheets, rows, strict=True)
        ]
        lead = UserFactory.create()

        def act() -> None:
            with writing(sheet.project, by=lead):
                write_reviewed(reviewed, quarter=REVIEWED)

        return queries(act)

    # The base writes long batches in several goes.
    assert cost(60) <= cost(2) + 4
