"""The list, the planning and the sheet: doors, words, filters, cost."""

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.quarters import Quarter
from roadmap.enums import RoleKind, Status
from roadmap.exports import sheet_context
from roadmap.models import Action, PlannedQuarter, Priority, Theme
from territories.enums import ActKind
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionIndicatorFactory,
    ActionRoleFactory,
    AxisFactory,
    FundingLineFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PersonFactory,
    PlannedQuarterFactory,
    ProjectFactory,
    ProjectGroupFactory,
    unsigned,
)

SignIn = Callable[[User | None], Client]

DOORS = [
    ("agnes", HTTPStatus.OK),
    ("bruno", HTTPStatus.OK),
    ("emile", HTTPStatus.OK),
    ("gael", HTTPStatus.NOT_FOUND),
    ("chloe", HTTPStatus.NOT_FOUND),
    ("denis", HTTPStatus.NOT_FOUND),
    ("personne", HTTPStatus.FOUND),
]


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=7, title="Développer la pair-aidance")


def listing(cast: Cast, query: str = "") -> str:
    return reverse("roadmap:action_list", args=[cast.project.pk]) + query


def numbers(client: Client, address: str) -> list[str]:
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    return [cell.get_text() for cell in soup.select("tr.line td.n")]


@pytest.mark.parametrize(("name", "status"), DOORS)
@pytest.mark.parametrize("page", ["action_list", "planning", "action_detail"])
def test_doors(
    cast: Cast, sign_in: SignIn, sheet: Action, page: str, name: str, status: HTTPStatus
) -> None:
    key = sheet.pk if page == "action_detail" else cast.project.pk
    response = sign_in(cast.named(name)).get(reverse(f"roadmap:{page}", args=[key]))
    assert response.status_code == status


