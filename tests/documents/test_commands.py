"""`print_document`: what others script, and the one French sentence when it cannot."""

import errno
import io
import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from documents import kinds, printing
from documents.kinds import Kind
from documents.management.commands import print_document
from documents.models import PrintedFile
from territories.models import Project
from tests.documents.conftest import FakePress
from tests.factories import ProjectFactory, TerritoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(fake_press: FakePress) -> Project:
    """The project of the territory « 53 »."""
    return ProjectFactory.create(
        territory__code="53", territory__name="Mayenne", title="PTSM de la Mayenne"
    )


def run(*typed: str) -> str:
    said = io.StringIO()
    call_command("print_document", *typed, stdout=said)
    return said.getvalue().strip()


def refusal(*typed: str) -> str:
    with pytest.raises(CommandError) as refused:
        run(*typed)
    sentence = str(refused.value)
    assert "\n" not in sentence
    return sentence.replace("\u00a0", " ")


def test_command_prints_then_finds_again(project: Project, tmp_path: Path) -> None:
    output = tmp_path / "essai.pdf"
    typed = ("essai", "--territory", "53", "--number", "3", "--output", str(output))
    first = run(*typed)
    assert re.fullmatch(r"Essai n°\s3, Mayenne\s: 2\spages, 1\sKo, \d+,\d\ss \(imprimé\)", first)
    assert "PTSM de la Mayenne" in output.read_text()
    assert "resume" in output.read_text()
    assert "(déjà imprimé, repris)" in run(*typed)
    assert PrintedFile.objects.count() == 1


def test_options_are_those_of_the_form(project: Project, tmp_path: Path) -> None:
    output = tmp_path / "essai.pdf"
    run(
        *("essai", "--territory", "53", "--output", str(output), "--number", "3"),
        *("--part", "planning", "--is-draft", "true"),
    )
    assert "planning" in output.read_text()
    assert "resume" not in output.read_text()


def test_latest_generation_is_printed(project: Project, tmp_path: Path) -> None:
    ProjectFactory.create(territory=project.territory, generation=2, title="Deuxième PTSM")
    output = tmp_path / "essai.pdf"
    run("essai", "--territory", "53", "--number", "1", "--output", str(output))
    assert "Deuxième PTSM" in output.read_text()


def test_file_is_as_readable_as_any_other(project: Project, tmp_path: Path) -> None:
    output, other = tmp_path / "essai.pdf", tmp_path / "autre"
    other.touch()
    run("essai", "--territory", "53", "--number", "1", "--output", str(output))
    assert stat.S_IMODE(output.stat().st_mode) == stat.S_IMODE(other.stat().st_mode)


def test_link_is_followed_to_its_file(project: Project, tmp_path: Path) -> None:
    target, link = tmp_path / "vrai.pdf", tmp_path / "lien.pdf"
    link.symlink_to(target)
    run("essai", "--territory", "53", "--number", "1", "--output", str(link))
    assert link.is_symlink()
    assert target.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ([], "Indiquer le document à imprimer, par exemple « livret »."),
        (["essai"], "Indiquer le fichier à écrire, par exemple « --output livret.pdf »."),
        (["essai", "--output", "x.pdf"], "Indiquer le territoire, par exemple « --territory 53 »."),
        (["zut"], "Le document « zut » n’existe pas ; documents possibles : essai."),
        (
            ["essai", "--output", "x.pdf", "--territory", "99"],
            "Aucun territoire n’a le code « 99 » ; codes connus : 53.",
        ),
        (
            ["essai", "--output", "x.pdf", "--territory", "53"],
            "Le document « essai » demande l’option --number.",
        ),
        (
            ["essai", "--output", "x.pdf", "--territory", "53", "--number", "douze"],
            "--number : Saisissez un nombre entier.",
        ),
        (
            ["essai", "--output", "x.pdf", "--territory", "53", "--number", "1", "--part", "zut"],
            "--part : Sélectionnez un choix valide. zut n’en fait pas partie.",
        ),
        (
            ["essai", "--output", "x.pdf", "--territory", "53", "--number", "404"],
            "L’essai n° 404 n’existe pas.",
        ),
        (["essai", "--output", "."], "« . » est un dossier : indiquer un nom de fichier."),
        (["essai", "--output", os.devnull], f"« {os.devnull} » n’est pas un fichier ordinaire."),
    ],
)
def test_refusal_is_one_french_sentence(
    typed: list[str],
    sentence: str,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refusal(*typed) == sentence
    assert list(tmp_path.glob("*.pdf")) == []


def test_territory_without_project_is_told(project: Project, tmp_path: Path) -> None:
    TerritoryFactory.create(code="78", name="Yvelines")
    sentence = refusal("essai", "--territory", "78", "--output", str(tmp_path / "x.pdf"))
    assert sentence == "Le territoire « Yvelines » n’a pas encore de projet."


def test_folder_that_does_not_exist_is_told(project: Project, tmp_path: Path) -> None:
    output = tmp_path / "absent" / "x.pdf"
    sentence = refusal("essai", "--territory", "53", "--output", str(output))
    assert sentence == f"Le dossier « {output.parent} » n’existe pas."


def test_folder_closed_to_writing_is_told_before_the_print(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_press: FakePress
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    sentence = refusal("essai", "--territory", "53", "--output", str(tmp_path / "x.pdf"))
    assert sentence == f"Le dossier « {tmp_path} » n’est pas accessible en écriture."
    assert fake_press.prints == 0


def test_option_of_another_kind_is_refused(
    project: Project, essai: Kind, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    simple = kinds.Kind(**{**vars(essai), "code": "simple", "form": kinds.PaperForm})
    monkeypatch.setattr(kinds, "_KINDS", {"essai": essai, "simple": simple})
    sentence = refusal(
        *("simple", "--territory", "53", "--output", str(tmp_path / "x.pdf"), "--number", "1")
    )
    assert sentence == "Le document « simple » n’a pas d’option --number."


def test_line_that_is_not_understood_is_told_in_french(project: Project) -> None:
    sentence = refusal("essai", "--zut")
    assert sentence.startswith("Option inconnue : --zut.")
    assert "manage.py print_document --help" in sentence


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "il n’y a plus de place sur le disque"),
        (errno.EROFS, "l’écriture est refusée"),
    ],
)
def test_file_is_whole_or_absent(
    number: int,
    reason: str,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def half(draft: Path, *_: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(Path, "replace", half)
    folder = tmp_path / "out"
    folder.mkdir()
    kept = folder / "x.pdf"
    kept.write_text("la version d’avant")
    sentence = refusal("essai", "--territory", "53", "--number", "1", "--output", str(kept))
    assert sentence == f"« {kept} » n’a pas pu être écrit : {reason}."
    assert [path.name for path in folder.iterdir()] == ["x.pdf"]
    assert kept.read_text() == "la version d’avant"


def test_unforeseen_failure_is_a_sentence_and_a_trace(
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: Any, **__: Any) -> bytes:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(printing, "print_pdf", fail)
    sentence = refusal(
        *("essai", "--territory", "53", "--number", "1", "--output", str(tmp_path / "x.pdf"))
    )
    assert sentence.startswith("L’impression a échoué pour une raison imprévue")
    assert caplog.records[-1].exc_info is not None


def test_base_that_is_not_ready_is_told(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Project:
        raise OperationalError("no such table: territories_territory")

    monkeypatch.setattr(print_document, "_project", fail)
    sentence = refusal("essai", "--territory", "53", "--output", str(tmp_path / "x.pdf"))
    assert "manage.py migrate" in sentence
