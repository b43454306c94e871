"""The history on screen: doors, words, filters, pages, the way back, cost."""

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.text import NBSP
from journal.models import ChangeSet
from roadmap.enums import CellState
from roadmap.models import Action, Objective, PlannedQuarter, Priority
from roadmap.services.history import take_back
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast, make_pilot
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PersonFactory,
)

SignIn = Callable[[User | None], Client]

READERS = [
    ("agnes", HTTPStatus.OK),
    ("bruno", HTTPStatus.OK),
    ("emile", HTTPStatus.OK),
    ("gael", HTTPStatus.NOT_FOUND),
    ("chloe", HTTPStatus.NOT_FOUND),
    ("denis", HTTPStatus.NOT_FOUND),
    ("personne", HTTPStatus.FOUND),
]
WRITERS = [("bruno", HTTPStatus.FORBIDDEN) if row[0] == "bruno" else row for row in READERS]
PAGES = ["project_history", "sheet_history", "gesture_detail"]
WAYS = ["take_back", "take_back_change"]


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=3, title="Pair-aidance")


@pytest.fixture
def made(cast: Cast, sheet: Action) -> ChangeSet:
    """Agnès wrote the need and the aim of the sheet."""
    return wrote(cast.project, cast.agnes, sheet, "a réécrit la fiche 3", need="Loin", aim="Mieux")


def wrote(
    project: Project, by: User | None, sheet: Action, words: str = "", **fields: object
) -> ChangeSet:
    with writing(project, by=by, words=words) as gesture:
        for name, value in fields.items():
            setattr(sheet, name, value)
        sheet.save(update_fields=list(fields))
    assert gesture.changeset is not None
    return gesture.changeset


def address(page: str, made: ChangeSet, sheet: Action) -> str:
    keys = {
        "project_history": sheet.project_id,
        "sheet_history": sheet.pk,
        "gesture_detail": made.pk,
        "take_back": made.pk,
        "take_back_change": made.changes.order_by("rank")[0].pk,
    }
    return reverse(f"roadmap:{page}", args=[keys[page]])


def soup_of(client: Client, where: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(where).content, "html.parser")


def gestures(client: Client, where: str) -> list[str]:
    return [
        " ".join(line.get_text(" ").split())
        for line in soup_of(client, where).select(".gesture-words")
    ]


def words(soup: Tag) -> str:
    return " ".join(soup.get_text(" ").replace(NBSP, " ").split())


# --- Doors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "status"), READERS)
@pytest.mark.parametrize("page", PAGES)
def test_doors(
    cast: Cast,
    sign_in: SignIn,
    sheet: Action,
    made: ChangeSet,
    page: str,
    name: str,
    status: HTTPStatus,
) -> None:
    client = sign_in(cast.named(name))
    assert client.get(address(page, made, sheet)).status_code == status
    if status == HTTPStatus.OK:
        refused = client.post(address(page, made, sheet)).status_code
        assert refused == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize(("name", "status"), WRITERS)
@pytest.mark.parametrize("page", WAYS)
def test_ways_back_are_for_those_who_write(
    cast: Cast,
    sign_in: SignIn,
    sheet: Action,
    made: ChangeSet,
    page: str,
    name: str,
    status: HTTPStatus,
) -> None:
    client, where = sign_in(cast.named(name)), address(page, made, sheet)
    count = ChangeSet.objects.count()
    assert client.get(where).status_code == status
    assert ChangeSet.objects.count() == count, "reading takes nothing back"
    sent = client.post(where).status_code
    assert sent == (HTTPStatus.FOUND if status == HTTPStatus.OK else status)
    assert ChangeSet.objects.count() == count + (status == HTTPStatus.OK)


