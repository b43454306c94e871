"""Reads a workbook that somebody sent: its values and where they stand, nothing that runs."""

import datetime as dt
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

from core.text import NBSP
from documents.workbooks.safety import DAMAGED, MOST_ROWS, TOO_LONG, check_contents, refused
from documents.workbooks.shapes import Mistake, Value, as_kept

# Further to the right, nothing of ours is read.
MOST_COLUMNS = 400
FORMULA = Mistake(
    "contient une formule, alors qu’une valeur est attendue\u00a0: recopiez-la, puis collez-la en "
    f"choisissant «{NBSP}Valeurs{NBSP}»."
)
# How Excel writes a sign that has no other way in a file.
ESCAPED = re.compile("_x005F_(?=x[0-9A-Fa-f]{4}_)")
LINE_END = re.compile("_x000D_(?=\n)")


@dataclass(frozen=True)
class ReadRow:
    """One row that holds something, and its number in the sheet."""

    number: int
    values: tuple[Value | Mistake, ...]


@dataclass(frozen=True)
class ReadSheet:
    """One sheet as sent; the first row of a sheet of ours holds its titles."""

    name: str
    rows: tuple[ReadRow, ...]


def read_workbook(name: str, contents: bytes) -> dict[str, ReadSheet]:
    """Every sheet by name. `WorkbookRefused` says in French why a file is not read."""
    check_contents(name, contents)
    budget = [MOST_ROWS]
    # The library warns of what it leaves aside: colours, comments, other people's extensions.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            sheets = {sheet.name: sheet for sheet in _sheets(contents, budget)}
        except _TooLong as excess:
            raise refused(name, TOO_LONG) from excess
        # Whatever a library meets in a file made by hand: the file is what is wrong.
        except Exception as failure:
            raise refused(name, DAMAGED) from failure
    return sheets


class _TooLong(Exception):
    """More rows than are read."""


def _sheets(contents: bytes, budget: list[int]) -> Iterator[ReadSheet]:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(contents), read_only=True, data_only=False, keep_links=False)
    try:
        for sheet in book.worksheets:
            # What a file says of its own size may be wrong.
            sheet.reset_dimensions()
            yield ReadSheet(sheet.title, tuple(_rows(sheet, budget)))
    finally:
        book.close()


def _rows(sheet: Any, budget: list[int]) -> Iterator[ReadRow]:
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = tuple(value_of(cell) for cell in cells[:MOST_COLUMNS])
        while values and values[-1] is None:
            values = values[:-1]
        if not values:
            continue
        if number > 1:
            budget[0] -= 1
        if budget[0] < 0:
            raise _TooLong
        yield ReadRow(number, values)


def value_of(cell: Any) -> Value | Mistake:
    """What a cell holds, as a plain value."""
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        return FORMULA
    if cell.data_type == "e":
        return Mistake(f"contient une erreur de calcul ({value})\u00a0: écrivez la valeur.")
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 10**15 else Decimal(repr(value))
    if isinstance(value, dt.datetime):
        return value
    text = as_kept(LINE_END.sub("", ESCAPED.sub("_", str(value))))
    return text or None
