"""The screens of the versions: who reads what, their words, what they cost."""

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.quarters import Quarter
from documents.enums import Standing
from documents.kinds import kind_of
from documents.models import Document
from documents.services import order_document
from journal.models import ChangeSet
from roadmap.models import Action, Objective, PlannedQuarter, RoadmapVersion
from roadmap.summaries import FrozenState, PresentState, RoadmapState
from roadmap.summaries.comparisons import compare
from territories.enums import ActKind
from tests.cast import Cast
from tests.factories import ActionFactory, unsigned
from tests.roadmap.papers import form_of, rich_sheet
from tests.roadmap.test_versions import official, review

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]
Queries = Callable[[Callable[[], object]], int]


def words(response: Any) -> str:
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(soup.get_text(" ").replace("\u00a0", " ").split())


def links(response: Any) -> set[str]:
    """Where the page leads, parameters and anchors aside."""
    soup = BeautifulSoup(response.content, "html.parser")
    found = [*soup.select("a[href]"), *soup.select("form[action]")]
    addresses = {str(one.get("href") or one.get("action")) for one in found}
    return {address.partition("#")[0].partition("?")[0] for address in addresses} - {""}


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return rich_sheet(cast.project, 3)


@pytest.fixture
def versions(cast: Cast, sheet: Action) -> tuple[RoadmapVersion, RoadmapVersion]:
    """An official version, then a review."""
    return official(cast.project, by=cast.agnes), review(cast.project, by=cast.agnes)


def of_project(name: str, cast: Cast) -> str:
    return reverse(f"roadmap:{name}", args=[cast.project.pk])


def pages_of(version: RoadmapVersion) -> list[str]:
    return [
        reverse("roadmap:version_detail", args=[version.pk]),
        reverse("roadmap:version_sheet", args=[version.pk, 3]),
    ]


def test_the_quarter_marked_is_that_of_the_version(
    cast: Cast, sign_in: SignIn, versions: tuple[RoadmapVersion, RoadmapVersion]
) -> None:
    client = sign_in(cast.agnes)
    for page in pages_of(versions[0]):
        told = words(client.get(page))
        assert "trimestre de cette version" in told
        assert "trimestre en cours" not in told


# --- Who reads ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "read"), [("agnes", 2), ("bruno", 2), ("denis", 2), ("gael", 1)])
def test_each_finds_their_versions(
    cast: Cast,
    sign_in: SignIn,
    versions: tuple[RoadmapVersion, RoadmapVersion],
    name: str,
    read: int,
) -> None:
    client = sign_in(cast.named(name))
    listed = client.get(of_project("version_list", cast))
    told = [version for version in versions if f"Version {version.number} ·" in words(listed)]
    assert told == list(versions[:read])
    for version in versions:
        expected = HTTPStatus.OK if version in told else HTTPStatus.NOT_FOUND
        assert {client.get(page).status_code for page in pages_of(version)} == {expected}


@pytest.mark.parametrize("name", ["gael", "denis"])
def test_who_reads_versions_only_finds_nothing_else(
    cast: Cast, sign_in: SignIn, versions: tuple[RoadmapVersion, RoadmapVersion], name: str
) -> None:
    with unsigned():
        Action.objects.update(title="Encore en chantier")
    client = sign_in(cast.named(name))
    order = reverse("documents:document_order", args=[cast.project.pk, "fiche"])
    starts = [
        reverse("overview:home"),
        reverse("overview:territory_detail", args=["aubrac"]),
        of_project("version_list", cast),
        of_project("version_compare", cast),
        *pages_of(versions[0]),
        reverse("documents:document_list", args=[cast.project.pk]),
        order,
    ]
    for start in starts:
        page = client.get(start)
        assert page.status_code == HTTPStatus.OK, start
        assert "Encore en chantier" not in page.text, start
        assert cast.agnes.get_full_name() not in page.text, "who works there is not theirs"
        for address in links(page):
            if address.startswith(f"/ptsm/{cast.project.pk}/") or "/versions/" in address:
                assert client.get(address).status_code == HTTPStatus.OK, f"{address} of {start}"


