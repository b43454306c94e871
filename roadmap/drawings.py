"""The quarter grid as mark-up: one function for page and paper (`decisions.md` 24).

Joins in Python, not a template loop: 300 objectives over 21 quarters are 6,300 cells.
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.quarters import Quarter
from core.text import NBSP
from roadmap.enums import CellState
from roadmap.summaries import (
    GridGroup,
    GridRow,
    PlanningGrid,
    Segment,
    SheetGroup,
    SheetLine,
    line_of,
)

Medium = Literal["page", "paper"]
CAPTION = "titre-grille"
# The widest text that the stylesheet lays over cells; beyond, it stops there.
WIDEST_TEXT = 40
# What one quarter of a text shows, on two lines.
LETTERS_A_CELL = 13
READ_ONLY = ' aria-readonly="true"'
EMPTY = "vide"
# What the quarter marked is, unless the drawing is of a frozen state.
NOW = "trimestre en cours"


@dataclass(frozen=True)
class GridPen:
    """Who writes in a drawing: the sheets that are theirs, the addresses of a row's forms."""

    sheets: Container[int]
    planning_of: Callable[[int], str]
    wording_of: Callable[[int], str]


def draw_grid(
    grid: PlanningGrid,
    *,
    caption: str,
    medium: Medium = "page",
    named_sheets: bool = True,
    pen: GridPen | None = None,
    current_words: str = NOW,
) -> SafeString:
    """A real table: objectives in rows, quarters in columns, state told by words.

    `current_words` say what the quarter marked is: of a frozen state it is not the present one.
    `named_sheets` adds a line with the title of each sheet above its rows. With a `pen` it is a
    grid in which one moves and writes: every quarter is a cell of its own.
    """
    if pen is not None:
        return _draw_open(grid, caption, pen, named_sheets=named_sheets)
    body = "".join(_group(group, grid, named_sheets=named_sheets) for group in grid.groups)
    table = (
        f'<table class="grid">'
        f'<caption class="{"visually-hidden" if medium == "page" else "grid-caption"}">'
        f"{escape(caption)}</caption>"
        f"{_head(grid, current_words if medium == 'page' else '')}{body}</table>"
    )
    return mark_safe(table)  # noqa: S308 (every word is escaped where it is joined)


def draw_sheets(
    grid: PlanningGrid, *, pen: GridPen, named_sheets: bool = True
) -> dict[int, SafeString]:
    """The part of each sheet, by key, as `draw_grid` draws it with that pen."""
    brush = _Brush(grid)
    return {
        group.key: mark_safe(  # noqa: S308 (every word is escaped where it is joined)
            _open_group(group, brush, pen, named_sheets=named_sheets)
        )
        for group in grid.groups
    }


def draw_rows(grid: PlanningGrid, *, pen: GridPen, only: Container[int]) -> dict[int, SafeString]:
    """The rows of these objectives, by key, as `draw_grid` draws them with that pen."""
    brush = _Brush(grid)
    return {
        row.key: mark_safe(  # noqa: S308 (every word is escaped where it is joined)
            _open_row(row, brush, pen, is_open=group.key in pen.sheets)
        )
        for group in grid.groups
        for row in group.rows
        if row.key in only
    }


def draw_lines(
    group: SheetGroup, *, quarters: tuple[Quarter, ...], on: Quarter
) -> list[tuple[SheetLine, SafeString]]:
    """The lines of a group of the list, each with its planning drawn."""
    lines = [line_of(sheet, quarters=quarters, on=on) for sheet in group.sheets]
    return [(line, draw_strip(line.strip, current=on)) for line in lines]


def draw_strip(segments: Iterable[Segment], *, current: Quarter) -> SafeString:
    """The planning of one sheet in eight small boxes, with the same told in words."""
    drawn = list(segments)
    boxes = "".join(
        f'<span class="box{_state_class(segment)}{_current_class(segment.first, current)}"></span>'
        for segment in drawn
    )
    words = _in_words(drawn)
    strip = (
        f'<span class="strip" aria-hidden="true">{boxes}</span>'
        f'<span class="visually-hidden">{escape(words)}</span>'
    )
    return mark_safe(strip)  # noqa: S308 (every word is escaped where it is joined)


def _in_words(segments: list[Segment]) -> str:
    told = [f"{segment.first} {segment.text}" for segment in segments if segment.state]
    return ", ".join(told) or "aucun trimestre prévu"