def test_a_pilot_takes_back_their_own_sheet_only(
    cast: Cast, sign_in: SignIn, sheet: Action, made: ChangeSet
) -> None:
    make_pilot(cast.bruno, sheet)
    other = ActionFactory.create(project=cast.project, number=4)
    others = wrote(cast.project, cast.agnes, other, need="Loin")
    client = sign_in(cast.bruno)
    page = soup_of(client, address("project_history", made, sheet))
    ways = {str(link["href"]).split("?")[0] for link in page.select("a.gesture-undo")}
    assert ways == {address("take_back", made, sheet)}
    assert client.post(address("take_back", others, other)).status_code == HTTPStatus.FORBIDDEN
    assert client.post(address("take_back", made, sheet)).status_code == HTTPStatus.FOUND
    sheet.refresh_from_db()
    assert sheet.need == ""


def test_a_gesture_made_nowhere_is_nobodys_to_read(cast: Cast, sign_in: SignIn) -> None:
    nowhere = ChangeSet.objects.create(source="commande")
    client = sign_in(cast.agnes)
    for page in ("gesture_detail", "take_back"):
        found = client.get(reverse(f"roadmap:{page}", args=[nowhere.pk])).status_code
        assert found == HTTPStatus.NOT_FOUND


# --- Words --------------------------------------------------------------------------------------


def test_a_gesture_reads_as_a_sentence_under_its_day(
    cast: Cast, sign_in: SignIn, sheet: Action, made: ChangeSet
) -> None:
    ChangeSet.objects.filter(pk=made.pk).update(at=dt.datetime(2026, 3, 1, 9, 3, tzinfo=dt.UTC))
    page = soup_of(sign_in(cast.bruno), address("sheet_history", made, sheet))
    day = page.select_one(f"section:has(#geste-{made.pk})")
    assert day is not None
    said = words(day)
    assert said.startswith("1er mars 2026 10 h 03 Agnes Durand a réécrit la fiche 3")
    assert "Constat ou besoin avant : rien → , après : Loin" in said
    assert page.select_one("a.gesture-undo") is None, "Bruno reads only"


def test_a_sheet_tells_its_own_changes_only(
    cast: Cast, sign_in: SignIn, sheet: Action, made: ChangeSet
) -> None:
    other = ActionFactory.create(project=cast.project, number=4, title="Logement")
    with writing(cast.project, by=cast.agnes, words="a touché deux fiches") as both:
        for one in (sheet, other):
            one.remarks = f"vu {one.number}"
            one.save(update_fields=["remarks"])
    assert both.changeset is not None
    wrote(cast.project, cast.agnes, other, "a écrit ailleurs", need="Loin")
    client = sign_in(cast.agnes)
    told = gestures(client, address("sheet_history", made, sheet))
    assert told[0] == "Agnes Durand a touché deux fiches"
    assert not any("ailleurs" in sentence for sentence in told)
    page = words(soup_of(client, address("sheet_history", made, sheet)))
    assert "vu 3" in page
    assert "vu 4" not in page


