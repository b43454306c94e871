"""Every refusal has a file that provokes it: its place, its sentence, and nothing written."""

import datetime as dt
import subprocess
import sys
from collections.abc import Callable

import pytest

from documents.workbooks import WorkbookRefused
from roadmap.imports.workbooks import CellError, plan_import
from roadmap.models import Action, Objective
from territories.models import Project
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionIndicatorFactory,
    ActionRoleFactory,
    FundingLineFactory,
    ObjectiveFactory,
    OrganisationFactory,
    ProjectFactory,
    ProjectGroupFactory,
)
from tests.house import ROOT
from tests.journal.states import state_of
from tests.roadmap.sent_workbooks import Sent, exported

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(cast: Cast) -> Project:
    project = Project.objects.with_place().get(pk=cast.project.pk)
    one = ActionFactory.create(project=project, number=1, title="Pair-aidance")
    ActionFactory.create(project=project, number=2, title="Loger")
    group = ProjectGroupFactory.create(action=one, title="Aller vers", position=1)
    ObjectiveFactory.create(action=one, parent=group, title="Sortir", position=2)
    ObjectiveFactory.create(action=one, title="Créer", position=3)
    ActionRoleFactory.create(action=one)
    FundingLineFactory.create(action=one)
    ActionIndicatorFactory.create(action=one)
    return Project.objects.with_place().get(pk=project.pk)


def refused(project: Project, sent: Sent) -> list[CellError]:
    before = state_of(project)
    plan = plan_import(project, name="a.xlsx", contents=sent.contents)
    assert state_of(project) == before
    assert not plan.can_be_written
    return plan.report.errors


# --- Cells --------------------------------------------------------------------------------------