def _head(grid: PlanningGrid, current_words: str) -> str:
    columns = "".join(_column(quarter, grid.current, current_words) for quarter in grid.quarters)
    state = '<th scope="col" class="grid-state">État</th>'
    return (
        '<thead><tr><th scope="col" class="grid-title">Objectif opérationnel</th>'
        f"{columns}{state}</tr></thead>"
    )


def _column(quarter: Quarter, current: Quarter, current_words: str) -> str:
    told = (
        f'<span class="visually-hidden"> ({escape(current_words)})</span>'
        if quarter == current and current_words
        else ""
    )
    return (
        f'<th scope="col" class="grid-quarter{_column_classes(quarter, current)}">'
        f"{quarter.short} <span>{quarter.year}</span>{told}</th>"
    )


def _group(group: GridGroup, grid: PlanningGrid, *, named_sheets: bool) -> str:
    title = _sheet_line(group, len(grid.quarters)) if named_sheets else ""
    rows = "".join(_row(row, grid.current) for row in group.rows)
    return f"<tbody>{title}{rows}</tbody>"


def _sheet_line(group: GridGroup, columns: int) -> str:
    words = f"{group.number}.{NBSP}{escape(group.title)}"
    if group.href:
        words = f'<a href="{escape(group.href)}">{words}</a>'
    colour = f" priority-{group.priority}" if group.priority else ""
    remark = f'<span class="grid-remark">{escape(group.remark)}</span>' if group.remark else ""
    return (
        f'<tr class="grid-sheet{colour}"><th scope="rowgroup" colspan="{columns + 2}">'
        f"<span>{words}{remark}</span></th></tr>"
    )


def _row(row: GridRow, current: Quarter) -> str:
    classes = f"depth-{row.depth}{' is-project' if row.is_project else ''}"
    remarks = "".join(f'<span class="grid-remark">{escape(words)}</span>' for words in row.remarks)
    cells = "".join(_cell(segment, current) for segment in row.segments)
    return (
        f'<tr class="{classes}"><th scope="row" class="grid-title">{_words(row)}{remarks}</th>'
        f'{cells}<td class="grid-state state-{row.state}">{escape(row.state_label)}</td></tr>'
    )


def _words(row: GridRow) -> str:
    if not row.label:
        return escape(row.title)
    after = " : " if row.is_project else " "
    return f'<span class="grid-label">{escape(row.label)}{after}</span>{escape(row.title)}'


def _cell(segment: Segment, current: Quarter) -> str:
    if segment.state == "texte":
        return (
            f'<td class="cell is-text" colspan="{segment.span}">'
            f"<span>{escape(segment.text)}</span></td>"
        )
    column = _column_classes(segment.first, current)
    if not segment.state:
        return f'<td class="cell{column}"></td>'
    classes = f"cell{_state_class(segment)}{column}"
    return f'<td class="{classes}"><span>{escape(segment.text)}</span></td>'


# --- The grid in which one writes ---


class _Brush:
    """The cells of each column, made once for every row: by state, open or shut, under a text."""

    def __init__(self, grid: PlanningGrid) -> None:
        self.width = len(grid.quarters)
        self._cells = [
            (quarter.index, self._drawn(quarter, grid.current)) for quarter in grid.quarters
        ]

    def _drawn(self, quarter: Quarter, current: Quarter) -> dict[tuple[str, bool], str]:
        column = _column_classes(quarter, current)
        words = {"": "", **{state.value: str(state.label) for state in CellState}}
        return {
            (state, is_open): _open_cell(quarter, state, word, column, is_open=is_open)
            for state, word in words.items()
            for is_open in (True, False)
        }

    def cells(self, row: GridRow, *, is_open: bool) -> str:
        states = row.cells
        return "".join(
            [drawn[states.get(index, ""), is_open] for index, drawn in self._cells]
            if "texte" not in {segment.state for segment in row.segments}
            else self._cells_under_text(row, is_open=is_open)
        )

    def _cells_under_text(self, row: GridRow, *, is_open: bool) -> Iterable[str]:
        """The text lies over its quarters, each of which remains a cell."""
        text = next(segment for segment in row.segments if segment.state == "texte")
        key = f"texte-{row.key}"
        for index, drawn in self._cells:
            cell = drawn[row.cells.get(index, ""), is_open]
            if 0 <= index - text.first.index < text.span:
                cell = cell.replace('class="cell', f'aria-describedby="{key}" class="cell is-under')
            if index == text.first.index and not _is_long(text):
                over = f'<span class="over over-{min(text.span, WIDEST_TEXT)}" id="{key}">'
                cell = cell.replace("is-under", "is-under has-text", 1)
                cell = cell.replace("</td>", f"{over}{escape(text.text)}</span></td>")
            yield cell


