"""What a closed campaign says, in plain values: nothing renamed or removed later changes it.

`as_kept` and `as_read` are the two ways between these classes and the JSON of `Campaign.frozen`.
A new shape takes a new `SCHEMA`, and `as_read` goes on reading the earlier ones.
"""

import dataclasses
import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, get_args, get_origin, get_type_hints

from core.quarters import Quarter
from reviews.enums import Outcome
from roadmap.summaries import GridRow, PlanningGrid, Segment

SCHEMA = 1


class UnknownSchema(Exception):
    """A campaign frozen by a later version of the application."""


@dataclass(frozen=True)
class FrozenPerson:
    """Who pilots or copilots a sheet in person; `is_gone` is that they had left by then."""

    key: int
    name: str
    is_gone: bool


@dataclass(frozen=True)
class FrozenObjective:
    """What was said of one objective; `slips` counts the reviews that put it off, this one too."""

    key: int | None
    printed: str
    answer: str
    answer_label: str
    slipped_to: int | None
    slip_reason: str
    slips: int


@dataclass(frozen=True)
class FrozenEvidence:
    """A file or a link, by its name."""

    attachment: int
    name: str


@dataclass(frozen=True)
class FrozenAnswer:
    """What was answered, validated or not."""

    status: str
    status_label: str
    status_reason: str
    weather: str
    weather_label: str
    done: str
    difficulties: str
    next_steps: str
    help_asked: str
    is_unchanged: bool
    answered_name: str
    answered_from: str
    submitted_on: dt.date | None
    validated_on: dt.date | None
    # The sheet was written meanwhile, and the lead kept the sheet.
    is_set_aside: bool
    objectives: tuple[FrozenObjective, ...]
    evidence: tuple[FrozenEvidence, ...]


@dataclass(frozen=True)
class FrozenBefore:
    """A sheet as the review before this one froze it."""

    status: str
    status_label: str
    weather: str
    weather_label: str
    outcome: str


@dataclass(frozen=True)
class FrozenSheet:
    """One sheet as the roadmap had it at the closing, and what the review heard of it."""

    key: int
    number: int
    title: str
    priority: int | None
    axis: str
    axis_rank: int
    pilots: tuple[str, ...]
    people: tuple[FrozenPerson, ...]
    status: str
    status_label: str
    status_reason: str
    weather: str
    weather_label: str
    status_at_opening: str
    lateness: int | None
    lateness_label: str
    objectives_done: int
    objectives_total: int
    is_retired: bool
    # Blank when the review did not ask about it.
    outcome: str
    outcome_label: str
    # Reviews in a row without an answer, this one too.
    silent_for: int
    answer: FrozenAnswer | None
    before: FrozenBefore | None

    @property
    def is_asked(self) -> bool:
        return self.outcome != ""

    @property
    def is_silent(self) -> bool:
        """Asked, and nothing came: what is said of it is the last known state."""
        return self.outcome == Outcome.SILENT

    @property
    def slipped(self) -> tuple[FrozenObjective, ...]:
        """The objectives put off by its answer, when it counts."""
        if self.answer is None or self.answer.is_set_aside:
            return ()
        return tuple(line for line in self.answer.objectives if line.slipped_to is not None)


@dataclass(frozen=True)
class FrozenPriority:
    """A priority of the decree, as this project's booklet words it."""

    number: int
    label: str


@dataclass(frozen=True)
class FrozenReview:
    """All that a report says of a closed campaign."""

    quarter: int
    edition: int
    territory: str
    project: str
    opened_on: dt.date | None
    due_on: dt.date
    closed_on: dt.date
    led_by: str
    reopening_reason: str
    # The review that « last quarter » means.
    previous_quarter: int | None
    priorities: tuple[FrozenPriority, ...]
    sheets: tuple[FrozenSheet, ...]
    # In the review before, out of the roadmap since: « Fiche 12 : … ».
    gone: tuple[str, ...]
    grid: PlanningGrid
    # How many reviews put each objective off, by key.
    slips: dict[str, int] = field(default_factory=dict)
    schema: int = SCHEMA

    @property
    def reviewed(self) -> Quarter:
        return Quarter(self.quarter)

    @property
    def previous(self) -> Quarter | None:
        return None if self.previous_quarter is None else Quarter(self.previous_quarter)

    @cached_property
    def asked(self) -> tuple[FrozenSheet, ...]:
        """Those that the review asked about."""
        return tuple(sheet for sheet in self.sheets if sheet.is_asked)

    @cached_property
    def live(self) -> tuple[FrozenSheet, ...]:
        """Those that were in the roadmap at the closing."""
        return tuple(sheet for sheet in self.sheets if not sheet.is_retired)

    def count(self, outcome: str) -> int:
        """How many sheets had that outcome."""
        return sum(sheet.outcome == outcome for sheet in self.sheets)

    @property
    def answered(self) -> int:
        """Validated or not."""
        return len(self.asked) - self.count(Outcome.SILENT)


def as_kept(review: FrozenReview) -> dict[str, Any]:
    """What the column holds."""
    kept: dict[str, Any] = _plain(review)
    return kept


def as_read(kept: dict[str, Any]) -> FrozenReview:
    """What the column says. Raises `UnknownSchema`."""
    if kept["schema"] != SCHEMA:
        raise UnknownSchema(kept["schema"])
    review: FrozenReview = _built(FrozenReview, kept)
    return review


def _plain(value: Any) -> Any:
    if isinstance(value, Quarter):
        return value.index
    if dataclasses.is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _built(wanted: Any, value: Any) -> Any:
    """A value of that type, from what JSON held of it."""
    if value is None:
        return None
    if wanted is Quarter:
        return Quarter(value)
    if wanted is GridRow:
        return _grid_row(value)
    if dataclasses.is_dataclass(wanted):
        hints = get_type_hints(wanted)
        names = [each.name for each in dataclasses.fields(wanted)]
        return wanted(**{name: _built(hints[name], value[name]) for name in names if name in value})  # type: ignore[operator]
    if get_origin(wanted) is tuple:
        return tuple(_built(get_args(wanted)[0], each) for each in value)
    if dt.date in (wanted, *get_args(wanted)):
        return dt.date.fromisoformat(value)
    options = [each for each in get_args(wanted) if dataclasses.is_dataclass(each)]
    return _built(options[0], value) if options else value


def _grid_row(value: dict[str, Any]) -> GridRow:
    """Its quarters are keys: JSON made words of them."""
    cells = {int(quarter): state for quarter, state in value["cells"].items()}
    segments = tuple(_built(Segment, each) for each in value["segments"])
    rest = {**value, "cells": cells, "segments": segments, "remarks": tuple(value["remarks"])}
    return GridRow(**rest)
