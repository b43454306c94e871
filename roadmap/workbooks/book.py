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
    Priority,
    Theme,
)
from roadmap.services.attached import Directory
from roadmap.summaries.sheets import rows_of
from roadmap.workbooks.lists import lists_of
from territories.models import Project

SHOWN = 80


class Book:
    """What a workbook may name: a project, its sheets of `for_sheet()`, and the reference data.

    Nine queries, whatever the roadmap, and two for the directory where it is read; retired sheets
    are loaded, and told apart. Of `actions` loaded already, no more is read than was loaded: one
    query.
    """

    def __init__(self, project: Project, *, actions: Iterable[Action] | None = None) -> None:
        self.project = project
        lists = lists_of(project)
        self.priorities: dict[int, Priority] = lists[Priority]
        self.themes: dict[int, Theme] = lists[Theme]
        self.axes: dict[int, Axis] = lists[Axis]
        self.actions: dict[int, Action] = {}
        if actions is None:
            self._load_whole()
            return
        for action in actions:
            action.project = project
            self.actions[action.pk] = action

    def _load_whole(self) -> None:
        """Every sheet, and from each of its parts the way back to it."""
        for action in Action.objects.filter(project=self.project).for_sheet().in_order():
            action.project = self.project
            self.actions[action.pk] = action
            for row in self.parts_of(action):
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
        return self.directory.without_people()

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
        """Every row that is part of a sheet, its cells aside; no query."""
        for name in ("objectives", *ATTACHED.values()):
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