def test_guest_without_any_official_version_finds_nothing(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    review(cast.project)
    client = sign_in(cast.gael)
    for address in (
        of_project("version_list", cast),
        of_project("version_compare", cast),
        reverse("documents:document_list", args=[cast.project.pk]),
    ):
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND, address


def test_sheet_that_a_version_does_not_have_is_not_found(
    cast: Cast, sign_in: SignIn, versions: tuple[RoadmapVersion, RoadmapVersion]
) -> None:
    ActionFactory.create(project=cast.project, number=9)
    address = reverse("roadmap:version_sheet", args=[versions[0].pk, 9])
    assert sign_in(cast.agnes).get(address).status_code == HTTPStatus.NOT_FOUND


def test_page_says_that_it_does_not_change(
    cast: Cast, sign_in: SignIn, versions: tuple[RoadmapVersion, RoadmapVersion]
) -> None:
    client = sign_in(cast.bruno)
    before = [words(client.get(page)) for page in pages_of(versions[0])]
    with unsigned():
        Objective.objects.all().delete()
        Action.objects.update(title="Autre", need="Autre")
    assert [words(client.get(page)) for page in pages_of(versions[0])] == before
    assert all("Ce que vous lisez ici ne change plus" in page for page in before)
    assert all("Modifier" not in page for page in before)


def test_pages_cost_the_same_whatever_the_sheets(
    cast: Cast,
    sign_in: SignIn,
    queries: Queries,
    versions: tuple[RoadmapVersion, RoadmapVersion],
) -> None:
    client = sign_in(cast.agnes)

    def costs(version: RoadmapVersion) -> list[int]:
        compared = f"{of_project('version_compare', cast)}?de={versions[0].number}&a=courant"
        pages = [*pages_of(version), of_project("version_list", cast), compared]
        order = reverse("documents:document_order", args=[cast.project.pk, "livret"])
        pages += [reverse("documents:document_list", args=[cast.project.pk]), f"{order}?version=1"]
        return [queries(lambda address=page: client.get(address)) for page in pages]  # type: ignore[misc]

    first = costs(versions[0])
    for number in range(10, 16):
        rich_sheet(cast.project, number)
    assert costs(review(cast.project)) == first
    assert max(first) <= 15


# --- Made official ------------------------------------------------------------------------------

TYPED = {"kind": "arrete_ptsm", "dated_on": "2026-03-03", "reference": "2026-12", "reason": "Avis"}


def test_lead_makes_a_version_official_once_it_is_confirmed(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client, address = sign_in(cast.agnes), of_project("version_new", cast)
    drawn = client.get(address).context["form"]
    asked = client.post(address, TYPED | {"token": drawn["token"].value()})
    assert "Figer cette version officielle ?" in words(asked)
    assert "Arrêté du PTSM du 3 mars 2026" in words(asked)
    assert not RoadmapVersion.objects.exists()
    soup = BeautifulSoup(asked.content, "html.parser")
    held = {str(one["name"]): str(one.get("value", "")) for one in soup.select("main input[name]")}
    corrected = client.post(address, held | {"corriger": "oui"})
    assert corrected.context["form"]["reference"].value() == "2026-12"
    # Sent twice, it is one version.
    for _ in range(2):
        done = client.post(address, held | {"confirme": "oui"}, follow=True)
        assert "Version 1 · Arrêté du 3 mars 2026 est figée" in words(done)
    version = RoadmapVersion.objects.get()
    assert version.act is not None
    assert (version.act.kind, version.act.reference) == (ActKind.PROJECT_ORDER, "2026-12")
    assert (version.reason, version.made_by) == ("Avis", cast.agnes)
    gesture = ChangeSet.objects.of(cast.project.scope).latest("pk")
    assert "a rendu officielle la version" in gesture.words


def test_page_sent_again_with_another_order_is_another_version(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client, address = sign_in(cast.agnes), of_project("version_new", cast)
    token = {"token": client.get(address).context["form"]["token"].value(), "confirme": "oui"}
    for day in ("2026-03-03", "2026-04-01", "2026-04-01"):
        client.post(address, TYPED | token | {"dated_on": day})
    assert RoadmapVersion.objects.count() == 2


def test_order_that_is_kept_already_is_the_one_used(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    act = cast.project.acts.create(kind="arrete_ptsm", dated_on=dt.date(2026, 3, 3))
    client, address = sign_in(cast.agnes), of_project("version_new", cast)
    assert client.get(address).context["form"]["dated_on"].value() == act.dated_on
    client.post(address, TYPED | {"confirme": "oui"})
    act.refresh_from_db()
    assert (RoadmapVersion.objects.get().act, act.reference) == (act, "2026-12")
    again = client.post(address, TYPED | {"confirme": "oui"})
    assert "Cet acte a déjà sa version" in words(again)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"dated_on": ""}, "Donnez la date de l’acte"),
        ({"dated_on": "demain"}, "Une date s’écrit jour, mois, année"),
        ({"dated_on": "2200-01-01"}, "Cet acte est à venir"),
        ({"dated_on": "0206-03-03"}, "n’existaient pas avant le 26 janvier 2016"),
        ({"kind": "publication"}, "vient d’un arrêté du PTSM ou d’une révision"),
        ({"kind": ""}, "Dites quel acte rend cette version officielle"),
    ],
)
def test_what_cannot_be_made_official_says_why(
    cast: Cast, sign_in: SignIn, sheet: Action, typed: dict[str, str], said: str
) -> None:
    address = of_project("version_new", cast)
    answer = sign_in(cast.agnes).post(address, TYPED | typed | {"confirme": "oui"})
    assert said in words(answer)
    assert not RoadmapVersion.objects.exists()


