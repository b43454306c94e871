"""Where somebody, or some organisation, is named: found by the keys that lead there.

A lower room knows no upper one: whatever table leads to the directory is read, and its own words
say what it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Value

from core.text import counted
from governance.models import Organisation, Person
from journal.tracing import TracedModel

Entry = Organisation | Person
Column = models.ForeignKey[Any, Any]
# The directory's own links are told apart, on the page itself.
OWN = "governance"
OWN_MODELS = {"organisation", "person"}
SHOWN = 30


@dataclass(frozen=True)
class Use:
    """The rows of one table that name an entry."""

    model: type[models.Model]
    column: str
    count: int
    # What some of them are, in words; none where only the count was asked for.
    names: tuple[str, ...] = ()

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.names)

    @property
    def words(self) -> str:
        """« 3 rôles »."""
        options = options_of(self.model)
        return counted(self.count, str(options.verbose_name), str(options.verbose_name_plural))


def options_of(model: type[models.Model]) -> Any:
    """How a table is called; one that only ties two others is called as the first of them."""
    owner: Any = model._meta.auto_created
    return owner._meta if owner else model._meta


def columns_to(entry_model: type[Entry]) -> Iterator[tuple[type[models.Model], Column]]:
    """Every column of every table that leads to these rows, those of the directory too."""
    for relation in entry_model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            yield relation.related_model, relation.field


def counts_to(entry: Entry) -> list[tuple[type[models.Model], Column, int]]:
    """The tables that name an entry outside of the directory, and how often; one query."""
    places = [place for place in columns_to(type(entry)) if not is_own(place[0])]
    first, *others = [
        model._base_manager.filter(**{column.name: entry})
        .order_by()
        .values(place=Value(rank))
        .annotate(count=Count("pk"))
        for rank, (model, column) in enumerate(places)
    ]
    found = first.union(*others, all=True).values_list("place", "count")
    return [(*places[place], count) for place, count in sorted(found) if count]


def uses_of(entry: Entry, *, named: bool = False) -> tuple[Use, ...]:
    """Where an entry is named outside of the directory. A query, and one a table when `named`."""
    found = []
    for model, column, count in counts_to(entry):
        rows = model._base_manager.filter(**{column.name: entry})
        names = tuple(_names(model, rows)) if named else ()
        found.append(Use(model, column.name, count, names))
    return tuple(sorted(found, key=lambda use: (use.model._meta.label, use.column)))


def is_own(model: type[models.Model]) -> bool:
    """An organisation or a person."""
    return model._meta.app_label == OWN and model._meta.model_name in OWN_MODELS


def _names(model: type[models.Model], rows: "models.QuerySet[Any]") -> Iterator[str]:
    """Each row by what it is a part of (a sheet, a review), else by its own name."""
    path = subject_path(model)
    loaded = rows.select_related(*filter(None, [path])).order_by("-pk")[:SHOWN]
    for row in loaded:
        yield name_of(row, path)


def subject_path(model: type[models.Model]) -> str:
    """The relation by which a row leads to what people know: « action »; blank when it is none."""
    if not issubclass(model, TracedModel):
        return ""
    path = model.subject_path.removesuffix("_id")
    return "" if path == "pk" else path


def name_of(row: Any, path: str) -> str:
    """« Pilote : 3. Pair-aidance »; expects what `path` leads to."""
    if not path:
        return str(row)
    thing = row
    for step in path.split("__"):
        thing = getattr(thing, step)
    kind = getattr(row, "get_kind_display", None)
    return f"{thing} ({kind().lower()})" if kind else str(thing)
