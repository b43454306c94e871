"""A roadmap as its workbook tells it: loaded once, its rows by key, its words both ways."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from core.text import clean_line, fold
from roadmap.models import (
    Action,
    ActionIndicator,
    ActionRole,
    Axis,
    FundingLine,
    Objective,
    PlannedQuarter,
    Priority,
    Theme,
)
from roadmap.services.attached import Directory
from roadmap.summaries.sheets import rows_of
from territories.models import Project

SHOWN = 80


class Book:
    """What a workbook may name: a project, its sheets of `for_list()`, and the reference data.

    About fifteen queries, whatever the roadmap; retired sheets are loaded, and told apart.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        everything = Action.objects.filter(project=project).for_list().in_order()
        self.actions: dict[int, Action] = {action.pk: action for action in everything}
        self.priorities = {one.pk: one for one in Priority.objects.order_by("number")}
        self.themes = {one.pk: one for one in Theme.objects.order_by("position")}
        self.axes = {
            one.pk: one for one in Axis.objects.filter(project=project).order_by("position", "pk")
        }
        for action in self.actions.values():
            action.project = project
            for row in self.parts_of(action):
                if not isinstance(row, PlannedQuarter):
                    row.action = action

    @property
    def live(self) -> list[Action]:
        """The sheets of the roadmap, by number."""
        return [action for action in self.actions.values() if not action.is_retired]

    @cached_property
    def directory(self) -> Directory:
        """Who may hold a role."""
        return Directory(self.project.territory)

    @cached_property
    def funders(self) -> Directory:
        """Who may pay: no person does."""
        return Directory(self.project.territory, with_people=False)

    @cached_property
    def objectives(self) -> dict[int, Objective]:
        return {row.pk: row for action in self.actions.values() for row in rows_of(action)}

    @cached_property
    def ranks(self) -> dict[int, int]:
        """Where each objective stands in its sheet, from 1."""
        return {
            row.pk: rank
            for action in self.actions.values()
            for rank, row in enumerate(rows_of(action), start=1)
        }

    def rows(self, model: type[Any], actions: Iterable[Action]) -> list[Any]:
        """What of that kind hangs on these sheets, in reading order."""
        found: list[Any] = []
        for action in actions:
            if model is Action:
                found.append(action)
            elif model is Objective:
                found.extend(rows_of(action))
            else:
                found.extend(getattr(action, ATTACHED[model]).all())
        return found

    @cached_property
    def words(self) -> dict[int, str]:
        """« 3. 1) Créer un groupe… »: objectives as another sheet of the workbook names them."""
        return {
            key: f"{self.ranks[key]}. {shortened(printed_words(row.kind, row.label, row.title))}"
            for key, row in self.objectives.items()
        }

    def parts_of(self, action: Action) -> Iterable[Any]:
        """Every row that is part of a sheet, its cells included; no query."""
        for objective in action.objectives.all():
            yield objective
            yield from objective.planned_quarters.all()
        for name in ATTACHED.values():
            yield from getattr(action, name).all()


ATTACHED: Mapping[type[Any], str] = {
    ActionRole: "roles",
    FundingLine: "funding_lines",
    ActionIndicator: "indicators",
}


def printed_words(kind: str, label: str, title: str) -> str:
    """An objective as it is printed, without the blanks that a cell does not keep."""
    return Objective(kind=kind, label=clean_line(label), title=clean_line(title)).printed


def shortened(words: str) -> str:
    """On one line, and no longer than a list shows."""
    line = " ".join(words.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1].rstrip()}…"


def same_words(one: str, other: str) -> bool:
    """Whether people would read the same, accents and case aside."""
    return fold(one) == fold(other)
