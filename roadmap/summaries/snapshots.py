"""The form in which a version keeps a roadmap: written, and read back as rows that are not saved.

Plain values in a fixed order, so that equal roadmaps are equal texts. Names go in as they are
printed, never an e-mail nor a telephone; keys are those of the base, so that two versions can be
compared. `SCHEMA` numbers the form: a column that comes, goes or changes its meaning is a new one,
and `state_of` goes on reading the earlier ones.
"""

import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import models

from governance.models import Organisation, Person
from journal.tracing import plain_values
from roadmap.models import (
    Action,
    ActionIndicator,
    ActionRole,
    Axis,
    FormerNumber,
    FundingLine,
    Objective,
    Priority,
    PriorityHeading,
    Theme,
)
from territories.models import FormalAct, Project, Territory

SCHEMA = 1

Row = TypeVar("Row", bound=models.Model)
Values = dict[str, Any]
Snapshot = dict[str, Any]

# What is kept of each row, beside its key.
COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    Territory: ("code", "name", "time_zone", "is_fictional"),
    Project: (
        "generation",
        "title",
        "author",
        "edition",
        "source",
        "stage",
        "starts_on",
        "ends_on",
        "planning_first",
        "planning_last",
    ),
    FormalAct: ("kind", "dated_on", "reference"),
    Priority: ("number", "article", "short_label", "text"),
    Theme: ("position", "title"),
    Axis: ("position", "label", "title"),
    PriorityHeading: ("priority", "title", "planning_note"),
    Organisation: ("name", "short_name"),
    Person: ("first_name", "last_name"),
    Action: (
        "number",
        "title",
        "planning_title",
        "priority",
        "axis",
        "need",
        "aim",
        "audience",
        "area",
        "method",
        "means",
        "remarks",
        "status",
        "status_reason",
        "weather",
        "reviewed_quarter",
    ),
    FormerNumber: ("number", "until"),
    Objective: (
        "parent",
        "kind",
        "position",
        "label",
        "title",
        "summary_label",
        "summary_title",
        "in_summary",
        "in_planning",
        "state",
        "planning_note",
        "note_first",
        "note_last",
    ),
    ActionRole: ("objective", "kind", "label", "organisation", "person", "position"),
    FundingLine: (
        "objective",
        "label",
        "organisation",
        "source",
        "year",
        "amount",
        "state",
        "position",
    ),
    ActionIndicator: (
        "objective",
        "kind",
        "label",
        "value",
        "target",
        "target_quarter",
        "position",
    ),
}
# The lists of a sheet, by the name of its relation.
LISTS: dict[str, type[models.Model]] = {
    "former_numbers": FormerNumber,
    "roles": ActionRole,
    "funding_lines": FundingLine,
    "indicators": ActionIndicator,
}


# --- Writing ------------------------------------------------------------------------------------


def snapshot_of(
    project: Project,
    sheets: Sequence[Action],
    *,
    headings: Iterable[PriorityHeading],
    act: FormalAct | None,
    stated_at: dt.datetime,
    quarter: int,
) -> Snapshot:
    """All that papers say of a roadmap. Expects `for_sheet()` and its former numbers; in order.

    `stated_at` is the moment of the last change, `quarter` the one in which lateness is counted.
    Two queries: the priorities and the themes.
    """
    return {
        "territory": _kept(project.territory),
        "project": _kept(project) | {"changed_at": stated_at.astimezone(dt.UTC).isoformat()},
        "quarter": quarter,
        "act": None if act is None else _kept(act),
        "priorities": _all_kept(Priority.objects.order_by("number")),
        "themes": _all_kept(Theme.objects.order_by("position")),
        "axes": _named_by(sheets, "axis"),
        "headings": _all_kept(headings),
        "organisations": _named_under(sheets, "organisation"),
        "people": _named_under(sheets, "person"),
        "sheets": [_sheet(sheet) for sheet in sheets],
    }


def _sheet(action: Action) -> Values:
    return _kept(action) | {
        "secondary_priorities": [priority.pk for priority in action.secondary_priorities.all()],
        "themes": [theme.pk for theme in action.themes.all()],
        "objectives": [
            _kept(row)
            | {"cells": {str(quarter): row.cells[quarter] for quarter in sorted(row.cells)}}
            for row in action.objectives.all()
        ],
        **{name: _all_kept(getattr(action, name).all()) for name in LISTS},
    }


def _kept(row: models.Model) -> Values:
    values = plain_values(row)
    return {"key": row.pk} | {name: values[name] for name in COLUMNS[type(row)]}


def _all_kept(rows: Iterable[models.Model]) -> list[Values]:
    return [_kept(row) for row in rows]


