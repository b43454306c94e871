"""What people say of a foreign file: its columns, its words, its colours; and its money by year."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.quarters import Quarter
from documents.workbooks import ForeignSheet, WorkbookRefused, read_foreign
from roadmap.enums import CellState, Status
from roadmap.imports.foreign import (
    Guess,
    Mapping,
    guess_mapping,
    import_foreign,
    read_mapping,
    read_rows,
)
from roadmap.imports.foreign.guessing import guess_columns
from roadmap.imports.foreign.legend import colour_name, shade_of
from roadmap.imports.foreign.mapping import mapping_told
from roadmap.imports.foreign.proposal import propose_again, titles_under, with_codes
from roadmap.imports.foreign.words import FIELDS, priority_in
from roadmap.models import FundingLine, shape_of
from territories.models import Project
from tests.cast import Cast
from tests.factories import ActionFactory, FundingLineFactory
from tests.roadmap.foreign_books import BOOKS, legend_below, table
from tests.roadmap.test_foreign_anything import check, sheets
from tests.roadmap.test_foreign_tables import read

SHIFTED: dict[str, Any] = {"sheet": "Actions", "header": 1, "columns": {"C": "title"}}


def told(**more: Any) -> Mapping:
    return mapping_told(SHIFTED | more, read_foreign("a.xlsx", BOOKS["shifted_column"]()))


def sheet_of(rows: Sequence[Any]) -> ForeignSheet:
    places = [(number, column) for number, row in enumerate(rows, 1) for column in range(len(row))]
    return ForeignSheet("Suivi", {(row, one + 1): rows[row - 1][one] for row, one in places})


# --- A file of mapping --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"values": []}, "values"),
        ({"values": {"pilot": {}}}, "status, priority, cell"),
        ({"values": {"status": ["fait"]}}, "un sens qui n’est pas connu"),
        ({"values": {"status": {"fait": "fait"}}}, "realisee"),
        ({"values": {"priority": {"a": "9"}}}, "1, 2, 3, 4, 5, 6"),
        ({"values": {"cell": {"a": None}}}, "decale, fait, prevu"),
        ({"colours": ["9DC3E6"]}, "colours"),
        ({"colours": {"bleu": "fait"}}, "9DC3E6"),
        ({"colours": {"9DC3E6": "oui"}}, "decale, fait, prevu"),
    ],
)
def test_words_and_colours_that_cannot_be_used_are_refused(more: Any, said: str) -> None:
    with pytest.raises(WorkbookRefused, match=said):
        told(**more)


def test_words_and_colours_are_read_whatever_their_case() -> None:
    mapping = told(
        values={"status": {"  À Revoir": "suspendue"}, "priority": {"x": 2}},
        colours={"#9DC3E6": "fait", "theme4": ""},
    )
    assert mapping.meaning("status", "à revoir") == "suspendue"
    assert mapping.meaning("priority", "X") == "2"
    assert mapping.meaning("cell", "x") is None
    assert mapping.colours == {"9DC3E6": "fait", "theme4": ""}


def test_a_column_that_is_not_named_is_kept_under_its_title() -> None:
    rows = [["Action", "Sigle interne"], ["Loger", "LG"]]
    sheet = sheet_of(rows)
    mapping = read_mapping(b'{"sheet": "Suivi", "header": 1, "columns": {"A": "title"}}', (sheet,))
    (action,) = read_rows((sheet,), mapping).actions
    assert action.remarks == ["Sigle interne\u00a0: LG"]


@pytest.mark.parametrize("book", BOOKS)
def test_what_is_guessed_is_read_the_same_from_its_file(book: str) -> None:
    sheets = read_foreign("a.xlsx", BOOKS[book]())
    guessed = guess_mapping(sheets)
    again = mapping_told(guessed.as_json, sheets)
    assert again.as_json == guessed.as_json
    one, other = (read_rows(sheets, mapping) for mapping in (guessed, again))
    assert [action.title for action in one.actions] == [action.title for action in other.actions]


@pytest.mark.parametrize("code", [*FIELDS, "", "amount 2027", "T3 2026", "T1 2026 - T4 2026"])
def test_every_code_is_said_and_read_again(code: str) -> None:
    guess = Guess.told(2, "Titre", code, "")
    assert guess is not None
    assert guess.code == code
    assert guess.says
    assert Guess.told(2, "", "zzz", "") is None


# --- Words and colours --------------------------------------------------------------------------


def test_words_of_cells_are_kept_beside_their_state() -> None:
    rows = [["N°", "Action", "T1 2026", "T2 2026"], [1, "Loger", "COPIL", "x"]]
    guessed = read(rows).mapping
    for state, planned in (("", ["2026-T2"]), ("fait", ["2026-T1", "2026-T2"])):
        mapping = Mapping(
            guessed.sheet, guessed.header, guessed.columns, {"cell": {"copil": state}}
        )
        (action,) = read_rows((sheet_of(rows),), mapping).actions
        assert [Quarter(one).code for one in sorted(action.objectives[0].cells)] == planned
        assert action.remarks == ["T1\u00a02026 (fichier)\u00a0: COPIL"]


def test_a_legend_is_left_out_and_tells_its_colours() -> None:
    sheets = read_foreign("a.xlsx", legend_below())
    reading = read_rows(sheets, guess_mapping(sheets))
    found = {one.text: (one.guess, one.place, one.count) for one in reading.met_of("colour")}
    assert found == {
        "C6E0B4": (CellState.DONE, "C2", 1),
        "9DC3E6": (CellState.PLANNED, "D2", 2),
        "F8CBAD": (CellState.SLIPPED, "E3", 1),
    }
    legend = {one.text for one in reading.left if "légende" in one.where}
    assert legend == {"Légende", "Réalisé", "Prévu", "Reporté"}
    assert [action.remarks for action in reading.actions] == [[], []]


def test_a_colour_somebody_told_wins_over_the_legend() -> None:
    sheets = read_foreign("a.xlsx", legend_below())
    guessed = guess_mapping(sheets)
    mapping = Mapping(
        guessed.sheet, guessed.header, guessed.columns, {}, {"C6E0B4": "", "9DC3E6": "fait"}
    )
    one, two = read_rows(sheets, mapping).actions
    assert list(one.objectives[0].cells.values()) == ["fait"]
    assert sorted(two.objectives[0].cells.values()) == ["decale", "fait"]


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("9DC3E6", "bleu clair"),
        ("F4B183", "orange clair"),
        ("C00000", "rouge"),
        ("FFFF00", "jaune"),
        ("00B050", "vert"),
        ("7030A0", "violet"),
        ("1F3864", "bleu foncé"),
        ("FF99CC", "rose clair"),
        ("theme9", "vert"),
        ("theme11", "couleur\u00a011 du thème"),
    ],
)
def test_a_colour_has_a_name(colour: str, name: str) -> None:
    assert colour_name(colour) == name


def test_a_theme_is_painted_as_office_does() -> None:
    assert (shade_of("theme4"), shade_of("9DC3E6"), shade_of("theme12")) == (
        "4472C4",
        "9DC3E6",
        "",
    )


@pytest.mark.parametrize(
    ("text", "number"), [("Priorité 5", "5"), ("2 - Parcours", "2"), ("Parcours", "")]
)
def test_a_priority_is_found_by_its_number(text: str, number: str) -> None:
    assert priority_in(text) == number


# --- Columns that are told ----------------------------------------------------------------------


def test_a_guess_gives_way_to_what_is_told() -> None:
    rows = [["N°", "Action", "Projet"], [1, "Loger", "Habitat"]]
    sheet = sheet_of(rows)
    mapping = with_codes(guess_columns(sheet, (1,)), {"C": "title"}, "dite")
    assert mapping.as_json["columns"] == {"A": "number", "C": "title"}
    assert "une autre colonne est déjà" in mapping.columns[2].reason


def test_columns_of_one_title_are_told_apart() -> None:
    rows = [["Action", "Date", "Date"], ["Loger", "2026", "2027"]]
    sheet = sheet_of(rows)
    before = with_codes(guess_columns(sheet, (1,)), {"B": "start", "C": "end"}, "dite")
    again, corrected = propose_again(sheet, (1,), before, {"C"})
    assert corrected == ["C"]
    assert again.columns[3].code == "end"
    assert shape_of(titles_under(sheet, (1,))) == shape_of(
        {"D": "ACTION", "E": "date", "F": "Date "}
    )


meanings = st.fixed_dictionaries(
    {
        "status": st.dictionaries(
            st.sampled_from(["fait", "reporte", "un texte", "x"]),
            st.sampled_from(["", *map(str, Status)]),
        ),
        "cell": st.dictionaries(
            st.sampled_from(["fait", "x", "un texte", "-"]),
            st.sampled_from(["", *map(str, CellState)]),
        ),
        "priority": st.dictionaries(st.sampled_from(["un texte", "x"]), st.sampled_from(["", "2"])),
    }
)


@given(sheets(), st.data(), meanings)
@settings(max_examples=150, deadline=None)
def test_nothing_is_lost_whatever_is_told(
    sheet: ForeignSheet, data: st.DataObject, values: dict[str, dict[str, str]]
) -> None:
    codes = st.sampled_from([*(code for code in FIELDS if code != "priority"), "", "T3 2026"])
    guessed = guess_columns(sheet, (1,))
    letters = st.sampled_from([guess.letter for guess in guessed.columns.values()] or ["A"])
    chosen = with_codes(guessed, data.draw(st.dictionaries(letters, codes)), "dite")
    colours = {"9DC3E6": data.draw(st.sampled_from(["", "fait"]))}
    check(sheet, Mapping(sheet.name, (1,), chosen.columns, values, colours))


# --- Money by year ------------------------------------------------------------------------------

MONEY = ["N°", "Action", "Financeur", "Budget 2026", "Budget 2027"]


def funding_of(*rows: list[Any]) -> list[tuple[str, int | None, Decimal | None]]:
    (action,) = read([MONEY, *rows]).actions
    return [(line.who, line.year, line.amount) for line in action.funding]


def test_each_year_is_a_line_of_its_funder() -> None:
    assert funding_of([1, "Loger", "ARS", 1000, "2 k€"]) == [
        ("ARS", 2026, Decimal(1000)),
        ("ARS", 2027, Decimal(2000)),
    ]
    assert funding_of([1, "Loger", "ARS", None, "2 k€"]) == [("ARS", 2027, Decimal(2000))]
    assert funding_of([1, "Loger", "ARS"]) == [("ARS", None, None)]
    assert funding_of([1, "Loger", None, 1000]) == [("Financeur à préciser", 2026, Decimal(1000))]


def test_what_several_share_or_is_no_amount_stays_a_text() -> None:
    (action,) = read([MONEY, [1, "Loger", "ARS ; Ville", 1000, "à voir"]]).actions
    assert [(line.who, line.amount) for line in action.funding] == [("ARS", None), ("Ville", None)]
    assert action.remarks == [
        "Montant de 2026 (fichier)\u00a0: 1000",
        "Montant de 2027 (fichier)\u00a0: à voir",
    ]


def test_two_amounts_of_one_year_are_not_one() -> None:
    (action,) = read([MONEY, [1, "Loger", "ARS", 1000], [1, "Loger", "ARS", 500]]).actions
    assert [(line.who, line.amount) for line in action.funding] == [("ARS", Decimal(1000))]
    assert action.remarks == ["Montant de 2026 (fichier)\u00a0: 500"]


@pytest.mark.django_db
def test_years_are_written_beside_the_lines_that_are_there(cast: Cast) -> None:
    action = ActionFactory.create(project=cast.project, number=1, title="Loger")
    FundingLineFactory.create(action=action, label="ARS", year=None, amount=None)
    FundingLineFactory.create(action=action, label="Ville", year=2026, amount=700)
    contents = table(MONEY, [1, "Loger", "ARS", 1000, 2000])
    for _ in range(2):
        project = Project.objects.with_place().get(pk=cast.project.pk)
        import_foreign(project, by=None, name="a.xlsx", contents=contents)
        lines = FundingLine.objects.filter(action=action).order_by("label", "year")
        assert [(line.label, line.year, str(line.amount)) for line in lines] == [
            ("ARS", 2026, "1000.00"),
            ("ARS", 2027, "2000.00"),
            ("Ville", 2026, "700.00"),
        ]
