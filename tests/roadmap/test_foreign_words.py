"""How people write quarters, statuses and numbers in tables of their own."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quarters import Quarter
from roadmap.enums import CellState, Status
from roadmap.imports.foreign.cells import amount_of
from roadmap.imports.foreign.quarters import read_span
from roadmap.imports.foreign.words import (
    announced_by,
    cell_state_of,
    number_of,
    parts_of_list,
    status_of,
)


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("T3 2026", "2026-T3"),
        ("Q3 2026", "2026-T3"),
        ("2026-T3", "2026-T3"),
        ("T3-26", "2026-T3"),
        ("3e trim. 2026", "2026-T3"),
        ("3ème trimestre 2026", "2026-T3"),
        ("1er trimestre 2026", "2026-T1"),
        ("sept. 2026", "2026-T3"),
        ("Septembre 2026", "2026-T3"),
        ("août 2026", "2026-T3"),
        ("janv.-26", "2026-T1"),
        ("09/2026", "2026-T3"),
        ("30/09/2026", "2026-T3"),
        ("2026-09-30", "2026-T3"),
        (dt.datetime(2026, 9, 30), "2026-T3"),  # noqa: DTZ001 (as Excel gives it)
        (46266, "2026-T3"),
        (Decimal("46266.5"), "2026-T3"),
        ("S1 2026", "2026-T1 2026-T2"),
        ("2e semestre 2026", "2026-T3 2026-T4"),
        ("2026", "2026-T1 2026-T2 2026-T3 2026-T4"),
        (2026, "2026-T1 2026-T2 2026-T3 2026-T4"),
        ("fin 2026", "2026-T4"),
        ("début 2026", "2026-T1"),
        ("de T2 2026 à T4 2026", "2026-T2 2026-T3 2026-T4"),
        ("T4 2026 – T1 2027", "2026-T4 2027-T1"),
        ("T1 - T2 2026", "2026-T1 2026-T2"),
        ("de janvier à juin 2026", "2026-T1 2026-T2"),
        ("T1 2026 ; T4 2026", "2026-T1 2026-T4"),
        ("bientôt", ""),
        ("T5 2026", ""),
        ("31/31/2026", ""),
        (3, ""),
        (True, ""),
        (None, ""),
        ("de T4 2026 à T1 2026", ""),
    ],
)
def test_quarters_in_all_usual_writings(written: Any, codes: str) -> None:
    assert " ".join(Quarter(index).code for index in read_span(written)) == codes


def test_a_quarter_alone_is_of_the_year_around() -> None:
    assert [Quarter(index).code for index in read_span("T3", year=2027)] == ["2027-T3"]
    assert read_span("T3") == ()


@given(st.one_of(st.text(max_size=90), st.integers(), st.decimals(allow_nan=False), st.booleans()))
def test_any_value_is_quarters_or_nothing(value: Any) -> None:
    assert all(isinstance(index, int) for index in read_span(value, year=2026))


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("terminé", Status.DONE),
        ("Fait", Status.DONE),
        ("Réalisée", Status.DONE),
        ("clôturé", Status.DONE),
        ("100 %", Status.DONE),
        ("En cours", Status.RUNNING),
        ("en cours de finalisation", Status.RUNNING),
        ("démarrée", Status.RUNNING),
        ("À venir", Status.NOT_STARTED),
        ("non démarré", Status.NOT_STARTED),
        ("Pas encore commencée", Status.NOT_STARTED),
        ("À faire", Status.NOT_STARTED),
        ("suspendu", Status.SUSPENDED),
        ("en pause", Status.SUSPENDED),
        ("reportée", Status.SUSPENDED),
        ("Abandonné", Status.DROPPED),
        ("annulée", Status.DROPPED),
        ("à voir avec l’ARS", None),
        ("", None),
    ],
)
def test_words_of_follow_up_are_statuses(written: str, status: Status | None) -> None:
    assert status_of(written) == status


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("Fiche 12", 12),
        ("n°4", 4),
        ("N° 4", 4),
        ("FA 07", 7),
        ("Fiche action n° 8", 8),
        ("12", 12),
        ("FA 3.2", None),
        ("0", None),
        ("A-bis", None),
    ],
)
def test_numbers_of_sheets(written: str, number: int | None) -> None:
    assert number_of(written) == number


def test_lists_are_parted_by_semicolons_lines_and_bullets_never_by_commas() -> None:
    assert parts_of_list("ARS ; GHT") == ["ARS", "GHT"]
    assert parts_of_list("- ARS\n• GHT\n1) CMP") == ["ARS", "GHT", "CMP"]
    assert parts_of_list("Mairie, service logement") == ["Mairie, service logement"]


@pytest.mark.parametrize(
    ("written", "state"),
    [("x", CellState.PLANNED), ("fait", CellState.DONE), ("décalé", CellState.SLIPPED), ("-", "")],
)
def test_cells_under_quarters(written: str, state: str) -> None:
    assert cell_state_of(written) == state
    assert cell_state_of("COPIL") is None


@pytest.mark.parametrize(
    ("written", "amount"),
    [("12 000 €", "12000.00"), ("5,5 k€", "5500.00"), ("1234,5", "1234.50"), ("à chiffrer", None)],
)
def test_amounts(written: str, amount: str | None) -> None:
    assert amount_of(written) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("N°", "number"),
        ("N° fiche", "number"),
        ("Intitulé de l’action", "title"),
        ("Pilote de l’action", "pilot"),
        ("Co-pilote(s)", "copilot"),
        ("Objectif opérationnel", "objective"),
        ("Objectif de l’action", "aim"),
        ("Axe stratégique", "axis"),
        ("État d’avancement", "status"),
        ("Point d’avancement", "remarks"),
        ("Date de fin prévisionnelle", "end"),
        ("Budget (€)", "amount"),
        ("Public cible", "audience"),
    ],
)
def test_titles_of_columns_announce_what_they_hold(title: str, field: str) -> None:
    assert announced_by(title)[0][1] == field
