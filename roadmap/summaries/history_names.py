"""How the rows that changes point at are called, even those that are gone: all asked at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Max, Q

from accounts.models import User
from journal.enums import ChangeKind
from journal.models import Change
from journal.tracing import TracedModel
from roadmap.models import Objective, PlannedQuarter
from roadmap.summaries.history_words import column_of

CELL = PlannedQuarter._meta.label_lower
OBJECTIVE = Objective._meta.label_lower
Links = dict[str, set[int]]


def names_of(changes: Sequence[Change]) -> dict[tuple[str, int], str]:
    """What linked rows are called, by model and key; a cell goes by the name of its objective.

    One query for all that the journal knows, one for each other model, one when cells changed.
    """
    links: Links = defaultdict(set)
    for change in changes:
        for label, key in _links_of(change):
            links[label].add(key)
    holders = _objectives_of_cells(changes)
    links[OBJECTIVE].update(holders.values())
    traced = {label: keys for label, keys in links.items() if _is_traced(label)}
    names = _names_in_journal(traced)
    for label in sorted(set(links) - set(traced)):
        found = apps.get_model(label)._base_manager.in_bulk(links[label])
        names.update({(label, key): str(row) for key, row in found.items()})
    for cell, objective in holders.items():
        if (OBJECTIVE, objective) in names:
            names[CELL, cell] = names[OBJECTIVE, objective]
    return names


def links_to_a_person(column: "models.Field[Any, Any] | None") -> bool:
    """Accounts are not named: those that matter sign beside, and their address is their own."""
    return isinstance(column, models.ForeignKey) and column.related_model is User


def _links_of(change: Change) -> Iterator[tuple[str, int]]:
    """The rows that its values point at, of the kinds that are named."""
    values = [*change.values_before.items(), *change.values_after.items()]
    for name, key in values:
        column = column_of(change, name)
        if links_to_a_person(column) or not isinstance(key, int):
            continue
        if isinstance(column, models.ForeignKey):
            yield column.related_model._meta.label_lower, key


def _is_traced(label: str) -> bool:
    return issubclass(apps.get_model(label), TracedModel)


def _objectives_of_cells(changes: Iterable[Change]) -> dict[int, int]:
    """The objective of each cell that changed, from the day it was added."""
    cells = [c.row for c in changes if c.model == CELL and c.kind == ChangeKind.CHANGED]
    if not cells:
        return {}
    added = Change.objects.filter(model=CELL, row__in=cells, kind=ChangeKind.ADDED)
    return {
        row: new["objective"]
        for row, new in added.order_by("pk").values_list("row", "new")
        if isinstance(new, dict) and new.get("objective")
    }


def _names_in_journal(links: Links) -> dict[tuple[str, int], str]:
    """As each was called when last touched."""
    wanted = Q(pk__in=[])
    for label, keys in links.items():
        if keys:
            wanted |= Q(model=label, row__in=keys)
    if not any(links.values()):
        return {}
    last = Change.objects.filter(wanted).order_by().values("model", "row")
    rows = Change.objects.filter(pk__in=last.annotate(last=Max("pk")).values("last"))
    return {(model, row): name for model, row, name in rows.values_list("model", "row", "name")}
