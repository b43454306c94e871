"""Taking back what a gesture did, unless somebody has written over it since."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.deletion import ProtectedError, RestrictedError

from core.fields import FoldedField
from core.text import listed
from journal.enums import ChangeKind
from journal.models import Change
from journal.reading import last_changes
from journal.tracing import TracedModel, plain_values, rows_of, what_goes_with

# A row, by model and key.
Key = tuple[str, int]
TOLD_AT_MOST = 3

Thing = TypeVar("Thing")


class UndoRefused(Exception):
    """What cannot be taken back; the message is a French sentence."""


@dataclass
class _Return:
    """A row on its way back to earlier values, in these columns."""

    name: str
    row: TracedModel
    fields: set[str]
    leaves_an_added_row: bool = False


def undo(changes: Sequence[Change]) -> None:
    """Give every row of these changes its earlier values; call it inside a gesture.

    All or nothing: raises `UndoRefused`, and the gesture must then be given up, when a row holds
    something else than what the gesture left, when others hang on a row that it added, when a
    place is taken, or when what a row was part of is gone. A few queries a kind of row.
    """
    removed, added, changed = (
        [change for change in changes if change.kind == kind]
        for kind in (ChangeKind.REMOVED, ChangeKind.ADDED, ChangeKind.CHANGED)
    )
    present = _present([*changed, *added])
    _check_as_left([*changed, *added], present)
    given_back = _with_earlier_values(changed, present, going={_key(one) for one in added})
    put_back = _rows_again(removed)
    _check_ties([*given_back, *put_back], coming={_key(change) for change in removed})
    # A unique place is left before it is taken: hence the order.
    _make_room([*changed, *added])
    _give_back([one for one in given_back if one.leaves_an_added_row])
    _take_away(added, present)
    _give_back([one for one in given_back if not one.leaves_an_added_row])
    _put_back(put_back)
    _check_rules([*put_back, *given_back])


# --- Is all as the gesture left it? -------------------------------------------------------------


def _key(change: Change) -> Key:
    return change.model, change.row


def _model(label: str) -> type[TracedModel]:
    try:
        model = apps.get_model(label)
    except LookupError as error:
        raise UndoRefused("Ce geste porte sur ce que l’application ne connaît plus.") from error
    return model


def _present(changes: Iterable[Change]) -> dict[Key, TracedModel]:
    """The rows of these changes that are still there; a query a kind of row."""
    keys: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        keys[change.model].add(change.row)
    return {(label, row.pk): row for label in keys for row in rows_of(_model(label), keys[label])}


def _check_as_left(changes: Iterable[Change], present: dict[Key, TracedModel]) -> None:
    stopped: dict[Key, Change] = {}
    values = {key: plain_values(row) for key, row in present.items()}
    for change in changes:
        if (kept := values.get(_key(change))) is None:
            # What was added, and has gone since, need not go.
            if change.kind == ChangeKind.CHANGED:
                stopped.setdefault(_key(change), change)
        elif any(kept.get(name, value) != value for name, value in change.values_after.items()):
            stopped.setdefault(_key(change), change)
    if stopped:
        raise UndoRefused(_who_stands_in_the_way(list(stopped.values()), present))


def _who_stands_in_the_way(stopped: Sequence[Change], present: dict[Key, TracedModel]) -> str:
    told = []
    for change in stopped[:TOLD_AT_MOST]:
        last = last_changes(change.model, [change.row]).get(change.row)
        who = (last.changeset.by_name if last else "") or "quelqu’un d’autre"
        what = "modifié" if _key(change) in present else "retiré"
        told.append(f"«\u00a0{change.name}\u00a0» a été {what} depuis par {who}")
    more = len(stopped) - TOLD_AT_MOST
    if more > 0:
        told.append(f"et {more} autre{'s' if more > 1 else ''}")
    return f"Ce geste ne peut plus être annulé tel quel\u00a0: {', '.join(told)}."


# --- The rows as they were ----------------------------------------------------------------------


def _with_earlier_values(
    changed: Iterable[Change], present: dict[Key, TracedModel], *, going: set[Key]
) -> list[_Return]:
    found: dict[Key, _Return] = {}
    for change in changed:
        row = present[_key(change)]
        if not row.has_column(change.field):
            continue
        one = found.setdefault(_key(change), _Return(change.name, row, set()))
        one.fields.add(change.field)
        one.leaves_an_added_row |= _target(row, change.field) in going
        row.set_plain(change.field, change.old)
    return list(found.values())


def _rows_again(removed: Iterable[Change]) -> list[_Return]:
    found = []
    there = _present(removed := list(removed))
    for change in removed:
        if _key(change) in there:
            raise UndoRefused(f"«\u00a0{change.name}\u00a0» est déjà revenu.")
        row = _model(change.model).from_values(change.row, change.values_before)
        found.append(_Return(change.name, row, set(plain_values(row))))
    return found


def _target(row: TracedModel, name: str) -> Key | None:
    """The row that a column leads to now, if it is one that leads somewhere."""
    column = row._meta.get_field(name)
    if not isinstance(column, models.ForeignKey):
        return None
    key: Any = getattr(row, column.attname)
    return None if key is None else (column.related_model._meta.label_lower, key)


def _check_ties(rows: Iterable[_Return], *, coming: set[Key]) -> None:
    """A row is not given back to something that has gone; a query a kind of thing."""
    aimed: dict[str, set[int]] = defaultdict(set)
    ties = [
        (one.row, name, target)
        for one in rows
        for name in sorted(one.fields)
        if (target := _target(one.row, name)) is not None and target not in coming
    ]
    for _, _, (label, key) in ties:
        aimed[label].add(key)
    there = {
        (label, key)
        for label, keys in aimed.items()
        for key in apps.get_model(label)
        ._base_manager.filter(pk__in=keys)
        .values_list("pk", flat=True)
    }
    for row, name, target in ties:
        if target in there:
            continue
        if not _may_be_untied(row, name):
            raise UndoRefused(_lost(row, name))
        row.set_plain(name, None)


def _lost(row: TracedModel, name: str) -> str:
    column: Any = row._meta.get_field(name)
    if issubclass(column.related_model, TracedModel):
        return (
            "Une ligne ne peut pas revenir\u00a0: ce dont elle faisait partie a été retiré depuis. "
            "Annulez d’abord ce retrait."
        )
    what = column.verbose_name
    return f"Une ligne ne peut pas revenir\u00a0: son champ «\u00a0{what}\u00a0» n’est plus gardé."


def _may_be_untied(row: TracedModel, name: str) -> bool:
    """Led to what the journal does not know and nobody can give back: an account, say.

    Not to what it keeps from going (somebody of the directory): two entries were made one since.
    """
    column: Any = row._meta.get_field(name)
    is_kept = column.remote_field.on_delete is models.PROTECT
    return column.null and not is_kept and not issubclass(column.related_model, TracedModel)


def _check_rules(rows: Iterable[_Return]) -> None:
    """What was true of a row may not be any more beside the others."""
    for one in rows:
        try:
            one.row.clean()
        except ValidationError as error:
            raise UndoRefused(_told(one.name, error)) from error


def _told(name: str, error: ValidationError) -> str:
    return f"«\u00a0{name}\u00a0»\u00a0: {' '.join(error.messages)}"


# --- Writing ------------------------------------------------------------------------------------


def _make_room(changes: Iterable[Change]) -> None:
    rooms: dict[tuple[str, str], set[int]] = defaultdict(set)
    for change in changes:
        for name in change.values_after:
            rooms[change.model, name].add(change.row)
    for (label, name), keys in rooms.items():
        _model(label).make_room(keys, {name})


def _give_back(rows: Iterable[_Return]) -> None:
    alike: dict[tuple[type[TracedModel], frozenset[str]], list[_Return]] = defaultdict(list)
    for one in rows:
        alike[type(one.row), frozenset(one.fields)].append(one)
    for (model, names), returns in alike.items():
        folded = [
            column
            for column in model._meta.concrete_fields
            if isinstance(column, FoldedField) and names.intersection(column.of)
        ]
        for one in returns:
            for column in folded:
                column.pre_save(one.row, False)  # noqa: FBT003 (Django's)
        columns = sorted(names) + [column.name for column in folded]
        _attempt(returns, partial(model.objects.bulk_update, fields=columns))


def _put_back(rows: Iterable[_Return]) -> None:
    for model, returns in _parents_first((type(one.row), one) for one in rows):
        _attempt(returns, model.objects.bulk_create)


def _attempt(returns: Sequence[_Return], write: Callable[[list[TracedModel]], Any]) -> None:
    """Write; when the base refuses, ask the rows' own rules for the sentence."""
    try:
        with transaction.atomic():
            write([one.row for one in returns])
    except IntegrityError as refused:
        for one in returns:
            try:
                one.row.validate_constraints()
            except ValidationError as error:
                raise UndoRefused(_told(one.name, error)) from error
        raise UndoRefused(
            f"«\u00a0{returns[0].name}\u00a0» ne peut pas revenir\u00a0: sa place est prise."
        ) from refused


