"""The screens of the workbook: who may, what is said, one gesture, one way back."""

from collections.abc import Callable, Iterable

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from documents.models import SentWorkbook
from documents.workbooks import sweep_workbooks
from documents.workbooks.keeping import KEPT
from journal.models import ChangeSet
from roadmap.enums import Status
from roadmap.models import Action
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionIndicatorFactory,
    ActionRoleFactory,
    FundingLineFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PersonFactory,
    PlannedQuarterFactory,
)
from tests.roadmap.sent_workbooks import Sent, exported

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]


@pytest.fixture
def project(cast: Cast) -> Project:
    for number, title in ((1, "Pair-aidance"), (2, "Loger"), (3, "Former")):
        sheet = ActionFactory.create(project=cast.project, number=number, title=title)
        ObjectiveFactory.create(action=sheet, title=f"Objectif de {title}", position=1)
    return cast.project


def page_of(project: Project) -> str:
    return reverse("roadmap:workbook", args=[project.pk])


def upload(contents: bytes, name: str = "plan.xlsx") -> dict[str, SimpleUploadedFile]:
    return {"upload": SimpleUploadedFile(name, contents)}


def preview_of(client: Client, project: Project, sent: Sent) -> str:
    answer = client.post(page_of(project), upload(sent.contents))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def words_of(content: bytes) -> str:
    main = BeautifulSoup(content, "html.parser").select_one("main")
    assert main is not None
    return " ".join(main.get_text(" ").split())


# --- Doors --------------------------------------------------------------------------------------

DOORS = [
    ("agnes", 200, 200),
    ("emile", 200, 200),
    ("bruno", 200, 403),
    ("gael", 404, 404),
    ("chloe", 404, 404),
    ("denis", 404, 404),
    ("personne", 302, 302),
]


@pytest.mark.parametrize(("name", "reads", "sends"), DOORS)
def test_doors(
    cast: Cast, project: Project, sign_in: SignIn, name: str, reads: int, sends: int
) -> None:
    client = sign_in(cast.named(name))
    assert client.get(page_of(project)).status_code == reads
    download = reverse("roadmap:workbook_download", args=[project.pk])
    assert client.get(download).status_code == reads
    assert client.post(page_of(project)).status_code == sends


def test_a_file_sent_is_its_senders_alone(cast: Cast, project: Project, sign_in: SignIn) -> None:
    preview = preview_of(sign_in(cast.agnes), project, Sent(exported(project)))
    answer = sign_in(cast.emile).get(preview, follow=True)
    assert "n’est plus gardé" in answer.content.decode()
    assert sign_in(cast.bruno).get(preview).status_code == 403
    assert sign_in(cast.chloe).get(preview).status_code == 404


# --- Taking away --------------------------------------------------------------------------------


def test_what_is_seen_is_what_is_exported(cast: Cast, project: Project, sign_in: SignIn) -> None:
    client = sign_in(cast.bruno)
    with writing(project, by=None):
        Action.objects.filter(number=2).update(status=Status.RUNNING)
    listed = client.get(reverse("roadmap:action_list", args=[project.pk]), {"statut": "en_cours"})
    links = BeautifulSoup(listed.content, "html.parser").select("a")
    (link,) = [link for link in links if "Exporter ces fiches" in link.text]
    answer = client.get(str(link["href"]))
    assert answer["Content-Disposition"] == 'attachment; filename="extrait-aubrac.xlsx"'
    sent = Sent(answer.content)
    assert [sent.value("Fiches", row, "N°") for row in (2, 3)] == [2, None]
    assert sent.value("Objectifs", 2, "Intitulé") == "Objectif de Loger"


@pytest.mark.parametrize(("kind", "rows"), [("tout", 3), ("vide", 0)])
def test_everything_or_a_template(
    cast: Cast, project: Project, sign_in: SignIn, kind: str, rows: int
) -> None:
    address = reverse("roadmap:workbook_download", args=[project.pk])
    sent = Sent(sign_in(cast.agnes).get(address, {"contenu": kind}).content)
    column = sent.column("Fiches", "N°")
    numbers = [sent.book["Fiches"].cell(row, column).value for row in range(2, 30)]
    assert len([number for number in numbers if number]) == rows
    assert "Aide" in sent.book.sheetnames


def test_an_unknown_content_is_not_found(cast: Cast, project: Project, sign_in: SignIn) -> None:
    address = reverse("roadmap:workbook_download", args=[project.pk])
    assert sign_in(cast.agnes).get(address, {"contenu": "x"}).status_code == 404


# --- Sending back -------------------------------------------------------------------------------


