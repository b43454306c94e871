"""Every row of a file is counted once: created, updated, unchanged; each changed cell is told."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from core.quarters import Quarter
from roadmap.imports.workbooks import check_workbook
from roadmap.models import Action, Objective
from roadmap.services.lifecycle import retire_sheet
from roadmap.services.objectives import remove_objective
from roadmap.workbooks.planning import GROUP
from territories.models import Project
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionIndicatorFactory,
    ActionRoleFactory,
    FundingLineFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlannedQuarterFactory,
)
from tests.roadmap.foreign_books import BOOKS
from tests.roadmap.sent_workbooks import Sent, exported

pytestmark = pytest.mark.django_db

FIRST = Quarter.of(2026, 1).index
TOLD = ("Fiches", "Objectifs", "Planning", "Rôles", "Financements", "Indicateurs")


@pytest.fixture
def project(cast: Cast) -> Project:
    """Two sheets; the first has a row of every kind."""
    one = ActionFactory.create(project=cast.project, number=1, title="Pair-aidance")
    ActionFactory.create(project=cast.project, number=2, title="Loger")
    objective = ObjectiveFactory.create(action=one, title="Créer un groupe", position=1)
    ObjectiveFactory.create(action=one, title="Le former", position=2)
    PlannedQuarterFactory.create(objective=objective, quarter=FIRST)
    ActionRoleFactory.create(action=one, label="Le CMP")
    FundingLineFactory.create(action=one, label="ARS", amount=1000)
    ActionIndicatorFactory.create(action=one, label="Délai")
    OrganisationFactory.create(territory=cast.aubrac, name="CH du Val")
    return Project.objects.with_place().get(pk=cast.project.pk)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(contents: bytes, *options: str) -> Any:
        path = tmp_path / "plan.xlsx"
        path.write_bytes(contents)
        try:
            call_command("import_roadmap", str(path), "--territory", "aubrac", "--json", *options)
        except CommandError as refusal:
            raise AssertionError(capsys.readouterr().out) from refusal
        return json.loads(capsys.readouterr().out)

    return run


def rows_of(contents: bytes) -> int:
    """How many rows say something, the titles of the sheets over their planning aside."""
    book = load_workbook(io.BytesIO(contents))
    return sum(
        any(cell.value is not None for cell in row) and row[0].value != GROUP
        for name in TOLD
        for row in list(book[name].iter_rows())[1:]
    )


def counts(told: Any) -> tuple[int, int, int]:
    return told["created"], told["updated"], told["unchanged"]


def assert_told(told: Any, contents: bytes, *, created: int, updated: int) -> None:
    assert told["errors"] == []
    assert counts(told) == (created, updated, rows_of(contents) - created - updated)
    assert len({(change["sheet"], change["row"]) for change in told["changes"]}) == updated


# --- Our workbooks ------------------------------------------------------------------------------

ADDED = [
    ("Fiches", {"N°": 9, "Titre": "Prévenir", "Axe": "Axe neuf"}),
    ("Objectifs", {"Fiche": 1, "Intitulé": "Essaimer"}),
    ("Objectifs", {"Fiche": 2, "Intitulé": "Essaimer", "Nature": "Projet", "Rang": 1}),
    ("Rôles", {"Fiche": 1, "Rôle": "Partenaire", "Qui": "Une association"}),
    ("Rôles", {"Fiche": 2, "Rôle": "Pilote", "Qui": "CH du Val"}),
    ("Financements", {"Fiche": 1, "Financeur": "Région", "Montant en euros": 5000}),
    ("Indicateurs", {"Fiche": 1, "Objectif": "Créer un groupe", "Indicateur": "File active"}),
]


@pytest.mark.parametrize(("sheet", "values"), ADDED)
def test_a_row_added_to_a_sheet_that_is_there_is_created(
    project: Project, run: Any, sheet: str, values: dict[str, Any]
) -> None:
    sent = Sent(exported(project))
    sent.add(sheet, **values)
    for options in (["--dry-run"], []):
        told = run(sent.contents, *options)
        assert_told(told, sent.contents, created=1, updated=0)
        assert told["changes"] == []


def test_the_planning_of_an_objective_that_is_added_is_a_row_of_its_own(
    project: Project, run: Any
) -> None:
    sent = Sent(exported(project))
    sent.add("Objectifs", Fiche=1, Intitulé="Essaimer")
    planned = {"Fiche": 1, "Objectif": "Essaimer", "T2 2026": "p", "T3 2026": "p"}
    sent.add("Planning", **planned)
    assert_told(run(sent.contents, "--dry-run"), sent.contents, created=2, updated=0)
    row = sent.row("Planning", "Objectif", "Essaimer")
    sent.write("Planning", row, "T2 2026", None).write("Planning", row, "T3 2026", None)
    assert_told(run(sent.contents), sent.contents, created=1, updated=0)


CHANGED = [
    ("Fiches", "Titre", "Pair-aidance", "Autre"),
    ("Fiches", "Méthode", None, "Réunir"),
    ("Fiches", "N°", 1, 7),
    ("Objectifs", "Intitulé", "Créer un groupe", "Autre"),
    ("Objectifs", "Rang", 1, 2),
    ("Objectifs", "Fiche", 1, 2),
    ("Rôles", "Qui", "Le CMP", "CH du Val"),
    ("Rôles", "Objectif", None, "Le former"),
    ("Financements", "Montant en euros", 1000, 2000),
    ("Indicateurs", "Indicateur", "Délai", "Délais"),
]


@pytest.mark.parametrize(("sheet", "title", "old", "new"), CHANGED)
def test_a_cell_that_changes_updates_its_row_alone(
    project: Project, run: Any, sheet: str, title: str, old: Any, new: Any
) -> None:
    sent = Sent(exported(project))
    row = sent.row(sheet, title, old)
    told = run(sent.write(sheet, row, title, new).contents)
    assert_told(told, sent.contents, created=0, updated=1)
    (change,) = told["changes"]
    assert (change["sheet"], change["row"], change["column"]) == (sheet, row, title)
    assert change["old"] == (old or "")


def test_one_quarter_that_is_ticked_is_one_change(project: Project, run: Any) -> None:
    objective = Objective.objects.get(title="Le former")
    sent = Sent(exported(project))
    row = sent.row("Planning", "Clé", objective.pk)
    told = run(sent.write("Planning", row, "T2 2026", "p").contents)
    assert_told(told, sent.contents, created=0, updated=1)
    assert told["changes"] == [
        {"sheet": "Planning", "row": row, "column": "T2 2026", "old": "", "new": "prévu"}
    ]


def test_two_cells_of_a_row_are_one_row_and_two_changes(project: Project, run: Any) -> None:
    sent = Sent(exported(project))
    sent.write("Fiches", 2, "Titre", "Autre").write("Fiches", 2, "Méthode", "Réunir")
    sent.add("Fiches", **{"N°": 9, "Titre": "Prévenir"})
    told = run(sent.contents)
    assert_told(told, sent.contents, created=1, updated=1)
    assert [change["column"] for change in told["changes"]] == ["Titre", "Méthode"]


def test_rows_set_aside_bring_nothing(project: Project, cast: Cast, run: Any) -> None:
    contents = exported(project)
    remove_objective(objective=Objective.objects.get(title="Le former"), by=cast.emile)
    retire_sheet(action=Action.objects.get(number=2), reason="Doublon", by=cast.emile)
    assert_told(run(contents, "--keep", "current"), contents, created=0, updated=0)


def test_what_a_file_gives_back_is_created(project: Project, cast: Cast, run: Any) -> None:
    contents = exported(project)
    remove_objective(objective=Objective.objects.get(title="Le former"), by=cast.emile)
    retire_sheet(action=Action.objects.get(number=2), reason="Doublon", by=cast.emile)
    assert_told(run(contents, "--keep", "file"), contents, created=2, updated=0)
    assert Action.objects.of(project).count() == 2


def test_a_file_is_as_long_as_the_rows_that_are_counted(project: Project, run: Any) -> None:
    contents = exported(project)
    length = check_workbook(project, name="a.xlsx", contents=contents)
    assert length == rows_of(contents) == run(contents)["unchanged"]


# --- Workbooks of others ------------------------------------------------------------------------


def foreign(*rows: tuple[Any, ...]) -> bytes:
    """« shifted_column » without its shift: a table that needs no guess."""
    sent = Sent(BOOKS["shifted_column"]())
    sheet = sent.book["Actions"]
    sheet.delete_rows(1, 10)
    titles = (
        "N°",
        "Action",
        "Objectifs",
        "Pilote",
        "Financeur",
        "Indicateurs",
        "Statut",
        *QUARTERS,
    )
    for row in (titles, *rows):
        sheet.append(row)
    return sent.contents


QUARTERS = ("T1 2026", "T2 2026")
SAME = (1, "Pair-aidance", None, None, None, None, None)


def one(**cells: Any) -> tuple[Any, ...]:
    places = {
        "objective": 2,
        "pilot": 3,
        "funder": 4,
        "indicator": 5,
        "status": 6,
        "t1": 7,
        "t2": 8,
    }
    row = [*SAME, None, None]
    for name, value in cells.items():
        row[places[name]] = value
    return tuple(row)


@pytest.mark.parametrize(
    "row",
    [
        one(pilot="Une association"),
        one(funder="Région"),
        one(indicator="File active"),
        one(objective="Essaimer"),
        one(objective="Essaimer", t1="x"),
        one(t1="x"),
    ],
)
def test_what_a_foreign_row_adds_to_a_sheet_that_is_there_is_created(
    project: Project, run: Any, row: tuple[Any, ...]
) -> None:
    told = run(foreign(row, (2, "Loger")), "--guess")
    assert (counts(told), told["changes"]) == ((1, 0, 1), [])
    again = run(foreign(row, (2, "Loger")), "--guess")
    assert (counts(again), again["changes"]) == ((0, 0, 2), [])


@pytest.mark.parametrize(
    ("row", "column", "old", "new"),
    [
        (one(status="En cours"), "Statut", "Non commencée", "En cours"),
        (one(objective="Créer un groupe", t2="x"), "T2 2026", "", "prévu"),
        # It adds a pilot as well: a cell that changes is always told.
        (one(status="En cours", pilot="DAC"), "Statut", "Non commencée", "En cours"),
    ],
)
def test_a_foreign_row_that_changes_a_cell_is_updated(
    project: Project, run: Any, row: tuple[Any, ...], column: str, old: str, new: str
) -> None:
    told = run(foreign(row, (2, "Loger")), "--guess")
    assert counts(told) == (0, 1, 1)
    changes = [change for change in told["changes"] if change["column"] == column]
    (change,) = changes
    assert (change["row"], change["old"], change["new"]) == (2, old, new)


@pytest.mark.parametrize("book", BOOKS)
def test_every_foreign_row_is_counted_once(project: Project, run: Any, book: str) -> None:
    first = run(BOOKS[book](), "--guess")
    again = run(BOOKS[book](), "--guess")
    assert sum(counts(first)) == sum(counts(again)) == again["unchanged"]
    told = Counter(change["row"] for change in first["changes"])
    assert len(told) == first["updated"]
