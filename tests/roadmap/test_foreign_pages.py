"""The assistant: a workbook designed elsewhere, its columns corrected, looked at, imported."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from documents.models import SentWorkbook
from documents.workbooks import read_foreign
from journal.models import ChangeSet
from roadmap.enums import RoleKind, Status
from roadmap.forms.foreign import field_name
from roadmap.imports.foreign import read_mapping, read_rows
from roadmap.models import Action, ActionRole, PlannedQuarter
from territories.models import Project
from tests.cast import Cast
from tests.factories import ActionFactory, ObjectiveFactory
from tests.journal.states import state_of
from tests.roadmap.foreign_books import BOOKS, legend_below, two_tables
from tests.roadmap.sent_workbooks import exported
from tests.roadmap.test_workbook_pages import words_of

pytestmark = pytest.mark.django_db

OLDER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook\0".encode("utf-16-le")
SignIn = Callable[[User | None], Client]


@pytest.fixture
def project(cast: Cast) -> Project:
    return cast.project


def send_page(project: Project) -> str:
    return reverse("roadmap:foreign_workbook", args=[project.pk])


def send(client: Client, project: Project, contents: bytes, name: str = "suivi.xlsx") -> str:
    """The page of the columns of that file."""
    file = {"upload": SimpleUploadedFile(name, contents)}
    answer = client.post(send_page(project), file)
    assert answer.status_code == 302, words_of(answer.content)
    return str(answer["Location"])


def preview_of(columns: str) -> str:
    return columns.replace("colonnes", "apercu")


def form_of(client: Client, columns: str) -> dict[str, str]:
    """What the form of the columns says, as it is."""
    page = BeautifulSoup(client.get(columns).content, "html.parser")
    form = page.select_one("form:has(.told)")
    assert form is not None
    found = {}
    for field in form.select("select"):
        chosen = field.select_one("option[selected]") or field.select("option")[0]
        found[str(field["name"])] = str(chosen["value"])
    for field in form.select("input[type=number]"):
        found[str(field["name"])] = str(field["value"])
    return found


def tell(client: Client, columns: str, **changes: str) -> Any:
    return client.post(columns, form_of(client, columns) | changes)


# --- Doors --------------------------------------------------------------------------------------


def test_a_file_sent_is_its_senders_alone(cast: Cast, project: Project, sign_in: SignIn) -> None:
    columns = send(sign_in(cast.agnes), project, BOOKS["shifted_column"]())
    for address in (columns, preview_of(columns), columns.replace("colonnes", "correspondance")):
        answer = sign_in(cast.emile).get(address, follow=True)
        assert "n’est plus gardé" in words_of(answer.content)
        assert sign_in(cast.bruno).get(address).status_code == 403
        assert sign_in(cast.chloe).get(address).status_code == 404


def test_the_page_of_excel_leads_to_the_assistant(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    page = reverse("roadmap:workbook", args=[project.pk])
    link = f'href="{send_page(project)}"'
    assert link in sign_in(cast.agnes).get(page).content.decode()
    assert link not in sign_in(cast.bruno).get(page).content.decode()


# --- What is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contents", "name", "said"),
    [
        (b"bonjour", "notes.xlsx", "n’est pas un classeur Excel"),
        (b"", "vide.xlsx", "est vide"),
        (OLDER, "vieux.xls", "ancien format"),
    ],
)
def test_a_file_that_is_not_read_is_told_on_the_form(
    cast: Cast, project: Project, sign_in: SignIn, contents: bytes, name: str, said: str
) -> None:
    answer = sign_in(cast.agnes).post(
        send_page(project), {"upload": SimpleUploadedFile(name, contents)}
    )
    assert said in words_of(answer.content)
    assert not SentWorkbook.objects.exists()


def test_nothing_chosen_a_blank_workbook_and_our_own_are_refused(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    assert "Choisissez le fichier" in words_of(client.post(send_page(project)).content)
    for contents, said in (
        (two_tables(filled_rows=0), "ne contient rien"),
        (exported(project), "envoyez-le par «\u00a0Renvoyer\u00a0»"),
    ):
        answer = client.post(send_page(project), {"upload": SimpleUploadedFile("a.xlsx", contents)})
        assert said in answer.content.decode()
    assert not SentWorkbook.objects.exists()


# --- What is guessed, and corrected -------------------------------------------------------------


def test_every_column_is_shown_with_its_samples_its_guess_and_why(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    columns = send(client, project, BOOKS["serial_dates"]())
    words = words_of(client.get(columns).content)
    assert "3 fiches et 3 objectifs lus ainsi" in words
    assert "B Intitulé de l’action Pair-aidance Premiers secours Logement" in words
    assert "Deviné : titre de la fiche (" in words
    assert "« intitule » dans le titre « Intitulé de l’action »" in words
    assert "J Sigle interne PA-1" in words
    assert "gardée dans les remarques (aucun mot connu dans le titre)" in words
    told = form_of(client, columns)
    assert (told["sheet"], told["first"], told["count"]) == ("Plan d’actions", "1", "1")
    assert (told["colonne_A"], told["colonne_H"], told["colonne_J"]) == ("number", "amount", "")


def test_what_is_guessed_is_imported_as_one_gesture_and_taken_back(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    before = state_of(project)
    columns = send(client, project, BOOKS["coloured_quarters"]())
    assert tell(client, columns)["Location"] == preview_of(columns)
    words = words_of(client.get(preview_of(columns)).content)
    assert "Suivi PTSM, ligne 5 : fiche « Former les aidants »" in words
    assert "Suivi PTSM, ligne 6 : pilote « ARS »" in words
    assert "Gardé en texte (2)" in words
    assert "Suivi PTSM, K7 : « à voir avec l’ARS », gardé dans les remarques" in words
    assert "Laissé de côté (3)" in words
    assert "« Total », ligne de total, non repris" in words
    assert not Action.objects.exists()
    said = client.post(preview_of(columns), follow=True).content.decode()
    assert "Import fait" in said
    assert Action.objects.get(number=1).status == Status.DONE
    gesture = ChangeSet.objects.get(source="import")
    again = client.post(preview_of(columns), follow=True)
    assert "déjà importé" in again.content.decode()
    client.post(reverse("roadmap:take_back", args=[gesture.pk]))
    after = {key: value for key, value in state_of(project).items() if "columnm" not in key[0]}
    assert after == before


def test_a_column_corrected_by_hand_changes_what_is_imported(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    columns = send(client, project, BOOKS["shifted_column"]())
    tell(client, columns, colonne_D="partner", colonne_E="ignore")
    page = words_of(client.get(columns).content)
    assert "Corrigée. Deviné : pilote" in page
    words = words_of(client.get(preview_of(columns)).content)
    assert "« En cours », colonne laissée de côté à la demande, non repris" in words
    client.post(preview_of(columns))
    action = Action.objects.get(title="Annuaire")
    assert action.status == Status.NOT_STARTED
    assert ActionRole.objects.get(action=action).kind == RoleKind.PARTNER


def test_words_that_are_not_understood_are_given_a_meaning(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    columns = send(client, project, BOOKS["coloured_quarters"]())
    page = BeautifulSoup(client.get(columns).content, "html.parser")
    assert "«\u00a0à voir avec l’ARS\u00a0»" in page.text
    unknown, known = (field_name("status", text) for text in ("à voir avec l’ARS", "terminé"))
    told = form_of(client, columns)
    assert (told[unknown], told[known]) == ("", "realisee")
    cell = field_name("cell", "COPIL")
    tell(client, columns, **{unknown: "suspendue", known: "en_cours", cell: "fait"})
    client.post(preview_of(columns))
    statuses = list(Action.objects.order_by("number").values_list("status", flat=True))
    assert statuses == [Status.RUNNING, Status.RUNNING, Status.SUSPENDED]
    assert "à voir avec l’ARS" in Action.objects.get(number=3).status_reason
    states = PlannedQuarter.objects.filter(objective__action__number=2).order_by("quarter")
    assert list(states.values_list("state", flat=True)) == ["prevu", "fait"]
    assert "COPIL" in Action.objects.get(number=2).remarks


def test_a_priority_is_chosen_for_words(cast: Cast, project: Project, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    columns = send(client, project, BOOKS["without_numbers"]())
    told = form_of(client, columns)
    known, unknown = (field_name("priority", text) for text in ("Priorité 5", "hors décret"))
    assert (told[known], told[unknown]) == ("5", "")
    tell(client, columns, **{unknown: "2", known: ""})
    client.post(preview_of(columns))
    one, two = Action.objects.order_by("number").select_related("priority")
    assert (one.priority, two.priority and two.priority.number) == (None, 2)
    assert "Priorité 5" in one.remarks


def test_a_legend_tells_the_colours_and_somebody_may_say_otherwise(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    columns = send(client, project, legend_below())
    words = words_of(client.get(columns).content)
    assert "vert clair 1 case, dont C2" in words
    assert "Deviné : fait (« Réalisé » sur cette couleur en B5)" in words
    assert "bleu clair 2 cases, dont D2" in words
    assert form_of(client, columns)["sens_colour_" + _digest("C6E0B4")] == "fait"
    tell(client, columns, **{"sens_colour_" + _digest("F8CBAD"): ""})
    client.post(preview_of(columns))
    cells = PlannedQuarter.objects.order_by("objective__action__number", "quarter")
    assert [(cell.quarter % 4 + 1, cell.state) for cell in cells] == [
        (1, "fait"),
        (2, "prevu"),
        (2, "prevu"),
    ]


def _digest(text: str) -> str:
    return field_name("colour", text).removeprefix("sens_colour_")


# --- Sheets and titles --------------------------------------------------------------------------


def test_another_sheet_is_read_and_corrections_follow_their_titles(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    columns = send(client, project, two_tables())
    told = form_of(client, columns)
    assert (told["sheet"], told["colonne_C"]) == ("Suivi", "pilot")
    tell(client, columns, colonne_C="partner", etape="relire")
    answer = tell(client, columns, sheet="Archives", first="2", count="1")
    assert answer["Location"] == columns
    words = words_of(client.get(columns, follow=True).content)
    told = form_of(client, columns)
    assert (told["sheet"], told["first"]) == ("Archives", "2")
    # There, « Responsable » is in column B.
    assert (told["colonne_A"], told["colonne_B"]) == ("title", "partner")
    assert "Corrigée." in words


def test_a_workbook_without_any_table_waits_to_be_told_where_it_is(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    columns = send(client, project, two_tables(titles=("Chose", "Machin", "Truc")))
    answer = tell(client, columns)
    assert "Dites quelle colonne est le titre des fiches" in words_of(answer.content)
    tell(client, columns, colonne_B="title")
    client.post(preview_of(columns))
    assert Action.objects.filter(title="Loger").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colonne_D": "title"}, "est déjà la colonne C"),
        ({"colonne_C": ""}, "Dites quelle colonne est le titre"),
        ({"first": "0"}, "supérieure ou égale à 1"),
        ({"first": "400"}, "n’a que 4 lignes"),
        ({"first": ""}, "Écrivez le numéro de la première ligne"),
        ({"sheet": "Rien"}, "Rien n’en fait pas partie"),
        ({"colonne_C": "zzz"}, "zzz n’en fait pas partie"),
        ({"count": "9"}, "9 n’en fait pas partie"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    cast: Cast, project: Project, sign_in: SignIn, changes: dict[str, str], said: str
) -> None:
    client = sign_in(cast.agnes)
    columns = send(client, project, BOOKS["shifted_column"]())
    before = SentWorkbook.objects.get().choices
    answer = tell(client, columns, **changes)
    assert answer.status_code == 200
    assert said in words_of(answer.content)
    assert SentWorkbook.objects.get().choices == before


def test_the_title_of_sheets_is_asked_again_by_the_preview(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    columns = send(client, project, two_tables(titles=("Chose", "Machin", "Truc")))
    for answer in (
        client.get(preview_of(columns), follow=True),
        client.post(preview_of(columns), follow=True),
    ):
        assert answer.redirect_chain[-1][0] == columns
        assert "titre des fiches" in words_of(answer.content)


# --- What the application says already ----------------------------------------------------------


def test_what_the_application_says_may_be_kept(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    ActionFactory.create(project=project, number=1, title="Ligne d’écoute à nous")
    client = sign_in(cast.agnes)
    columns = send(client, project, BOOKS["shifted_column"]())
    tell(client, columns, keep="current")
    assert form_of(client, columns)["keep"] == "current"
    client.post(preview_of(columns))
    assert Action.objects.get(number=1).title == "Ligne d’écoute à nous"


def test_nothing_new_is_said(cast: Cast, project: Project, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    for _ in range(2):
        columns = send(client, project, BOOKS["shifted_column"]())
        client.post(preview_of(columns))
    words = words_of(
        client.get(preview_of(send(client, project, BOOKS["shifted_column"]()))).content
    )
    assert "Le fichier dit ce que dit l’application" in words


# --- The file of mapping ------------------------------------------------------------------------


def test_the_mapping_is_taken_away_for_the_command(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    contents = BOOKS["coloured_quarters"]()
    columns = send(client, project, contents)
    unknown = field_name("status", "à voir avec l’ARS")
    tell(client, columns, **{unknown: "suspendue", "sens_colour_" + _digest("9DC3E6"): "fait"})
    answer = client.get(columns.replace("colonnes", "correspondance"))
    assert answer["Content-Disposition"] == 'attachment; filename="correspondance.json"'
    told = json.loads(answer.content)
    assert told["values"] == {"status": {"a voir avec l'ars": "suspendue"}}
    assert told["colours"] == {"9DC3E6": "fait"}
    sheets = read_foreign("a.xlsx", contents)
    reading = read_rows(sheets, read_mapping(answer.content, sheets))
    assert reading.actions[2].status == Status.SUSPENDED
    assert set(reading.actions[0].objectives[0].cells.values()) == {"fait"}


# --- Cost ---------------------------------------------------------------------------------------


def test_cost_does_not_grow_with_the_file(
    cast: Cast, project: Project, sign_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = sign_in(cast.agnes)
    sheet = ActionFactory.create(project=project, number=900)
    ObjectiveFactory.create(action=sheet)
    small = send(client, project, two_tables())
    large = send(client, project, two_tables(filled_rows=60))
    assert queries(lambda: client.get(send_page(project))) <= 15
    assert queries(lambda: client.get(small)) == queries(lambda: client.get(large)) <= 15
    previews = [queries(lambda: client.get(preview_of(each))) for each in (small, large)]  # noqa: B023
    # Most are those of any preview of a workbook (`roadmap.workbooks.book.Book`).
    assert previews[1] == previews[0] <= 15