def _open_cell(quarter: Quarter, state: str, word: str, column: str, *, is_open: bool) -> str:
    """One quarter of one row; its headers say the objective, its name the quarter and the state."""
    classes = f"cell{f' is-{state}' if state else ''}{column}"
    shown = f"<span>{word}</span>" if word else ""
    return (
        f'<td class="{classes}" data-q="{quarter.index}" data-v="{state}" tabindex="-1"'
        f"{'' if is_open else READ_ONLY}"
        f' aria-label="{quarter}, {word or EMPTY}">{shown}</td>'
    )


def _is_long(text: Segment) -> bool:
    """Whether the cells cannot show it whole: it is then told under the title."""
    return len(text.text) > text.span * LETTERS_A_CELL


def _draw_open(grid: PlanningGrid, caption: str, pen: GridPen, *, named_sheets: bool) -> SafeString:
    brush = _Brush(grid)
    body = "".join(
        _open_group(group, brush, pen, named_sheets=named_sheets) for group in grid.groups
    )
    # One cell is reached by the Tab key; the arrows lead to the others.
    body = body.replace('tabindex="-1"', 'tabindex="0"', 1)
    table = (
        '<table class="grid is-open" role="grid" aria-multiselectable="true"'
        f' aria-labelledby="{CAPTION}">'
        f'<caption class="visually-hidden" id="{CAPTION}">{escape(caption)}</caption>'
        f"{_head(grid, NOW)}{body}</table>"
    )
    return mark_safe(table)  # noqa: S308 (every word is escaped where it is joined)


def _open_group(group: GridGroup, brush: _Brush, pen: GridPen, *, named_sheets: bool) -> str:
    is_open = group.key in pen.sheets
    title = _sheet_line(group, brush.width) if named_sheets else ""
    rows = "".join(_open_row(row, brush, pen, is_open=is_open) for row in group.rows)
    shut = "" if is_open else " data-shut"
    return (
        f'<tbody data-sheet="{group.key}" data-number="{group.number}"{shut}>{title}{rows}</tbody>'
    )


def _open_row(row: GridRow, brush: _Brush, pen: GridPen, *, is_open: bool) -> str:
    """The name of the row is its title alone: neither its remarks nor its link are repeated."""
    title, link = f"objectif-{row.key}", f"modifier-{row.key}"
    remarks = "".join(f'<span class="grid-remark">{escape(words)}</span>' for words in row.remarks)
    remarks += "".join(
        f'<span class="grid-remark" id="texte-{row.key}">{escape(text.text)}</span>'
        for text in row.segments
        if text.state == "texte" and _is_long(text)
    )
    tools = (
        f'<a class="row-edit" id="{link}" aria-labelledby="{link} {title}"'
        f' href="{escape(pen.wording_of(row.key))}"'
        f' data-planning="{escape(pen.planning_of(row.key))}">Modifier</a>'
        if is_open
        else ""
    )
    return (
        f'<tr class="depth-{row.depth}{" is-project" if row.is_project else ""}"'
        f' data-objective="{row.key}">'
        f'<th scope="row" class="grid-title" aria-labelledby="{title}">'
        f'<span id="{title}">{_words(row)}</span>{remarks}{tools}</th>'
        f"{brush.cells(row, is_open=is_open)}"
        f'<td class="grid-state state-{row.state}">{escape(row.state_label)}</td></tr>'
    )


# --- Classes ---


def _state_class(segment: Segment) -> str:
    return f" is-{segment.state}" if segment.state else ""


def _column_classes(quarter: Quarter, current: Quarter) -> str:
    starts_year = " starts-year" if quarter.number == 1 else ""
    return f"{_current_class(quarter, current)}{starts_year}"


def _current_class(quarter: Quarter, current: Quarter) -> str:
    return " is-current" if quarter == current else ""