def test_a_long_gesture_has_a_page_of_its_own(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    with writing(cast.project, by=cast.agnes, words="a collé une liste") as gesture:
        Objective.objects.bulk_create(
            Objective(action=sheet, title=f"Ligne {rank}", position=rank) for rank in range(400)
        )
    made = gesture.changeset
    assert made is not None
    client = sign_in(cast.agnes)
    page = soup_of(client, address("sheet_history", made, sheet))
    link = page.select_one(f"#geste-{made.pk} details > p a")
    assert link is not None
    assert link.get_text() == f"et 380{NBSP}autres"
    assert len(page.select(f"#geste-{made.pk} .changes > li")) == 20
    own = soup_of(client, str(link["href"]))
    assert len(own.select(".changes > li")) == 200
    assert "Ligne 399" in client.get(f"{link['href']}?page=2").text


def test_text_is_escaped_and_its_differences_are_marked(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    wrote(cast.project, cast.agnes, sheet, need="Un <b>délai</b> trop long pour tous les usagers")
    made = wrote(
        cast.project, cast.agnes, sheet, need="Un <i>délai</i> trop long pour tous les usagers"
    )
    page = soup_of(sign_in(cast.agnes), address("gesture_detail", made, sheet))
    removed, added = page.select_one(".difference del"), page.select_one(".difference ins")
    assert removed is not None
    assert added is not None
    assert removed.get_text() == f"[retiré{NBSP}: <b>délai</b> ]"
    assert added.get_text() == f"[ajouté{NBSP}: <i>délai</i> ]"


def test_an_empty_history_says_what_to_expect(cast: Cast, sign_in: SignIn) -> None:
    ChangeSet.objects.all().delete()
    client = sign_in(cast.agnes)
    page = client.get(reverse("roadmap:project_history", args=[cast.project.pk])).text
    assert "Rien n’a encore été écrit" in page


# --- Filters ------------------------------------------------------------------------------------


def test_filters_keep_person_sheet_and_period(
    cast: Cast, sign_in: SignIn, sheet: Action, made: ChangeSet
) -> None:
    other = ActionFactory.create(project=cast.project, number=4, title="Logement")
    theirs = wrote(cast.project, cast.emile, other, "a écrit sur le logement", need="Loin")
    # Half past midnight in Paris: the day after the one of Greenwich.
    ChangeSet.objects.filter(pk=theirs.pk).update(at=dt.datetime(2026, 1, 9, 23, 30, tzinfo=dt.UTC))
    client, where = sign_in(cast.agnes), address("project_history", made, sheet)
    theirs_alone = ["Emile Durand a écrit sur le logement"]
    assert gestures(client, f"{where}?personne=compte:{cast.emile.pk}") == theirs_alone
    assert theirs_alone[0] in gestures(client, f"{where}?fiche={other.pk}")
    assert theirs_alone[0] not in gestures(client, f"{where}?fiche={sheet.pk}")
    assert gestures(client, f"{where}?du=2026-01-10&au=2026-01-10") == theirs_alone
    assert gestures(client, f"{where}?au=2026-01-09") == []
    assert gestures(client, f"{where}?du=10/01/2026&au=10/01/2026") == theirs_alone


def test_a_sheet_that_is_gone_can_still_be_asked_for(
    cast: Cast, sign_in: SignIn, sheet: Action, made: ChangeSet
) -> None:
    key = sheet.pk
    with writing(cast.project, by=cast.agnes, words="a supprimé la fiche 3"):
        sheet.delete()
    client = sign_in(cast.agnes)
    where = reverse("roadmap:project_history", args=[cast.project.pk]) + f"?fiche={key}"
    assert gestures(client, where)[0] == "Agnes Durand a supprimé la fiche 3"
    assert "3. Pair-aidance (supprimée)" in client.get(where).text


@pytest.mark.parametrize(
    "query",
    [
        "personne=compte:0",
        "fiche=abc",
        "du=hier",
        "du=2026-02-01&au=2026-01-01",
        "du=0001-01-01",
        "au=9999-12-31",
        "page=99",
    ],
)
def test_wrong_filters_are_told_and_left_aside(
    cast: Cast, sign_in: SignIn, sheet: Action, made: ChangeSet, query: str
) -> None:
    client, where = sign_in(cast.agnes), address("project_history", made, sheet)
    response = client.get(f"{where}?{query}")
    assert response.status_code == HTTPStatus.OK
    assert ("ce filtre est laissé de côté" in response.text) == (query != "page=99")


def test_the_address_keeps_the_filters_and_counts_tell(
    cast: Cast, sign_in: SignIn, sheet: Action, made: ChangeSet
) -> None:
    client, where = sign_in(cast.agnes), address("sheet_history", made, sheet)
    response = client.get(
        f"{where}?personne=compte:{cast.agnes.pk}&du=", headers={"HX-Request": "true"}
    )
    assert response["HX-Push-Url"] == f"{where}?personne=compte%3A{cast.agnes.pk}"
    assert "<h1" not in response.text
    assert f"1{NBSP}geste avec ces filtres" in response.text


def test_pages_follow_each_other(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    for rank in range(60):
        made = wrote(cast.project, cast.agnes, sheet, f"a écrit {rank}", need=str(rank))
    client, where = sign_in(cast.agnes), address("sheet_history", made, sheet)
    kept = f"personne=compte%3A{cast.agnes.pk}"
    page = soup_of(client, f"{where}?{kept}")
    following = page.select_one("a[rel=next]")
    assert following is not None
    assert following["href"] == f"?{kept}&page=2"
    assert gestures(client, f"{where}{following['href']}")[-1].endswith("a écrit 0")


# --- The way back -------------------------------------------------------------------------------


def test_the_page_says_what_will_come_back(
    cast: Cast, sign_in: SignIn, sheet: Action, made: ChangeSet
) -> None:
    page = words(soup_of(sign_in(cast.agnes), address("take_back", made, sheet)))
    assert "Constat ou besoin redeviendra : rien" in page
    assert "Agnes Durand a réécrit la fiche 3" in page


def test_taken_back_leads_to_the_sheet_and_can_be_redone(
    cast: Cast, sign_in: SignIn, sheet: Action, made: ChangeSet
) -> None:
    client = sign_in(cast.agnes)
    response = client.post(address("take_back", made, sheet), follow=True)
    assert response.redirect_chain == [(reverse("roadmap:action_detail", args=[sheet.pk]), 302)]
    page = BeautifulSoup(response.content, "html.parser")
    said = page.select_one(".alert")
    assert said is not None
    assert words(said) == "C’est annulé : Agnes Durand a réécrit la fiche 3. Rétablir"
    link = said.select_one("a")
    assert link is not None
    client.post(str(link["href"]))
    sheet.refresh_from_db()
    assert sheet.need == "Loin"


def test_a_double_click_is_told_and_done_once(
    cast: Cast, sign_in: SignIn, sheet: Action, made: ChangeSet
) -> None:
    client, where = sign_in(cast.agnes), address("take_back", made, sheet)
    client.post(where)
    count = ChangeSet.objects.count()
    again = client.post(where)
    assert again.status_code == HTTPStatus.OK
    assert "déjà été annulé par Agnes Durand" in again.text
    assert ChangeSet.objects.count() == count
    page = soup_of(client, where)
    assert page.select_one("main form") is None
    assert "C’est déjà fait" in words(page)


def test_a_refusal_is_said_on_the_page(
    cast: Cast, sign_in: SignIn, sheet: Action, made: ChangeSet
) -> None:
    wrote(cast.project, cast.emile, sheet, need="Plus loin")
    client = sign_in(cast.agnes)
    page = client.post(address("take_back", made, sheet))
    assert "Rien n’a été annulé." in page.text
    assert "modifié depuis par Emile Durand" in page.text
    # HTMX goes back where it came from, with the same sentence.
    sent = client.post(
        address("take_back", made, sheet), {"next": "/aide/"}, headers={"HX-Request": "true"}
    )
    assert sent["HX-Redirect"] == "/aide/"
    assert "modifié depuis par Emile Durand" in client.get(sent["HX-Redirect"]).text


@pytest.mark.parametrize(
    ("asked", "is_kept"),
    [
        ("/fiches/1/historique/?page=2", True),
        ("https://ailleurs.exemple/", False),
        ("//ailleurs.exemple/", False),
        ("javascript:alert(1)", False),
        ("/\\ailleurs.exemple/", False),
        # Django would look for a view of that name.
        ("null", False),
        ("overview:home", False),
        (f"/{'a' * 9000}", False),
    ],
)
def test_next_is_one_of_our_pages(
    cast: Cast, sign_in: SignIn, sheet: Action, made: ChangeSet, asked: str, is_kept: bool
) -> None:
    response = sign_in(cast.agnes).post(address("take_back", made, sheet), {"next": asked})
    ours = reverse("roadmap:action_detail", args=[sheet.pk])
    assert response["Location"] == (asked if is_kept else ours)


def test_one_change_is_taken_back_by_its_own_page(
    cast: Cast, sign_in: SignIn, sheet: Action, made: ChangeSet
) -> None:
    client = sign_in(cast.agnes)
    listing = soup_of(client, address("sheet_history", made, sheet))
    where = address("take_back_change", made, sheet)
    (link,) = [a for a in listing.select("a") if str(a.get("href", "")).startswith(where)]
    page = words(soup_of(client, str(link["href"])))
    assert "Annuler ce changement" in page
    assert "Objectif de l’action" not in page
    client.post(where)
    sheet.refresh_from_db()
    assert (sheet.need, sheet.aim) == ("", "Mieux")
    told = words(soup_of(client, address("sheet_history", made, sheet)))
    assert "annulé par Agnes Durand le" in told
    assert "annule le geste du" in told


# --- Cost ---------------------------------------------------------------------------------------


def a_busy_page(cast: Cast, sheet: Action, count: int) -> None:
    """Gestures of ten changes: texts, links to every kind of row, cells, an undo."""
    rows = [ObjectiveFactory.create(action=sheet, title=f"o{rank}") for rank in range(6)]
    cells = [row.planned_quarters.create for row in rows]
    with writing(cast.project, by=cast.agnes):
        made = [create(quarter=8104) for create in cells]
    organisations = [OrganisationFactory.create(territory=cast.aubrac) for _ in range(2)]
    people = [PersonFactory.create(territory=cast.aubrac) for _ in range(2)]
    role = ActionRoleFactory.create(action=sheet)
    gone = ActionFactory.create(project=cast.project, number=90)
    with writing(cast.project, by=cast.emile):
        gone.delete()
    for rank in range(count):
        with writing(cast.project, by=cast.agnes) as gesture:
            PlannedQuarter.objects.filter(pk__in=[cell.pk for cell in made]).update(
                state=[CellState.DONE, CellState.PLANNED][rank % 2]
            )
            sheet.need = f"Un texte assez long pour être comparé mot à mot, le {rank}e"
            sheet.priority = Priority.objects.get(number=rank % 2 + 2)
            sheet.save(update_fields=["need", "priority"])
            role.organisation, role.person = organisations[rank % 2], people[rank % 2]
            role.save(update_fields=["organisation", "person"])
        assert gesture.changeset is not None
        assert gesture.changeset.changes.count() >= 9
    assert gesture.changeset is not None
    take_back(gesture=gesture.changeset, project=cast.project, by=cast.agnes)


@pytest.mark.parametrize("name", ["agnes", "bruno"])
def test_fifty_gestures_cost_as_many_queries_as_five(
    cast: Cast, sign_in: SignIn, sheet: Action, queries: Callable[[object], int], name: str
) -> None:
    make_pilot(cast.bruno, sheet)
    client = sign_in(cast.named(name))
    where = reverse("roadmap:project_history", args=[cast.project.pk])
    a_busy_page(cast, sheet, 5)
    few = queries(lambda: client.get(where))
    a_busy_page(cast, sheet, 50)
    many = queries(lambda: client.get(where))
    assert many == few <= 15
    of_sheet = reverse("roadmap:sheet_history", args=[sheet.pk])
    assert queries(lambda: client.get(of_sheet)) <= 15


def made_last() -> ChangeSet:
    return ChangeSet.objects.latest_first()[0]


@pytest.mark.parametrize("page", ["gesture_detail", "take_back"])
def test_one_gesture_is_read_in_few_queries(
    cast: Cast, sign_in: SignIn, sheet: Action, queries: Callable[[object], int], page: str
) -> None:
    a_busy_page(cast, sheet, 2)
    client = sign_in(cast.agnes)
    where = address(page, made_last(), sheet)
    assert queries(lambda: client.get(where)) <= 15
