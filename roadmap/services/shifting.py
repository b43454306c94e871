"""A whole row or a whole sheet moved by a quarter, the text over a row, the planning window."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from core.quarters import Quarter
from core.text import NBSP, moment_in_words
from journal.models import Change
from journal.reading import already_made
from roadmap.models import Action, Objective, PlannedQuarter
from roadmap.services.cells import (
    FIRST_QUARTER,
    LAST_QUARTER,
    CellsSaved,
    GridGesture,
    Place,
    SetCell,
    set_cells,
    write_cells,
)
from roadmap.services.gestures import SheetRefused, named, writing_sheet
from territories.models import Project
from territories.writing import writing

NOTE_FIELDS = ("planning_note", "note_first", "note_last")
# Wider than any plan of the method, and than any page.
WIDEST_WINDOW = 60


class RowChanged(SheetRefused):
    """Somebody else wrote the row after the page was drawn."""


@dataclass(frozen=True)
class Note:
    """A text over the cells of a row, and the quarters that it covers: all when it does not say."""

    text: str = ""
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True)
class NoteConflict:
    """The text that somebody else wrote meanwhile, beside the one that was sent."""

    theirs: Note
    mine: Note
    by: str
    at: dt.datetime | None


@dataclass(frozen=True)
class RowSaved:
    """What became of a row sent as one form."""

    cells: CellsSaved
    note: NoteConflict | None
    has_changed: bool


def shift_objective(
    *,
    objective: Objective,
    by: User,
    quarters: int,
    revision: int | None = None,
    token: str = "",
    kind: GridGesture = GridGesture.SHIFT,
    mine: Collection[str] = (),
) -> int:
    """Move all that one row plans, states and text with it; gives the revision of the project.

    Raises `SheetRefused`, among which `RowChanged` when somebody wrote the row after `revision`;
    gestures whose tokens are `mine` are not somebody else's. The same count of queries whatever
    is planned.
    """
    action = objective.action
    with writing_sheet(action, by=by, token=token) as sheet:
        if already_made(action.project.scope, token):
            return action.project.revision
        row = Objective.objects.filter(pk=objective.pk, action=sheet.action).first()
        if row is None:
            raise SheetRefused(f"L’objectif {named(objective)} a été retiré entre-temps.")
        _check_unchanged(sheet.action, [row], revision=revision, mine=mine)
        moved = shift_rows([row], quarters=quarters)
        sheet.made.words = _row_in_words(row, moved, quarters, kind)
    return action.project.revision


def shift_sheet(
    *,
    action: Action,
    by: User,
    quarters: int,
    revision: int | None = None,
    token: str = "",
    kind: GridGesture = GridGesture.SHIFT,
    mine: Collection[str] = (),
) -> int:
    """Move all that a sheet plans, as `shift_objective` does of one row."""
    with writing_sheet(action, by=by, token=token) as sheet:
        if already_made(action.project.scope, token):
            return action.project.revision
        rows = list(Objective.objects.filter(action=sheet.action).order_by("position", "pk"))
        _check_unchanged(sheet.action, rows, revision=revision, mine=mine)
        shift_rows(rows, quarters=quarters)
        sheet.made.words = (
            f"{_did(kind)} la fiche {sheet.action.number} d’un trimestre {_way(quarters)}"
        )
    return action.project.revision


def set_note(
    *, objective: Objective, by: User, note: Note, was: Note, token: str = ""
) -> NoteConflict | None:
    """Write the text over the quarters of a row; gives back both when somebody wrote another."""
    action = objective.action
    with writing_sheet(action, by=by, token=token) as sheet:
        row = Objective.objects.filter(pk=objective.pk, action=sheet.action).first()
        if row is None:
            raise SheetRefused(
                f"L’objectif {named(objective)} a été retiré entre-temps{NBSP}: "
                "votre texte n’est pas enregistré."
            )
        present = note_of(row)
        if present == note:
            return None
        if present != was:
            return _note_conflict(row, present, note)
        row.planning_note, row.note_first, row.note_last = note.text, note.first, note.last
        row.save(update_fields=NOTE_FIELDS)
        did = "a effacé le texte" if not note.text else f"a écrit {named(note.text)}"
        words = f"{did} sur les trimestres de l’objectif {named(row)}"
        sheet.made.words = " et ".join(filter(None, [sheet.made.words, words]))
    return None


def set_row(
    *,
    objective: Objective,
    by: User,
    cells: Sequence[SetCell],
    note: Note,
    was: Note,
) -> RowSaved:
    """A row sent as one form: its cells and its text, in one gesture."""
    project = objective.action.project
    with writing(project, by=by) as made:
        conflict = set_note(objective=objective, by=by, note=note, was=was)
        saved = set_cells(project=project, by=by, cells=cells)
        has_changed = made.has_changes
    return RowSaved(cells=saved, note=conflict, has_changed=has_changed)


def note_of(row: Objective) -> Note:
    """The text over a row as it stands."""
    return Note(row.planning_note, row.note_first, row.note_last)


def cells_outside(project: Project, *, first: int, last: int) -> int:
    """How many planned quarters of the roadmap such a window would leave outside; one query."""
    planned = PlannedQuarter.objects.filter(
        objective__action__project=project, objective__action__retired_at=None
    )
    return planned.filter(Q(quarter__lt=first) | Q(quarter__gt=last)).count()


def set_window(
    *,
    project: Project,
    by: User,
    first: int,
    last: int,
    was: tuple[int | None, int | None],
) -> None:
    """Widen or narrow the columns of the planning; what lies outside is kept.

    Raises `SheetRefused` when the window is impossible, or was changed meanwhile.
    """
    _check_window(first, last)
    with writing(project, by=by) as made:
        present = Project.objects.select_related("territory").get(pk=project.pk)
        before = (present.planning_first, present.planning_last)
        if before not in {was, (first, last)}:
            raise SheetRefused(
                f"Quelqu’un d’autre vient de changer cette période{NBSP}: "
                f"{_period(*before)}. Vérifiez la vôtre, puis enregistrez de nouveau."
            )
        present.planning_first, present.planning_last = first, last
        present.save(update_fields=["planning_first", "planning_last"])
        made.words = (
            f"{_window_verb(before, first, last)} la période du planning à {_period(first, last)}"
        )
    project.planning_first, project.planning_last = first, last


# --- Moving ---


def shift_rows(rows: Sequence[Objective], *, quarters: int) -> dict[Place, PlannedQuarter]:
    """Give every cell of these rows its place; gives the cells as they were.

    Call it inside a gesture. Raises `SheetRefused` when nothing is planned, or when the calendar
    ends. A few queries, however many rows and sheets.
    """
    by_key = {row.pk: row for row in rows}
    present = {
        (cell.objective_id, cell.quarter): cell
        for cell in PlannedQuarter.objects.filter(objective__in=by_key).select_related("objective")
    }
    noted = [row for row in rows if row.note_first is not None or row.note_last is not None]
    if not present and not noted:
        raise SheetRefused("Il n’y a encore aucun trimestre à décaler.")
    moved = {(key, quarter + quarters): cell.state for (key, quarter), cell in present.items()}
    reached = [quarter for _, quarter in moved]
    for row in noted:
        row.note_first = None if row.note_first is None else row.note_first + quarters
        row.note_last = None if row.note_last is None else row.note_last + quarters
        reached += [edge for edge in (row.note_first, row.note_last) if edge is not None]
    if min(reached) < FIRST_QUARTER or max(reached) > LAST_QUARTER:
        raise SheetRefused("Le planning va de 1990 à 2099\u00a0: il ne se décale pas au-delà.")
    emptied = dict.fromkeys(set(present) - set(moved), "")
    changed = {
        place: state
        for place, state in {**emptied, **moved}.items()
        if place not in present or present[place].state != state
    }
    write_cells(changed, present=present, rows=by_key)
    if noted:
        Objective.objects.bulk_update(noted, ["note_first", "note_last"])
    return present


def _check_unchanged(
    action: Action, rows: Sequence[Objective], *, revision: int | None, mine: Collection[str]
) -> None:
    """Refuse to move what somebody else wrote since; two queries."""
    if revision is None:
        return
    keys = {row.pk for row in rows}
    cells = set(PlannedQuarter.objects.filter(objective__in=keys).values_list("pk", flat=True))
    since = (
        Change.objects.filter(
            subject=action.subject,
            model__in=[PlannedQuarter._meta.label_lower, Objective._meta.label_lower],
            changeset__scope=action.project.scope,
        )
        .since(revision)
        .exclude(changeset__token__in=[token for token in mine if token])
        .select_related("changeset")
        .order_by("-pk")
    )
    for change in since:
        if _is_planning_of(change, keys, cells):
            what = f"L’objectif {named(rows[0])}" if len(rows) == 1 else f"La fiche {action.number}"
            who = change.changeset.by_name or "quelqu’un d’autre"
            raise RowChanged(
                f"{what} n’a pas été décalé{'' if len(rows) == 1 else 'e'}{NBSP}: "
                f"{who} vient d’en changer le planning. Regardez-le, puis recommencez."
            )


def _is_planning_of(change: Change, keys: set[int], cells: set[int]) -> bool:
    if change.model == Objective._meta.label_lower:
        return change.row in keys and change.field in NOTE_FIELDS
    whole = change.new or change.old
    if isinstance(whole, dict):
        return whole.get("objective") in keys
    return change.row in cells


# --- In words ---


def _did(kind: GridGesture) -> str:
    return {
        GridGesture.UNDO: "a annulé son geste en ramenant",
        GridGesture.REDO: "a rétabli son geste en décalant",
    }.get(kind, "a décalé")


def _way(quarters: int) -> str:
    return "plus tard" if quarters > 0 else "plus tôt"


def _row_in_words(
    row: Objective,
    was: dict[Place, PlannedQuarter],
    quarters: int,
    kind: GridGesture,
) -> str:
    """« a décalé l’objectif « 3) … » de T2 2026 à T3 2026 »: what comes first tells the move."""
    if not was:
        return f"{_did(kind)} le texte de l’objectif {named(row)} d’un trimestre {_way(quarters)}"
    first = min(quarter for _, quarter in was)
    return f"{_did(kind)} l’objectif {named(row)} de {Quarter(first)} à {Quarter(first + quarters)}"


def _note_conflict(row: Objective, theirs: Note, mine: Note) -> NoteConflict:
    last = (
        Change.objects.to_row(row._meta.label_lower, row.pk)
        .filter(field__in=NOTE_FIELDS)
        .select_related("changeset")
        .order_by("-pk")
        .first()
    )
    return NoteConflict(
        theirs=theirs,
        mine=mine,
        by=(last.changeset.by_name if last else "") or "quelqu’un d’autre",
        at=last.changeset.at if last else None,
    )


def note_in_words(note: Note) -> str:
    """« phase 1 », de T1 2026 à T3 2026; « aucun texte » when there is none."""
    if not note.text:
        return "aucun texte"
    edges = [
        f"de {Quarter(note.first)}" if note.first is not None else "",
        f"à {Quarter(note.last)}" if note.last is not None else "",
    ]
    return " ".join(filter(None, [f"«{NBSP}{note.text}{NBSP}»", *edges]))


def conflict_in_words(conflict: NoteConflict, *, time_zone: str) -> str:
    """Both texts, whose the other is."""
    at = f" le {moment_in_words(conflict.at, time_zone=time_zone)}" if conflict.at else ""
    return (
        f"{conflict.by} a écrit ici{at}{NBSP}: {note_in_words(conflict.theirs)}. "
        f"Le vôtre{NBSP}: {note_in_words(conflict.mine)}."
    )


def _check_window(first: int, last: int) -> None:
    if first > last:
        raise SheetRefused("Le planning ne peut pas finir avant de commencer.")
    if first < FIRST_QUARTER or last > LAST_QUARTER:
        raise SheetRefused("Le planning va de 1990 à 2099 au plus.")
    if last - first >= WIDEST_WINDOW:
        raise SheetRefused(
            f"Le planning a {WIDEST_WINDOW} trimestres au plus, soit {WIDEST_WINDOW // 4} ans."
        )


def _window_verb(before: tuple[int | None, int | None], first: int, last: int) -> str:
    if before[0] is None or before[1] is None:
        return "a fixé"
    if first <= before[0] and last >= before[1]:
        return "a élargi"
    if first >= before[0] and last <= before[1]:
        return "a réduit"
    return "a déplacé"


def _period(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return "période inconnue"
    return f"{Quarter(first)} – {Quarter(last)}"
