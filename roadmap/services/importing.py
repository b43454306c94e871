"""Writing what a workbook changes: every row of a file at once, or nothing."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from core.fields import FoldedField
from journal.enums import Source
from journal.models import ChangeSet
from journal.reading import already_made
from journal.tracing import TracedModel
from roadmap.models import Action, ActionTheme, Axis, Objective, PlannedQuarter, SecondaryPriority
from roadmap.services.cells import write_cells
from roadmap.services.numbering import apply_numbers
from roadmap.services.sections import LINKS
from territories.models import Project
from territories.writing import writing

Link = type[ActionTheme] | type[SecondaryPriority]


@dataclass
class Batch:
    """What is to be written, checked; rows may lead to rows that are made by the same batch."""

    words: str = ""
    axes: list[Axis] = field(default_factory=list)
    sheets: list[Action] = field(default_factory=list)
    # The next number of sheets that are there, by key.
    numbers: dict[int, int] = field(default_factory=dict)
    objectives: list[Objective] = field(default_factory=list)
    attached: list[TracedModel] = field(default_factory=list)
    # The keys that a sheet is to have, by the name of the relation.
    links: list[tuple[Action, str, Collection[int]]] = field(default_factory=list)
    # A row, a column of it, and the row that it leads to.
    ties: list[tuple[TracedModel, str, TracedModel | None]] = field(default_factory=list)
    cells: list[tuple[Objective, int, str]] = field(default_factory=list)
    _changed: dict[tuple[str, int], tuple[TracedModel, set[str]]] = field(default_factory=dict)

    def change(self, row: TracedModel, *columns: str) -> None:
        """A row that is there is written in these columns; what they hold is set by the caller."""
        key = (row._meta.label_lower, row.pk)
        self._changed.setdefault(key, (row, set()))[1].update(columns)

    def tie(self, row: TracedModel, column: str, target: TracedModel | None) -> None:
        """Lead a row to another, which may not be in the base yet."""
        self.ties.append((row, column, target))
        if row.pk is not None:
            self.change(row, column)

    @property
    def changed(self) -> Iterable[tuple[TracedModel, set[str]]]:
        return self._changed.values()


@dataclass(frozen=True)
class Imported:
    """What became of a file; no gesture when it changed nothing."""

    changeset: ChangeSet | None
    was_made_before: bool = False


def write_import(
    *, project: Project, by: User | None, make: Callable[[], Batch], token: str = ""
) -> Imported:
    """Write what `make` gives, called under the lock so that it sees the present rows.

    All or nothing, one gesture, taken back at once; sent twice with one token, it is made once.
    What `make` raises goes through. The queries grow with the kinds of change, and by batches of
    a hundred rows.
    """
    with writing(project, by=by, source=Source.IMPORT, token=token) as made:
        if before := already_made(project.scope, token):
            return Imported(before, was_made_before=True)
        batch = make()
        made.words = batch.words
        _write(project, batch)
    return Imported(made.changeset)


def _write(project: Project, batch: Batch) -> None:
    """What others are part of, before its parts."""
    Axis.objects.bulk_create(batch.axes)
    if batch.numbers:
        apply_numbers(project, numbers=batch.numbers)
    _tie(batch, batch.sheets)
    Action.objects.bulk_create(batch.sheets)
    tops = [row for row in batch.objectives if row.is_project]
    others = [row for row in batch.objectives if not row.is_project]
    for rows in (tops, others):
        _tie(batch, rows)
        Objective.objects.bulk_create(rows)
    _tie(batch, [row for row, _ in batch.changed])
    _save_changed(batch)
    _tie(batch, batch.attached)
    for model, rows in _by_model(batch.attached).items():
        model.objects.bulk_create(rows)
    for action, name, keys in batch.links:
        _set_links(action, *LINKS[name], keys=keys)
    _set_cells(batch)


def _tie(batch: Batch, rows: Iterable[TracedModel]) -> None:
    wanted = {id(row) for row in rows}
    for row, column, target in batch.ties:
        if id(row) in wanted:
            setattr(row, column, target)


def _by_model(rows: Iterable[Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[type(row)].append(row)
    return found


def _save_changed(batch: Batch) -> None:
    """Rows written in the same columns go together, with their search texts."""
    alike: dict[tuple[Any, frozenset[str]], list[TracedModel]] = defaultdict(list)
    for row, names in batch.changed:
        if isinstance(row, Action):
            row.number = batch.numbers.get(row.pk, row.number)
        alike[type(row), frozenset(names)].append(row)
    for (model, columns), rows in alike.items():
        folded = [
            column
            for column in model._meta.concrete_fields
            if isinstance(column, FoldedField) and columns.intersection(column.of)
        ]
        for row in rows:
            for column in folded:
                column.pre_save(row, False)  # noqa: FBT003 (Django's)
        model.objects.bulk_update(rows, sorted(columns) + [column.name for column in folded])


def _set_links(action: Action, model: Link, column: str, *, keys: Collection[int]) -> None:
    kept: dict[int, Any] = {
        getattr(row, f"{column}_id"): row for row in model.objects.filter(action=action)
    }
    gone = [row.pk for key, row in kept.items() if key not in keys]
    if gone:
        model.objects.filter(pk__in=gone).delete()
    model.objects.bulk_create(
        model(action=action, **{f"{column}_id": key}) for key in keys if key not in kept
    )


def _set_cells(batch: Batch) -> None:
    rows = {objective.pk: objective for objective, _, _ in batch.cells}
    wanted = {(objective.pk, quarter): state for objective, quarter, state in batch.cells}
    if not wanted:
        return
    kept = PlannedQuarter.objects.filter(objective__in=rows).select_related("objective")
    present = {(cell.objective_id, cell.quarter): cell for cell in kept}
    write_cells(
        wanted,
        present={place: cell for place, cell in present.items() if place in wanted},
        rows=rows,
    )


__all__: Sequence[str] = ("Batch", "Imported", "write_import")
