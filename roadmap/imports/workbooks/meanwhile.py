"""What became of a roadmap between the export of a file and now, told by the journal."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from journal.enums import ChangeKind
from journal.models import Change
from journal.reading import changes_since
from journal.tracing import TracedModel, plain_values
from roadmap.models import Action, ActionTheme, Objective, PlannedQuarter, SecondaryPriority
from roadmap.workbooks.book import Book

Key = tuple[str, int]
CELL = PlannedQuarter._meta.label_lower
OBJECTIVE = Objective._meta.label_lower
LINKS = {
    SecondaryPriority._meta.label_lower: ("secondary_priorities", "priority"),
    ActionTheme._meta.label_lower: ("themes", "theme"),
}


@dataclass(frozen=True)
class Writer:
    """Who wrote, and when."""

    by: str
    at: dt.datetime | None


NOBODY = Writer("", None)


class Meanwhile:
    """The rows as they were at a revision, where they differ.

    No query when nothing is new; otherwise one, and one more when a cell is.

    Made by taking back, in reverse order, all that was done since.
    """

    def __init__(self, book: Book, revision: int) -> None:
        self.book = book
        project = book.project
        self._changes = (
            changes_since(project.scope, revision) if revision < project.revision else []
        )
        self._last: dict[Key, Change] = {
            (change.model, change.row): change for change in self._changes
        }
        self._present = self._rows_touched()
        self._base: dict[Key, dict[str, Any] | None] = {
            key: dict(values) if values is not None else None
            for key, values in self._present.items()
        }
        for change in reversed(self._changes):
            self._take_back(change)
        self._cells = self._cells_then()
        self._ranks: dict[int, dict[int, int] | None] = {}
        self._painters: dict[int, Writer] = {}
        self._of_links: dict[tuple[str, str], list[Change]] = defaultdict(list)
        for change in self._changes:
            if change.model in LINKS:
                self._of_links[change.model, change.subject].append(change)
            elif change.model == CELL:
                writer = Writer(change.changeset.by_name, change.changeset.at)
                self._painters.update(dict.fromkeys(self._objectives_of(change), writer))

    def written(self, row: TracedModel) -> dict[str, Any]:
        """The columns of a row that were written since, with what they held then."""
        key = (row._meta.label_lower, row.pk)
        base, present = self._base.get(key), self._present.get(key)
        found = {
            name: value
            for name, value in (base or {}).items()
            if present is not None and present.get(name, value) != value
        }
        if isinstance(row, Action):
            found |= self._links_of(row)
        return found

    def was_removed(self, model: type[TracedModel], key: int) -> bool:
        """Whether that row was there then, and is not any more."""
        place = (model._meta.label_lower, key)
        return self._base.get(place) is not None and self._present.get(place) is None

    def writer(self, model: type[TracedModel], key: int) -> Writer:
        """Who wrote a row last since."""
        change = self._last.get((model._meta.label_lower, key))
        return Writer(change.changeset.by_name, change.changeset.at) if change else NOBODY

    def name_of(self, model: type[TracedModel], key: int) -> str:
        """What a row was called, that is not there any more."""
        change = self._last.get((model._meta.label_lower, key))
        return change.name if change else ""

    def state_then(self, objective: Objective, quarter: int, *, present: str) -> str:
        """What a cell said then."""
        return self._cells.get((objective.pk, quarter), present)

    def writer_of_cells(self, objective: Objective) -> Writer:
        """Who wrote the planning of a row last."""
        return self._painters.get(objective.pk, NOBODY)

    def ranks_then(self, action: Action) -> dict[int, int] | None:
        """Where each row of a sheet stood, by key; None when nothing moved since."""
        if action.pk not in self._ranks:
            self._ranks[action.pk] = self._ranks_then(action)
        return self._ranks[action.pk]

    def _ranks_then(self, action: Action) -> dict[int, int] | None:
        rows = {row.pk: plain_values(row) for row in action.objectives.all()}
        before = dict(rows)
        for (label, key), values in self._base.items():
            if label != OBJECTIVE or (key not in rows and (values or {}).get("action") is None):
                continue
            if values is None or values["action"] != action.pk:
                before.pop(key, None)
            else:
                before[key] = values
        return None if before == rows else _ranks(before)

    # --- How it is made ---

    def _rows_touched(self) -> dict[Key, dict[str, Any] | None]:
        touched = {(change.model, change.row) for change in self._changes}
        if not touched:
            return {}
        present: dict[Key, dict[str, Any] | None] = dict.fromkeys(touched)
        for row in self._rows_there(has_cells=CELL in {label for label, _ in touched}):
            key = (row._meta.label_lower, row.pk)
            if key in touched:
                present[key] = plain_values(row)
        return present

    def _rows_there(self, *, has_cells: bool) -> Iterable[TracedModel]:
        """What the journal may speak of; a book keeps no row of a cell: one query, if it does."""
        for action in self.book.actions.values():
            yield action
            yield from self.book.parts_of(action)
        if has_cells:
            yield from PlannedQuarter.objects.filter(objective__action__project=self.book.project)

    def _take_back(self, change: Change) -> None:
        key = (change.model, change.row)
        if change.kind == ChangeKind.ADDED:
            self._base[key] = None
        elif change.kind == ChangeKind.REMOVED:
            self._base[key] = dict(change.old or {})
        elif (values := self._base.get(key)) is not None:
            values[change.field] = change.old

    def _links_of(self, action: Action) -> dict[str, tuple[int, ...]]:
        """The links that were made or undone since: those that the sheet had then."""
        found = {}
        for label, (name, column) in LINKS.items():
            now = {one.pk for one in getattr(action, name).all()}
            then = set(now)
            for change in reversed(self._of_links.get((label, action.subject), ())):
                if change.kind == ChangeKind.ADDED:
                    then.discard((change.new or {})[column])
                elif change.kind == ChangeKind.REMOVED:
                    then.add((change.old or {})[column])
            if then != now:
                known = self.book.priorities if column == "priority" else self.book.themes
                found[name] = tuple(key for key in known if key in then)
        return found

    def _cells_then(self) -> dict[tuple[int, int], str]:
        """By place, the state of the cells that were written since."""
        then: dict[tuple[int, int], str] = {}
        for source, is_base in ((self._present, False), (self._base, True)):
            for (label, _), values in source.items():
                if label == CELL and values is not None:
                    place = (values["objective"], values["quarter"])
                    then[place] = values["state"] if is_base else ""
        return then

    def _objectives_of(self, change: Change) -> set[int]:
        key = (change.model, change.row)
        rows = (self._present.get(key), self._base.get(key), change.old, change.new)
        return {values["objective"] for values in rows if isinstance(values, dict)}


def _ranks(rows: dict[int, dict[str, Any]]) -> dict[int, int]:
    """In reading order: rows of no group, then each « Projet » and its own."""
    groups: dict[int | None, list[int]] = defaultdict(list)
    for key in sorted(rows, key=lambda key: (rows[key]["position"], key)):
        groups[rows[key]["parent"]].append(key)
    tops = sorted(groups[None], key=lambda key: bool(rows[key]["kind"] == "projet"))
    order = [key for top in tops for key in (top, *groups[top])]
    return {key: rank for rank, key in enumerate(order, start=1)}
