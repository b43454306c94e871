"""The quarter grid: objectives in rows, quarters in columns, before any drawing.

Sheets are expected from `Action.objects.for_grid()`; nothing here makes a query.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from core.quarters import Quarter
from core.text import listed
from roadmap.enums import CellState, ObjectiveState
from roadmap.models import Action, Objective
from roadmap.summaries.sheets import rows_of

STRIP_LENGTH = 8
UNPLANNED = "au tableau récapitulatif seulement"


@dataclass(frozen=True)
class Segment:
    """One drawn cell: a quarter and its state, or a text over several quarters."""

    first: Quarter
    span: int
    state: str
    text: str


@dataclass(frozen=True)
class GridRow:
    """One objective or « Projet » of the grid."""

    label: str
    title: str
    printed: str
    depth: int
    is_project: bool
    state: str
    state_label: str
    segments: tuple[Segment, ...]
    # Told under the title: what cannot be drawn in the columns.
    remarks: tuple[str, ...]
    # Which objective, and what it says in each quarter: for a drawing in which one writes.
    key: int = 0
    cells: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GridGroup:
    """One sheet of the grid."""

    number: int
    title: str
    priority: int | None
    # Where its title leads; nowhere on paper.
    href: str
    # Told once under the title what every row would repeat.
    remark: str
    rows: tuple[GridRow, ...]
    # Which sheet.
    key: int = 0


@dataclass(frozen=True)
class PlanningGrid:
    """Columns and rows of one sheet, or of a whole roadmap."""

    quarters: tuple[Quarter, ...]
    current: Quarter
    groups: tuple[GridGroup, ...]

    @property
    def row_count(self) -> int:
        return sum(len(group.rows) for group in self.groups)


def planning_grid(
    actions: Iterable[Action],
    *,
    quarters: tuple[Quarter, ...],
    on: Quarter,
    href: Callable[[Action], str] = lambda _action: "",
    only_planned_rows: bool = False,
    also_told: Callable[[Action, Objective], Iterable[str]] = lambda _action, _objective: (),
) -> PlanningGrid:
    """The grid of these sheets over these columns, every row of each sheet.

    `only_planned_rows` leaves out what figures in the recapitulative table alone; `also_told`
    gives further remarks to print under the title of a row.
    """

    def group(action: Action) -> GridGroup:
        rows = [row for row in rows_of(action) if row.in_planning or not only_planned_rows]
        is_unplanned = bool(rows) and not any(row.in_planning for row in rows)
        return GridGroup(
            number=action.number,
            title=action.title_in_planning,
            priority=action.priority.number if action.priority else None,
            href=href(action),
            remark=UNPLANNED if is_unplanned else "",
            rows=tuple(
                _row(
                    row,
                    quarters,
                    also_told=also_told(action, row),
                    tells_unplanned=not is_unplanned,
                )
                for row in rows
            ),
            key=action.pk,
        )

    return PlanningGrid(
        quarters=quarters, current=on, groups=tuple(group(action) for action in actions)
    )


def _row(
    objective: Objective,
    quarters: tuple[Quarter, ...],
    *,
    also_told: Iterable[str],
    tells_unplanned: bool,
) -> GridRow:
    cells = objective.cells
    note_columns = _note_columns(objective, quarters)
    # Cells are never hidden by a text: where both are, the text goes under the title.
    note_over_cells = bool(note_columns) and not any(
        quarter.index in cells for quarter in note_columns
    )
    return GridRow(
        label=objective.label,
        title=objective.title,
        printed=objective.printed,
        depth=0 if objective.parent_id is None else 1,
        is_project=objective.is_project,
        state=objective.state,
        state_label=str(ObjectiveState(objective.state).label),
        segments=tuple(
            _segments(quarters, cells, note_columns, objective.planning_note)
            if note_over_cells
            else _segments(quarters, cells, (), "")
        ),
        remarks=(
            *_remarks(objective, quarters, cells, told_in_cells=note_over_cells),
            *([UNPLANNED] if tells_unplanned and not objective.in_planning else []),
            *also_told,
        ),
        key=objective.pk,
        cells=cells,
    )


def _note_columns(objective: Objective, quarters: tuple[Quarter, ...]) -> tuple[Quarter, ...]:
    """The columns that the text of a row covers: all of them when it does not say."""
    if not objective.planning_note or not quarters:
        return ()
    first = objective.note_first or quarters[0].index
    last = objective.note_last or quarters[-1].index
    return tuple(quarter for quarter in quarters if first <= quarter.index <= last)


def _segments(
    quarters: Sequence[Quarter],
    cells: Mapping[int, str],
    note_columns: tuple[Quarter, ...],
    note: str,
) -> Iterable[Segment]:
    for quarter in quarters:
        if quarter in note_columns:
            if quarter == note_columns[0]:
                yield Segment(quarter, len(note_columns), "texte", note)
            continue
        yield _segment(quarter, cells.get(quarter.index, ""))


@cache
def _segment(quarter: Quarter, state: str) -> Segment:
    """One cell; a grid has thousands of them, and a few dozen that differ."""
    return Segment(quarter, 1, state, str(CellState(state).label) if state else "")


def _remarks(
    objective: Objective,
    quarters: tuple[Quarter, ...],
    cells: Mapping[int, str],
    *,
    told_in_cells: bool,
) -> Iterable[str]:
    if objective.planning_note and not told_in_cells:
        yield objective.planning_note
    outside = sorted(set(cells) - {quarter.index for quarter in quarters})
    if outside:
        told = [f"{Quarter(index)} ({CellState(cells[index]).label})" for index in outside]
        yield f"hors période : {listed(told)}"


def strip_quarters(window: tuple[Quarter, ...], *, on: Quarter) -> tuple[Quarter, ...]:
    """Eight columns of the window around a quarter, from the first of its year."""
    if len(window) <= STRIP_LENGTH:
        return window
    first_of_year = Quarter.of(on.year, 1).index
    start = min(max(first_of_year, window[0].index), window[-1].index - STRIP_LENGTH + 1)
    return tuple(quarter for quarter in window if 0 <= quarter.index - start < STRIP_LENGTH)


def strip_of(action: Action, quarters: tuple[Quarter, ...]) -> tuple[Segment, ...]:
    """One sheet on one line: planned where something is, done where all that was is done."""
    rows = [objective.cells for objective in action.objectives.all()]
    return tuple(
        _segment(quarter, _told_first({cells.get(quarter.index, "") for cells in rows}))
        for quarter in quarters
    )


def _told_first(states: set[str]) -> str:
    order = (CellState.PLANNED, CellState.DONE, CellState.SLIPPED)
    return next((state.value for state in order if state in states), "")