@pytest.mark.parametrize("page", ["action_list", "planning", "action_detail"])
def test_pages_are_read_only(cast: Cast, sign_in: SignIn, sheet: Action, page: str) -> None:
    key = sheet.pk if page == "action_detail" else cast.project.pk
    response = sign_in(cast.agnes).post(reverse(f"roadmap:{page}", args=[key]))
    assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_an_empty_roadmap_says_what_to_expect(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    assert "Aucune fiche action pour l’instant" in client.get(listing(cast)).text
    planning = reverse("roadmap:planning", args=[cast.project.pk])
    assert "Aucune fiche action pour l’instant" in client.get(planning).text


def test_sheets_are_grouped_by_priority_and_what_has_none_comes_last(
    cast: Cast, sign_in: SignIn
) -> None:
    ActionFactory.create(project=cast.project, number=1, priority=None)
    for number, priority in [(2, 3), (3, 1)]:
        ActionFactory.create(
            project=cast.project, number=number, priority=Priority.objects.get(number=priority)
        )
    soup = BeautifulSoup(sign_in(cast.agnes).get(listing(cast)).content, "html.parser")
    headings = [" ".join(row.get_text(" ").split()) for row in soup.select("tr.group")]
    assert [heading.split("1 fiche")[0].strip() for heading in headings] == [
        "1 Repérage précoce, diagnostic et accès aux soins",
        "3 Accès aux soins somatiques",
        "À classer",
    ]


def test_sheets_are_grouped_by_axis_when_asked(cast: Cast, sign_in: SignIn) -> None:
    axis = AxisFactory.create(project=cast.project, title="Aller vers")
    ActionFactory.create(project=cast.project, axis=axis)
    page = sign_in(cast.agnes).get(listing(cast, "?par=axe")).text
    assert "Fiches action par axe" in page
    assert "Aller vers" in page


def test_each_filter_keeps_its_sheets(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    axis = AxisFactory.create(project=cast.project)
    theme = Theme.objects.get(position=1)
    organisation = OrganisationFactory.create(territory=cast.aubrac, name="CH du Val")
    person = PersonFactory.create(territory=cast.aubrac)
    wanted = ActionFactory.create(
        project=cast.project,
        number=5,
        title="Équipe mobile",
        axis=axis,
        priority=Priority.objects.get(number=4),
        status=Status.RUNNING,
    )
    with unsigned():
        wanted.themes.add(theme)
    ActionRoleFactory.create(action=wanted, organisation=organisation, label="")
    ActionRoleFactory.create(action=wanted, kind=RoleKind.COPILOT, person=person, label="")
    ActionRoleFactory.create(action=wanted, kind=RoleKind.PILOT_GROUP, label="groupe à venir")
    ActionRoleFactory.create(action=wanted, kind=RoleKind.PARTNER, label="Mission locale")
    objective = ObjectiveFactory.create(action=wanted, title="Créer l’œuvre commune")
    PlannedQuarterFactory.create(objective=objective, quarter=Quarter.of(2027, 2).index)
    ActionFactory.create(project=cast.project, number=6)
    for query in (
        "priorite=4",
        f"axe={axis.pk}",
        f"theme={theme.pk}",
        "statut=en_cours",
        f"pilote={quote(f'organisation:{organisation.pk}')}",
        f"pilote={quote(f'personne:{person.pk}')}",
        f"pilote={quote('texte:groupe à venir')}",
        "trimestre=2027-T2",
        "mots=equipe",
        "mots=ÉQUIPE+MOBILE",
        "mots=oeuvre",
        "mots=mission+locale",
        f"mots={person.last_name}",
        "mots=ch+du+val",
        f"priorite=4&axe={axis.pk}&statut=en_cours&mots=mobile",
    ):
        assert numbers(client, listing(cast, f"?{query}")) == ["5"], query
    assert numbers(client, listing(cast)) == ["6", "5"]


def test_a_pilot_is_offered_by_name_whatever_each_sheet_prints(cast: Cast, sign_in: SignIn) -> None:
    organisation = OrganisationFactory.create(territory=cast.aubrac, name="CH du Val")
    person = PersonFactory.create(territory=cast.aubrac, first_name="Ève", last_name="Roy")
    for label, named in (("", None), ("CH Val, pôle nord", None), ("le pôle", person)):
        ActionRoleFactory.create(
            action__project=cast.project, label=label, organisation=organisation, person=named
        )
    ActionRoleFactory.create(action__project=cast.project, label="à désigner")
    form = sign_in(cast.agnes).get(listing(cast)).context["form"]
    assert [words for _, words in form.fields["pilote"].choices] == [
        "Tous", "à désigner", "CH du Val", "Ève Roy",
    ]  # fmt: skip


def test_search_reads_all_that_the_sheet_says(cast: Cast, sign_in: SignIn) -> None:
    sheet = ActionFactory.create(
        project=cast.project,
        number=5,
        area="Nord",
        remarks="Élus prévenus",
        status=Status.SUSPENDED,
        status_reason="Attente du préfet",
    )
    funder = OrganisationFactory.create(territory=cast.aubrac, name="Région Centrale")
    FundingLineFactory.create(action=sheet, label="Fondation Élan", source="Mécénat")
    FundingLineFactory.create(action=sheet, label="", organisation=funder)
    ActionIndicatorFactory.create(action=sheet, label="Délai du premier rendez-vous")
    ActionFactory.create(project=cast.project, number=6)
    client = sign_in(cast.agnes)
    for words in ("nord", "elus", "prefet", "elan", "mecenat", "centrale", "rendez"):
        assert numbers(client, listing(cast, f"?mots={words}")) == ["5"], words


def test_counts_are_of_what_the_other_filters_keep(cast: Cast, sign_in: SignIn) -> None:
    for status in (Status.RUNNING, Status.RUNNING, Status.DONE):
        ActionFactory.create(project=cast.project, status=status)
    ActionFactory.create(
        project=cast.project, status=Status.DONE, priority=Priority.objects.get(number=2)
    )
    page = sign_in(cast.agnes).get(listing(cast, "?statut=en_cours&priorite=1"))
    soup = BeautifulSoup(page.content, "html.parser")
    counts = {
        link.select_one(".chip").get_text(): link.b.get_text()  # type: ignore[union-attr]
        for link in soup.select(".facets a")
    }
    assert counts == {
        "Non commencée": "0", "En cours": "2", "Réalisée": "1", "Suspendue": "0", "Abandonnée": "0",
    }  # fmt: skip
    current = soup.select_one(".facets a[aria-current]")
    assert current is not None
    assert current["href"] == "?priorite=1"  # the same count again takes the filter away


@pytest.mark.parametrize(
    "query",
    [
        "priorite=99", "statut=nimporte", "trimestre=1515-T1", "axe=abc", "pilote=personne:x",
        "theme=-1", "par=couleur", "mots=" + "x" * 300, "mots=%00", "mots=🙂", "mots=%D7%A2",
        "pilote=%00", "priorite=1&priorite=2", "inconnu=1",
    ],
)  # fmt: skip
def test_a_filter_that_does_not_exist_is_left_aside(
    cast: Cast, sign_in: SignIn, sheet: Action, query: str
) -> None:
    client = sign_in(cast.agnes)
    assert client.get(listing(cast, f"?{query}")).status_code == HTTPStatus.OK
    is_a_search = query in {"mots=🙂", "mots=%D7%A2"}
    assert numbers(client, listing(cast, f"?{query}")) == ([] if is_a_search else ["7"])


def test_a_filter_that_does_not_exist_is_told(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    page = sign_in(cast.agnes).get(listing(cast, "?priorite=99")).text
    assert "ce filtre n’existe pas dans cette feuille de route" in page
    assert sheet.title in page


def test_filters_that_keep_nothing_say_how_to_go_on(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    page = sign_in(cast.agnes).get(listing(cast, "?mots=introuvable")).text
    assert "Aucune fiche ne correspond" in page
    assert "Retirer les filtres" in page


def test_swap_equals_reload(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    client = sign_in(cast.agnes)
    address = listing(cast, "?mots=pair")
    whole = BeautifulSoup(client.get(address).content, "html.parser").select_one("#resultats")
    swapped = client.get(address + "&axe=", headers={"HX-Request": "true"})
    fragment = BeautifulSoup(swapped.content, "html.parser").select_one("#resultats")
    assert str(fragment) == str(whole)
    assert swapped["HX-Push-Url"] == address
    again = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{address}"}
    assert client.get(address, headers=again)["HX-Push-Url"] == "false"


def test_going_back_asks_for_the_whole_page(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    response = sign_in(cast.agnes).get(listing(cast, "?mots=pair"), headers=back)
    assert "<header" in response.text
    assert "HX-Request" in response["Vary"]


def test_a_sheet_says_what_it_holds_and_what_is_missing(cast: Cast, sign_in: SignIn) -> None:
    sheet = ActionFactory.create(
        project=cast.project,
        status=Status.SUSPENDED,
        status_reason="Attente de la rentrée",
        need="Les jeunes attendent <longtemps>.",
    )
    row = ObjectiveFactory.create(action=sheet, label="1)", title="Créer un groupe pilote")
    ActionRoleFactory.create(
        action=sheet, objective=row, kind=RoleKind.PARTNER, label="Fiche pour voir l'ensemble"
    )
    FundingLineFactory.create(action=sheet, amount="24000", state="demande", source="FIR")
    ActionIndicatorFactory.create(
        action=sheet, target="6", target_quarter=Quarter.of(2027, 4).index
    )
    response = sign_in(cast.bruno).get(reverse("roadmap:action_detail", args=[sheet.pk]))
    soup = BeautifulSoup(response.content, "html.parser")
    words = " ".join(soup.get_text().split())
    for expected in (
        "Motif : Attente de la rentrée",
        "Les jeunes attendent <longtemps>.",
        "Fiche pour voir l'ensemble pour « 1) Créer un groupe pilote »",
        "ARS (FIR)",
        "24\u202f000\u00a0€ demandés",
        "cible : 6 pour T4 2027",
    ):
        assert " ".join(expected.split()) in words
    missing = [str(link["href"])[1:] for link in soup.select('nav[aria-label^="Ce qui"] a')]
    assert missing == ["public", "axe", "pilote", "planning"]
    assert all(soup.find(id=anchor) for anchor in missing)


def test_page_and_paper_tell_everything_in_the_same_order(cast: Cast, sign_in: SignIn) -> None:
    sheet = ActionFactory.create(project=cast.project, number=1)
    row = ObjectiveFactory.create(action=sheet, label="1)", title="Créer un groupe")
    for factory in (FundingLineFactory, ActionIndicatorFactory):
        factory.create(action=sheet, label="deuxième", position=2)
        factory.create(action=sheet, label="premier", position=1, objective=row)
    with unsigned():
        sheet.themes.set(Theme.objects.order_by("-position"))
        sheet.secondary_priorities.set(Priority.objects.order_by("-number"))

    response = sign_in(cast.bruno).get(reverse("roadmap:action_detail", args=[sheet.pk]))
    soup = BeautifulSoup(response.content, "html.parser")
    paper = sheet_context(cast.project, {"number": 1})["paper"]
    own = "pour « 1) Créer un groupe »"
    funders = [" ".join(cell.text.split()) for cell in soup.select(".money td:first-child")]
    assert funders == [f"premier {own}", "deuxième"]
    indicators = [" ".join(item.text.split()) for item in soup.select("#indicateurs li")]
    assert [words.partition(" Réalisation")[0] for words in indicators] == funders
    assert [line.funder for line in paper.money] == ["premier", "deuxième"]
    assert [measure.label for measure in paper.measures] == ["premier", "deuxième"]
    words = [cell.text for cell in soup.select("dd div")]
    themes, priorities = (
        [*Theme.objects.order_by("position")],
        [*Priority.objects.order_by("number")],
    )
    assert words == [*(theme.title for theme in themes), *(str(each) for each in priorities)]


def test_money_that_nobody_granted_is_not_a_sum(cast: Cast, sign_in: SignIn) -> None:
    line = FundingLineFactory.create(action__project=cast.project, amount=5, state="demande")
    address = reverse("roadmap:action_detail", args=[line.action_id])
    client = sign_in(cast.bruno)
    page = client.get(address).text
    assert "aucun montant acquis" in page
    assert "0\u00a0€ acquis" not in page
    line.state = "acquis"
    with unsigned():
        line.save()
    assert "5\u00a0€ acquis" in client.get(address).text


def test_the_list_tells_the_order_in_force_that_day(cast: Cast, sign_in: SignIn) -> None:
    today = cast.aubrac.today()
    cast.project.acts.create(
        kind=ActKind.PROJECT_ORDER, dated_on=today + dt.timedelta(days=1), reference="n° 99"
    )
    assert cast.project.act_in_force(on=today) is None
    assert sign_in(cast.agnes).get(listing(cast)).context["in_force"] is None


def test_every_point_of_an_empty_sheet_leads_to_its_place(cast: Cast, sign_in: SignIn) -> None:
    sheet = ActionFactory.create(project=cast.project, priority=None)
    response = sign_in(cast.bruno).get(reverse("roadmap:action_detail", args=[sheet.pk]))
    soup = BeautifulSoup(response.content, "html.parser")
    links = [str(link["href"])[1:] for link in soup.select('nav[aria-label^="Ce qui"] a')]
    assert len(links) == 10
    assert [anchor for anchor in links if soup.find(id=anchor) is None] == []


def test_neighbours_follow_the_numbers(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    ActionFactory.create(project=cast.project, number=3)
    ActionFactory.create(project=cast.project, number=12)
    ActionFactory.create(project=cast.elsewhere, number=8)
    page = sign_in(cast.agnes).get(reverse("roadmap:action_detail", args=[sheet.pk])).text
    assert "← Fiche 3" in page
    assert "Fiche 12 →" in page


def test_the_planning_without_a_window_says_so(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    cast.project.planning_first = cast.project.planning_last = None
    with unsigned():
        cast.project.save()
    ObjectiveFactory.create(action=sheet)
    client = sign_in(cast.agnes)
    planning = client.get(reverse("roadmap:planning", args=[cast.project.pk])).text
    assert "La période du planning n’est pas encore fixée" in planning
    assert client.get(listing(cast)).status_code == HTTPStatus.OK
    detail = client.get(reverse("roadmap:action_detail", args=[sheet.pk])).text
    assert "La période du planning n’est pas encore fixée" in detail


def grow(cast: Cast, sheets: int) -> None:
    """Sheets with one of everything that hangs on them."""
    themes = list(Theme.objects.all())
    for _ in range(sheets):
        organisation = OrganisationFactory.create(territory=cast.aubrac)
        person = PersonFactory.create(territory=cast.aubrac, organisation=organisation)
        axis = AxisFactory.create(project=cast.project)
        action = ActionFactory.create(project=cast.project, axis=axis)
        with unsigned():
            action.themes.add(*themes)
            action.secondary_priorities.add(*Priority.objects.all())
        group = ProjectGroupFactory.create(action=action)
        rows = [ObjectiveFactory.create(action=action, parent=group) for _ in range(2)]
        with unsigned():
            PlannedQuarter.objects.bulk_create(
                PlannedQuarter(objective=row, quarter=quarter.index)
                for row in rows
                for quarter in cast.project.planning_quarters
            )
        ActionRoleFactory.create(action=action, organisation=organisation)
        ActionRoleFactory.create(action=action, person=person, objective=rows[0])
        FundingLineFactory.create(action=action, organisation=organisation)
        ActionIndicatorFactory.create(action=action)


@pytest.mark.parametrize("page", ["action_list", "planning", "action_detail"])
def test_queries_are_flat_and_few(
    cast: Cast, sign_in: SignIn, queries: Callable[[Callable[[], object]], int], page: str
) -> None:
    client = sign_in(cast.agnes)
    grow(cast, 1)
    first = Action.objects.of(cast.project).get()
    address = reverse(
        f"roadmap:{page}", args=[first.pk if page == "action_detail" else cast.project.pk]
    )
    with_one = queries(lambda: client.get(address))
    grow(cast, 12)
    assert queries(lambda: client.get(address)) == with_one
    assert with_one <= 15


def test_filters_do_not_cost_more_with_more_sheets(
    cast: Cast, sign_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = sign_in(cast.agnes)
    grow(cast, 1)
    address = listing(cast, "?mots=action+objectif&priorite=1&trimestre=2026-T4&statut=en_cours")
    with_one = queries(lambda: client.get(address))
    grow(cast, 8)
    assert queries(lambda: client.get(address)) == with_one
    assert with_one <= 15


def test_another_generation_keeps_its_own_sheets(cast: Cast, sign_in: SignIn) -> None:
    later = ProjectFactory.create(territory=cast.aubrac, generation=2)
    ActionFactory.create(project=later, number=40)
    ActionFactory.create(project=cast.project, number=4)
    assert numbers(sign_in(cast.agnes), listing(cast)) == ["4"]
