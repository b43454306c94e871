"""Whatever is done to a sheet, the journal tells it: backwards, forwards, from the start."""

import contextlib
from collections.abc import Callable, Iterable

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.quarters import Quarter
from journal.models import Change, ChangeSet
from journal.undoing import undo
from roadmap.enums import CellState, ObjectiveKind, ObjectiveState, RoleKind
from roadmap.models import Action, ActionRole, FundingLine, Objective, PlannedQuarter, Theme
from territories.models import Project
from territories.writing import writing
from tests.factories import ActionFactory, ObjectiveFactory, ProjectGroupFactory
from tests.journal.states import replayed, state_of

FIRST = Quarter.of(2026, 1).index
# What is done, to which row of those that there are, with which number.
Step = tuple[str, int, int]
WORDS = ["", "Créer un groupe", "Été · « cœur »", "الصحة", "🙂"]


def objectives(sheet: Action, which: int) -> list[Objective]:
    """One of the rows, if there is any."""
    rows = list(sheet.objectives.order_by("pk"))
    return [rows[which % len(rows)]] if rows else []


def add_objective(sheet: Action, which: int, number: int) -> None:
    parents = [row for row in objectives(sheet, which) if row.is_project]
    Objective.objects.create(
        action=sheet,
        parent=parents[0] if parents and number % 2 else None,
        title=WORDS[number % len(WORDS)],
        position=number,
    )


def remove_objective(sheet: Action, which: int, _number: int) -> None:
    for row in objectives(sheet, which):
        row.delete()


def rewrite(sheet: Action, which: int, number: int) -> None:
    for row in objectives(sheet, which):
        row.title = WORDS[number % len(WORDS)]
        row.state = ObjectiveState.values[number % len(ObjectiveState.values)]
        row.save()


def regroup(sheet: Action, which: int, number: int) -> None:
    group = sheet.objectives.filter(kind=ObjectiveKind.PROJECT).order_by("pk").first()
    rows = [row.pk for row in objectives(sheet, which) if not row.is_project]
    sheet.objectives.filter(pk__in=rows).update(parent=group if number % 2 else None)


def reorder(sheet: Action, _which: int, number: int) -> None:
    rows = list(sheet.objectives.order_by("pk"))
    for rank, row in enumerate(rows):
        row.position = (rank + number) % len(rows)
    Objective.objects.bulk_update(rows, ["position"])


def plan(sheet: Action, which: int, number: int) -> None:
    for row in objectives(sheet, which):
        PlannedQuarter.objects.get_or_create(objective=row, quarter=FIRST + number)


def unplan(sheet: Action, which: int, number: int) -> None:
    for row in objectives(sheet, which):
        row.planned_quarters.filter(quarter__gte=FIRST + number).delete()


def fulfil(sheet: Action, _which: int, number: int) -> None:
    cells = PlannedQuarter.objects.filter(objective__action=sheet)
    cells.update(state=CellState.values[number % len(CellState.values)])


def tie(sheet: Action, which: int, number: int) -> None:
    for row in objectives(sheet, which):
        ActionRole.objects.create(
            action=sheet, objective=row, kind=RoleKind.PARTNER, label=f"Partenaire {number}"
        )
        FundingLine.objects.create(action=sheet, objective=row, label="ARS", amount=number)


def sort(sheet: Action, _which: int, number: int) -> None:
    sheet.themes.set(Theme.objects.filter(position__gte=number % 6))


def renumber(sheet: Action, _which: int, _number: int) -> None:
    other = Action.objects.of(sheet.project).exclude(pk=sheet.pk).get()
    present = Action.objects.in_bulk([sheet.pk, other.pk])
    Action.objects.renumber(
        {sheet.pk: present[other.pk].number, other.pk: present[sheet.pk].number}
    )


GESTURES: dict[str, Callable[[Action, int, int], None]] = {
    function.__name__: function
    for function in (
        add_objective,
        remove_objective,
        rewrite,
        regroup,
        reorder,
        plan,
        unplan,
        fulfil,
        tie,
        sort,
        renumber,
    )
}
steps = st.tuples(st.sampled_from(sorted(GESTURES)), st.integers(0, 5), st.integers(0, 9))
# Gestures of one or several writes each.
histories = st.lists(st.lists(steps, min_size=1, max_size=3), min_size=1, max_size=7)


def play(sheet: Action, gestures: Iterable[list[Step]]) -> list[ChangeSet]:
    """Do these to the sheet; the change sets, in order. What a rule refuses is not done."""
    kept = []
    for writes in gestures:
        with writing(sheet.project, by=None) as made:
            for name, which, number in writes:
                with contextlib.suppress(IntegrityError), transaction.atomic():
                    GESTURES[name](sheet, which, number)
        if made.changeset is not None:
            kept.append(made.changeset)
    return kept


def undo_all(project: Project, made: Iterable[ChangeSet]) -> list[ChangeSet]:
    """Take these back one after the other; what was made by that."""
    undone = []
    for changeset in made:
        with writing(project, by=None, undoes=changeset) as again:
            undo(list(changeset.changes.order_by("rank")))
        assert again.changeset is not None
        undone.append(again.changeset)
    return undone


@pytest.mark.django_db
class TestHistory(TestCase):
    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(history=histories)
    def test_undone_then_redone_it_is_exactly_as_it_was(self, history: list[list[Step]]) -> None:
        sheet = ActionFactory.create(number=1)
        project = sheet.project
        ActionFactory.create(project=project, number=2)
        group = ProjectGroupFactory.create(action=sheet)
        ObjectiveFactory.create(action=sheet, parent=group)
        ObjectiveFactory.create(action=sheet)
        start, since = state_of(project), Change.objects.latest("pk").pk

        made = play(sheet, history)
        end = state_of(project)
        assert replayed(start, since) == end
        project.refresh_from_db()
        assert project.revision == len(made)
        assert [one.revision for one in made] == list(range(1, len(made) + 1))

        undone = undo_all(project, reversed(made))
        assert state_of(project) == start
        undo_all(project, reversed(undone))
        assert state_of(project) == end
        assert replayed(start, since) == end
