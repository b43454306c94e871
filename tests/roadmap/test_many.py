"""What the base works out for many roadmaps says what the figures of one sheet say."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core.quarters import Quarter
from roadmap.enums import CellState, ObjectiveState, Status
from roadmap.models import Action, Objective, PlannedQuarter
from roadmap.summaries import lateness_of, progress_of
from territories.models import Project
from tests.cast import Cast
from tests.factories import unsigned

NOW = Quarter.of(2026, 2)
CELLS = some.dictionaries(
    some.integers(NOW.index - 3, NOW.index + 3), some.sampled_from(CellState), max_size=3
)
ROWS = some.tuples(some.sampled_from(ObjectiveState), some.booleans(), CELLS)
SHEETS = some.tuples(some.sampled_from(Status), some.lists(ROWS, max_size=3))
numbers = itertools.count(1)


def written(project: Project, status: Status, rows: list) -> Action:
    """A sheet whose rows, where they say so, stand under a « Projet »."""
    with unsigned():
        sheet = Action.objects.create(
            project=project, number=next(numbers), title="Fiche", status=status, status_reason="x"
        )
        group = None
        for position, (state, is_grouped, cells) in enumerate(rows):
            if is_grouped and group is None:
                group = Objective.objects.create(action=sheet, kind="projet", title="Projet")
            row = Objective.objects.create(
                action=sheet,
                position=position,
                title="Rang",
                state=state,
                parent=group if is_grouped else None,
            )
            for quarter, kind in cells.items():
                PlannedQuarter.objects.create(objective=row, quarter=quarter, state=kind)
    return sheet


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sheets=some.lists(SHEETS, min_size=1, max_size=4))
def test_the_base_and_the_figures_agree(cast: Cast, sheets: list) -> None:
    keys = [written(cast.project, *sheet).pk for sheet in sheets]
    chosen = Action.objects.filter(pk__in=keys)
    whole = {sheet.pk: sheet for sheet in chosen.for_list()}
    late = set(chosen.late_on(NOW.index).values_list("pk", flat=True))
    assert late == {key for key, one in whole.items() if lateness_of(one, on=NOW).is_late}
    for light in chosen.for_rows():
        assert progress_of(light) == progress_of(whole[light.pk])
        assert lateness_of(light, on=NOW) == lateness_of(whole[light.pk], on=NOW)