def _named_by(rows: Iterable[models.Model], name: str) -> list[Values]:
    """The rows that these point at, each once, by key."""
    found = {row.pk: row for each in rows if (row := getattr(each, name, None)) is not None}
    return [_kept(found[key]) for key in sorted(found)]


def _named_under(sheets: Iterable[Action], name: str) -> list[Values]:
    """Whom the roles and the funding lines of these sheets name."""
    holders = (row for sheet in sheets for row in (*sheet.roles.all(), *sheet.funding_lines.all()))
    return _named_by(holders, name)


# --- Reading ------------------------------------------------------------------------------------


class Reader:
    """The rows that a snapshot holds, made again with the keys that they had, none of them saved.

    Nothing here makes a query: what hangs on a row is where `for_sheet()` would have put it.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.territory: Territory = _row(Territory, snapshot["territory"])
        self.project: Project = _row(Project, snapshot["project"], territory=self.territory)
        self.project.changed_at = dt.datetime.fromisoformat(snapshot["project"]["changed_at"])
        self.act: FormalAct | None = (
            _row(FormalAct, snapshot["act"], project=self.project) if snapshot["act"] else None
        )
        self.quarter: int = snapshot["quarter"]
        self._priorities = _by_key(Priority, snapshot["priorities"])
        self._themes = _by_key(Theme, snapshot["themes"])
        self._axes = _by_key(Axis, snapshot["axes"], project=self.project)
        self._organisations = _by_key(
            Organisation, snapshot["organisations"], territory=self.territory
        )
        self._people = _by_key(Person, snapshot["people"], territory=self.territory)

    def headings(self) -> list[PriorityHeading]:
        """How the booklet words the priorities."""
        return [
            _row(
                PriorityHeading,
                values,
                project=self.project,
                priority=self._priorities[values["priority"]],
            )
            for values in self._snapshot["headings"]
        ]

    def sheets(self) -> list[Action]:
        """The sheets, in order, with all that hangs on them."""
        return [self._sheet(values) for values in self._snapshot["sheets"]]

    def _sheet(self, values: Values) -> Action:
        action: Action = _row(
            Action,
            values,
            project=self.project,
            priority=self._priorities.get(values["priority"]),
            axis=self._axes.get(values["axis"]),
        )
        objectives = self._objectives(values["objectives"], action)
        _hang(action, "objectives", list(objectives.values()))
        others = [self._priorities[key] for key in values["secondary_priorities"]]
        _hang(action, "secondary_priorities", others)
        _hang(action, "themes", [self._themes[key] for key in values["themes"]])
        for name, model in LISTS.items():
            rows = [self._part(model, one, action, objectives) for one in values[name]]
            _hang(action, name, rows)
        return action

    def _objectives(self, kept: Iterable[Values], action: Action) -> dict[int, Objective]:
        rows = {values["key"]: _row(Objective, values, action=action) for values in kept}
        for values in kept:
            row = rows[values["key"]]
            row.parent = rows.get(values["parent"])
            row.cells = {int(quarter): state for quarter, state in values["cells"].items()}
        return rows

    def _part(
        self,
        model: type[Row],
        values: Values,
        action: Action,
        objectives: Mapping[int, Objective],
    ) -> Row:
        """A row that hangs on a sheet, with whom it names."""
        others: dict[str, Mapping[int, models.Model]] = {
            "objective": objectives,
            "organisation": self._organisations,
            "person": self._people,
        }
        linked = {name: rows.get(values[name]) for name, rows in others.items() if name in values}
        return _row(model, values, action=action, **linked)


def _row(model: type[Row], values: Mapping[str, Any], **linked: models.Model | None) -> Row:
    """A row with the key that it had; what the model does not know any more is left out."""
    columns = _columns(model)
    plain = {
        columns[name].attname: columns[name].to_python(value)
        for name, value in values.items()
        if name in columns and name not in linked
    }
    return model(pk=values["key"], **plain, **linked)


def _by_key(
    model: type[Row], kept: Iterable[Values], **linked: models.Model | None
) -> dict[int, Row]:
    return {values["key"]: _row(model, values, **linked) for values in kept}


@functools.cache
def _columns(model: type[models.Model]) -> "dict[str, models.Field[Any, Any]]":
    return {column.name: column for column in model._meta.concrete_fields}


def _hang(row: models.Model, name: str, rows: list[Any]) -> None:
    """As if they had been loaded with the row (`prefetch_related`)."""
    found = getattr(row, name).all()
    found._result_cache = rows
    found._prefetch_done = True
    if not hasattr(row, "_prefetched_objects_cache"):
        row._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    row._prefetched_objects_cache[name] = found  # type: ignore[attr-defined]