def test_a_file_is_looked_at_then_imported_then_taken_back(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    sent = Sent(exported(project)).write("Fiches", 2, "Titre", "Un <b>autre</b> titre")
    sent.add("Fiches", **{"N°": 9, "Titre": "Prévenir", "Axe": "Axe neuf"})
    sent.add("Rôles", Fiche=2, Rôle="Pilote", Qui="Une association")
    preview = preview_of(client, project, sent)
    words = words_of(client.get(preview).content)
    assert "Fiches, ligne 2 : « 1. Pair-aidance » Titre avant : Pair-aidance → ," in words
    assert "après : Un <b>autre</b> titre" in words
    assert "Fiches, ligne 5 : Prévenir Rôles, ligne 2 : Une association (fiche 2)" in words
    assert "L’axe « Axe neuf » sera créé." in words
    assert not Action.objects.filter(number=9).exists()
    answer = client.post(preview, follow=True)
    said = words_of(answer.content)
    assert "Import fait" in said
    assert "Annuler cet import" in answer.content.decode()
    made = ChangeSet.objects.latest("pk")
    client.post(reverse("roadmap:take_back", args=[made.pk]))
    assert Action.objects.get(number=1).title == "Pair-aidance"
    assert not Action.objects.filter(number=9).exists()


def test_a_double_click_is_one_import(cast: Cast, project: Project, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    sent = Sent(exported(project))
    sent.add("Fiches", **{"N°": 9, "Titre": "Prévenir"})
    preview = preview_of(client, project, sent)
    before = ChangeSet.objects.count()
    client.post(preview)
    again = client.post(preview, follow=True)
    assert "déjà importé" in again.content.decode()
    assert ChangeSet.objects.count() == before + 1


def test_nothing_to_import_is_said(cast: Cast, project: Project, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    preview = preview_of(client, project, Sent(exported(project)))
    assert "Le fichier dit ce que dit l’application" in words_of(client.get(preview).content)
    assert "Rien n’a changé" in client.post(preview, follow=True).content.decode()


def test_errors_are_a_table_and_nothing_can_be_sent(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    sent = Sent(exported(project)).write("Fiches", 2, "Avancement", "Encours")
    preview = preview_of(client, project, sent)
    page = BeautifulSoup(client.get(preview).content, "html.parser")
    cells = [" ".join(cell.get_text(" ").split()) for cell in page.select("tbody td")]
    assert cells[0] == "Fiches, ligne 2 Avancement"
    assert page.select("main form[method=post]") == []
    assert "Rien n’a été importé" in client.post(preview).content.decode()


def test_a_file_that_is_not_read_is_told_on_the_form(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    answer = client.post(page_of(project), upload(b"bonjour", "notes.xlsx"))
    assert "«\u00a0notes.xlsx\u00a0» n’est pas un classeur Excel" in answer.content.decode()
    assert "Choisissez le fichier" in client.post(page_of(project)).content.decode()
    assert not SentWorkbook.objects.exists()


@pytest.mark.parametrize(("choice", "title"), [("file", "Du fichier"), ("current", "D’Émile")])
def test_a_conflict_is_chosen_on_the_page(
    cast: Cast, project: Project, sign_in: SignIn, choice: str, title: str
) -> None:
    client = sign_in(cast.agnes)
    sent = Sent(exported(project)).write("Fiches", 2, "Titre", "Du fichier")
    with writing(project, by=cast.emile):
        action = Action.objects.get(number=1)
        action.title = "D’Émile"
        action.save()
    preview = preview_of(client, project, sent)
    page = client.get(preview).content
    fields = BeautifulSoup(page, "html.parser").select("input[type=radio]")
    assert {str(field["name"]) for field in fields} == {"choix-Fiches:2"}
    assert not any(field.has_attr("checked") for field in fields)
    assert "par Emile Durand" in words_of(page)
    refused = client.post(preview)
    assert "Il reste à choisir" in refused.content.decode()
    client.post(preview, {"choix-Fiches:2": choice})
    assert Action.objects.get(number=1).title == title


def test_a_file_that_has_aged_proposes_the_application(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    sent = Sent(exported(project))
    with writing(project, by=cast.emile):
        action = Action.objects.get(number=1)
        action.title = "D’Émile"
        action.save()
    preview = preview_of(client, project, sent)
    page = BeautifulSoup(client.get(preview).content, "html.parser")
    (ticked,) = page.select("input[type=radio][checked]")
    assert ticked["value"] == "current"


def test_a_file_is_kept_a_day(cast: Cast, project: Project, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    preview = preview_of(client, project, Sent(exported(project)))
    assert sweep_workbooks(at=timezone.now()) == 0
    assert sweep_workbooks(at=timezone.now() + KEPT * 2) == 1
    answer = client.get(preview, follow=True)
    assert "n’est plus gardé" in answer.content.decode()


# --- Cost ---------------------------------------------------------------------------------------


def fill(project: Project, numbers: Iterable[int]) -> None:
    """Sheets on which everything hangs, that people and organisations hold."""
    territory = project.territory
    for number in numbers:
        sheet = ActionFactory.create(project=project, number=number, title=f"Fiche {number}")
        objective = ObjectiveFactory.create(action=sheet)
        PlannedQuarterFactory.create(objective=objective)
        person = PersonFactory.create(territory=territory)
        ActionRoleFactory.create(action=sheet, person=person, organisation=None, label="")
        organisation = OrganisationFactory.create(territory=territory)
        FundingLineFactory.create(action=sheet, organisation=organisation, label="")
        ActionIndicatorFactory.create(action=sheet)


def aged(project: Project, by: User) -> Sent:
    """A file in which every sheet was written, and one of them by somebody else as well."""
    sent = Sent(exported(project))
    for row in range(2, Action.objects.of(project).count() + 2):
        sent.write("Fiches", row, "Titre", "Du fichier").write("Fiches", row, "Axe", "Axe neuf")
    sent.add("Rôles", Fiche=1, Rôle="Pilote", Qui="Une association")
    with writing(project, by=by):
        action = Action.objects.get(project=project, number=1)
        action.title += ", autrement"
        action.save()
    return sent


def test_cost_does_not_grow_with_the_roadmap(
    cast: Cast, project: Project, sign_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = sign_in(cast.agnes)
    download = reverse("roadmap:workbook_download", args=[project.pk])
    fill(project, [10])
    small = preview_of(client, project, aged(project, cast.emile))
    costs = [queries(lambda: client.get(small)), queries(lambda: client.get(download))]
    assert queries(lambda: client.get(page_of(project))) <= 15
    fill(project, range(11, 30))
    large = preview_of(client, project, aged(project, cast.emile))
    assert queries(lambda: client.get(large)) == costs[0] <= 15
    assert queries(lambda: client.get(download)) == costs[1] <= 15
    assert "Cellules modifiées" in words_of(client.get(large).content)
