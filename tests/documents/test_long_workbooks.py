"""A long workbook: written part by part, as safely as a short one."""

import datetime as dt
import io
from collections.abc import Iterator

import pytest
from openpyxl import load_workbook

from documents.workbooks import (
    Cell,
    ColumnShape,
    LongWorkbook,
    SheetShape,
    WorkbookRefused,
    read_workbook,
    write_long,
)
from tests.documents.test_workbooks import TEXTS

DAY = dt.datetime(2026, 11, 20, 10, 30, tzinfo=dt.UTC)


def long_workbook(*parts: list[str]) -> LongWorkbook:
    """Two sheets; each part adds its texts to the first, their lengths to the second."""
    rows = (
        {
            "Textes": [[Cell(text)] for text in texts],
            "Nombres": [[Cell(len(text), "number"), Cell(None)] for text in texts],
        }
        for texts in parts
    )
    sheets = [
        SheetShape("Textes", [ColumnShape("Texte", 40)], [[Cell("d’abord")]]),
        SheetShape("Nombres", [ColumnShape("Nombre"), ColumnShape("Rien")], []),
    ]
    return LongWorkbook("Essai", DAY, sheets, rows, len(parts))


def test_parts_follow_one_another_and_texts_never_run() -> None:
    contents = write_long(long_workbook(TEXTS[:4], TEXTS[4:]))
    told = [row.values[0] for row in read_workbook("essai.xlsx", contents)["Textes"].rows]
    book = load_workbook(io.BytesIO(contents))
    assert told == ["Texte", "d’abord", *TEXTS]
    assert {cell.data_type for cell in book["Textes"]["A"]} <= {"s", "inlineStr"}
    numbers = [row[0] for row in book["Nombres"].iter_rows(min_row=2, values_only=True)]
    assert numbers == [len(text) for text in TEXTS]


def test_equal_contents_are_equal_bytes() -> None:
    assert write_long(long_workbook(["un"])) == write_long(long_workbook(["un"]))


def test_progress_is_told_part_by_part() -> None:
    told: list[int] = []
    write_long(long_workbook(["un"], ["deux"]), on_progress=told.append)
    assert told == [47, 95]


def test_a_text_that_no_cell_holds_is_refused_with_its_place() -> None:
    with pytest.raises(WorkbookRefused, match=r"Textes.*ligne\s4"):
        write_long(long_workbook(["un", "x" * 40_000]))


def test_a_part_is_read_when_the_ones_before_are_written() -> None:
    """Nothing holds the parts: each is asked for once the rows of the others are let go."""
    asked: list[str] = []

    def parts() -> Iterator[dict[str, list[list[Cell]]]]:
        for name in ("un", "deux"):
            asked.append(name)
            yield {"Textes": [[Cell(name)]]}

    told: list[tuple[int, int]] = []
    sheets = [SheetShape("Textes", [ColumnShape("Texte")], [])]
    write_long(
        LongWorkbook("Essai", DAY, sheets, parts(), 2),
        on_progress=lambda percent: told.append((percent, len(asked))),
    )
    assert told == [(47, 1), (95, 2)]
