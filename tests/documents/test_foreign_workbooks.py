"""Workbooks that somebody else designed: values, colours, ranges, and the same refusals."""

import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color

from documents.workbooks import Mistake, WorkbookRefused, read_foreign, sheet_names


def read(book: Workbook) -> Any:
    kept = io.BytesIO()
    book.save(kept)
    return read_foreign("a.xlsx", kept.getvalue())


def test_values_and_merged_ranges_are_read_where_people_see_them() -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Suivi"
    sheet["A1"], sheet["A2"], sheet["B3"] = "Calendrier", 12, dt.date(2026, 5, 1)
    sheet.merge_cells("A1:C1")
    (found,) = read(book)
    assert found.name == "Suivi"
    assert found.cells == {
        (1, 1): "Calendrier",
        (2, 1): 12,
        (3, 2): dt.datetime(2026, 5, 1),  # noqa: DTZ001 (as Excel gives it)
    }
    assert [found.value(1, column) for column in (1, 2, 3, 4)] == ["Calendrier"] * 3 + [None]
    assert (found.anchor(1, 3), found.anchor(2, 1)) == ((1, 1), (2, 1))


def test_colours_are_those_that_are_neither_white_nor_grey() -> None:
    book = Workbook()
    sheet = book.active
    for place, colour in (("A1", "FFF3D9A4"), ("B1", "FFFFFFFF"), ("C1", "FFD9D9D9")):
        sheet[place].fill = PatternFill("solid", start_color=colour)
    sheet["D1"].fill = PatternFill("solid", start_color=Color(theme=5))
    sheet["E1"].fill = PatternFill("solid", start_color=Color(theme=0))
    sheet["F1"].fill = PatternFill("solid", start_color=Color(indexed=10))
    sheet["A2"] = "x"
    (found,) = read(book)
    assert found.colours == {(1, 1): "F3D9A4", (1, 4): "theme5", (1, 6): "FF0000"}


def test_what_is_hidden_is_noted() -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"], sheet["C3"] = "x", "y"
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("Cachée").sheet_state = "hidden"
    shown, hidden = read(book)
    assert (shown.hidden_rows, shown.hidden_columns) == ({3}, {3})
    assert (shown.is_hidden, hidden.is_hidden) == (False, True)


def test_a_formula_without_its_result_is_told() -> None:
    book = Workbook()
    book.active["A1"] = "=1+1"
    (found,) = read(book)
    mistake = found.value(1, 1)
    assert isinstance(mistake, Mistake)
    assert "=1+1" in mistake.sentence


def test_what_is_no_workbook_is_refused() -> None:
    for reader in (read_foreign, sheet_names):
        with pytest.raises(WorkbookRefused, match="n’est pas un classeur"):
            reader("a.xlsx", b"bonjour")
