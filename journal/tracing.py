"""Rows that cannot be written unseen: one base model, one queryset (`decisions.md` 11)."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self, TypeVar

from django.db import models, router, transaction
from django.db.models.deletion import Collector

from journal.recording import Values, gesture_under_way

# Django names the rows that others lead to one by one, and SQLite reads no more than a thousand.
LOADED_AT_ONCE = 900

Row = TypeVar("Row", bound="TracedModel", covariant=True)


class TracedQuerySet(models.QuerySet[Row]):
    """Notes what is written to many rows at once: the rows are read before and after."""

    def update(self, **fields: Any) -> int:
        """Costs two queries more when a traced column is written."""
        model = self._traced_model()
        if not traced_names(model).intersection(_column_names(model, fields)):
            return super().update(**fields)
        made = gesture_under_way()
        with transaction.atomic(using=self.db, savepoint=False):
            before = {row.pk: plain_values(row) for row in self._rows()}
            written = super().update(**fields)
            for row in rows_of(model, before):
                made.note(row, subject=row.subject, before=before[row.pk], after=plain_values(row))
        return written

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        """Every row of the list is new: one that may be there already is another gesture."""
        if options.get("ignore_conflicts") or options.get("update_conflicts"):
            raise NotImplementedError("What a base resolves by itself cannot be traced.")
        made = gesture_under_way()
        rows = super().bulk_create(objs, *args, **options)
        for first in range(0, len(rows), LOADED_AT_ONCE):
            batch = rows[first : first + LOADED_AT_ONCE]
            models.prefetch_related_objects(batch, *self._traced_model().traced_with)
        for row in rows:
            made.note(row, subject=row.subject, before=None, after=plain_values(row))
        return rows

    def delete(self) -> tuple[int, dict[str, int]]:
        """With what goes with them; reads twice what it removes."""
        note_removal(list(self._rows()))
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _rows(self) -> "models.QuerySet[TracedModel]":
        model = self._traced_model()
        chosen: models.QuerySet[TracedModel] = model._base_manager.using(self.db).filter(
            pk__in=self.order_by().values("pk")
        )
        return chosen.select_related(*model.traced_with).order_by("pk")

    def _traced_model(self) -> "type[TracedModel]":
        return self.model


class TracedModel(models.Model):
    """A row whose every write is noted in the gesture under way; outside of one, it is refused.

    `subject_path` leads to the key of what people know it by (a sheet), `traced_with` names the
    relations to load for that. Columns that nobody edits are not traced; of those that are
    `sensitive` the journal keeps that they changed, never what they said: nothing brings them back.
    """

    subject_model: ClassVar[str] = ""
    subject_path: ClassVar[str] = "pk"
    traced_with: ClassVar[tuple[str, ...]] = ()
    sensitive: ClassVar[frozenset[str]] = frozenset()

    objects = TracedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Costs one query more, to read what was there; none when the row is new."""
        made = gesture_under_way()
        # As Django's own save: whoever means to go on after an error has a savepoint already.
        with transaction.atomic(savepoint=False):
            # A row made with a key of its own may be there already.
            before = None if self._is_surely_new(options) else self._kept_values()
            super().save(*args, **options)
            after = plain_values(self)
            if options.get("update_fields") is not None:
                saved = _column_names(type(self), options["update_fields"])
                after = {name: value for name, value in after.items() if name in saved}
            made.note(self, subject=self.subject, before=before, after=after)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        note_removal([self])
        return super().delete(*args, **options)

    @classmethod
    def make_room(cls, keys: Iterable[int], columns: set[str]) -> None:
        """Called before several rows are given back earlier values of these columns.

        Rows that exchange a value that is unique cannot pass through each other: a model that
        has one frees it here.
        """

    @property
    def subject(self) -> str:
        """« roadmap.action:12 »: what the row is a part of."""
        key: Any = self
        for step in self.subject_path.split("__"):
            key = getattr(key, step)
        return f"{self.subject_model or self._meta.label_lower}:{key}"

    def _is_surely_new(self, options: Mapping[str, Any]) -> bool:
        return self._state.adding and (self.pk is None or bool(options.get("force_insert")))

    def _kept_values(self) -> Values | None:
        row = type(self)._base_manager.filter(pk=self.pk).first()
        return None if row is None else plain_values(row)

    @classmethod
    def from_values(cls, pk: int, values: Values) -> Self:
        """A row as a change kept it, not yet in the base."""
        row = cls(pk=pk)
        for name, value in values.items():
            if cls.has_column(name):
                row.set_plain(name, value)
        return row

    @classmethod
    def has_column(cls, name: str) -> bool:
        """Whether a column that a change names is still there, and can be given back."""
        return name in traced_names(cls) - cls.sensitive

    def set_plain(self, name: str, value: Any) -> None:
        """Give a column a value kept by a change."""
        column = {column.name: column for column in self._meta.concrete_fields}[name]
        setattr(self, column.attname, column.to_python(value))