def _take_away(added: Sequence[Change], present: dict[Key, TracedModel]) -> None:
    """Remove what the gesture added, unless others hang on it since."""
    names = {_key(change): change.name for change in added}
    kinds = _parents_first((_model(change.model), change) for change in added)
    for model, changes in reversed(list(kinds)):
        rows = [present[_key(change)] for change in changes if _key(change) in present]
        if not rows:
            continue
        others = [other for other in _hanging_on(rows) if _key_of(other) not in names]
        if others:
            told = listed([f"«\u00a0{other}\u00a0»" for other in others[:TOLD_AT_MOST]])
            raise UndoRefused(
                f"«\u00a0{_carrier(others, names)}\u00a0» porte maintenant {told}\u00a0: "
                "retirez d’abord ce qui y a été ajouté depuis."
            )
        model.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _key_of(row: models.Model) -> Key:
    return row._meta.label_lower, row.pk


def _hanging_on(rows: Sequence[TracedModel]) -> list[models.Model]:
    """What would go with these rows, or keeps them from going."""
    try:
        return list(what_goes_with(rows)[0])
    except ProtectedError as error:
        return list(error.protected_objects)
    except RestrictedError as error:
        return list(error.restricted_objects)


def _carrier(others: Iterable[models.Model], names: dict[Key, str]) -> str:
    """Which of the rows named carries one of the others."""
    for other in others:
        for column in other._meta.concrete_fields:
            if isinstance(column, models.ForeignKey):
                aimed = (column.related_model._meta.label_lower, getattr(other, column.attname))
                if aimed in names:
                    return names[aimed]
    return next(iter(names.values()))


def _parents_first(
    things: Iterable[tuple[type[TracedModel], Thing]],
) -> Iterator[tuple[type[TracedModel], list[Thing]]]:
    """Kind by kind, what others are part of before its parts."""
    kinds: dict[type[TracedModel], list[Thing]] = defaultdict(list)
    for model, thing in things:
        kinds[model].append(thing)
    while kinds:
        free = next(
            (model for model in kinds if not (_parents(model) - {model}) & set(kinds)),
            next(iter(kinds)),
        )
        yield free, kinds.pop(free)


def _parents(model: type[models.Model]) -> set[type[models.Model]]:
    return {
        column.related_model
        for column in model._meta.concrete_fields
        if isinstance(column, models.ForeignKey)
    }
