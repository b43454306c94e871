"""The screens of the life of a sheet and of the axes: doors, words, cost, bad luck."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from roadmap.models import Action, ActionRole, Axis, Priority
from roadmap.services.lifecycle import retire_sheet
from roadmap.services.numbering import HIGHEST_NUMBER
from territories.enums import Role
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    AxisFactory,
    MembershipFactory,
    ObjectiveFactory,
    PersonFactory,
    PlannedQuarterFactory,
    ProjectFactory,
)

SignIn = Callable[[User | None], Client]
Queries = Callable[[Callable[[], object]], int]

OK, FOUND, FORBIDDEN, NOT_FOUND = (
    HTTPStatus.OK,
    HTTPStatus.FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
)
LEADS_ONLY = [
    ("agnes", OK), ("emile", OK), ("bruno", FORBIDDEN), ("pilot", FORBIDDEN), ("gael", NOT_FOUND),
    ("chloe", NOT_FOUND), ("denis", NOT_FOUND), ("personne", FOUND),
]  # fmt: skip
SHEET_PAGES = ["sheet_renumber", "sheet_retire", "sheet_restore"]
PROJECT_PAGES = ["sheet_new", "sheet_source", "axis_list"]


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=7, title="Développer la pair-aidance")


@pytest.fixture
def axis(cast: Cast) -> Axis:
    return AxisFactory.create(project=cast.project, title="Aller vers", position=1)


@pytest.fixture
def pilot(cast: Cast, sheet: Action) -> User:
    """Somebody who writes the sheet and leads nothing."""
    user = MembershipFactory.create(territory=cast.aubrac, role=Role.PILOT).user
    person = PersonFactory.create(territory=cast.aubrac, user=user)
    ActionRoleFactory.create(action=sheet, person=person, label="")
    return user


def whom(cast: Cast, pilot: User, name: str) -> User | None:
    return pilot if name == "pilot" else cast.named(name)


def words(response: object) -> str:
    soup = BeautifulSoup(response.content, "html.parser")  # type: ignore[attr-defined]
    return " ".join(soup.get_text(" ").replace("\u00a0", " ").split())


def on_sheet(page: str, sheet: Action) -> str:
    return reverse(f"roadmap:{page}", args=[sheet.pk])


def in_project(page: str, cast: Cast, query: str = "") -> str:
    return reverse(f"roadmap:{page}", args=[cast.project.pk]) + query


# --- Doors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "status"), LEADS_ONLY)
@pytest.mark.parametrize("page", [*SHEET_PAGES, *PROJECT_PAGES, "axis_rename"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_who_leads_the_roadmap_decides_of_its_sheets(
    cast: Cast,
    sign_in: SignIn,
    sheet: Action,
    axis: Axis,
    pilot: User,
    page: str,
    name: str,
    status: HTTPStatus,
    method: str,
) -> None:
    if method == "post" and page == "sheet_source":
        return
    key = cast.project.pk if page in PROJECT_PAGES else axis.pk if page[:4] == "axis" else sheet.pk
    client = sign_in(whom(cast, pilot, name))
    response = getattr(client, method)(reverse(f"roadmap:{page}", args=[key]))
    # The sheet is in the roadmap already.
    goes_back = status == OK and page == "sheet_restore"
    assert response.status_code == (FOUND if goes_back else status)


@pytest.mark.parametrize(("name", "status"), LEADS_ONLY)
@pytest.mark.parametrize("page", ["axis_place", "axis_remove"])
def test_only_who_leads_the_roadmap_arranges_its_axes(
    cast: Cast, sign_in: SignIn, axis: Axis, pilot: User, page: str, name: str, status: HTTPStatus
) -> None:
    address = reverse(f"roadmap:{page}", args=[axis.pk])
    client = sign_in(whom(cast, pilot, name))
    assert client.get(address).status_code == (FOUND if status == OK else status)
    assert Axis.objects.filter(pk=axis.pk).exists()
    assert client.post(address).status_code == (FOUND if status == OK else status)


@pytest.mark.parametrize(
    ("name", "status"),
    [("agnes", OK), ("emile", OK), ("bruno", OK), ("pilot", OK), *LEADS_ONLY[4:]],
)
def test_whoever_reads_the_roadmap_reads_what_was_taken_out(
    cast: Cast, sign_in: SignIn, sheet: Action, pilot: User, name: str, status: HTTPStatus
) -> None:
    retire_sheet(action=sheet, reason="Portée ailleurs", by=cast.agnes)
    response = sign_in(whom(cast, pilot, name)).get(in_project("retired_list", cast))
    assert response.status_code == status
    if status == OK:
        assert ("Rétablir" in response.text) == (name in {"agnes", "emile"})
        assert "Portée ailleurs" in response.text
        assert "par Agnes Durand" in response.text


# --- A new sheet --------------------------------------------------------------------------------


def fill(client: Client, address: str, **typed: object) -> dict[str, object]:
    """The form as the page offers it, with what was typed over it."""
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    form = soup.select_one("main form.panel[method=post]")
    assert form is not None
    offered: dict[str, object] = {
        str(field["name"]): field.get("value", "") for field in form.select("input[name]")
    }
    offered |= {str(area["name"]): area.get_text().strip() for area in form.select("textarea")}
    for choice in form.select("select"):
        chosen = choice.select_one("option[selected]")
        offered[str(choice["name"])] = chosen["value"] if chosen else ""
    return offered | typed


def test_a_sheet_is_made_with_the_number_after_the_last(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    address = in_project("sheet_new", cast)
    typed = fill(client, address, title="Équipe 🙂 \x00 mobile")
    assert typed["number"] == "8"
    response = client.post(address, typed, follow=True)
    made = Action.objects.get(number=8)
    assert made.title == "Équipe 🙂 mobile"
    assert response.redirect_chain[-1][0] == on_sheet("action_detail", made)
    assert "La fiche 8 est créée." in words(response)


def test_a_double_click_leads_to_the_one_sheet(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    address = in_project("sheet_new", cast)
    typed = fill(client, address, title="Équipe mobile")
    first, second = (client.post(address, typed, follow=True) for _ in range(2))
    assert first.redirect_chain == second.redirect_chain
    assert "était déjà créée" in words(second)
    assert Action.objects.of(cast.project).count() == 1


def test_another_sheet_typed_after_going_back_is_made_too(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    address = in_project("sheet_new", cast)
    typed = fill(client, address, title="Équipe mobile")
    client.post(address, typed)
    response = client.post(address, typed | {"number": "40", "title": "Loger"}, follow=True)
    assert "La fiche 40 est créée." in words(response)
    assert Action.objects.of(cast.project).count() == 2


@pytest.mark.parametrize("key", ["abc", "²", "-1", "1.5", "9" * 19, "9" * 5000])
def test_a_sheet_to_start_from_that_is_none_is_not_found(
    cast: Cast, sign_in: SignIn, key: str
) -> None:
    address = in_project("sheet_new", cast, f"?depuis={key}")
    assert sign_in(cast.agnes).get(address).status_code == NOT_FOUND


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("7", "Le numéro 7 est déjà pris : le 8 est libre."),
        ("0", f"Un numéro de fiche va de 1 à {HIGHEST_NUMBER}."),
        ("-3", f"Un numéro de fiche va de 1 à {HIGHEST_NUMBER}."),
        ("99999", f"Un numéro de fiche va de 1 à {HIGHEST_NUMBER}."),
        ("9" * 40, f"Un numéro de fiche va de 1 à {HIGHEST_NUMBER}."),
        ("douze", "Un numéro de fiche s’écrit en chiffres."),
        ("", "Donnez un numéro à la fiche."),
    ],
)
def test_a_wrong_number_is_told_and_the_rest_is_kept(
    cast: Cast, sign_in: SignIn, sheet: Action, number: str, said: str
) -> None:
    client = sign_in(cast.agnes)
    for address in (in_project("sheet_new", cast), on_sheet("sheet_renumber", sheet)):
        if number == "7" and address != in_project("sheet_new", cast):
            continue
        typed = fill(client, address, number=number, title="א Équipe")
        response = client.post(address, typed)
        assert said in words(response)
        assert "title" not in typed or "א Équipe" in response.text or "renum" in address
    assert list(Action.objects.all()) == [sheet]


def test_a_title_of_four_thousand_signs_is_taken_and_one_more_is_told(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    address = in_project("sheet_new", cast)
    response = client.post(address, fill(client, address, title="x" * 4001))
    assert "4000" in words(response)
    client.post(address, fill(client, address, title="x" * 4000))
    assert Action.objects.get().title == "x" * 4000


def test_a_sheet_starts_from_one_of_another_territory_that_one_reads(
    cast: Cast, sign_in: SignIn
) -> None:
    there = ProjectFactory.create(
        territory__region=cast.aubrac.region, territory__name="Margeride", title="PTSM"
    )
    source = ActionFactory.create(
        project=there, number=3, title="Loger", priority=Priority.objects.get(number=4)
    )
    ObjectiveFactory.create(action=source)
    person = PersonFactory.create(territory=there.territory, first_name="Ève", last_name="Roy")
    ActionRoleFactory.create(action=source, person=person, label="")
    client = sign_in(cast.emile)
    choice = client.get(in_project("sheet_source", cast, "?mots=loger"))
    assert "Margeride" in words(choice)
    address = in_project("sheet_new", cast, f"?depuis={source.pk}")
    assert address.replace("&", "&amp;") in choice.text
    page = client.get(address)
    assert "car elles sont d’un autre territoire : Ève Roy." in words(page)
    client.post(address, fill(client, address))
    made = Action.objects.of(cast.project).get()
    assert (made.number, made.title, made.priority) == (1, "Loger", source.priority)
    assert made.objectives.count() == 1
    assert not ActionRole.objects.filter(action=made).exists()


@pytest.mark.parametrize("given", ["ailleurs", "retirée", "abc", "9" * 30, "-1", "²"])
def test_a_sheet_that_one_may_not_read_is_no_source(
    cast: Cast, sign_in: SignIn, sheet: Action, given: str
) -> None:
    retire_sheet(action=sheet, reason="x", by=cast.agnes)
    keys = {
        "ailleurs": ActionFactory.create(project=cast.elsewhere, title="Secrète").pk,
        "retirée": sheet.pk,
    }
    client = sign_in(cast.agnes)
    assert "Secrète" not in client.get(in_project("sheet_source", cast)).text
    query = f"?depuis={keys.get(given, given)}"
    for act in (client.get, client.post):
        assert act(in_project("sheet_new", cast, query)).status_code == NOT_FOUND


# --- Numbers ------------------------------------------------------------------------------------


def test_a_free_number_is_given_at_once_and_the_page_remembers_the_former_one(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    response = client.post(on_sheet("sheet_renumber", sheet), {"number": "9"}, follow=True)
    assert "La fiche porte le numéro 9." in words(response)
    assert "Anciennement fiche 7 (jusqu’au " in words(response)


@pytest.mark.parametrize(("way", "after"), [("echanger", [9, 7, 10]), ("inserer", [9, 10, 11])])
def test_a_taken_number_is_asked_about_then_done_as_announced(
    cast: Cast, sign_in: SignIn, sheet: Action, way: str, after: list[int]
) -> None:
    others = [ActionFactory.create(project=cast.project, number=number) for number in (9, 10)]
    client = sign_in(cast.agnes)
    address = on_sheet("sheet_renumber", sheet)
    asked = client.post(address, {"number": "9"})
    assert asked.status_code == OK
    assert "Échanger les deux numéros : la fiche 9 devient la fiche 7" in words(asked)
    said = "décaler les suivantes : les fiches 9 à 10 deviennent les fiches 10 à 11"
    assert said in words(asked)
    soup = BeautifulSoup(asked.content, "html.parser")
    typed = {field["name"]: field.get("value", "") for field in soup.select("main form input")}
    response = client.post(address, {**typed, "number": "9", "way": way})
    assert response.status_code == FOUND
    present = [Action.objects.get(pk=one.pk).number for one in (sheet, *others)]
    assert present == after


def test_of_two_who_renumber_at_once_the_second_is_asked_again(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    other = ActionFactory.create(project=cast.project, number=9, title="Loger")
    client = sign_in(cast.agnes)
    address = on_sheet("sheet_renumber", sheet)
    soup = BeautifulSoup(client.post(address, {"number": "9"}).content, "html.parser")
    typed = {field["name"]: field.get("value", "") for field in soup.select("main form input")}
    client.post(on_sheet("sheet_renumber", other), {"number": "30"})
    late = ActionFactory.create(project=cast.project, number=9, title="Former")
    response = client.post(address, {**typed, "number": "9", "way": "echanger"})
    assert "a changé pendant que vous choisissiez" in words(response)
    assert sorted(Action.objects.values_list("number", flat=True)) == [7, 9, 30]
    assert late.number == 9


# --- Retired ------------------------------------------------------------------------------------


def test_a_retired_sheet_is_read_with_its_reason_and_not_written(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    address = on_sheet("sheet_retire", sheet)
    assert "Donnez" in words(client.post(address, {"reason": " "})) or "Dites pourquoi" in words(
        client.post(address, {"reason": " "})
    )
    response = client.post(address, {"reason": "Portée par\nla fiche 3"}, follow=True)
    said = words(response)
    assert "est retirée de la feuille de route." in said
    assert "Cette fiche n’est plus dans la feuille de route." in said
    assert "Portée par la fiche 3" in said
    soup = BeautifulSoup(response.content, "html.parser")
    actions = {form["action"] for form in soup.select("main form[action]")}
    assert actions == {on_sheet("sheet_restore", sheet)}
    kept = [on_sheet(page, sheet) for page in ("sheet_renumber", "sheet_retire", "comment_add")]
    assert not [link for link in kept if link in response.text]
    assert "Imprimer la fiche" not in said


def test_a_retired_sheet_leaves_list_planning_home_and_territory(
    cast: Cast, sign_in: SignIn, sheet: Action, pilot: User
) -> None:
    pages = [
        in_project("action_list", cast),
        in_project("planning", cast),
        reverse("overview:home"),
        reverse("overview:territory_detail", args=[cast.aubrac.code]),
        reverse("documents:document_order", args=[cast.project.pk, "fiche"]),
    ]
    client = sign_in(pilot)
    before = [client.get(page).text for page in pages]
    assert [sheet.title in page for page in before[:3]] == [True, True, True]
    assert "1 fiche action" in words(client.get(pages[3]))
    retire_sheet(action=sheet, reason="x", by=cast.agnes)
    after = [client.get(page) for page in pages]
    assert [sheet.title in page.text for page in after] == [False] * 5
    assert "1 fiche" not in words(after[3])
    assert "Fiches retirées" in words(after[0])
    assert client.get(on_sheet("action_detail", sheet)).status_code == OK


def test_retired_twice_and_restored_twice_is_told(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    for said in ("est retirée de", "est déjà retirée"):
        response = client.post(on_sheet("sheet_retire", sheet), {"reason": "x"}, follow=True)
        assert said in words(response)
    for said in ("est rétablie", "est déjà dans la feuille de route"):
        response = client.post(on_sheet("sheet_restore", sheet), follow=True)
        assert said in words(response)


def test_restored_under_another_number_says_so_before_and_after(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    retire_sheet(action=sheet, reason="x", by=cast.agnes)
    ActionFactory.create(project=cast.project, number=7)
    client = sign_in(cast.agnes)
    address = on_sheet("sheet_restore", sheet)
    assert "celle-ci reviendra sous le numéro 8" in words(client.get(address))
    assert "rétablie sous le numéro 8 : le 7 a été pris" in words(client.post(address, follow=True))


def test_pages_of_a_life_that_is_over_lead_back_to_the_sheet(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    back = client.get(on_sheet("sheet_restore", sheet), follow=True)
    assert "La fiche 7 est déjà dans la feuille de route." in words(back)
    retire_sheet(action=sheet, reason="x", by=cast.agnes)
    for page in ("sheet_retire", "sheet_renumber"):
        back = client.get(on_sheet(page, sheet), follow=True)
        assert back.redirect_chain[-1][0] == on_sheet("action_detail", sheet)
        assert "La fiche 7 est retirée" in words(back)
    commenting = client.get(on_sheet("comment_add", sheet))
    assert "La fiche est retirée : on ne la commente plus." in words(commenting)


# --- Cost ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    ["sheet_source", "retired_list", "axis_list", "sheet_new", "sheet_from", "action_detail"],
)
def test_pages_cost_at_most_fifteen_queries(
    cast: Cast, sign_in: SignIn, queries: Queries, page: str
) -> None:
    for number in range(1, 13):
        axis = AxisFactory.create(project=cast.project)
        sheet = ActionFactory.create(project=cast.project, number=number, axis=axis)
        PlannedQuarterFactory.create(objective__action=sheet)
        if number % 3 == 0:
            retire_sheet(action=sheet, reason="x", by=cast.agnes)
    kept = Action.objects.get(number=1)
    addresses = {
        "sheet_from": in_project("sheet_new", cast, f"?depuis={kept.pk}"),
        "action_detail": on_sheet("action_detail", kept),
    }
    client = sign_in(cast.agnes)
    address = addresses.get(page) or in_project(page, cast)
    client.get(address)
    assert queries(lambda: client.get(address)) <= 15
