"""Six follow-up tables, cell by cell: what each was understood as, and what was left."""

from typing import Any

import pytest

from core.quarters import Quarter
from documents.workbooks import read_foreign
from roadmap.enums import RoleKind, Status
from roadmap.imports.foreign import ForeignReading, guess_mapping, read_rows
from roadmap.imports.foreign.results import ForeignAction
from tests.roadmap.foreign_books import BOOKS

PILOT, COPILOT, PARTNER = RoleKind.PILOT, RoleKind.COPILOT, RoleKind.PARTNER
KEPT = "gardé dans les remarques de la fiche"
YEAR_2027 = "2027-T1 2027-T2 2027-T3 2027-T4"


def reading_of(book: str) -> ForeignReading:
    sheets = read_foreign(f"{book}.xlsx", BOOKS[book]())
    return read_rows(sheets, guess_mapping(sheets))


def rows_of(action: ForeignAction) -> list[tuple[int, str, str, str]]:
    """Its objectives: row, title, state, quarters (with their state when it is not planned)."""
    return [
        (
            one.row,
            one.title,
            one.state,
            " ".join(
                Quarter(quarter).code + ("" if state == "prevu" else f":{state}")
                for quarter, state in sorted(one.cells.items())
            ),
        )
        for one in action.objectives
    ]


def people_of(action: ForeignAction) -> list[tuple[int, str, str]]:
    return [(row, str(kind), who) for row, kind, who in action.roles]


def left_of(reading: ForeignReading, *, is_out: bool) -> dict[tuple[int, int], tuple[str, str]]:
    return {
        (one.row, one.column): (one.text, one.where) for one in reading.left if one.is_out is is_out
    }


@pytest.mark.parametrize(
    ("book", "mapping"),
    [
        (
            "coloured_quarters",
            {
                "sheet": "Suivi PTSM",
                "header": [3, 4],
                "columns": {
                    "A": "axis",
                    "B": "number",
                    "C": "title",
                    "D": "pilot",
                    "E": "T1 2026",
                    "F": "T2 2026",
                    "G": "T3 2026",
                    "H": "T4 2026",
                    "I": "T1 2027",
                    "J": "T2 2027",
                    "K": "status",
                },
            },
        ),
        (
            "serial_dates",
            {
                "sheet": "Plan d’actions",
                "header": [1],
                "columns": {
                    "A": "number",
                    "B": "title",
                    "C": "objective",
                    "D": "start",
                    "E": "end",
                    "F": "status",
                    "G": "funder",
                    "H": "amount",
                    "I": "remarks",
                },
            },
        ),
        (
            "doubled_numbers",
            {
                "sheet": "Feuil1",
                "header": [1],
                "columns": {
                    "A": "number",
                    "B": "title",
                    "C": "objective",
                    "D": "pilot",
                    "E": "partner",
                    "F": "period",
                    "G": "status",
                },
            },
        ),
        (
            "shifted_column",
            {
                "sheet": "Actions",
                "header": [1],
                "columns": {"B": "number", "C": "title", "D": "pilot", "E": "status"},
            },
        ),
        (
            "grouped_by_titles",
            {
                "sheet": "Suivi 2026",
                "header": [2],
                "columns": {
                    "A": "number",
                    "B": "title",
                    "C": "pilot",
                    "H": "remarks",
                    "D": "T1 2026",
                    "E": "T2 2026",
                    "F": "T3 2026",
                    "G": "T4 2026",
                },
            },
        ),
        (
            "without_numbers",
            {
                "sheet": "Tableau de bord",
                "header": [1],
                "columns": {
                    "A": "title",
                    "B": "priority",
                    "C": "audience",
                    "D": "copilot",
                    "E": "T1 2026",
                    "F": "T2 2026",
                    "G": "T3 2026",
                    "H": "remarks",
                    "I": "remarks",
                    "J": "indicator",
                },
            },
        ),
    ],
)
def test_the_sheet_the_header_and_the_columns_are_guessed(
    book: str, mapping: dict[str, Any]
) -> None:
    reading = reading_of(book)
    assert reading.mapping.as_json == mapping
    assert all(guess.reason for guess in reading.mapping.columns.values())
    assert len(reading.understood) == len(reading.mapping.columns)