def test_empty_roadmap_is_not_made_official(cast: Cast, sign_in: SignIn) -> None:
    address = of_project("version_new", cast)
    answer = sign_in(cast.agnes).post(address, TYPED | {"confirme": "oui"})
    assert "aucune fiche à figer" in words(answer)
    assert not cast.project.acts.exists(), "the order goes with what it did not make official"


def test_history_tells_what_was_frozen(
    cast: Cast, sign_in: SignIn, versions: tuple[RoadmapVersion, RoadmapVersion]
) -> None:
    said = words(sign_in(cast.bruno).get(of_project("project_history", cast)))
    assert "a figé la version 2 « Revue T4 2026 »" in said
    gesture = ChangeSet.objects.of(cast.project.scope).latest("pk")
    page = sign_in(cast.agnes).get(reverse("roadmap:gesture_detail", args=[gesture.pk]))
    assert "Forme du contenu" not in words(page)
    assert "Annuler ce geste" not in words(page)


# --- Compared -----------------------------------------------------------------------------------


def test_two_equal_states_differ_by_nothing(
    cast: Cast, versions: tuple[RoadmapVersion, RoadmapVersion]
) -> None:
    states: list[RoadmapState] = [*map(FrozenState, versions), PresentState(cast.project)]
    for old in states:
        for new in states:
            assert compare(old, new).is_empty


def test_what_differs_is_told_by_sheet_and_field(
    cast: Cast, sign_in: SignIn, sheet: Action, versions: tuple[RoadmapVersion, RoadmapVersion]
) -> None:
    gone = ActionFactory.create(project=cast.project, number=5, title="Qui part")
    version = review(cast.project)
    row = Objective.objects.get(title="Objectif 0")
    with unsigned():
        gone.delete()
        Action.objects.filter(pk=sheet.pk).update(need="Un grand besoin", status="en_cours")
        PlannedQuarter.objects.create(objective=row, quarter=Quarter.of(2027, 1).index)
        sheet.roles.filter(kind="partenaire").delete()
        sheet.roles.filter(kind="pilote").update(label="Le CH")
        cast.project.planning_last += 4
        cast.project.save()
    organisation = cast.aubrac.organisations.get(name="UNAFAM")
    organisation.name = "Unafam 12"
    organisation.save()
    ActionFactory.create(project=cast.project, number=6, title="Qui vient")
    address = f"{of_project('version_compare', cast)}?de={version.number}&a=courant"
    said = words(sign_in(cast.bruno).get(address))
    assert "1 fiche ajoutée, 1 fiche retirée, 1 fiche modifiée" in said
    for told in (
        "Dernier trimestre du planning avant : T4 2027 → , après : T4 2028",
        "5. Qui part retirée",
        "6. Qui vient ajoutée",
        "3. Fiche 3 modifiée",
        "Un [ajouté : grand ] besoin",
        "Avancement avant : Non commencée → , après : En cours",
        "modifié l’objectif « 0) Objectif 0 »",
        "Trimestres avant : T1 2026 prévu → , après : T1 2026 prévu, T1 2027 prévu",
        "retiré le rôle « Mairie »",
        "modifié le rôle « Le CH »",
        "Organisation avant : UNAFAM → , après : Unafam 12",
    ):
        assert told in said, told


