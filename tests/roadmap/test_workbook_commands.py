"""The workbook from the command line: one JSON object, and a status that says how it went."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from journal.enums import Source
from journal.models import ChangeSet
from roadmap.models import Action
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast
from tests.factories import ActionFactory, TerritoryFactory
from tests.roadmap.sent_workbooks import Sent

pytestmark = pytest.mark.django_db
KEYS = ["created", "updated", "unchanged", "changes", "errors"]


@pytest.fixture
def project(cast: Cast) -> Project:
    for number, title in ((1, "Pair-aidance"), (2, "Loger")):
        ActionFactory.create(project=cast.project, number=number, title=title)
    return cast.project


@pytest.fixture
def path(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "plan.xlsx"
    call_command("export_roadmap", territory="aubrac", output=str(path))
    assert capsys.readouterr().out == "Aubrac\u00a0: 2\u00a0fiches, dans plan.xlsx.\n"
    return path


@pytest.fixture
def run(path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*options: str, territory: str = "aubrac", file: Path = path) -> tuple[int, Any]:
        status = 0
        try:
            call_command("import_roadmap", str(file), "--territory", territory, "--json", *options)
        except CommandError:
            status = 1
        return status, json.loads(capsys.readouterr().out)

    return run


def change(path: Path, **cells: Any) -> None:
    sent = Sent(path.read_bytes())
    for title, value in cells.items():
        sent.write("Fiches", 2, title, value)
    path.write_bytes(sent.contents)


def test_an_export_comes_back_without_a_change(run: Any) -> None:
    status, told = run()
    assert list(told) == KEYS
    assert (status, told["created"], told["updated"]) == (0, 0, 0)
    assert (told["unchanged"], told["changes"], told["errors"]) == (2, [], [])


def test_one_cell_is_one_change(run: Any, path: Path) -> None:
    change(path, Titre="Autre")
    expected = {
        "sheet": "Fiches",
        "row": 2,
        "column": "Titre",
        "old": "Pair-aidance",
        "new": "Autre",
    }
    for options in (["--dry-run"], []):
        status, told = run(*options)
        assert (status, told["updated"], told["changes"]) == (0, 1, [expected])
    assert run()[1]["updated"] == 0
    made = ChangeSet.objects.latest("pk")
    assert (made.source, made.by) == (Source.IMPORT, None)


def test_a_trial_writes_nothing(run: Any, path: Path, project: Project) -> None:
    change(path, Titre="Autre")
    run("--dry-run")
    assert not Action.objects.filter(title="Autre").exists()


def test_a_created_row_is_counted_and_not_listed(run: Any, path: Path) -> None:
    sent = Sent(path.read_bytes())
    sent.add("Fiches", **{"N°": 9, "Titre": "Neuve"})
    path.write_bytes(sent.contents)
    status, told = run()
    assert (status, told["created"], told["changes"]) == (0, 1, [])


def test_an_error_is_told_with_its_cell_and_fails(run: Any, path: Path) -> None:
    change(path, Avancement="En course", Titre="Autre")
    status, told = run()
    assert (status, told["created"], told["updated"], told["changes"]) == (1, 0, 0, [])
    (error,) = told["errors"]
    assert (error["sheet"], error["row"], error["column"]) == ("Fiches", 2, "Avancement")
    assert "le plus proche est" in error["message"]
    assert not Action.objects.filter(title="Autre").exists()


@pytest.mark.parametrize(("keep", "title"), [("file", "Du fichier"), ("current", "D’ailleurs")])
def test_conflicts_fail_until_they_are_settled(
    run: Any, path: Path, project: Project, keep: str, title: str
) -> None:
    with writing(project, by=None):
        action = Action.objects.get(number=1)
        action.title = "D’ailleurs"
        action.save()
    change(path, Titre="Du fichier")
    status, told = run()
    assert (status, told["updated"]) == (1, 0)
    assert "choisissez ce qui est gardé" in told["errors"][0]["message"]
    status, told = run("--keep", keep)
    assert (status, told["errors"]) == (0, [])
    assert Action.objects.get(number=1).title == title


def test_a_file_that_is_not_read_is_one_error(run: Any, tmp_path: Path) -> None:
    other = tmp_path / "notes.xlsx"
    other.write_bytes(b"bonjour")
    status, told = run(file=other)
    (error,) = told["errors"]
    assert (status, error["sheet"], error["row"], error["column"]) == (1, "", None, "")
    assert "n’est pas un classeur Excel" in error["message"]


def test_a_file_that_is_not_there_is_told(run: Any, tmp_path: Path) -> None:
    assert run(file=tmp_path / "rien.xlsx")[0] == 1


def test_another_territory_is_refused(run: Any) -> None:
    TerritoryFactory.create(code="vide")
    assert run(territory="vide")[0] == 1
    assert "Aucun territoire" in run(territory="nulle-part")[1]["errors"][0]["message"]


def test_words_without_json(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(path, Titre="Autre", Méthode="Réunir")
    call_command("import_roadmap", str(path), territory="aubrac", dry_run=True)
    said = capsys.readouterr().out
    assert "Méthode\u00a0: vide devient «\u00a0Réunir\u00a0»" in said
    assert "«\u00a0Pair-aidance\u00a0» devient «\u00a0Autre\u00a0»" in said
    assert "Essai, rien n’est écrit\u00a0: 1\u00a0ligne modifiée." in said
    call_command("import_roadmap", str(path), territory="aubrac")
    assert "Import fait" in capsys.readouterr().out
    call_command("import_roadmap", str(path), territory="aubrac", keep="file")
    assert "Rien n’a changé" in capsys.readouterr().out


def test_a_refusal_without_json_names_the_cell(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(path, Priorité="zzz")
    with pytest.raises(CommandError, match="1\u00a0erreur dans le fichier"):
        call_command("import_roadmap", str(path), territory="aubrac")
    assert "colonne «\u00a0Priorité\u00a0»" in capsys.readouterr().out


@pytest.mark.parametrize("output", ["", "/nulle/part/plan.xlsx"])
def test_an_export_that_cannot_be_written_is_refused(project: Project, output: str) -> None:
    with pytest.raises(CommandError):
        call_command("export_roadmap", territory="aubrac", output=output)
