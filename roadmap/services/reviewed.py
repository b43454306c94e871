"""What the closing of a review writes on the roadmap (`decisions.md` 13): the reviews stand above.

A lead corrects what comes of it on the sheet, as anything else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.fields import FoldedField
from core.quarters import Quarter
from roadmap.enums import CellState, ObjectiveState, Status
from roadmap.models import Action, Objective, PlannedQuarter
from roadmap.services.cells import Place, write_cells
from roadmap.summaries import leaves_of


@dataclass(frozen=True)
class ReviewedObjective:
    """What a review says of one objective; `slipped_to` when its quarters were put off."""

    objective: int
    state: ObjectiveState
    slipped_to: int | None = None


@dataclass(frozen=True)
class ReviewedSheet:
    """What a review says of one sheet."""

    action: int
    status: Status
    status_reason: str
    weather: str
    objectives: tuple[ReviewedObjective, ...] = ()


def state_of(action: Action) -> dict[str, Any]:
    """What a review may change of a sheet, in plain values: one state equals another, or not.

    Expects `Action.objects.for_counts()`, or more; no query.
    """
    return {
        "status": action.status,
        "status_reason": action.status_reason,
        "objectives": {
            str(leaf.pk): {
                "state": leaf.state,
                "cells": {str(quarter): state for quarter, state in leaf.cells.items()},
            }
            for leaf in leaves_of(action)
        },
    }


def write_reviewed(sheets: Sequence[ReviewedSheet], *, quarter: Quarter) -> None:
    """Make the roadmap say what the review of that quarter found. Call it inside a gesture.

    What is done by then is marked so in its quarters; what slipped leaves every quarter planned
    before the new one, which may lie outside of the window of the planning (`decisions.md` 5). A
    sheet that was retired, an objective that was removed are left out. About twenty queries,
    however many sheets.
    """
    asked = {sheet.action: sheet for sheet in sheets}
    actions = list(Action.objects.live().filter(pk__in=asked).for_counts())
    _write_columns(actions, asked, quarter)
    said = {one.objective: one for sheet in sheets for one in sheet.objectives}
    rows = {row.pk: row for action in actions for row in action.objectives.all() if row.pk in said}
    _write_states(rows.values(), said)
    kept = PlannedQuarter.objects.filter(objective__in=rows).select_related("objective")
    present = {(cell.objective_id, cell.quarter): cell for cell in kept}
    wanted: dict[Place, str] = {}
    for key, row in rows.items():
        wanted |= {(key, at): state for at, state in _cells(row, said[key], quarter).items()}
    write_cells(wanted, present=present, rows=rows)


def _write_columns(
    actions: Iterable[Action], asked: Mapping[int, ReviewedSheet], quarter: Quarter
) -> None:
    folded = [column for column in Action._meta.concrete_fields if isinstance(column, FoldedField)]
    changed = []
    for action in actions:
        said = asked[action.pk]
        action.status, action.status_reason = said.status, said.status_reason
        action.weather, action.reviewed_quarter = said.weather, quarter.index
        for column in folded:
            column.pre_save(action, False)  # noqa: FBT003 (Django's)
        changed.append(action)
    names = ["status", "status_reason", "weather", "reviewed_quarter"]
    Action.objects.bulk_update(changed, [*names, *(column.name for column in folded)])


def _write_states(rows: Iterable[Objective], said: Mapping[int, ReviewedObjective]) -> None:
    changed = []
    for row in rows:
        if row.state != said[row.pk].state:
            row.state = said[row.pk].state
            changed.append(row)
    Objective.objects.bulk_update(changed, ["state"])


def _cells(row: Objective, said: ReviewedObjective, quarter: Quarter) -> dict[int, str]:
    """The quarters of one objective that the review changes."""
    if said.slipped_to is not None:
        left = _planned_until(row, said.slipped_to - 1)
        return {
            **dict.fromkeys(left, CellState.SLIPPED.value),
            said.slipped_to: CellState.PLANNED.value,
        }
    if said.state == ObjectiveState.DONE:
        return dict.fromkeys(_planned_until(row, quarter.index), CellState.DONE.value)
    return {}


def _planned_until(row: Objective, last: int) -> list[int]:
    """The quarters still planned up to that one, itself included."""
    return [at for at, state in row.cells.items() if at <= last and state == CellState.PLANNED]
