"""A workbook from elsewhere becomes sheets: compared, written in one gesture, taken back."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.quarters import Quarter
from journal.enums import Source
from journal.models import ChangeSet
from roadmap.enums import RoleKind, Status
from roadmap.imports.foreign import import_foreign, plan_foreign
from roadmap.imports.workbooks import Choice
from roadmap.models import Action, ActionRole, FundingLine, Objective, PlannedQuarter
from roadmap.services.history import take_back
from territories.models import Project
from tests.cast import Cast
from tests.factories import ActionFactory, ObjectiveFactory, PlannedQuarterFactory
from tests.journal.states import state_of
from tests.roadmap.foreign_books import BOOKS
from tests.roadmap.sent_workbooks import exported

pytestmark = pytest.mark.django_db


def fresh(cast: Cast) -> Project:
    return Project.objects.with_place().get(pk=cast.project.pk)


def send(cast: Cast, book: str, **options: Any) -> Any:
    contents = BOOKS[book]()
    return import_foreign(fresh(cast), by=cast.agnes, name="a.xlsx", contents=contents, **options)


@pytest.mark.parametrize("book", BOOKS)
def test_is_written_once_then_changes_nothing_and_is_taken_back(cast: Cast, book: str) -> None:
    before = state_of(cast.project)
    plan = plan_foreign(fresh(cast), name="a.xlsx", contents=BOOKS[book]())
    assert plan.report.errors == []
    assert state_of(cast.project) == before
    written, done = send(cast, book)
    assert written.report.created
    assert done.changeset.source == Source.IMPORT
    again, nothing = send(cast, book)
    assert (again.report.created, again.report.changes) == (0, [])
    assert again.report.unchanged
    assert nothing.changeset is None
    take_back(gesture=done.changeset, project=fresh(cast), by=None)
    assert state_of(cast.project) == before


def test_sheets_have_their_axis_their_pilots_and_their_quarters(cast: Cast) -> None:
    send(cast, "coloured_quarters")
    one, two, three = Action.objects.filter(project=cast.project).order_by("number")
    assert (one.title, one.status, str(one.axis and one.axis.title)) == (
        "Former les aidants",
        Status.DONE,
        "Axe 1 – Repérer",
    )
    assert two.axis == one.axis
    assert "COPIL" in two.remarks
    assert "à voir avec l’ARS" in three.remarks
    assert three.status == Status.NOT_STARTED
    roles = ActionRole.objects.filter(action=one, kind=RoleKind.PILOT).order_by("position")
    assert [role.label for role in roles] == ["CH du Nord", "UNAFAM"]
    cells = PlannedQuarter.objects.filter(objective__action=three).order_by("quarter")
    assert [Quarter(cell.quarter).code for cell in cells] == ["2027-T1", "2027-T2"]


def test_money_and_reasons_are_kept(cast: Cast) -> None:
    send(cast, "serial_dates")
    line = FundingLine.objects.get(action__title="Pair-aidance")
    assert (line.label, str(line.amount)) == ("ARS", "12000.00")
    stopped = Action.objects.get(title="Premiers secours")
    assert stopped.status == Status.SUSPENDED
    assert "reporté" in stopped.status_reason
    assert "5 k€" in stopped.remarks
    assert "FA 3.3" in stopped.remarks


def test_the_second_of_a_number_gets_a_free_one_and_is_told(cast: Cast) -> None:
    plan, _ = send(cast, "doubled_numbers")
    numbers = {one.title: one.number for one in Action.objects.filter(project=cast.project)}
    assert numbers == {"Aller vers": 4, "Psychoéducation": 5, "Réhabilitation": 6}
    assert any("Réhabilitation" in notice and "6" in notice for notice in plan.report.notices)


def test_a_priority_is_found_by_its_number_or_kept_as_a_text(cast: Cast) -> None:
    send(cast, "without_numbers")
    known = Action.objects.get(title="Accès aux droits")
    assert known.priority is not None
    assert known.priority.number == 5
    other = Action.objects.get(title="Santé des jeunes")
    assert other.priority is None
    assert "Priorité (fichier)\u00a0: hors décret" in other.remarks


def test_what_is_there_is_changed_cell_by_cell_and_blanks_erase_nothing(cast: Cast) -> None:
    action = ActionFactory.create(
        project=cast.project, number=1, title="Ligne d’écoute", need="Un besoin"
    )
    plan, _ = send(cast, "shifted_column")
    action.refresh_from_db()
    assert (action.status, action.need) == (Status.RUNNING, "Un besoin")
    (change,) = plan.report.changes
    assert dict(change.plain) == {
        "sheet": "Actions",
        "row": 2,
        "column": "Statut",
        "old": "Non commencée",
        "new": "En cours",
    }
    assert (plan.report.created, plan.report.updated, plan.report.unchanged) == (2, 1, 0)


def test_kept_as_it_is_when_the_application_is_preferred(cast: Cast) -> None:
    action = ActionFactory.create(project=cast.project, number=1, title="Ligne d’écoute à nous")
    send(cast, "shifted_column", keep=Choice.CURRENT)
    action.refresh_from_db()
    assert (action.title, action.status) == ("Ligne d’écoute à nous", Status.NOT_STARTED)


def test_a_title_finds_its_sheet_under_another_number(cast: Cast) -> None:
    action = ActionFactory.create(project=cast.project, number=40, title="Annuaire")
    plan, _ = send(cast, "shifted_column")
    action.refresh_from_db()
    assert (action.number, action.status) == (40, Status.DONE)
    assert any("garde son numéro\u00a040" in notice for notice in plan.report.notices)


def test_a_cross_does_not_undo_what_is_done(cast: Cast) -> None:
    action = ActionFactory.create(project=cast.project, number=1, title="Semaines d’information")
    objective = ObjectiveFactory.create(action=action, title="Semaines d’information")
    PlannedQuarterFactory.create(
        objective=objective, quarter=Quarter.of(2026, 1).index, state="fait"
    )
    send(cast, "grouped_by_titles")
    assert PlannedQuarter.objects.get(objective=objective).state == "fait"
    assert Objective.objects.filter(action=action).count() == 1


# --- The command --------------------------------------------------------------------------------


@pytest.fixture
def run(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    path = tmp_path / "suivi.xlsx"
    path.write_bytes(BOOKS["shifted_column"]())

    def run(*options: str, mapping: Any = None) -> tuple[int, Any]:
        if mapping is not None:
            told = tmp_path / "mapping.json"
            text = mapping if isinstance(mapping, str) else json.dumps(mapping)
            told.write_text(text, encoding="utf-8")
            options = (*options, "--mapping", str(told))
        status = 0
        try:
            call_command("import_roadmap", str(path), "--territory", "aubrac", "--json", *options)
        except CommandError:
            status = 1
        return status, json.loads(capsys.readouterr().out)

    return run


def test_a_guess_is_accepted_or_refused_by_name(run: Any, cast: Cast) -> None:
    status, told = run()
    assert (status, told["created"]) == (1, 0)
    message = told["errors"][0]["message"]
    assert "--mapping" in message
    assert "--guess" in message
    status, told = run("--guess", "--dry-run")
    assert list(told) == ["created", "updated", "unchanged", "changes", "errors"]
    assert (status, told["created"], told["changes"], told["errors"]) == (0, 3, [], [])
    assert not Action.objects.filter(project=cast.project).exists()
    assert run("--guess")[1]["created"] == 3
    assert Action.objects.filter(project=cast.project).count() == 3
    assert run("--guess")[1]["unchanged"] == 3
    assert ChangeSet.objects.filter(source=Source.IMPORT).count() == 1


def test_a_mapping_says_which_column_is_what(run: Any) -> None:
    mapping = {
        "sheet": "Actions",
        "header": 1,
        "columns": {"B": "number", "C": "title", "D": "partner", "E": "remarks"},
    }
    status, told = run(mapping=mapping)
    assert (status, told["created"]) == (0, 3)
    action = Action.objects.get(title="Annuaire")
    assert (action.status, action.remarks) == (Status.NOT_STARTED, "Terminée")
    assert ActionRole.objects.get(action=action).kind == RoleKind.PARTNER


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("{", "JSON lisible"),
        ("[]", "objet JSON"),
        ({"sheet": "Rien"}, "n’est pas dans le classeur"),
        ({"sheet": "Actions"}, "lignes de titres"),
        ({"sheet": "Actions", "header": [3, 1]}, "lignes de titres"),
        ({"sheet": "Actions", "header": 1}, "ce que sont les colonnes"),
        ({"sheet": "Actions", "header": 1, "columns": {"B": "zzz"}}, "qui n’est pas connu"),
        ({"sheet": "Actions", "header": 1, "columns": {"é": "title"}}, "n’existe pas"),
        ({"sheet": "Actions", "header": 1, "columns": {"B": "axis"}}, "titre des fiches"),
        ({"sheet": "Actions", "header": 1, "columns": {"B": "title", "C": "title"}}, "plusieurs"),
        ({"sheet": ["Actions"], "header": 1}, "n’est pas dans le classeur"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(run: Any, mapping: Any, said: str) -> None:
    status, told = run(mapping=mapping)
    assert status == 1
    assert said in told["errors"][0]["message"]


def test_words_say_what_was_understood_and_what_was_left(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "suivi.xlsx"
    path.write_bytes(BOOKS["coloured_quarters"]())
    call_command("import_roadmap", str(path), territory="aubrac", guess=True, dry_run=True)
    said = capsys.readouterr().out
    assert "Compris\u00a0: feuille «\u00a0Suivi PTSM\u00a0», titres ligne 3, 4." in said
    assert "Colonne C, «\u00a0Fiche action\u00a0»\u00a0: titre de la fiche" in said
    assert "K7\u00a0: «\u00a0à voir avec l’ARS\u00a0», gardé dans les remarques" in said
    assert "ligne de total" in said


def test_our_own_workbook_is_still_read_as_ours(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ActionFactory.create(project=cast.project, number=1)
    path = tmp_path / "export.xlsx"
    path.write_bytes(exported(fresh(cast)))
    call_command("import_roadmap", str(path), territory="aubrac", guess=True)
    assert "Rien n’a changé" in capsys.readouterr().out
