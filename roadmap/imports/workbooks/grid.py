"""The quarter grid of a file, cell by cell."""

from typing import Any

from core.text import NBSP, fold
from documents.workbooks import Mistake
from roadmap.imports.workbooks.draft import Difference, Draft
from roadmap.imports.workbooks.objectives import Arranged
from roadmap.imports.workbooks.tables import FileRow, Table
from roadmap.models import Objective
from roadmap.workbooks.columns import Column
from roadmap.workbooks.planning import quarter_of
from roadmap.workbooks.widgets import text_of

NOT_A_STATE = f"{NBSP}Un texte sur les trimestres s’écrit dans la feuille «{NBSP}Objectifs{NBSP}»."


def plan_grid(draft: Draft, arranged: Arranged, table: Table) -> None:
    """Read every line of the grid that is an objective."""
    seen: dict[int, int] = {}
    for row in table.rows:
        objective = _objective(draft, arranged, row)
        if objective is None:
            continue
        if id(objective) in seen:
            message = f"cet objectif est déjà à la ligne {seen[id(objective)]}."
            draft.error(row, "key" if row.text("key") else "objective", message)
            continue
        seen[id(objective)] = row.number
        row.row = objective
        if objective.pk is None:
            _fill(draft, row, objective)
        else:
            _compare(draft, arranged, row, objective)


def _objective(draft: Draft, arranged: Arranged, row: FileRow) -> Objective | None:
    """The objective that a line is about: by its key, else by its sheet and its words."""
    text = row.text("key")
    if not text:
        return _without_key(draft, arranged, row)
    key = int(text) if text.isdecimal() and len(text) < 17 else 0
    found = draft.book.objectives.get(key)
    if found is not None:
        sheet = arranged.sheet_of(found)
        return None if sheet is None or sheet.is_retired else found
    if text in arranged.returned:
        return arranged.returned[text]
    if not draft.meanwhile.was_removed(Objective, key):
        draft.error(
            row,
            "key",
            f"«{NBSP}{text}{NBSP}» n’est pas la clé d’un objectif de ce territoire{NBSP}: "
            "videz-la, et nommez l’objectif.",
        )
    # Removed since: its line in the other sheet says what becomes of it.
    return None


def _without_key(draft: Draft, arranged: Arranged, row: FileRow) -> Objective | None:
    is_blank = all(
        row.value(name) in {None, ""} for name in row.sheet.columns if quarter_of(name) is not None
    )
    if is_blank and not row.text("objective"):
        return None
    try:
        action = arranged.refs.sheet(row.value("action"))
        return arranged.refs.objective(action, row.text("objective"))
    except ValueError as error:
        draft.error(row, "objective", str(error))
        return None


# --- Cells --------------------------------------------------------------------------------------


def _fill(draft: Draft, row: FileRow, objective: Objective) -> None:
    """The quarters of an objective that the file adds."""
    notes = {fold(objective.planning_note)}
    cells = []
    for name, column in row.sheet.columns.items():
        quarter = quarter_of(name)
        state = _state(draft, row, name, column, notes) if quarter is not None else None
        if state and quarter is not None:
            cells.append((objective, quarter, state))
    if cells:
        draft.batch.cells += cells
        draft.add(row, objective.title)


def _compare(draft: Draft, arranged: Arranged, row: FileRow, objective: Objective) -> None:
    notes = _notes(draft, arranged, objective)
    found = []
    for name, column in row.sheet.columns.items():
        quarter = quarter_of(name)
        if quarter is None or (name not in row.values and quarter not in objective.cells):
            continue
        present = objective.cells.get(quarter, "")
        state = _state(draft, row, name, column, notes)
        if state is None or state == present:
            continue
        then = draft.meanwhile.state_then(objective, quarter, present=present)
        shown = [column.shown(value, draft.book) for value in (present, state, then)]
        found.append(
            Difference(
                name,
                column,
                (quarter, state),
                shown[0],
                shown[1],
                base=shown[2],
                is_stale=then != present,
                is_mine=state != then,
            )
        )
    for each in draft.settle(row, found, draft.meanwhile.writer_of_cells(objective)):
        draft.batch.cells.append((objective, *each.value))


def _notes(draft: Draft, arranged: Arranged, objective: Objective) -> set[str]:
    """The texts that may lie over the cells: that of now, that of the export, that of the file."""
    told = arranged.told.get(id(objective))
    texts: list[Any] = [objective.planning_note]
    texts.append(draft.meanwhile.written(objective).get("planning_note", ""))
    texts.append(told.text("planning_note") if told else "")
    return {fold(text_of(text)) for text in texts}


def _state(draft: Draft, row: FileRow, name: str, column: Column, notes: set[str]) -> str | None:
    """What a cell says; nothing, and an error, when it is no state."""
    sent = row.value(name)
    if sent is None:
        return ""
    if isinstance(sent, Mistake):
        return None
    if fold(text_of(sent)) in notes:
        return ""
    try:
        return str(column.widget.read(sent, draft.book))
    except ValueError as error:
        draft.error(row, name, f"{error}{NOT_A_STATE}")
        return None
