"""The rows of a sheet being arranged: where a row goes, and the ranks that follow."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, prefetch_related_objects

from journal.reading import last_changes
from roadmap.models import Action, Objective
from roadmap.services.gestures import SheetRefused, named
from roadmap.summaries.outline import Place, order_of
from roadmap.summaries.sheets import rows_of


class ObjectiveRefused(SheetRefused):
    """A gesture that the rows of a sheet cannot take; the message is a French sentence."""


class ObjectiveGone(ObjectiveRefused):
    """The row was removed meanwhile."""


class OrderStale(ObjectiveRefused):
    """The rows are not arranged any more as the page showed them."""


class RowsUnder(ObjectiveRefused):
    """A « Projet » with rows: whoever removes it says what becomes of them."""


@dataclass
class Group:
    """A « Projet » and its rows; the rows of none come first, under no top."""

    top: Objective | None = None
    rows: list[Objective] = field(default_factory=list)


class Arrangement:
    """The rows that a sheet holds now; arranged in memory, then written by `settle`.

    Read it inside the gesture that writes. One query.
    """

    def __init__(self, action: Action) -> None:
        in_order = Prefetch("objectives", Objective.objects.order_by("position", "pk"))
        prefetch_related_objects([action], in_order)
        known = rows_of(action)
        self.order = order_of(known)
        self._by_key = {row.pk: row for row in known}
        self.groups = [Group()]
        for row in known:
            if row.is_project:
                self.groups.append(Group(top=row))
            else:
                # Reading order: the group of a row is the last one opened.
                self.groups[-1].rows.append(row)

    @property
    def rows(self) -> list[Objective]:
        """Every row in reading order, those just added included."""
        return [
            row for group in self.groups for row in ([group.top] if group.top else []) + group.rows
        ]

    @property
    def tops(self) -> list[Objective]:
        """The « Projet » rows."""
        return [group.top for group in self.groups if group.top]

    def find(self, key: int | None) -> Objective | None:
        """A row that was there when the gesture began."""
        return None if key is None else self._by_key.get(key)

    def present(self, key: int) -> Objective:
        """The same, which must be there still. Raises `ObjectiveGone`, saying who removed it."""
        row = self.find(key)
        if row is None:
            raise ObjectiveGone(told_gone(key))
        return row

    def group(self, parent: int | None) -> Group:
        """The rows of that « Projet », or those of none; it must be there."""
        return next(
            group for group in self.groups if (group.top.pk if group.top else None) == parent
        )

    def siblings(self, row: Objective) -> list[Objective]:
        """The rows among which this one is ranked, itself included."""
        return self.tops if row.is_project else self.group(row.parent_id).rows

    def standing(self, row: Objective) -> str:
        """« 2e sur 6, dans Projet 1 »."""
        siblings = self.siblings(row)
        rank = siblings.index(row) + 1
        told = f"{rank}{'er' if rank == 1 else 'e'} sur {len(siblings)}"
        if row.parent:
            return f"{told}, dans {called(row.parent)}"
        has_groups = bool(self.tops) and not row.is_project
        return f"{told}, hors projet" if has_groups else told

    def put(self, row: Objective, place: Place) -> None:
        """Give a row another place; a rank too high means the last one."""
        if row.is_project:
            own = next((group for group in self.groups if group.top is row), Group(top=row))
            self.groups = [group for group in self.groups if group is not own]
            self.groups.insert(place.index + 1, own)
            return
        self.take_out(row)
        group = self.group(place.parent)
        row.parent = group.top
        group.rows.insert(place.index, row)

    def take_out(self, row: Objective) -> None:
        """Forget a row; with a « Projet », those under it."""
        self.groups = [group for group in self.groups if group.top is not row]
        for group in self.groups:
            group.rows = [other for other in group.rows if other is not row]

    def settle(self) -> None:
        """Ranks 1, 2, 3… in reading order. A query a hundred rows that move, and their trace."""
        settle(self.rows)


def settle(rows: Iterable[Objective]) -> None:
    """Number rows as they stand; writes those whose rank was another, not those yet unsaved."""
    moved = []
    for rank, row in enumerate(rows, start=1):
        if row.position != rank:
            row.position = rank
            moved.append(row)
    Objective.objects.bulk_update([row for row in moved if row.pk], ["position"])


def told_gone(key: int) -> str:
    """Who removed that row, in a sentence; one query."""
    last = last_changes(Objective._meta.label_lower, [key]).get(key)
    if last is None:
        return "Cet objectif n’existe plus\u00a0: rien n’a été enregistré."
    who = last.changeset.by_name
    by = f" par {who}" if who else ""
    return f"{named(last.name)} a été retiré entre-temps{by}\u00a0: rien n’a été enregistré."


def called(project: Objective) -> str:
    """How a « Projet » is named in a sentence: by its label when it has one."""
    return project.label or named(project)