def test_merged_axes_and_coloured_quarters() -> None:
    reading = reading_of("coloured_quarters")
    one, two, three = reading.actions
    assert (one.row, one.number, one.title) == (5, 1, "Former les aidants")
    assert (two.row, two.number, two.title) == (6, 2, "Créer une équipe mobile")
    assert (three.row, three.number, three.title) == (7, 3, "Habitat inclusif")
    assert [action.axis for action in reading.actions] == [
        "Axe 1 – Repérer",
        "Axe 1 – Repérer",
        "Axe 2 – Loger",
    ]
    assert people_of(one) == [(5, PILOT, "CH du Nord"), (5, PILOT, "UNAFAM")]
    assert people_of(two) == [(6, PILOT, "ARS"), (6, PILOT, "GHT")]
    assert people_of(three) == [(7, PILOT, "Mairie, service logement")]
    assert rows_of(one) == [(5, "Former les aidants", "Fait", "2026-T1 2026-T2")]
    assert rows_of(two) == [(6, "Créer une équipe mobile", "En cours", "2026-T2 2026-T3")]
    assert rows_of(three) == [(7, "Habitat inclusif", "", "2027-T1 2027-T2")]
    assert [action.status for action in reading.actions] == [Status.DONE, Status.RUNNING, None]
    assert two.remarks == ["T3\u00a02026 (fichier)\u00a0: COPIL"]
    assert three.remarks == ["Avancement (fichier)\u00a0: à voir avec l’ARS"]
    assert left_of(reading, is_out=False) == {
        (6, 7): ("COPIL", KEPT),
        (7, 11): ("à voir avec l’ARS", KEPT),
    }
    assert left_of(reading, is_out=True) == {
        (1, 1): (
            "Projet territorial de santé mentale – tableau de suivi",
            "au-dessus du tableau, non repris",
        ),
        (8, 1): ("Total", "ligne de total, non repris"),
        (8, 3): ("3 fiches", "ligne de total, non repris"),
    }


def test_days_serials_and_amounts() -> None:
    reading = reading_of("serial_dates")
    one, two, three = reading.actions
    assert [action.title for action in reading.actions] == [
        "Pair-aidance",
        "Premiers secours",
        "Logement",
    ]
    assert [action.number for action in reading.actions] == [None, None, None]
    assert rows_of(one) == [
        (2, "Recruter deux pairs", "Fait", "2026-T1 2026-T2 2026-T3"),
        (2, "Les former", "Fait", "2026-T1 2026-T2 2026-T3"),
    ]
    assert rows_of(two) == [(3, "Former 200 personnes", "", "2026-T3 2026-T4")]
    assert rows_of(three) == []
    assert [action.status for action in reading.actions] == [
        Status.DONE,
        Status.SUSPENDED,
        Status.RUNNING,
    ]
    assert [(line.who, str(line.amount)) for line in one.funding] == [("ARS", "12000.00")]
    assert [(line.who, line.amount) for line in two.funding] == [
        ("ARS", None),
        ("Département", None),
    ]
    assert one.remarks == [
        "Numéro de la fiche (fichier)\u00a0: FA 3.2",
        "Très attendu",
        "Sigle interne\u00a0: PA-1",
    ]
    assert left_of(reading, is_out=False) == {
        (2, 1): ("FA 3.2", KEPT),
        (3, 1): ("FA 3.3", KEPT),
        (4, 1): ("FA 4.1", KEPT),
        (2, 10): ("PA-1", KEPT),
        (3, 8): ("5 k€", KEPT),
        (4, 4): ("bientôt", KEPT),
    }
    assert [one.text for one in reading.left if one.is_out] == ["Listes"]