WRONG: dict[str, tuple[str, int, str, object, str]] = {
    "a status": (
        "Fiches",
        2,
        "Avancement",
        "En course",
        "le plus proche est «\u00a0En cours\u00a0»",
    ),
    "a status like none": ("Fiches", 2, "Avancement", "zzz", "choix possibles\u00a0: Non comm"),
    "a priority": ("Fiches", 2, "Priorité", "Parcours de soin", "le plus proche est"),
    "a priority by its number": ("Fiches", 2, "Priorité", 7, "elles vont de 1 à 6"),
    "no title": ("Fiches", 2, "Titre", None, "est obligatoire"),
    "no number": ("Fiches", 2, "N°", None, "est obligatoire"),
    "a number of words": ("Fiches", 2, "N°", "un", "n’est pas un nombre entier de 1 à 9999"),
    "a number taken": ("Fiches", 2, "N°", 2, "est déjà celui d’une autre fiche (ligne\u00a03)"),
    "a long title": ("Fiches", 2, "Titre", "a" * 4_001, "4\u202f001 caractères"),
    "a theme": ("Fiches", 2, "Thèmes", "Coordination", "n’est pas un thème de l’ANAP"),
    "a stop without reason": ("Fiches", 2, "Avancement", "Suspendue", "remplissez le motif"),
    "the same priority twice": ("Fiches", 2, "Autres priorités", "1", "déjà la priorité"),
    "a formula": ("Fiches", 2, "Titre", "=A1&B1", "contient une formule"),
    "an error": ("Fiches", 2, "Titre", "#N/A", "erreur de calcul"),
    "a key of nobody": ("Fiches", 2, "Clé", 99_999_999, "n’est pas la clé d’une ligne"),
    "a key of words": ("Fiches", 2, "Clé", "abc", "n’est pas la clé d’une ligne"),
    "a sheet of no number": ("Objectifs", 2, "Fiche", 44, "Aucune fiche ne porte le numéro"),
    "a rank": ("Objectifs", 2, "Rang", 0, "n’est pas un nombre entier"),
    "a group that is none": ("Objectifs", 2, "Rangé dans", "Créer", "n’en est pas un"),
    "a group of nowhere": ("Objectifs", 2, "Rangé dans", "Ailleurs", "n’est pas un objectif"),
    "a « Projet » with rows": ("Objectifs", 3, "Nature", "Objectif opérationnel", "n’en est pas"),
    "yes or no": ("Objectifs", 2, "Au planning", "peut-être", "Écrivez «\u00a0oui\u00a0»"),
    "a long label": ("Objectifs", 2, "Repère", "a" * 31, "31 caractères, et il en tient 30"),
    "a quarter": ("Objectifs", 2, "Texte : du trimestre", "T5 2026", "n’est pas un trimestre"),
    "a quarter long ago": ("Indicateurs", 2, "Échéance", "T1 1789", "de 1990 à 2099"),
    "a date as a quarter": ("Indicateurs", 2, "Échéance", dt.date(2026, 5, 1), "pas un trimestre"),
    "a state of the grid": ("Planning", 3, "T1 2026", "prevus", "le plus proche est «\u00a0prévu"),
    "a text on the grid": ("Planning", 3, "T1 2026", "à voir", "Un texte sur les trimestres"),
    "a formula on the grid": ("Planning", 3, "T1 2026", "=D2", "contient une formule"),
    "nobody": ("Rôles", 2, "Qui", None, "est obligatoire"),
    "a printed text of nobody": ("Rôles", 2, "Texte imprimé", "Le CH", "n’est pas dans l’annuaire"),
    "a role": ("Rôles", 2, "Rôle", "Piloter", "le plus proche est «\u00a0Pilote\u00a0»"),
    "a negative amount": ("Financements", 2, "Montant en euros", -5, "ne peut pas être négatif"),
    "an amount of words": ("Financements", 2, "Montant en euros", "beaucoup", "pas un montant"),
    "an amount too big": ("Financements", 2, "Montant en euros", 10**12, "trop grand"),
    "a year": ("Financements", 2, "Année", 26, "n’est pas un nombre entier de 1990 à 2099"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_cell_is_told_with_its_place(project: Project, name: str) -> None:
    sheet, row, title, typed, said = WRONG[name]
    title = title.replace(" : ", "\u00a0: ")
    found = [
        error
        for error in refused(project, Sent(exported(project)).write(sheet, row, title, typed))
        if said in error.message
    ]
    assert found, name
    assert found[0].sheet == sheet
    assert found[0].row in {row, row + 1, row - 1}
    assert found[0].message.endswith(".")
    assert found[0].message[:1].isupper() or found[0].message[:1] == "«"


def test_homonyms_are_told(project: Project) -> None:
    for name in ("Centre A", "Centre B"):
        OrganisationFactory.create(territory=project.territory, name=name, short_name="CH")
    sent = Sent(exported(project)).write("Rôles", 2, "Qui", "CH")
    (error,) = refused(project, sent)
    assert "plusieurs entrées de l’annuaire portent ce nom" in error.message.lower()


def test_a_number_of_a_sheet_that_the_file_leaves_out_is_taken(project: Project) -> None:
    sent = Sent(exported(project)).write("Fiches", 2, "N°", 2)
    sent.book["Fiches"].delete_rows(3)
    (error,) = refused(project, sent)
    assert "«\u00a0Loger\u00a0», qui n’est pas dans ce fichier" in error.message


def test_one_key_on_two_rows_is_refused(project: Project) -> None:
    sent = Sent(exported(project))
    sent.write("Fiches", 3, "Clé", sent.value("Fiches", 2, "Clé"))
    assert any(
        "cette clé (colonne masquée) est aussi" in error.message.lower()
        for error in refused(project, sent)
    )


# --- Sheets and columns -------------------------------------------------------------------------

Spoil = Callable[[Sent], object]
SPOILED: dict[str, tuple[Spoil, str]] = {
    "a sheet is missing": (
        lambda sent: sent.book.remove(sent.book["Rôles"]),
        "La feuille «\u00a0Rôles\u00a0» manque",
    ),
    "a column is missing": (
        lambda sent: sent.book["Fiches"].delete_cols(sent.column("Fiches", "Titre")),
        "La colonne «\u00a0Titre\u00a0» manque",
    ),
    "a quarter is missing": (
        lambda sent: sent.book["Planning"].delete_cols(sent.column("Planning", "T2 2026")),
        "La colonne «\u00a0T2 2026\u00a0» manque",
    ),
    "a column is doubled": (
        lambda sent: sent.write("Fiches", 1, "Motif", "Titre"),
        "La colonne «\u00a0Titre\u00a0» est là 2 fois",
    ),
    "an impossible quarter": (
        lambda sent: sent.write("Planning", 1, "T2 2026", "T5 2026"),
        "«\u00a0T5 2026\u00a0» n’est pas un trimestre possible",
    ),
    "an empty sheet": (
        lambda sent: sent.book["Rôles"].delete_rows(1, 100),
        "La feuille «\u00a0Rôles\u00a0» est vide",
    ),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_sheet_is_told(project: Project, name: str) -> None:
    spoil, said = SPOILED[name]
    errors = refused(project, Sent(exported(project)).each(spoil))
    assert any(said in error.message for error in errors), errors


def test_columns_may_change_places_and_others_be_added(project: Project) -> None:
    sent = Sent(exported(project))
    sheet = sent.book["Fiches"]
    sheet.move_range("C1:C3", cols=40)
    sheet["C1"], sheet["C2"] = "Nos notes", "=A1"
    plan = plan_import(project, name="a.xlsx", contents=sent.contents)
    assert (plan.report.errors, plan.report.changes) == ([], [])


# --- Where it comes from ------------------------------------------------------------------------


def origin_line(sent: Sent, words: str) -> int:
    return sent.row("Origine", "Ce que dit ce fichier", words)


@pytest.mark.parametrize(
    ("words", "value", "said"),
    [
        ("Code du territoire", "53", "exporté d’un autre territoire (code «\u00a053\u00a0»)"),
        ("Génération du projet", 2, "autre projet du même territoire"),
        ("Révision", 10**6, "vient d’une autre installation"),
        ("Révision", "hier", "a été modifiée"),
        ("Format", 99, "est au format 99"),
    ],
)
def test_a_file_goes_back_where_it_comes_from(
    project: Project, words: str, value: object, said: str
) -> None:
    sent = Sent(exported(project))
    sent.write("Origine", origin_line(sent, words), "Valeur", value)
    with pytest.raises(WorkbookRefused) as refusal:
        plan_import(project, name="a.xlsx", contents=sent.contents)
    assert said in str(refusal.value)


def test_a_file_of_another_territory_is_refused(project: Project) -> None:
    other = exported(ProjectFactory.create())
    with pytest.raises(WorkbookRefused, match="exporté d’un autre territoire"):
        plan_import(project, name="a.xlsx", contents=other)


def test_a_workbook_of_something_else_is_refused(project: Project) -> None:
    sent = Sent(exported(project)).each(lambda sent: sent.book.remove(sent.book["Origine"]))
    with pytest.raises(WorkbookRefused, match="Il manque la feuille «\u00a0Origine\u00a0»"):
        plan_import(project, name="a.xlsx", contents=sent.contents)


def test_pages_never_load_the_library() -> None:
    told = subprocess.run(
        [sys.executable, "-c", SEEN],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": "/usr/bin:/bin"},
    )
    assert told.stdout.strip() == "[]"


SEEN = (
    "import django, sys; django.setup(); from django.urls import get_resolver;"
    "get_resolver().url_patterns; print([n for n in ('openpyxl',) if n in sys.modules])"
)


def test_rows_of_the_scene_are_what_the_table_supposes(project: Project) -> None:
    assert Action.objects.of(project).count() == 2
    titles = Objective.objects.order_by("position").values_list("title", flat=True)
    assert list(titles) == ["Aller vers", "Sortir", "Créer"]
