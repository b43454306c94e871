"""Roles, money and indicators of a file: the sheet and the objective that each is about."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from documents.workbooks import Mistake
from roadmap.imports.workbooks.draft import Difference, Draft
from roadmap.imports.workbooks.objectives import Arranged, refuse_twin, sheet_told
from roadmap.imports.workbooks.rows import (
    apply_differences,
    differences_of,
    is_same,
    read_new,
)
from roadmap.imports.workbooks.tables import FileRow, Table
from roadmap.models import Action, Objective
from roadmap.services.gestures import named
from roadmap.workbooks.book import ATTACHED
from roadmap.workbooks.widgets import text_of


def plan_attached(draft: Draft, arranged: Arranged, table: Table) -> None:
    """Read every row of one of these sheets."""
    lasts = _last_positions(draft, table)
    told = {id(row.row) for row in table.rows}
    for row in table.rows:
        if row.is_left or row.row is None:
            continue
        action, move = sheet_told(draft, arranged.refs, row)
        if action is None:
            continue
        if row.is_new:
            _add(draft, arranged, row, action, lasts)
            name = "who" if "who" in row.sheet.columns else "label"
            others = draft.book.rows(table.sheet.model, [action] if action.pk else ())
            refuse_twin(draft, row, name, [one for one in others if id(one) not in told])
        else:
            _change(draft, arranged, row, action, move, lasts)


def follow_objectives(draft: Draft, arranged: Arranged) -> None:
    """What hangs on an objective that goes to another sheet goes with it."""
    for action in draft.book.live:
        for name in ATTACHED.values():
            for row in getattr(action, name).all():
                objective = draft.book.objectives.get(row.objective_id or 0)
                if objective is not None and id(objective) in arranged.moved:
                    draft.batch.tie(row, "action", arranged.sheet_of(objective))


def _last_positions(draft: Draft, table: Table) -> dict[int, int]:
    lasts: dict[int, int] = defaultdict(int)
    for row in draft.book.rows(table.sheet.model, draft.book.actions.values()):
        lasts[id(row.action)] = max(lasts[id(row.action)], row.position)
    return lasts


def _change(
    draft: Draft,
    arranged: Arranged,
    row: FileRow,
    action: Action,
    move: Difference | None,
    lasts: dict[int, int],
) -> None:
    found = differences_of(draft, row)
    found += [move] if move else []
    found += _objective(draft, arranged, row, move.value if move else action)
    writer = draft.meanwhile.writer(row.sheet.model, row.row.pk)
    kept = draft.settle(row, found, writer)
    apply_differences(draft, row, [each for each in kept if not each.column.is_link])
    for each in kept:
        if each.name == "action":
            draft.batch.tie(row.row, "action", each.value)
            _put_last(draft, row.row, each.value, lasts)
        elif each.name == "objective":
            draft.batch.tie(row.row, "objective", each.value)
    _check(draft, arranged, row, {each.name: each.value for each in kept}, action)


def _objective(
    draft: Draft, arranged: Arranged, row: FileRow, action: Action
) -> Iterable[Difference]:
    column = row.sheet.columns["objective"]
    sent = row.value("objective")
    present = draft.book.objectives.get(row.row.objective_id or 0)
    old = column.shown(row.row.objective_id, draft.book)
    if isinstance(sent, Mistake) or is_same(sent, old):
        return []
    written = draft.meanwhile.written(row.row)
    place = action
    if present is not None and id(present) in arranged.moved:
        place = arranged.sheet_of(present) or action
    target = _target(draft, arranged, row, place, is_stale="objective" in written)
    if row.has_error or target is present:
        return []
    then = column.shown(written.get("objective"), draft.book)
    return [
        Difference(
            "objective",
            column,
            target,
            old,
            text_of(sent),
            base=then,
            is_stale="objective" in written,
            is_mine=not is_same(sent, then),
        )
    ]


def _target(
    draft: Draft, arranged: Arranged, row: FileRow, action: Action, *, is_stale: bool = False
) -> Objective | None:
    """The objective that a cell names; one that was removed meanwhile is no mistake."""
    text = row.text("objective")
    if not text or isinstance(row.value("objective"), Mistake):
        return None
    try:
        return arranged.refs.objective(action, text)
    except ValueError as error:
        if not is_stale:
            draft.error(row, "objective", str(error))
        return None


def _check(
    draft: Draft,
    arranged: Arranged,
    row: FileRow,
    written: dict[str, Any],
    action: Action,
) -> None:
    """What is about one objective is on the sheet of that objective."""
    objective = written.get("objective", draft.book.objectives.get(row.row.objective_id or 0))
    sheet = written.get("action", action)
    if objective is None or arranged.sheet_of(objective) is sheet:
        return
    if "action" not in written and id(objective) in arranged.moved:
        return
    draft.error(row, "objective", f"{named(objective)} est un objectif d’une autre fiche.")


def _add(
    draft: Draft, arranged: Arranged, row: FileRow, action: Action, lasts: dict[int, int]
) -> None:
    read_new(draft, row)
    draft.batch.tie(row.row, "action", action)
    draft.batch.tie(row.row, "objective", _target(draft, arranged, row, action))
    _put_last(draft, row.row, action, lasts)
    draft.batch.attached.append(row.row)
    draft.add(row, row.text("who") or row.text("label"))


def _put_last(draft: Draft, row: Any, action: Action, lasts: dict[int, int]) -> None:
    lasts[id(action)] += 1
    row.position = lasts[id(action)]
    if row.pk is not None:
        draft.batch.change(row, "position")
