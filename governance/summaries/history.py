"""What became of a row of the directory, in words; for who keeps it alone."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from core.text import day_in_words
from governance.models import Organisation, Person
from journal.models import Change, ChangeSet
from journal.recording import NOT_KEPT
from territories.models import Territory

Entry = Organisation | Person
EMPTY = "vide"
SHOWN = 20


@dataclass(frozen=True)
class FieldChange:
    """One field of it: its name, what it said and what it says."""

    label: str
    old: str
    new: str
    # The journal keeps that it changed, not what it said.
    is_kept_quiet: bool


@dataclass(frozen=True)
class EntryGesture:
    """One gesture that wrote the row."""

    changeset: ChangeSet
    changes: tuple[FieldChange, ...]


def scope_of(territory: Territory) -> str:
    """How the journal names the directory of a territory."""
    return f"annuaire:{territory.pk}"


def subject_of(entry: Entry) -> str:
    """« governance.person:12 »."""
    return f"{entry._meta.label_lower}:{entry.pk}"


def history_of(entry: Entry) -> list[EntryGesture]:
    """What was done to a row of the directory, the latest first. Five queries at most."""
    found = ChangeSet.objects.of(scope_of(entry.territory)).about(subject_of(entry))
    rows = list(found.latest_first().for_reading()[:SHOWN])
    names = _Names(change for gesture in rows for change in gesture.changes.all())
    label = entry._meta.label_lower
    return [
        EntryGesture(
            gesture,
            tuple(
                _in_words(type(entry), change, names)
                for change in gesture.changes.all()
                if change.field and (change.model, change.row) == (label, entry.pk)
            ),
        )
        for gesture in rows
    ]


class _Names:
    """Organisations and people that changes name by key."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self.by_column: dict[str, dict[int, str]] = {}
        keys: dict[str, set[int]] = {"organisation": set(), "contact": set()}
        for change in changes:
            if change.field in keys:
                keys[change.field] |= {key for key in (change.old, change.new) if key}
        for column, model in (("organisation", Organisation), ("contact", Person)):
            rows = model._default_manager.filter(pk__in=keys[column]) if keys[column] else ()
            self.by_column[column] = {row.pk: str(row) for row in rows}

    def name(self, column: str, key: Any) -> str:
        return self.by_column[column].get(key, "retirée depuis")


def _in_words(model: type[Entry], change: Change, names: _Names) -> FieldChange:
    field = next(
        (field for field in model._meta.concrete_fields if field.name == change.field), None
    )
    label = str(field.verbose_name) if field else change.field
    is_quiet = NOT_KEPT in {change.old, change.new} or change.field in model.sensitive
    old, new = (_value(field, change.field, one, names) for one in (change.old, change.new))
    return FieldChange(label, old, new, is_kept_quiet=is_quiet)


def _value(field: Any, name: str, value: Any, names: _Names) -> str:
    if value in (None, ""):
        return EMPTY
    if name in names.by_column:
        return names.name(name, value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(field, models.DateField):
        return day_in_words(dt.date.fromisoformat(value))
    if field is not None and field.choices:
        return str(dict(field.choices).get(value, value))
    if isinstance(field, models.ForeignKey):
        return "un compte"
    return str(value)
