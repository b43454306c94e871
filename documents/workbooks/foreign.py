"""Reads a workbook that somebody else designed: values, colours, merged cells, what is hidden.

The same checks as for ours; a formula counts for the result that was saved with it.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO
from itertools import zip_longest
from typing import Any

from documents.workbooks.reading import MOST_COLUMNS, value_of
from documents.workbooks.safety import DAMAGED, MOST_ROWS, TOO_LONG, check_contents, refused
from documents.workbooks.shapes import Mistake, Value

MOST_MERGED = 500_000
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
COLUMN = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
HIDDEN = re.compile(rb'hidden="(?:1|true)"')
NUMBERED = re.compile(rb'\b(r|min|max)="(\d+)"')
NO_RESULT = "contient une formule dont le résultat n’est pas dans le fichier"
# Themes' first four colours are those of texts and backgrounds.
PLAIN_THEMES = range(4)
# From 0 to 255: how far the three parts of a colour may lie for it to be a grey.
GREY = 12
Place = tuple[int, int]


@dataclass(frozen=True)
class ForeignSheet:
    """One sheet as somebody designed it; places are rows and columns, from 1."""

    name: str
    # Cells that hold something; of a merged range, its first cell.
    cells: dict[Place, Value | Mistake]
    # « F3D9A4 », of cells filled with a colour that is neither white nor grey.
    colours: dict[Place, str] = field(default_factory=dict)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_hidden: bool = False

    @cached_property
    def height(self) -> int:
        return max((row for row, _ in self.cells), default=0)

    @cached_property
    def width(self) -> int:
        """How far to the right something is said, coloured or merged."""
        rights = [min(right, MOST_COLUMNS) for _, _, _, right in self.merged]
        places = (*self.cells, *self.colours)
        return max([column for _, column in places] + rights, default=0)

    @cached_property
    def anchors(self) -> dict[Place, Place]:
        """The first cell of the range of each merged cell."""
        found: dict[Place, Place] = {}
        lowest = max((row for row, _ in (*self.cells, *self.colours)), default=0)
        for top, left, bottom, right in self.merged:
            for row in range(top, min(bottom, lowest) + 1):
                if len(found) > MOST_MERGED:
                    return found
                for column in range(left, min(right, self.width) + 1):
                    found[row, column] = (top, left)
        return found

    def anchor(self, row: int, column: int) -> Place:
        """Where the value of a cell stands: itself, unless it is merged."""
        return self.anchors.get((row, column), (row, column))

    def value(self, row: int, column: int) -> Value | Mistake:
        """What people read there: a merged range says the same everywhere."""
        return self.cells.get(self.anchor(row, column))

    def colour(self, row: int, column: int) -> str:
        return self.colours.get(self.anchor(row, column), "")


def read_foreign(name: str, contents: bytes) -> tuple[ForeignSheet, ...]:
    """Every sheet, in order. `WorkbookRefused` says in French why a file is not read."""
    check_contents(name, contents)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return tuple(_sheets(contents))
        except _TooLong as excess:
            raise refused(name, TOO_LONG) from excess
        # Whatever a library meets in a file made by hand: the file is what is wrong.
        except Exception as failure:
            raise refused(name, DAMAGED) from failure


def sheet_names(name: str, contents: bytes) -> list[str]:
    """The names of the sheets, in order. `WorkbookRefused` when it is no workbook."""
    from openpyxl import load_workbook

    check_contents(name, contents)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(contents), read_only=True, keep_links=False)
            book.close()
    # As above.
    except Exception as failure:
        raise refused(name, DAMAGED) from failure
    return [str(sheet.title) for sheet in book.worksheets]


class _TooLong(Exception):
    """More rows than are read."""


def _sheets(contents: bytes) -> Iterator[ForeignSheet]:
    from openpyxl import load_workbook

    opened = [
        load_workbook(BytesIO(contents), read_only=True, data_only=data_only, keep_links=False)
        for data_only in (True, False)
    ]
    budget = MOST_ROWS
    try:
        with zipfile.ZipFile(BytesIO(contents)) as archive:
            for results, formulas in zip(*(book.worksheets for book in opened), strict=True):
                part = archive.read(str(results._worksheet_path).lstrip("/"))
                sheet = _sheet(results, formulas, part, budget)
                budget -= len({row for row, _ in sheet.cells})
                yield sheet
    finally:
        for book in opened:
            book.close()


def _sheet(results: Any, formulas: Any, part: bytes, budget: int) -> ForeignSheet:
    for sheet in (results, formulas):
        sheet.reset_dimensions()
    cells: dict[Place, Value | Mistake] = {}
    colours: dict[Place, str] = {}
    for row, pair in enumerate(_pairs(results, formulas, part), start=1):
        count = len(cells)
        for place, (shown, written) in enumerate(zip(*pair, strict=False), start=1):
            if place > MOST_COLUMNS:
                break
            value = _value(shown, written)
            if value is not None:
                cells[row, place] = value
            if colour := _colour(shown):
                colours[row, place] = colour
        budget -= len(cells) > count
        if budget < 0:
            raise _TooLong
    merged = tuple(_range(found.decode()) for found in MERGED.findall(part))
    return _without_repeats(
        ForeignSheet(
            name=str(results.title),
            cells=cells,
            colours=colours,
            merged=merged,
            hidden_rows=frozenset(_hidden(ROW, part)),
            hidden_columns=frozenset(_hidden(COLUMN, part)),
            is_hidden=results.sheet_state != "visible",
        )
    )


def _pairs(results: Any, formulas: Any, part: bytes) -> Iterator[tuple[Any, Any]]:
    """Each row as it is shown and as it is written: one reading, where there is no formula."""
    if FORMULA.search(part):
        return zip_longest(results.iter_rows(), formulas.iter_rows())
    return ((row, row) for row in results.iter_rows())


def _without_repeats(sheet: ForeignSheet) -> ForeignSheet:
    """What lies under a merged range and says the same is the same; anything else is kept."""
    cells = {
        place: value
        for place, value in sheet.cells.items()
        if sheet.anchor(*place) == place or sheet.value(*place) != value
    }
    return replace(sheet, cells=cells)


def _value(shown: Any, written: Any) -> Value | Mistake:
    if written.data_type == "f" and shown.value is None:
        formula = getattr(written.value, "text", written.value)
        return Mistake(f"{NO_RESULT} ({formula})")
    return value_of(shown)


def _range(words: str) -> tuple[int, int, int, int]:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(words)
    return top, left, bottom, right


def _hidden(pattern: re.Pattern[bytes], part: bytes) -> Iterator[int]:
    for found in pattern.findall(part):
        if HIDDEN.search(found):
            places = {name: int(number) for name, number in NUMBERED.findall(found)}
            first = places.get(b"r") or places.get(b"min") or 0
            yield from range(first, min(places.get(b"max", first), MOST_COLUMNS + first) + 1)


# --- Colours ---


def _colour(cell: Any) -> str:
    """The colour of a filled cell, nothing for white and greys."""
    if not getattr(cell, "_style_id", 0):
        return ""
    fill = cell.fill
    if getattr(fill, "fill_type", None) != "solid":
        return ""
    colour = fill.fgColor
    if colour.type == "theme":
        return "" if colour.theme in PLAIN_THEMES else f"theme{colour.theme}"
    return _unless_grey(_rgb(colour))


def _rgb(colour: Any) -> str:
    from openpyxl.styles.colors import COLOR_INDEX

    if colour.type == "indexed":
        known = colour.indexed < len(COLOR_INDEX)
        return str(COLOR_INDEX[colour.indexed])[-6:] if known else ""
    return str(colour.rgb)[-6:].upper()


def _unless_grey(rgb: str) -> str:
    if not re.fullmatch("[0-9A-F]{6}", rgb):
        return ""
    parts = [int(rgb[place : place + 2], 16) for place in (0, 2, 4)]
    return "" if max(parts) - min(parts) <= GREY else rgb
