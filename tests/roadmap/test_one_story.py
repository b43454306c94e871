"""A sheet written on screen, by a workbook, in bulk and by a command: one story, told once."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.text import NBSP
from journal.models import ChangeSet
from roadmap.models import Action, Objective
from roadmap.services.objectives import remove_objective
from territories.models import Project
from tests.cast import Cast
from tests.factories import ActionFactory, ObjectiveFactory, OrganisationFactory
from tests.roadmap.sent_workbooks import Sent, exported
from tests.roadmap.test_bulk_pages import confirm, send
from tests.roadmap.test_workbook_pages import preview_of
from tests.roadmap.without_script import PlainReader, soup_of, words_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]
# What no French sentence says.
SLIPS = re.compile(r"\b(?:de le|de les|à le|à les|None|True|False)\b")


@pytest.fixture
def sheet(cast: Cast) -> Action:
    sheet = ActionFactory.create(project=cast.project, number=3, title="Pair-aidance")
    for position, title in enumerate(("Créer un groupe", "Le former"), start=1):
        ObjectiveFactory.create(action=sheet, title=title, position=position)
    ActionFactory.create(project=cast.project, number=4, title="Loger")
    OrganisationFactory.create(territory=cast.aubrac, name="CH du Val")
    return sheet


def on_screen(client: Client, sheet: Action) -> None:
    reader = PlainReader(client)
    reader.go(reverse("roadmap:sheet_section", args=[sheet.pk, "pourquoi"]))
    reader.press("Enregistrer", need="Loin de tout")


def by_workbook(client: Client, project: Project) -> None:
    sent = Sent(exported(project)).write("Fiches", 2, "Titre", "Pair-aidance pour tous")
    sent.write("Fiches", 2, "Autres priorités", "2").write("Fiches", 3, "Titre", "Se loger")
    row = sent.row("Planning", "Clé", Objective.objects.get(title="Créer un groupe").pk)
    sent.write("Planning", row, "T1 2026", "p").write("Planning", row, "T2 2026", "fait")
    sent.write("Objectifs", 2, "État", "Fait")
    sent.add("Rôles", Fiche=3, Rôle="Pilote", Qui="CH du Val")
    sent.add("Objectifs", Fiche=3, Intitulé="Essaimer")
    client.post(preview_of(client, project, sent))


def in_bulk(client: Client, cast: Cast) -> None:
    keys = Action.objects.of(cast.project).values_list("pk", flat=True)
    typed = {"status": "suspendue", "reason": "Faute de médecin", "shift": "1"}
    confirm(client, send(client, cast, "voir", fiches=",".join(map(str, keys)), **typed))


def by_command(folder: Path, project: Project) -> None:
    path = folder / "plan.xlsx"
    path.write_bytes(Sent(exported(project)).write("Fiches", 2, "Méthode", "Réunir").contents)
    call_command("import_roadmap", str(path), territory="aubrac", verbosity=0)


@pytest.fixture
def page(cast: Cast, sheet: Action, sign_in: SignIn, tmp_path: Path) -> BeautifulSoup:
    agnes = sign_in(cast.agnes)
    on_screen(agnes, sheet)
    by_workbook(agnes, cast.project)
    emile = sign_in(cast.emile)
    in_bulk(emile, cast)
    by_command(tmp_path, cast.project)
    return soup_of(emile.get(reverse("roadmap:sheet_history", args=[sheet.pk])))


def rows_of(page: BeautifulSoup) -> list[list[str]]:
    """Gesture by gesture, what each says of every row, links aside."""
    for link in page.select(".change-row a, .change-fields a, .visually-hidden"):
        link.decompose()
    return [
        [words_of(row) for row in gesture.select(".changes > li")]
        for gesture in page.select(".gesture-line")
    ]


def test_four_gestures_are_told_once_the_latest_first(page: BeautifulSoup) -> None:
    assert [words_of(line) for line in page.select(".gesture-words")] == [
        f"L’application a importé un classeur{NBSP}: 1{NBSP}ligne modifiée import par commande",
        f"Emile Durand a passé 2{NBSP}fiches à «{NBSP}Suspendue{NBSP}» et a décalé la "
        f"fiche{NBSP}3 d’un{NBSP}trimestre plus tard",
        f"Agnes Durand a importé un classeur{NBSP}: 2{NBSP}lignes créées et "
        f"4{NBSP}lignes modifiées import",
        f"Agnes Durand a modifié la fiche{NBSP}3{NBSP}: constat ou besoin",
    ]


def test_every_row_is_told_once_and_in_french(page: BeautifulSoup) -> None:
    hidden = [words_of(one) for one in page.select(".visually-hidden")]
    told = rows_of(page)
    assert [[row.replace(NBSP, " ") for row in rows] for rows in told] == [
        ["modifié la fiche « 3. Pair-aidance pour tous » Méthode rien → Réunir"],
        [
            "modifié la fiche « 3. Pair-aidance pour tous » Avancement Non commencée → Suspendue "
            "Motif rien → Faute de médecin",
            "retiré le trimestre « T1 2026 prévu » de « Créer un groupe »",
            "modifié le trimestre « T2 2026 prévu » de « Créer un groupe » État fait → prévu",
            "ajouté le trimestre « T3 2026 fait » de « Créer un groupe »",
        ],
        [
            "ajouté l’objectif « Essaimer »",
            "modifié la fiche « 3. Pair-aidance pour tous » Titre Pair-aidance → "
            "Pair-aidance pour tous",
            "modifié l’objectif « Créer un groupe » État À faire → Fait",
            "ajouté le rôle « CH du Val » Rôle Pilote",
            "ajouté la priorité secondaire « 2. Parcours de vie sans rupture, rétablissement et "
            "inclusion »",
            "ajouté le trimestre « T1 2026 prévu » de « Créer un groupe »",
            "ajouté le trimestre « T2 2026 fait » de « Créer un groupe »",
        ],
        ["modifié la fiche « 3. Pair-aidance » Constat ou besoin rien → Loin de tout"],
    ]
    assert [said for said in hidden if SLIPS.search(said)] == []


def test_a_row_added_after_a_gap_moves_no_other(cast: Cast, sheet: Action, sign_in: SignIn) -> None:
    """The rank of whoever follows a row that was removed is nobody's change."""
    remove_objective(objective=Objective.objects.get(title="Créer un groupe"), by=cast.agnes)
    sent = Sent(exported(cast.project))
    sent.add("Objectifs", Fiche=3, Intitulé="Essaimer")
    client = sign_in(cast.agnes)
    client.post(preview_of(client, cast.project, sent))
    made = ChangeSet.objects.latest("pk")
    assert [(change.kind, change.name) for change in made.changes.all()] == [("ajout", "Essaimer")]
    titles = sheet.objectives.order_by("position").values_list("title", flat=True)
    assert list(titles) == ["Le former", "Essaimer"]
