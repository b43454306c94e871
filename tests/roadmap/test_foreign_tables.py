"""Habits of follow-up tables, one by one."""

from collections.abc import Sequence
from typing import Any

from core.quarters import Quarter
from documents.workbooks import ForeignSheet
from roadmap.imports.foreign import ForeignReading, guess_mapping, read_rows


def read(rows: Sequence[Any], *merged: tuple[int, int, int, int], **colours: str) -> ForeignReading:
    cells = {
        (number, column): value
        for number, row in enumerate(rows, start=1)
        for column, value in enumerate(row, start=1)
        if value is not None
    }
    places = {tuple(map(int, name.split("_")[1:])): colour for name, colour in colours.items()}
    sheet = ForeignSheet("Suivi", cells, colours=places, merged=merged)  # type: ignore[arg-type]
    return read_rows((sheet,), guess_mapping([sheet]))


def columns_of(reading: ForeignReading) -> dict[str, str]:
    columns: dict[str, str] = reading.mapping.as_json["columns"]
    return columns


def test_fiche_over_numbers_is_a_number() -> None:
    reading = read([["Fiche", "Actions", "Pilote"], ["Fiche 1", "Loger", "CH"]])
    assert columns_of(reading) == {"A": "number", "B": "title", "C": "pilot"}
    (action,) = reading.actions
    assert (action.number, action.title) == (1, "Loger")


def test_a_column_of_numbers_needs_no_title() -> None:
    reading = read([[None, "Action", "Pilote"], ["FA1", "Loger", "CH"], ["FA2", "Soigner", "ARS"]])
    assert columns_of(reading)["A"] == "number"
    assert [action.number for action in reading.actions] == [1, 2]


def test_other_words_under_a_merged_number_are_an_objective() -> None:
    rows = [["N°", "Action", "Calendrier"], [1, "Loger", "T1 2026"], [None, "Meubler", "T2 2026"]]
    (action,) = read(rows, (2, 1, 3, 1)).actions
    assert [(one.row, one.title) for one in action.objectives] == [(2, "Loger"), (3, "Meubler")]
    assert [Quarter(quarter).code for quarter in action.objectives[1].cells] == ["2026-T2"]


def test_money_by_year_is_no_calendar() -> None:
    rows = [
        ["N°", "Intitulé", "Budget", None],
        [None, None, 2026, 2027],
        [1, "Loger", 1000, 2000],
    ]
    reading = read(rows, (1, 3, 1, 4), (1, 1, 2, 1), (1, 2, 2, 2))
    assert reading.mapping.header == (1, 2)
    (action,) = reading.actions
    assert action.objectives == []
    assert columns_of(reading)["D"] == "amount 2027"
    assert action.remarks == []
    assert [(line.who, line.year, str(line.amount)) for line in action.funding] == [
        ("Financeur à préciser", 2026, "1000.00"),
        ("Financeur à préciser", 2027, "2000.00"),
    ]


def test_years_alone_are_four_quarters() -> None:
    reading = read([["N°", "Intitulé", "2026", "2027"], [1, "Loger", None, "x"]])
    (objective,) = reading.actions[0].objectives
    assert [Quarter(quarter).code for quarter in objective.cells] == [
        *("2027-T1", "2027-T2", "2027-T3", "2027-T4"),
    ]


def test_calendar_over_years_over_quarters() -> None:
    rows = [
        ["Suivi du PTSM"],
        ["N°", "Action", "Calendrier", None, None, None],
        [None, None, 2026, None, 2027, None],
        [None, None, "T3", "T4", "T1", "T2"],
        [1, "Loger", None, "x", "x", None],
    ]
    reading = read(rows, (2, 3, 2, 6), (3, 3, 3, 4), (3, 5, 3, 6), (2, 1, 4, 1), (2, 2, 4, 2))
    assert reading.mapping.header == (2, 3, 4)
    assert list(columns_of(reading).values()) == [
        *("number", "title", "T3 2026", "T4 2026", "T1 2027", "T2 2027"),
    ]
    assert [one.text for one in reading.left] == ["Suivi du PTSM"]


def test_a_row_that_is_all_of_one_colour_plans_nothing() -> None:
    rows = [["N°", "Action", "T1 2026", "T2 2026"], [1, "Loger"], [2, "Soigner"]]
    reading = read(rows, _2_2="9DC3E6", _2_3="9DC3E6", _2_4="9DC3E6", _3_4="9DC3E6")
    first, second = reading.actions
    assert first.objectives == []
    assert [Quarter(quarter).code for quarter in second.objectives[0].cells] == ["2026-T2"]


def test_a_sheet_may_be_a_title_over_its_objectives() -> None:
    rows = [
        ["Intitulé", "Étapes", "Pilote"],
        ["Fiche 12 : Loger"],
        [None, "Recenser", "CH"],
        [None, "Ouvrir", "ARS"],
    ]
    (action,) = read(rows, (2, 1, 2, 3)).actions
    assert (action.number, action.title) == (12, "Loger")
    assert [one.title for one in action.objectives] == ["Recenser", "Ouvrir"]


def test_a_group_without_any_sheet_is_listed() -> None:
    rows = [["N°", "Action", "Pilote"], ["Axe 1"], [1, "Loger", "CH"], ["Axe 2"]]
    reading = read(rows)
    assert reading.actions[0].axis == "Axe 1"
    assert [one.text for one in reading.left] == ["Axe 2"]