def test_a_number_on_several_rows() -> None:
    reading = reading_of("doubled_numbers")
    four, five, other = reading.actions
    assert (four.number, four.title, four.rows) == (4, "Aller vers", [2, 3])
    assert (five.number, five.title, five.rows) == (5, "Psychoéducation", [4, 5])
    assert (other.number, other.title, other.is_doubled) == (5, "Réhabilitation", True)
    assert rows_of(four) == [
        (2, "Cartographier", "Fait", "2026-T1 2026-T2"),
        (3, "Ouvrir une permanence", "En cours", "2026-T3"),
    ]
    assert rows_of(five) == [
        (4, "Écrire", "Fait", "2026-T1 2026-T2"),
        (5, "Diffuser", "À faire", "2026-T3"),
    ]
    assert rows_of(other) == [(6, "Ouvrir", "Abandonné", YEAR_2027)]
    assert people_of(four) == [(2, PILOT, "A. Roche"), (2, PARTNER, "CMP")]
    assert people_of(five) == [(4, PILOT, "B. Lang")]
    assert [action.status for action in reading.actions] == [
        Status.RUNNING,
        Status.RUNNING,
        Status.DROPPED,
    ]
    assert reading.left == []


def test_titles_one_column_before_their_cells() -> None:
    reading = reading_of("shifted_column")
    assert [
        (action.number, action.title, action.status, people_of(action))
        for action in reading.actions
    ] == [
        (1, "Ligne d’écoute", Status.RUNNING, [(2, PILOT, "SAMU")]),
        (2, "Annuaire", Status.DONE, [(3, PILOT, "DAC")]),
        (3, "Journée d’étude", Status.NOT_STARTED, [(4, PILOT, "CH")]),
    ]
    assert "écrit une colonne à côté" in reading.understood[0]
    assert reading.left == []


def test_axes_as_rows_titles_repeated_and_subtotals() -> None:
    reading = reading_of("grouped_by_titles")
    assert [(action.number, action.title, action.axis) for action in reading.actions] == [
        (1, "Semaines d’information", "AXE 1 : PRÉVENIR"),
        (2, "Sentinelles", "AXE 1 : PRÉVENIR"),
        (3, "Délais des CMP", "AXE 2 : SOIGNER"),
    ]
    one, two, three = reading.actions
    assert rows_of(one) == [(4, "Semaines d’information", "", "2026-T1")]
    assert rows_of(two) == [(5, "Sentinelles", "", "2026-T2:fait 2026-T3:decale 2026-T4")]
    assert rows_of(three) == [(10, "Délais des CMP", "", "2026-T3")]
    assert one.remarks == ["Chaque année"]
    assert reading.notices == ["Des lignes masquées ont été lues aussi\u00a0: 5."]
    assert three.remarks[1] == "T3\u00a02026 (fichier)\u00a0: 2 réunions"
    assert "(=D4)" in three.remarks[0]
    out = left_of(reading, is_out=True)
    assert out.pop((1, 1))[1] == "au-dessus du tableau, non repris"
    assert {where for place, (_, where) in out.items() if place[0] == 6} == {
        "ligne de total, non repris"
    }
    assert {where for place, (_, where) in out.items() if place[0] == 8} == {
        "titres répétés, non repris"
    }
    assert {place[0] for place in out} == {6, 8}
    assert set(left_of(reading, is_out=False)) == {(10, 6), (10, 8)}


def test_months_in_columns_and_neither_number_nor_axis() -> None:
    reading = reading_of("without_numbers")
    one, two = reading.actions
    assert (one.title, one.priority, one.texts) == (
        "Accès aux droits",
        "Priorité 5",
        {"audience": ["Adultes"]},
    )
    assert (two.title, two.priority, two.rows) == ("Santé des jeunes", "hors décret", [3, 4])
    assert people_of(one) == [(2, COPILOT, "GEM")]
    assert rows_of(one) == [(2, "Accès aux droits", "", "2026-T1 2026-T3")]
    assert rows_of(two) == [(3, "Santé des jeunes", "", "2026-T2")]
    assert one.indicators == [(2, "Nombre de dossiers"), (2, "Délai moyen")]
    assert one.remarks == ["Bilan\u00a0: Lancé", "Freins\u00a0: Locaux"]
    assert two.remarks == ["Freins\u00a0: Effectifs", "Freins\u00a0: Suite sans titre"]
    assert reading.left == []
