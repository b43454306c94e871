"""Home and territory page: doors, words, cost."""

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from roadmap.enums import RoleKind, Status
from territories.enums import ActKind
from territories.models import FormalAct
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    PersonFactory,
    ProjectFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.roadmap.test_versions import official, review

SignIn = Callable[[User | None], Client]
HOME = "/"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("agnes", HTTPStatus.OK),
        ("bruno", HTTPStatus.OK),
        ("gael", HTTPStatus.OK),
        ("denis", HTTPStatus.OK),
        ("emile", HTTPStatus.OK),
        ("chloe", HTTPStatus.NOT_FOUND),
        ("personne", HTTPStatus.FOUND),
    ],
)
def test_doors_of_the_territory_page(
    cast: Cast, sign_in: SignIn, name: str, status: HTTPStatus
) -> None:
    address = reverse("overview:territory_detail", args=["aubrac"])
    assert sign_in(cast.named(name)).get(address).status_code == status


def test_home_sends_who_is_not_signed_in_to_the_sign_in_page(cast: Cast, client: Client) -> None:
    response = client.get(HOME)
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"].startswith(reverse("account_login"))


def test_home_shows_only_one_s_own_territories(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.agnes).get(HOME).text
    assert "Aubrac" in page
    assert "Ailleurs" not in page


def test_home_without_any_territory_says_whom_to_ask(db: None, sign_in: SignIn) -> None:
    assert "Aucun territoire ne vous est ouvert" in sign_in(UserFactory.create()).get(HOME).text


@pytest.mark.parametrize("name", ["gael", "denis"])
def test_who_reads_only_what_is_official_gets_no_way_to_the_working_state(
    cast: Cast, sign_in: SignIn, name: str
) -> None:
    ActionFactory.create(project=cast.project, title="Encore en chantier")
    client = sign_in(cast.named(name))
    for address in (HOME, reverse("overview:territory_detail", args=["aubrac"])):
        page = client.get(address).text
        assert "Encore en chantier" not in page
        assert reverse("roadmap:action_list", args=[cast.project.pk]) not in page
        assert "Aucune version officielle n’est publiée" in page
        assert reverse("territories:member_list", args=["aubrac"]) not in page


def test_a_pilot_finds_her_sheets_first(cast: Cast, sign_in: SignIn) -> None:
    person = PersonFactory.create(territory=cast.aubrac, user=cast.bruno)
    mine = ActionFactory.create(project=cast.project, title="La fiche de Bruno")
    ActionRoleFactory.create(action=mine, person=person, label="")
    other = ActionFactory.create(project=cast.project, title="Celle d’un partenaire")
    ActionRoleFactory.create(action=other, person=person, kind=RoleKind.PARTNER, label="")
    page = sign_in(cast.bruno).get(HOME).text
    assert "Mes fiches" in page
    assert "La fiche de Bruno" in page
    assert "Celle d’un partenaire" not in page


def test_counts_of_the_latest_generation(cast: Cast, sign_in: SignIn) -> None:
    ActionFactory.create(project=cast.project, status=Status.DONE)
    later = ProjectFactory.create(territory=cast.aubrac, generation=2, title="PTSM 2")
    ActionFactory.create(project=later, status=Status.RUNNING)
    page = sign_in(cast.agnes).get(HOME).text
    assert "PTSM 2" in page
    assert "En cours" in page
    assert "Réalisée" not in page
    territory = sign_in(cast.agnes).get(reverse("overview:territory_detail", args=["aubrac"])).text
    assert "Générations précédentes" in territory


def test_the_booklet_is_two_clicks_from_home(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bruno)
    territory = reverse("overview:territory_detail", args=["aubrac"])
    assert territory in client.get(HOME).text
    order = reverse("documents:document_order", args=[cast.project.pk, "livret"])
    assert order in client.get(territory).text


def test_acts_are_told_with_their_date(cast: Cast, sign_in: SignIn) -> None:
    FormalAct.objects.create(
        project=cast.project, kind=ActKind.PROJECT_ORDER, dated_on="2024-03-12", reference="n° 12"
    )
    page = sign_in(cast.agnes).get(reverse("overview:territory_detail", args=["aubrac"])).text
    assert "Arrêté du PTSM, 12\u00a0mars\u00a02024" in page


def test_queries_of_home_are_flat(
    cast: Cast, sign_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = sign_in(cast.emile)
    with_one = queries(lambda: client.get(HOME))
    for _ in range(10):
        territory = TerritoryFactory.create(region=cast.aubrac.region)
        ActionFactory.create(project__territory=territory)
    assert queries(lambda: client.get(HOME)) == with_one
    assert with_one <= 15


def test_queries_of_the_territory_page_are_flat(
    cast: Cast, sign_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = sign_in(cast.agnes)
    address = reverse("overview:territory_detail", args=["aubrac"])
    ActionFactory.create(project=cast.project)
    with_one = queries(lambda: client.get(address))
    for _ in range(10):
        ActionFactory.create(project=cast.project)
    assert queries(lambda: client.get(address)) == with_one
    assert with_one <= 15


def test_the_last_change_is_told_in_the_time_of_the_territory(cast: Cast, sign_in: SignIn) -> None:
    cast.aubrac.time_zone = "Indian/Reunion"
    cast.aubrac.save()
    cast.project.mark_changed(at=dt.datetime(2026, 11, 21, 22, tzinfo=dt.UTC))
    page = sign_in(cast.agnes).get(reverse("overview:territory_detail", args=["aubrac"])).text
    assert "modifiée le 22\u00a0novembre\u00a02026" in page


@pytest.mark.parametrize("name", ["gael", "denis"])
def test_who_reads_only_what_is_official_is_led_to_it_and_to_its_papers(
    cast: Cast, sign_in: SignIn, name: str
) -> None:
    ActionFactory.create(project=cast.project)
    version = official(cast.project)
    client = sign_in(cast.named(name))
    for address in (HOME, reverse("overview:territory_detail", args=["aubrac"])):
        page = client.get(address).text
        assert version.name in page
        assert reverse("roadmap:version_detail", args=[version.pk]) in page
        assert reverse("documents:document_list", args=[cast.project.pk]) in page
        assert reverse("roadmap:action_list", args=[cast.project.pk]) not in page


def test_home_shows_the_latest_official_version_rather_than_a_later_review(
    cast: Cast, sign_in: SignIn
) -> None:
    ActionFactory.create(project=cast.project)
    first, second = official(cast.project), review(cast.project)
    page = sign_in(cast.denis).get(HOME).text
    assert first.name in page
    assert second.name not in page


def test_queries_of_home_are_flat_for_who_reads_versions(
    cast: Cast, sign_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = sign_in(cast.denis)
    counts = []
    for _ in range(2):
        for _ in range(3):
            project = ProjectFactory.create()
            ActionFactory.create(project=project)
            official(project)
        counts.append(queries(lambda: client.get(HOME)))
    assert counts[0] == counts[1] <= 15
