"""What becomes of everything that names two entries of a directory when they become one.

Read before, shown, then done as it was shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from core.text import NBSP, listed
from governance.models import Organisation, Person
from governance.summaries.uses import counts_to, name_of, options_of, subject_path
from journal.tracing import plain_values

Entry = Organisation | Person
# A place in a list says nothing of what a row is.
RANKS = {"position", "rank"}
SHOWN = 30
# What is chosen together: a decision goes with its reason, its day and its author.
TOGETHER = {
    "ethical_decision": ("ethical_reason", "ethical_decided_on", "ethical_decided_by"),
    "address": ("postcode", "town"),
}
# What is true of one of them is true of both.
TRUE_OF_BOTH = ("promotes_unrecognised",)
FOLLOWING = {name for names in TOGETHER.values() for name in names}


@dataclass
class Move:
    """The rows of one table that name the entry that goes."""

    model: type[models.Model]
    column: str
    # Led to the entry that stays.
    moved: list[Any] = field(default_factory=list)
    # The entry that stays has the very same: one of them is enough.
    spared: list[Any] = field(default_factory=list)
    # The entry that stays has another one, where there is room for one.
    clashing: list[Any] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return str(options_of(self.model).verbose_name_plural)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Each row, and what becomes of it."""
        path = subject_path(self.model)
        said = (
            (self.clashing, "empêche la réunion"),
            (self.moved, "changera de nom"),
            (self.spared, "en double, sera retiré"),
        )
        return [(name_of(row, path), words) for rows, words in said for row in rows]

    @property
    def shown(self) -> list[tuple[str, str]]:
        return self.lines[:SHOWN]

    @property
    def more(self) -> int:
        return max(len(self.lines) - SHOWN, 0)

    @property
    def clash_names(self) -> list[str]:
        path = subject_path(self.model)
        return [name_of(row, path) for row in self.clashing]


def moves_between(kept: Entry, gone: Entry) -> list[Move]:
    """What names `gone` outside of the directory. A query, and one a table that does."""
    return [_move(model, column.name, kept, gone) for model, column, _ in counts_to(gone)]


def _move(model: type[models.Model], column: str, kept: Entry, gone: Entry) -> Move:
    path = subject_path(model)
    related = [path] if path else []
    rows = list(
        model._base_manager.filter(**{f"{column}__in": [kept, gone]})
        .select_related(*related)
        .order_by("pk")
    )
    theirs = [row for row in rows if getattr(row, f"{column}_id") == gone.pk]
    mine = [row for row in rows if getattr(row, f"{column}_id") == kept.pk]
    move = Move(model, column)
    for row in theirs:
        _sort(move, row, mine)
    return move


def _sort(move: Move, row: Any, mine: list[Any]) -> None:
    twins = [other for other in mine if _said(other, move.column) == _said(row, move.column)]
    if twins and not _carries_something(row):
        move.spared.append(row)
    elif any(_clash(move.model, move.column, row, other) for other in mine):
        move.clashing.append(row)
    else:
        move.moved.append(row)


def _said(row: Any, column: str) -> dict[str, Any]:
    """What a row says, but whom it names and its place."""
    return {
        name: value for name, value in plain_values(row).items() if name not in {column, *RANKS}
    }


def _carries_something(row: Any) -> bool:
    """Other rows hang on it. A query a table that may."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: row}).exists()
        for relation in row._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and not relation.related_model._meta.proxy
    )


def _clash(model: type[models.Model], column: str, row: Any, other: Any) -> bool:
    """There is room for one of them only."""
    return any(
        all(
            # Nothing is like nothing: the base lets several in.
            _value(row, name) == _value(other, name) is not None
            for name in names
            if name != column
        )
        for names in _unique_sets(model)
        if column in names
    )


def _value(row: Any, name: str) -> Any:
    return getattr(row, row._meta.get_field(name).attname)


def _unique_sets(model: type[models.Model]) -> Iterator[tuple[str, ...]]:
    """Columns of which no two rows hold the same; whatever else a constraint asks of them."""
    yield from (
        tuple(constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields
    )
    yield from (tuple(names) for names in model._meta.unique_together)
    yield from ((column.name,) for column in model._meta.concrete_fields if column.unique)


# --- Column by column ---


def fields_to_choose(one: Entry, other: Entry) -> list[str]:
    """The columns in which the two differ, by name; no query."""
    skipped = {"territory", "user", *TRUE_OF_BOTH, *FOLLOWING}
    return [
        column.name
        for column in one._meta.concrete_fields
        if column.editable
        and not column.primary_key
        and column.name not in skipped
        and _differs(one, other, column.name)
    ]


def _differs(one: Entry, other: Entry, name: str) -> bool:
    names = (name, *TOGETHER.get(name, ()))
    return any(_value(one, each) != _value(other, each) for each in names)


def refusal_of(kept: Entry, gone: Entry, moves: Sequence[Move]) -> str:
    """Why the two cannot become one, in a sentence; nothing when they can. No query."""
    accounts = [str(account) for one in (kept, gone) if (account := getattr(one, "user", None))]
    if len(accounts) > 1:
        return (
            f"{kept} et {gone} ont chacun leur compte ({listed(accounts)})\u00a0: détachez d’abord"
            " l’un des deux, dans sa fiche, et fermez-le s’il ne sert plus."
        )
    clashes = [f"{move.kind} ({listed(move.clash_names[:3])})" for move in moves if move.clashing]
    if clashes:
        return (
            f"Les deux fiches sont nommées au même endroit, pour des choses différentes{NBSP}:"
            f" {listed(clashes)}. Corrigez d’abord l’une des deux à cet endroit."
        )
    return ""
