"""What must be true of the rows together, once every cell is read."""

from collections import defaultdict
from collections.abc import Iterable

from core.text import NBSP
from roadmap.enums import STATUSES_WITH_REASON
from roadmap.imports.workbooks.draft import Draft
from roadmap.imports.workbooks.tables import FileRow, Table
from roadmap.models import Action, Objective
from roadmap.services.gestures import named


def check_sheets(draft: Draft, table: Table) -> None:
    """Numbers that nobody else has, a reason for a stop, a priority told once."""
    links = {
        id(action): keys
        for action, name, keys in draft.batch.links
        if name == "secondary_priorities"
    }
    for row in _read(table):
        action: Action = row.row
        if action.status in STATUSES_WITH_REASON and not action.status_reason:
            draft.error(
                row,
                "status_reason",
                "une fiche suspendue ou abandonnée dit pourquoi\u00a0: remplissez le motif.",
            )
        if action.priority_id is not None and action.priority_id in links.get(id(action), ()):
            draft.error(
                row,
                "secondary_priorities",
                f"«{NBSP}{draft.book.priorities[action.priority_id]}{NBSP}» est déjà la priorité "
                "principale de la fiche.",
            )
    _check_numbers(draft, list(_read(table)))


def check_notes(draft: Draft, table: Table) -> None:
    """A text over the quarters does not end before it begins."""
    for row in _read(table):
        first, last = row.row.note_first, row.row.note_last
        if first is not None and last is not None and last < first:
            draft.error(row, "note_last", "le texte ne peut pas finir avant de commencer.")


def check_groups(draft: Draft, table: Table) -> None:
    """A row that groups others remains a « Projet »."""
    groups = {row.parent_id for row in draft.book.objectives.values()} - {None}
    for row in _read(table):
        objective: Objective = row.row
        stays = objective.pk in groups and not objective.is_project
        if stays and not any(column == "parent" for _, column, _ in draft.batch.ties):
            draft.error(
                row, "kind", "cette ligne groupe des objectifs\u00a0: elle reste un projet."
            )


def _read(table: Table) -> Iterable[FileRow]:
    return (row for row in table.rows if row.row is not None and not row.is_left)


def _check_numbers(draft: Draft, rows: Iterable[FileRow]) -> None:
    told = {id(row.row): row for row in rows}
    restored = [row.row for row in told.values() if row.is_existing]
    known = {id(action): action for action in (*draft.book.live, *restored, *draft.batch.sheets)}
    by_number: dict[int, list[Action]] = defaultdict(list)
    for action in known.values():
        number = draft.batch.numbers.get(action.pk, action.number)
        if number is not None:
            by_number[number].append(action)
    for number, actions in by_number.items():
        # Whoever keeps its number is in its right.
        newcomers = [action for action in actions if _is_newcomer(draft, action)]
        for action in newcomers if len(actions) > 1 else ():
            other = next(each for each in actions if each is not action)
            where = told.get(id(other))
            place = (
                f"ligne{NBSP}{where.number}"
                if where
                else f"{named(other.title)}, qui n’est pas dans ce fichier"
            )
            draft.error(
                told[id(action)],
                "number",
                f"le numéro{NBSP}{number} est déjà celui d’une autre fiche ({place}).",
            )


def _is_newcomer(draft: Draft, action: Action) -> bool:
    was_retired = any(
        row is action and "retired_at" in columns for row, columns in draft.batch.changed
    )
    return action.pk is None or action.pk in draft.batch.numbers or was_retired
