"""What differs between two states of a roadmap: sheet by sheet, row by row, field by field.

Rows are known by their keys; what they say is compared as it is printed, so that an organisation
that changed its name is told. Nothing here makes a query beyond those of the states.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from django.db import models

from core.differences import Piece, word_differences
from core.quarters import Quarter
from journal.tracing import plain_values
from roadmap.enums import CellState
from roadmap.models import Action, Objective
from roadmap.summaries.history_words import NOTHING, ROW_WORDS, quoted, value_words
from roadmap.summaries.sheets import rows_of
from roadmap.summaries.snapshots import COLUMNS
from roadmap.summaries.states import RoadmapState
from territories.models import Project

Became: TypeAlias = Literal["ajouté", "modifié", "retiré"]
# Told by the order of the rows, and by nothing else.
RANK = "position"
ATTACHED = ("roles", "funding_lines", "indicators")


@dataclass(frozen=True)
class FieldDifference:
    """One field of one row, in words before and after; in `pieces` when it is a text."""

    label: str
    old: str
    new: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class RowDifference:
    """A row that came, went, or says something else."""

    kind: Became
    words: str
    fields: tuple[FieldDifference, ...] = ()


@dataclass(frozen=True)
class SheetDifference:
    """A sheet that came, went, or says something else, itself or by what hangs on it."""

    kind: Became
    number: int
    title: str
    fields: tuple[FieldDifference, ...] = ()
    rows: tuple[RowDifference, ...] = ()

    @property
    def became(self) -> str:
        """« ajoutée »: a sheet is feminine."""
        return f"{self.kind}e"

    @property
    def count(self) -> int:
        """How many things differ in a sheet that is in both states."""
        return len(self.fields) + len(self.rows)


@dataclass(frozen=True)
class Comparison:
    """All that differs between two states, the sheets by number."""

    project: tuple[FieldDifference, ...]
    sheets: tuple[SheetDifference, ...]

    @property
    def is_empty(self) -> bool:
        return not self.project and not self.sheets

    def of(self, kind: Became) -> tuple[SheetDifference, ...]:
        return tuple(sheet for sheet in self.sheets if sheet.kind == kind)

    @property
    def added(self) -> tuple[SheetDifference, ...]:
        return self.of("ajouté")

    @property
    def removed(self) -> tuple[SheetDifference, ...]:
        return self.of("retiré")

    @property
    def changed(self) -> tuple[SheetDifference, ...]:
        return self.of("modifié")


def compare(old: RoadmapState, new: RoadmapState) -> Comparison:
    """From the one to the other. The queries of both states, and no more."""
    before = {sheet.pk: sheet for sheet in old.sheets()}
    after = {sheet.pk: sheet for sheet in new.sheets()}
    sheets = [
        difference
        for key in {**before, **after}
        if (difference := _sheet(before.get(key), after.get(key))) is not None
    ]
    return Comparison(
        project=tuple(_of_project(old, new)),
        sheets=tuple(sorted(sheets, key=lambda sheet: (sheet.number, sheet.kind))),
    )


# --- The project --------------------------------------------------------------------------------


def _of_project(old: RoadmapState, new: RoadmapState) -> Iterator[FieldDifference]:
    names = old.project.territory.name, new.project.territory.name
    yield from _difference("Territoire", *names)
    yield from _fields(old.project, new.project, COLUMNS[Project])
    for label, attribute in (("Intitulé", "title"), ("Note du planning", "planning_note")):
        before, after = (
            {heading.priority_id: heading for heading in state.headings()} for state in (old, new)
        )
        for key, heading in {**before, **after}.items():
            words = f"{label} de la priorité {heading.priority.number}"
            told = (str(getattr(side.get(key), attribute, "")) for side in (before, after))
            yield from _difference(words, *told)


# --- A sheet ------------------------------------------------------------------------------------


def _sheet(old: Action | None, new: Action | None) -> SheetDifference | None:
    if old is None and new is not None:
        return SheetDifference("ajouté", new.number, new.title)
    if new is None and old is not None:
        return SheetDifference("retiré", old.number, old.title)
    if old is None or new is None:
        return None
    fields = tuple(_of_sheet(old, new))
    rows = (
        *_rows(rows_of(old), rows_of(new)),
        *(
            difference
            for name in ATTACHED
            for difference in _rows(list(getattr(old, name).all()), list(getattr(new, name).all()))
        ),
    )
    if not fields and not rows:
        return None
    return SheetDifference("modifié", new.number, new.title, fields, rows)


def _of_sheet(old: Action, new: Action) -> Iterator[FieldDifference]:
    yield from _fields(old, new, COLUMNS[Action])
    for name in ("themes", "secondary_priorities"):
        label = _label(Action._meta.get_field(name))
        yield from _difference(label, *(_listed(getattr(side, name).all()) for side in (old, new)))
    for name in ("objectives", *ATTACHED):
        yield from _order(name, old, new)


def _order(name: str, old: Action, new: Action) -> Iterator[FieldDifference]:
    """The rows that both have, when they do not come in one order."""
    sides = [
        rows_of(side) if name == "objectives" else list(getattr(side, name).all())
        for side in (old, new)
    ]
    shared = {row.pk for row in sides[0]} & {row.pk for row in sides[1]}
    orders = [[row.pk for row in side if row.pk in shared] for side in sides]
    if orders[0] != orders[1]:
        model = Action._meta.get_field(name).related_model
        what = str(model._meta.verbose_name_plural)  # type: ignore[union-attr]
        before, after = (_listed(row for row in side if row.pk in shared) for side in sides)
        yield FieldDifference(f"Ordre des {what}", before, after)


def _rows(old: Sequence[Any], new: Sequence[Any]) -> Iterator[RowDifference]:
    before, after = ({row.pk: row for row in side} for side in (old, new))
    for key, row in {**before, **after}.items():
        words = f"{ROW_WORDS[row._meta.label_lower]} {quoted(str(row))}"
        if key not in before:
            yield RowDifference("ajouté", words, tuple(_held(row)))
        elif key not in after:
            yield RowDifference("retiré", words)
        elif fields := tuple(_of_row(before[key], after[key], before, after)):
            yield RowDifference("modifié", words, fields)


def _held(row: models.Model) -> Iterator[FieldDifference]:
    """What a row that came says beside its name: when an objective is planned."""
    if isinstance(row, Objective):
        yield from _difference("Trimestres", "", _planned(row))


def _of_row(
    old: models.Model, new: models.Model, before: dict[int, Any], after: dict[int, Any]
) -> Iterator[FieldDifference]:
    names = [name for name in COLUMNS[type(new)] if name not in {RANK, "parent"}]
    yield from _fields(old, new, names)
    if isinstance(old, Objective) and isinstance(new, Objective):
        parents = (before.get(old.parent_id or 0), after.get(new.parent_id or 0))
        yield from _difference("Projet", *(str(parent or "") for parent in parents))
        yield from _difference("Trimestres", _planned(old), _planned(new))


def _planned(row: Objective) -> str:
    return ", ".join(f"{Quarter(at)} {CellState(row.cells[at]).label}" for at in sorted(row.cells))


# --- Words --------------------------------------------------------------------------------------


def _fields(
    old: models.Model, new: models.Model, names: Iterable[str]
) -> Iterator[FieldDifference]:
    before, after = plain_values(old), plain_values(new)
    for name in names:
        column = new._meta.get_field(name)
        # What a link leads to may have changed its name.
        if before[name] == after[name] and not column.is_relation:
            continue
        told = (_words(row, column, values) for row, values in ((old, before), (new, after)))
        yield from _difference(_label(column), *told, is_text=isinstance(column, models.TextField))


def _words(row: models.Model, column: Any, values: dict[str, Any]) -> str:
    """A value as the page says it; nothing as « »."""
    if isinstance(column, models.ForeignKey):
        return str(getattr(row, column.name) or "")
    said = value_words(column, values[column.name], names={}, time_zone="UTC")
    return "" if said == NOTHING else said


def _difference(
    label: str, old: str, new: str, *, is_text: bool = False
) -> Iterator[FieldDifference]:
    if old == new:
        return
    pieces = word_differences(old, new) if is_text and old and new else ()
    yield FieldDifference(label, old or NOTHING, new or NOTHING, pieces)


def _listed(rows: Iterable[models.Model]) -> str:
    return ", ".join(str(row) for row in rows)


def _label(column: Any) -> str:
    words = str(column.verbose_name)
    return words[:1].upper() + words[1:]