def traced_names(model: type[models.Model]) -> set[str]:
    """The columns whose changes are kept: all but the key and those that nobody edits."""
    return {
        column.name
        for column in model._meta.concrete_fields
        if column.editable and not column.primary_key
    }


def plain_values(row: models.Model) -> Values:
    """A row in values that JSON holds and compares."""
    traced = traced_names(type(row))
    return {
        column.name: _plain(column, getattr(row, column.attname))
        for column in row._meta.concrete_fields
        if column.name in traced
    }


def _plain(column: "models.Field[Any, Any]", value: Any) -> Any:
    value = column.to_python(value)
    if isinstance(column, models.DecimalField) and value is not None:
        return f"{value:.{column.decimal_places}f}"
    if isinstance(value, dt.datetime):
        # One moment has one text, whatever the clock that it was read on.
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | dict | list) else str(value)


def note_removal(rows: "Sequence[TracedModel]") -> None:
    """Note what the removal of these rows takes with it, and what it merely unties."""
    if not rows:
        return
    made = gesture_under_way()
    going, untied = what_goes_with(rows)
    for row in going:
        made.note(row, subject=row.subject, before=plain_values(row), after=None)
    for row, column in untied:
        made.note(row, subject=row.subject, before=plain_values(row), after={column: None})


def what_goes_with(
    rows: "Sequence[TracedModel]",
) -> "tuple[list[TracedModel], list[tuple[TracedModel, str]]]":
    """The traced rows that a removal removes, these included, and those that it unties, by column.

    A query a kind of row, and those by which Django collects them.
    """
    collector = Collector(using=router.db_for_write(type(rows[0])), origin=rows[0])
    collector.collect(rows)
    keys: dict[type[models.Model], set[int]] = {}
    for model, found in collector.data.items():
        keys.setdefault(model, set()).update(row.pk for row in found)
    for queryset in collector.fast_deletes:
        keys.setdefault(queryset.model, set()).update(queryset.values_list("pk", flat=True))
    going = [row for model in keys for row in rows_of(model, keys[model])]
    untied = [
        (row, column.name)
        for (column, _), batches in collector.field_updates.items()
        for batch in batches
        for row in rows_of(column.model, {row.pk for row in _one_or_many(batch)})
        if row.pk not in keys.get(column.model, set())
    ]
    return going, untied


def rows_of(model: type[models.Model], keys: Iterable[int]) -> "Iterable[TracedModel]":
    """These rows as the base holds them, if the model is traced; one query."""
    if not issubclass(model, TracedModel):
        return []
    rows = model._base_manager.filter(pk__in=keys).select_related(*model.traced_with)
    return rows.order_by("pk")


def _one_or_many(batch: Any) -> Iterable[models.Model]:
    return [batch] if isinstance(batch, models.Model) else batch


def _column_names(model: type[models.Model], names: Iterable[str]) -> set[str]:
    """Columns as the model names them: « priority_id » is « priority »."""
    by_attribute = {column.attname: column.name for column in model._meta.concrete_fields}
    return {by_attribute.get(name, name) for name in names}
