"""The rows of one sheet as they are arranged: who stands where, and which steps each may take.

Expects the objectives of the sheet loaded in order of rank; nothing here makes a query.
"""

import hashlib
from dataclasses import dataclass
from typing import Self

from roadmap.models import Action, Objective
from roadmap.summaries.sheets import rows_of

UP, DOWN, INTO, OUT = "monter", "descendre", "grouper", "sortir"
STEPS = (
    (UP, "Monter", "↑"),
    (DOWN, "Descendre", "↓"),
    (INTO, "Ranger dans le projet qui suit", "→"),
    (OUT, "Sortir de son projet", "←"),
)


@dataclass(frozen=True)
class Place:
    """Under which « Projet » (none: on top), and which rank from 0 among rows of that kind."""

    parent: int | None
    index: int

    @property
    def code(self) -> str:
        """« 12:3 », or « :3 » on top."""
        return f"{'' if self.parent is None else self.parent}:{self.index}"

    @classmethod
    def parse(cls, code: str) -> Self:
        """Raises `ValueError` on what `code` never writes."""
        parent, _, index = code.partition(":")
        figures = parent + index
        if not (index and figures.isascii() and figures.isdecimal() and len(figures) < 30):
            raise ValueError(f"no place: {code}")
        return cls(int(parent) if parent else None, int(index))


@dataclass(frozen=True)
class Step:
    """One arrow of a row; `to` is the code of the place, blank when it leads nowhere."""

    code: str
    words: str
    sign: str
    to: str


@dataclass(frozen=True)
class OutlineRow:
    """One row where it stands, with the rows that it groups."""

    objective: Objective
    place: Place
    siblings: int
    steps: dict[str, Place]
    children: tuple["OutlineRow", ...] = ()

    @property
    def key(self) -> int:
        return self.objective.pk

    @property
    def arrows(self) -> tuple[Step, ...]:
        """The four arrows."""
        codes = {name: place.code for name, place in self.steps.items()}
        return tuple(Step(*step, to=codes.get(step[0], "")) for step in STEPS)


@dataclass(frozen=True)
class Outline:
    """Rows without a parent, then each « Projet » and its own (`decisions.md` 3)."""

    loose: tuple[OutlineRow, ...]
    projects: tuple[OutlineRow, ...]
    # Changes with any arrangement of the rows, and with nothing else.
    order: str

    @property
    def rows(self) -> tuple[OutlineRow, ...]:
        """Every row, in reading order."""
        grouped = (row for top in self.projects for row in (top, *top.children))
        return (*self.loose, *grouped)

    def find(self, key: int) -> OutlineRow | None:
        """That row, if it is still there."""
        return next((row for row in self.rows if row.key == key), None)


def outline_of(action: Action) -> Outline:
    """How the rows of a sheet are arranged."""
    rows = rows_of(action)
    loose = [row for row in rows if row.parent_id is None and not row.is_project]
    projects = [row for row in rows if row.is_project]
    children = {top.pk: [row for row in rows if row.parent_id == top.pk] for top in projects}
    groups = [(None, loose), *children.items()]
    return Outline(
        loose=_rows_of_group(groups, 0),
        projects=tuple(
            OutlineRow(
                objective=top,
                place=Place(None, index),
                siblings=len(projects),
                steps=_steps_of_project(index, len(projects)),
                children=_rows_of_group(groups, index + 1),
            )
            for index, top in enumerate(projects)
        ),
        order=order_of(rows),
    )


def order_of(rows: list[Objective]) -> str:
    """A short name of an arrangement: two pages that show the same one agree on it."""
    told = ",".join(f"{row.pk}:{row.parent_id or ''}:{row.kind}" for row in rows)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _steps_of_project(index: int, count: int) -> dict[str, Place]:
    up = {UP: Place(None, index - 1)} if index > 0 else {}
    down = {DOWN: Place(None, index + 1)} if index < count - 1 else {}
    return {**up, **down}


def _rows_of_group(
    groups: list[tuple[int | None, list[Objective]]], rank: int
) -> tuple[OutlineRow, ...]:
    key, rows = groups[rank]
    return tuple(
        OutlineRow(
            objective=row,
            place=Place(key, index),
            siblings=len(rows),
            steps=_steps_of_objective(groups, rank, index),
        )
        for index, row in enumerate(rows)
    )


def _steps_of_objective(
    groups: list[tuple[int | None, list[Objective]]], rank: int, index: int
) -> dict[str, Place]:
    """Up and down go on through the groups: the arrows alone reach every place."""
    key, rows = groups[rank]
    steps = {}
    if index > 0:
        steps[UP] = Place(key, index - 1)
    elif rank > 0:
        before, its_rows = groups[rank - 1]
        steps[UP] = Place(before, len(its_rows))
    if index < len(rows) - 1:
        steps[DOWN] = Place(key, index + 1)
    elif rank < len(groups) - 1:
        steps[DOWN] = Place(groups[rank + 1][0], 0)
    if rank == 0 and len(groups) > 1:
        steps[INTO] = Place(groups[1][0], 0)
    if rank > 0:
        steps[OUT] = Place(None, len(groups[0][1]))
    return steps
