"""« Toutes les fiches »: whose sheets, the filters, the order, the pages, the cost."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.quarters import Quarter
from overview.views import sheets as screen
from roadmap.enums import RoleKind, Status
from roadmap.models import Action, Priority
from territories.models import Project
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    AxisFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PersonFactory,
    PlannedQuarterFactory,
    ProjectFactory,
    TerritoryFactory,
    unsigned,
)

SignIn = Callable[[User | None], Client]
Queries = Callable[[Callable[[], object]], int]
ADDRESS = "/fiches/"
MOST_QUERIES = 15


@pytest.fixture
def margeride(cast: Cast) -> Project:
    """Another territory of the région that Émile leads."""
    return ProjectFactory.create(
        territory__code="margeride",
        territory__name="Margeride",
        territory__region=cast.aubrac.region,
    )


@pytest.fixture
def several(cast: Cast, margeride: Project) -> list[Action]:
    """Three sheets in two territories, and one that Émile does not read."""
    ActionFactory.create(project=cast.elsewhere, number=1, title="Fiche d’un autre")
    priority = Priority.objects.get(number=2)
    return [
        ActionFactory.create(project=cast.project, number=2, title="Équipe mobile"),
        ActionFactory.create(project=cast.project, number=10, title="Pair-aidance", priority=None),
        ActionFactory.create(
            project=margeride,
            number=1,
            title="Accès aux soins",
            status=Status.RUNNING,
            priority=priority,
        ),
    ]


def titles(client: Client, **choices: str) -> list[str]:
    """What the list shows, in order."""
    page = BeautifulSoup(client.get(f"{ADDRESS}?{urlencode(choices)}").text, "html.parser")
    return [link.text for link in page.select("table.sheets a.t")]


# --- Whose sheets -------------------------------------------------------------------------------


def test_a_regional_lead_reads_the_sheets_of_the_region(
    cast: Cast, several: list[Action], sign_in: SignIn
) -> None:
    client = sign_in(cast.emile)
    assert titles(client) == ["Équipe mobile", "Pair-aidance", "Accès aux soins"]
    page = client.get(ADDRESS).text
    assert "3\u00a0fiches action" in page
    assert "Margeride" in page
    assert "Fiche d’un autre" not in page


@pytest.mark.parametrize("name", ["gael", "denis"])
def test_who_reads_only_what_is_official_finds_no_sheet(
    cast: Cast, several: list[Action], sign_in: SignIn, name: str
) -> None:
    page = sign_in(cast.named(name)).get(ADDRESS).text
    assert "Aucune feuille de route ne vous est ouverte" in page
    assert "Pair-aidance" not in page


def test_retired_sheets_and_earlier_generations_are_left_out(
    cast: Cast, several: list[Action], sign_in: SignIn
) -> None:
    later = ProjectFactory.create(territory=cast.aubrac, generation=2)
    ActionFactory.create(project=later, number=1, title="Fiche de la suite")
    with unsigned():
        several[2].retired_at = later.changed_at
        several[2].save()
    assert titles(sign_in(cast.emile)) == ["Fiche de la suite"]


def test_home_leads_there_whoever_reads_several_territories(
    cast: Cast, margeride: Project, sign_in: SignIn
) -> None:
    address = reverse("overview:sheet_list")
    assert address in sign_in(cast.emile).get("/").text
    assert address not in sign_in(cast.agnes).get("/").text


def test_without_any_sheet_it_says_so(cast: Cast, sign_in: SignIn) -> None:
    assert "Aucune fiche action pour l’instant" in sign_in(cast.agnes).get(ADDRESS).text


# --- Filters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "found"),
    [
        ({"territoire": "margeride"}, ["Accès aux soins"]),
        ({"statut": "en_cours"}, ["Accès aux soins"]),
        ({"priorite": "2"}, ["Accès aux soins"]),
        ({"mots": "EQUIPE"}, ["Équipe mobile"]),
        ({"mots": "acces", "territoire": "aubrac"}, []),
        ({"tri": "titre"}, ["Accès aux soins", "Équipe mobile", "Pair-aidance"]),
        ({"tri": "avancement"}, ["Équipe mobile", "Pair-aidance", "Accès aux soins"]),
        ({"tri": "priorite"}, ["Équipe mobile", "Accès aux soins", "Pair-aidance"]),
    ],
)
def test_filters_and_orders(
    cast: Cast,
    several: list[Action],
    sign_in: SignIn,
    choices: dict[str, str],
    found: list[str],
) -> None:
    assert titles(sign_in(cast.emile), **choices) == found


def test_a_region_is_a_filter_for_whoever_reads_two(
    cast: Cast, several: list[Action], sign_in: SignIn
) -> None:
    far = TerritoryFactory.create(name="Lointain")
    cast.emile.memberships.create(scope="region", region=far.region, role="lecteur_regional")
    ActionFactory.create(project__territory=far, title="Fiche lointaine")
    client = sign_in(cast.emile)
    assert titles(client, region=far.region.code) == ["Fiche lointaine"]
    assert far.region.name in client.get(ADDRESS).text


def test_axis_and_pilot_are_found_by_their_words(
    cast: Cast, several: list[Action], sign_in: SignIn
) -> None:
    mobile, peers, care = several
    axis = AxisFactory.create(project=cast.project, title="Prévenir les ruptures")
    with unsigned():
        mobile.axis = axis
        mobile.save()
    person = PersonFactory.create(territory=cast.aubrac, first_name="Élodie", last_name="Brun")
    ActionRoleFactory.create(action=peers, kind=RoleKind.COPILOT, person=person, label="")
    clinic = OrganisationFactory.create(territory=care.project.territory, name="Clinique du Lac")
    ActionRoleFactory.create(action=care, kind=RoleKind.PILOT, organisation=clinic, label="")
    ActionRoleFactory.create(action=mobile, kind=RoleKind.PARTNER, person=person, label="")
    client = sign_in(cast.emile)
    assert titles(client, axe="prevenir") == ["Équipe mobile"]
    assert titles(client, axe="loger") == []
    assert titles(client, pilote="elodie brun") == ["Pair-aidance"]
    assert titles(client, pilote="LAC") == ["Accès aux soins"]
    # Two words of two holders name nobody.
    assert titles(client, pilote="elodie lac") == []


@time_machine.travel("2026-11-20")
def test_late_sheets_are_told_and_kept_alone(
    cast: Cast, several: list[Action], sign_in: SignIn
) -> None:
    row = ObjectiveFactory.create(action=several[1])
    PlannedQuarterFactory.create(objective=row, quarter=Quarter.of(2026, 2).index)
    client = sign_in(cast.emile)
    assert titles(client, retard="oui") == ["Pair-aidance"]
    assert titles(client, retard="non") == ["Équipe mobile", "Accès aux soins"]
    assert "en retard de 2\u00a0trimestres" in client.get(ADDRESS).text


@time_machine.travel("2026-12-31 22:30", tick=False)
def test_late_is_asked_in_the_quarter_that_it_is_there(
    cast: Cast, margeride: Project, sign_in: SignIn
) -> None:
    """At half past ten on the last evening in Paris, La Réunion is in the next quarter."""
    margeride.territory.time_zone = "Indian/Reunion"
    margeride.territory.save()
    for project in (cast.project, margeride):
        sheet = ActionFactory.create(project=project, title=project.territory.name)
        row = ObjectiveFactory.create(action=sheet)
        PlannedQuarterFactory.create(objective=row, quarter=Quarter.of(2026, 4).index)
    client = sign_in(cast.emile)
    assert titles(client, retard="oui") == ["Margeride"]
    assert titles(client, retard="non") == ["Aubrac"]


def test_a_filter_that_does_not_exist_is_told_and_left_aside(
    cast: Cast, several: list[Action], sign_in: SignIn
) -> None:
    client = sign_in(cast.emile)
    page = client.get(f"{ADDRESS}?territoire=paris&tri=couleur&statut=en_cours").text
    assert "ce filtre n’existe pas ici" in page
    assert titles(client, territoire="paris", tri="couleur", statut="en_cours") == [
        "Accès aux soins"
    ]


def test_nothing_found_says_how_to_see_the_rest(
    cast: Cast, several: list[Action], sign_in: SignIn
) -> None:
    page = sign_in(cast.emile).get(f"{ADDRESS}?mots=introuvable").text
    assert "Aucune fiche ne correspond" in page
    assert "Retirer les filtres" in page


def test_counts_of_statuses_follow_the_other_filters(
    cast: Cast, several: list[Action], sign_in: SignIn
) -> None:
    page = BeautifulSoup(
        sign_in(cast.emile).get(f"{ADDRESS}?territoire=aubrac&statut=en_cours").text, "html.parser"
    )
    counts = [int(bold.text) for bold in page.select(".facets b")]
    assert counts == [2, 0, 0, 0, 0]
    assert "Aucune fiche avec ces filtres" in " ".join(page.text.split())


# --- Pages, words, cost -------------------------------------------------------------------------


def test_pages_keep_the_filters(
    cast: Cast, several: list[Action], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "ROWS_PER_PAGE", 1)
    client = sign_in(cast.emile)
    assert titles(client, page="2", territoire="aubrac") == ["Pair-aidance"]
    page = client.get(f"{ADDRESS}?territoire=aubrac").text
    assert "Page 1 sur 2" in page
    assert "?territoire=aubrac&amp;page=2" in page
    assert titles(client, page="99") == ["Accès aux soins"]


def test_words_of_rows_are_escaped(cast: Cast, sign_in: SignIn) -> None:
    sheet = ActionFactory.create(
        project=cast.project,
        title="<script>a</script>",
        status=Status.SUSPENDED,
        status_reason="<b>non</b>",
    )
    ActionRoleFactory.create(action=sheet, label="<i>elle</i>", organisation=None)
    cast.aubrac.name = "<u>Aubrac</u>"
    cast.aubrac.save()
    page = sign_in(cast.agnes).get(ADDRESS).text
    for typed in ("<script>a", "<b>non", "<i>elle", "<u>Aubrac"):
        assert typed not in page


def test_the_part_that_htmx_asks_for_is_that_of_the_page(
    cast: Cast, several: list[Action], sign_in: SignIn
) -> None:
    client = sign_in(cast.emile)
    part = client.get(f"{ADDRESS}?mots=pair&axe=", headers={"HX-Request": "true"})
    whole = BeautifulSoup(client.get(f"{ADDRESS}?mots=pair").text, "html.parser")
    assert part["HX-Push-Url"] == f"{ADDRESS}?mots=pair"
    swapped = BeautifulSoup(part.text, "html.parser")
    for page in (swapped, whole):
        for token in page.select("[name=csrfmiddlewaretoken]"):
            token.decompose()
    assert swapped.select_one("#resultats") == whole.select_one("#resultats")


def test_it_costs_the_same_whatever_the_number_of_territories(
    cast: Cast, several: list[Action], sign_in: SignIn, queries: Queries
) -> None:
    client = sign_in(cast.emile)
    address = f"{ADDRESS}?retard=non&axe=a&pilote=a&mots=a"
    before = [queries(lambda: client.get(ADDRESS)), queries(lambda: client.get(address))]
    for rank in range(3):
        project = ProjectFactory.create(territory__region=cast.aubrac.region)
        for number in range(1, 4):
            sheet = ActionFactory.create(project=project, number=number, title=f"Fiche {rank}")
            PlannedQuarterFactory.create(objective=ObjectiveFactory.create(action=sheet))
            ActionRoleFactory.create(action=sheet)
    after = [queries(lambda: client.get(ADDRESS)), queries(lambda: client.get(address))]
    assert after[0] == before[0] <= MOST_QUERIES
    assert after[1] <= MOST_QUERIES
