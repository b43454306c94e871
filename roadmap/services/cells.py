"""The quarter grid, written cell by cell: a cell conflicts alone (`decisions.md` 10)."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import User
from core.quarters import Quarter
from core.text import NBSP, counted, moment_in_words
from journal.enums import ChangeKind
from journal.models import Change
from journal.reading import already_made, last_changes
from roadmap.enums import CellState
from roadmap.models import Objective, PlannedQuarter
from roadmap.permissions import can_write_which
from roadmap.services.gestures import SheetRefused, named
from territories.models import Project
from territories.writing import writing

MOST_CELLS = 2000
FIRST_QUARTER = Quarter.of(1990, 1).index
LAST_QUARTER = Quarter.of(2099, 4).index
# Until then, what somebody else wrote is told as just written.
JUST_NOW = dt.timedelta(minutes=10)

# An objective and a quarter: the place of a cell.
Place = tuple[int, int]


class GridGesture(StrEnum):
    """How the page came to these cells; only the sentence of the journal depends on it."""

    PAINT = "peindre"
    SHIFT = "decaler"
    UNDO = "annuler"
    REDO = "retablir"


@dataclass(frozen=True)
class SetCell:
    """« Set this quarter of this objective to … », knowing that it was …; blank is no state."""

    objective: int
    quarter: int
    to: str
    was: str

    @property
    def place(self) -> Place:
        return (self.objective, self.quarter)


@dataclass(frozen=True)
class CellConflict:
    """A cell that somebody else wrote meanwhile: what it says now, whose it is."""

    cell: SetCell
    now: str
    by: str
    at: dt.datetime | None
    sentence: str


@dataclass(frozen=True)
class CellRefused:
    """A cell that can no longer be written, and why."""

    cell: SetCell
    sentence: str


@dataclass(frozen=True)
class CellsSaved:
    """What became of a batch."""

    revision: int
    saved: int
    conflicts: tuple[CellConflict, ...] = ()
    refused: tuple[CellRefused, ...] = ()


def set_cells(
    *,
    project: Project,
    by: User,
    cells: Sequence[SetCell],
    kind: GridGesture = GridGesture.PAINT,
    token: str = "",
) -> CellsSaved:
    """Write one gesture's cells; those that somebody else changed meanwhile are given back.

    A batch sent twice with one token is answered, not written again. Raises
    `Objective.DoesNotExist`, `PermissionDenied` when a sheet is not theirs, `SheetRefused` when
    there are too many. As many queries for one cell as for two thousand, batches of the base aside.
    """
    if len(cells) > MOST_CELLS:
        raise SheetRefused(
            f"Un geste écrit {counted(MOST_CELLS, 'case')} au plus{NBSP}: "
            "refaites-le en plusieurs fois."
        )
    wanted = {cell.place: cell for cell in cells}
    with writing(project, by=by, token=token) as made:
        rows = _rows_of(project, by, wanted.values())
        refused = _refused(project, rows, wanted.values())
        gone = {refusal.cell.place for refusal in refused}
        written = [cell for cell in wanted.values() if cell.place not in gone]
        present = _present(written)
        is_replay = already_made(project.scope, token) is not None
        fresh = [] if is_replay else [cell for cell in written if _is_free(cell, present)]
        changed = [cell for cell in fresh if _state(present, cell.place) != cell.to]
        stale = [
            cell for cell in written if _state(present, cell.place) != cell.to and cell not in fresh
        ]
        conflicts = _conflicts(project, by, stale, present, rows)
        write_cells({cell.place: cell.to for cell in changed}, present=present, rows=rows)
        made.words = " et ".join(filter(None, [made.words, _in_words(kind, changed, rows)]))
    return CellsSaved(
        revision=project.revision,
        saved=len(written) - len(conflicts),
        conflicts=conflicts,
        refused=refused,
    )


def write_cells(
    wanted: Mapping[Place, str],
    *,
    present: Mapping[Place, PlannedQuarter],
    rows: Mapping[int, Objective],
) -> None:
    """Give these places these states, inside a gesture: a few queries, however many places."""
    states: dict[str, list[int]] = {}
    for place, state in wanted.items():
        if place in present:
            states.setdefault(state, []).append(present[place].pk)
    for state, keys in states.items():
        cells = PlannedQuarter.objects.filter(pk__in=keys)
        if state:
            cells.update(state=state)
        else:
            cells.delete()
    PlannedQuarter.objects.bulk_create(
        PlannedQuarter(objective=rows[objective], quarter=quarter, state=state)
        for (objective, quarter), state in wanted.items()
        if state and (objective, quarter) not in present
    )


def say_conflict(
    *,
    place: str,
    now: str,
    by: User,
    last: Change | None,
    time_zone: str,
) -> str:
    """« T2 2026 de « … » : Bruno Petit vient d’y mettre « fait » »."""
    what = f"«{NBSP}{CellState(now).label}{NBSP}»" if now else ""
    if last is None:
        return f"{place}{NBSP}: {f'il y a maintenant {what}' if what else 'il n’y a plus rien'}."
    if last.changeset.by_id == by.pk:
        did = f"y avez mis {what}" if what else "l’avez effacé"
        return f"{place}{NBSP}: vous {did} dans une autre fenêtre."
    who = last.changeset.by_name or "quelqu’un d’autre"
    if timezone.now() - last.changeset.at < JUST_NOW:
        return f"{place}{NBSP}: {who} vient {f'd’y mettre {what}' if what else 'de l’effacer'}."
    at = moment_in_words(last.changeset.at, time_zone=time_zone)
    return f"{place}{NBSP}: {who} {f'y a mis {what}' if what else 'l’a effacé'} le {at}."


# --- What is there ---


def _rows_of(project: Project, by: User, cells: Iterable[SetCell]) -> dict[int, Objective]:
    """The objectives that still exist; the others must have existed here."""
    keys = {cell.objective for cell in cells}
    found = Objective.objects.filter(pk__in=keys, action__project=project)
    rows = {row.pk: row for row in found.select_related("action")}
    theirs = can_write_which(by, project)
    if any(row.action_id not in theirs for row in rows.values()):
        raise PermissionDenied
    return rows


def _present(cells: Iterable[SetCell]) -> dict[Place, PlannedQuarter]:
    places = {cell.place for cell in cells}
    kept = PlannedQuarter.objects.filter(
        objective__in={objective for objective, _ in places},
        quarter__in={quarter for _, quarter in places},
    )
    everything = {(cell.objective_id, cell.quarter): cell for cell in kept}
    return {place: cell for place, cell in everything.items() if place in places}


def _state(present: Mapping[Place, PlannedQuarter], place: Place) -> str:
    return present[place].state if place in present else ""


def _is_free(cell: SetCell, present: Mapping[Place, PlannedQuarter]) -> bool:
    """Nobody else wrote it meanwhile, or wrote the same."""
    return _state(present, cell.place) in {cell.was, cell.to}


def _refused(
    project: Project, rows: Mapping[int, Objective], cells: Iterable[SetCell]
) -> tuple[CellRefused, ...]:
    """The cells of a sheet that is retired, of an objective that was removed; up to one query."""
    removed = _removed(project, {cell.objective for cell in cells} - set(rows))
    return tuple(
        CellRefused(cell, sentence) for cell in cells if (sentence := _why_not(cell, rows, removed))
    )


def _removed(project: Project, keys: set[int]) -> dict[int, Change]:
    """Who removed these objectives; `Objective.DoesNotExist` when one was never there."""
    if not keys:
        return {}
    changes = Change.objects.filter(
        model=Objective._meta.label_lower,
        row__in=keys,
        kind=ChangeKind.REMOVED,
        changeset__scope=project.scope,
    ).select_related("changeset")
    removed = {change.row: change for change in changes.order_by("pk")}
    if keys - set(removed):
        raise Objective.DoesNotExist
    return removed


def _why_not(cell: SetCell, rows: Mapping[int, Objective], removed: Mapping[int, Change]) -> str:
    quarter = Quarter(cell.quarter)
    if cell.objective in removed:
        change = removed[cell.objective]
        who = change.changeset.by_name or "quelqu’un d’autre"
        return (
            f"{quarter} n’a pas été enregistré{NBSP}: "
            f"{who} a retiré l’objectif {named(change.name)}."
        )
    action = rows[cell.objective].action
    if action.is_retired:
        return (
            f"{quarter} n’a pas été enregistré{NBSP}: "
            f"la fiche {action.number} a été retirée de la feuille de route."
        )
    return ""


def _conflicts(
    project: Project,
    by: User,
    stale: Sequence[SetCell],
    present: Mapping[Place, PlannedQuarter],
    rows: Mapping[int, Objective],
) -> tuple[CellConflict, ...]:
    """Who wrote what is there now; two queries, none without any."""
    if not stale:
        return ()
    kept = {present[cell.place].pk: cell.place for cell in stale if cell.place in present}
    writers = {
        kept[key]: change
        for key, change in last_changes(PlannedQuarter._meta.label_lower, kept).items()
    } | _removals({cell.place for cell in stale if cell.place not in present})
    return tuple(_conflict(cell, project, by, present, rows, writers) for cell in stale)


def _conflict(
    cell: SetCell,
    project: Project,
    by: User,
    present: Mapping[Place, PlannedQuarter],
    rows: Mapping[int, Objective],
    writers: Mapping[Place, Change],
) -> CellConflict:
    now = _state(present, cell.place)
    last = writers.get(cell.place)
    return CellConflict(
        cell=cell,
        now=now,
        by=last.changeset.by_name if last else "",
        at=last.changeset.at if last else None,
        sentence=say_conflict(
            place=f"{Quarter(cell.quarter)} de {named(rows[cell.objective])}",
            now=now,
            by=by,
            last=last,
            time_zone=project.territory.time_zone,
        ),
    )


def _removals(places: set[Place]) -> dict[Place, Change]:
    """Who emptied these places last."""
    if not places:
        return {}
    changes = Change.objects.filter(
        model=PlannedQuarter._meta.label_lower,
        kind=ChangeKind.REMOVED,
        old__objective__in=sorted({objective for objective, _ in places}),
    ).select_related("changeset")
    emptied = {
        (values["objective"], values["quarter"]): change
        for change in changes.order_by("pk")
        if (values := change.old)
    }
    return {place: change for place, change in emptied.items() if place in places}


# --- In words ---

DONE_IN_WORDS = {
    CellState.PLANNED: "a planifié {}",
    CellState.DONE: "a marqué «\u00a0fait\u00a0» {}",
    CellState.SLIPPED: "a marqué «\u00a0décalé\u00a0» {}",
    "": "a effacé {}",
}


def _in_words(kind: GridGesture, changed: Sequence[SetCell], rows: Mapping[int, Objective]) -> str:
    """What the journal says, after a name: « a planifié 3 trimestres de l’objectif « … » »."""
    if not changed:
        return ""
    where = _where([rows[key] for key in dict.fromkeys(cell.objective for cell in changed)])
    quarters = counted(len(changed), "trimestre")
    if len(changed) == 1:
        quarters = f"{Quarter(changed[0].quarter)}"
    if kind == GridGesture.UNDO:
        return f"a annulé son geste sur {quarters} {where}"
    if kind == GridGesture.REDO:
        return f"a rétabli son geste sur {quarters} {where}"
    if kind == GridGesture.SHIFT:
        return f"a décalé {quarters} {where}"
    states = {cell.to for cell in changed}
    pattern = DONE_IN_WORDS[states.pop()] if len(states) == 1 else "a changé {}"
    return pattern.format(f"{quarters} {where}")


def _where(rows: Sequence[Objective]) -> str:
    """« de l’objectif « … » », « de 4 objectifs de la fiche 3 », or of several sheets."""
    if len(rows) == 1:
        return f"de l’objectif {named(rows[0])}"
    numbers = {row.action.number for row in rows}
    sheets = f"la fiche {numbers.pop()}" if len(numbers) == 1 else counted(len(numbers), "fiche")
    return f"de {counted(len(rows), 'objectif')} de {sheets}"
