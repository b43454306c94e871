"""What a workbook is made of, before any library: sheets, columns, cells."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from core.text import clean_paragraphs

Value = str | int | float | bool | Decimal | dt.datetime | None
# How a cell looks; its meaning is always in words as well.
Look = Literal["text", "number", "amount", "key", "reminder", "group", "strong"] | str

NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
# What one cell of a workbook holds, whoever made the software.
LONGEST_TEXT = 32_767


def as_kept(text: str) -> str:
    """A text as a workbook gives it back: one kind of line end, no sign that XML does not hold."""
    return clean_paragraphs(NOT_IN_XML.sub("", text))


@dataclass(frozen=True)
class Cell:
    """A value, its look, and over how many columns it lies."""

    value: Value = None
    look: Look = "text"
    span: int = 1


@dataclass(frozen=True)
class ColumnShape:
    """One column; `choices` names a list of the workbook, free when another text is allowed."""

    title: str
    width: int = 18
    look: Look = "text"
    is_hidden: bool = False
    choices: str = ""
    is_free: bool = False


@dataclass(frozen=True)
class SheetShape:
    """One sheet: its columns, its rows, and how many of each stay in sight."""

    name: str
    columns: Sequence[ColumnShape]
    rows: Sequence[Sequence[Cell]]
    fixed_columns: int = 0
    # Rows that whoever fills it in may add below, with their lists.
    room: int = 0


@dataclass(frozen=True)
class Workbook:
    """A whole file; `lists` are offered in cells by name; equal workbooks are equal bytes."""

    title: str
    changed_at: dt.datetime
    sheets: Sequence[SheetShape]
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lists_name: str = "Listes"
    # The sheet that is shown first.
    opens_on: str = ""


@dataclass(frozen=True)
class LongWorkbook:
    """A file too long to be held whole: its rows come part by part, each read once.

    `sheets` begin with their own rows; each of the `part_count` parts adds some, by sheet. For
    reading: no list, no room to fill in.
    """

    title: str
    changed_at: dt.datetime
    sheets: Sequence[SheetShape]
    parts: Iterable[Mapping[str, Iterable[Sequence[Cell]]]]
    part_count: int


@dataclass(frozen=True)
class Mistake:
    """A cell that holds no value: a formula, a failed calculation; the sentence says which."""

    sentence: str