def test_states_that_one_does_not_read_are_not_compared(
    cast: Cast, sign_in: SignIn, versions: tuple[RoadmapVersion, RoadmapVersion]
) -> None:
    client, address = sign_in(cast.gael), of_project("version_compare", cast)
    for other in ("courant", str(versions[1].number), "99", "", "x"):
        answer = client.get(address, {"de": str(versions[0].number), "a": other})
        assert answer.status_code == HTTPStatus.OK
        assert "found" not in answer.context, other


# --- Their papers -------------------------------------------------------------------------------


def test_forms_offer_what_one_reads(
    cast: Cast, versions: tuple[RoadmapVersion, RoadmapVersion]
) -> None:
    offered = {}
    for reader in (cast.agnes, cast.denis, cast.gael, None):
        form = kind_of("livret").form(project=cast.project, reader=reader)
        codes = [str(code) for code, _ in form.fields["version"].choices]  # type: ignore[attr-defined]
        offered[reader.first_name if reader else "commande"] = codes
    assert offered == {
        "Agnes": ["", "2", "1"],
        "Denis": ["2", "1"],
        "Gael": ["1"],
        "commande": ["", "2", "1"],
    }


def test_form_offers_the_sheets_of_its_version(
    cast: Cast, versions: tuple[RoadmapVersion, RoadmapVersion]
) -> None:
    with unsigned():
        Action.objects.update(number=4)
    assert form_of("fiche", cast.project, {"number": "3", "version": "1"}).is_valid()
    assert not form_of("fiche", cast.project, {"number": "3"}).is_valid()
    assert form_of("fiche", cast.project, {"number": "4"}).is_valid()


def test_present_papers_are_known_as_before_any_version(
    cast: Cast, versions: tuple[RoadmapVersion, RoadmapVersion]
) -> None:
    form = form_of("livret", cast.project, {})
    assert form.is_valid()
    assert "version" not in form.parameters


def test_guest_orders_and_reads_papers_of_official_versions_only(
    cast: Cast, sign_in: SignIn, versions: tuple[RoadmapVersion, RoadmapVersion]
) -> None:
    client = sign_in(cast.gael)
    address = reverse("documents:document_order", args=[cast.project.pk, "synthese"])
    refused = client.post(address, {"version": "2"})
    assert "La version 2 n’existe pas dans ce projet" in words(refused)
    assert "Choisissez la version à imprimer" in words(client.post(address, {}))
    assert not Document.objects.exists()
    ordered = client.post(address, {"version": "1"}, follow=True)
    assert ordered.status_code == HTTPStatus.OK
    paper = Document.objects.get()
    assert (paper.standing, paper.parameters["version"]) == (Standing.OFFICIAL, 1)
    assert paper.title == f"Tableau de synthèse · PTSM Aubrac · {versions[0].name}"
    assert paper.title in client.get(pages_of(versions[0])[0]).text


def test_each_reads_the_papers_of_their_versions(
    cast: Cast, versions: tuple[RoadmapVersion, RoadmapVersion]
) -> None:
    for chosen in ({}, {"version": 2}, {"version": 1}):
        order_document(
            kind=kind_of("synthese"), project=cast.project, parameters=chosen, by=cast.agnes
        )
    read = {
        name: sorted(
            paper.parameters.get("version", 0)
            for paper in Document.objects.visible_to(getattr(cast, name))
        )
        for name in ("agnes", "bruno", "denis", "gael", "chloe")
    }
    assert read == {
        "agnes": [0, 1, 2],
        "bruno": [0, 1, 2],
        "denis": [1, 2],
        "gael": [1],
        "chloe": [],
    }
