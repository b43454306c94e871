"""The form to fill in by hand: what it shows, what it keeps to itself, who orders it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.text import NBSP, day_in_words
from documents.enums import Standing
from documents.kinds import PaperRefused, kind_of
from documents.models import Document
from documents.permissions import can_order_paper
from documents.press import render_html
from reviews.enums import UpdateState
from reviews.exports.blank import BlankForm
from reviews.models import Campaign
from territories.enums import Role
from tests.factories import MembershipFactory, UserFactory
from tests.reviews.answered import answer, close
from tests.reviews.answers import came_by
from tests.reviews.scene import QUARTER, Scene, opened, set_scene

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]


@pytest.fixture
def scene() -> Scene:
    return set_scene()


@pytest.fixture
def campaign(scene: Scene) -> Campaign:
    return opened(scene)


def blank(scene: Scene, **choices: Any) -> BlankForm:
    paper: BlankForm = kind_of("formulaire").context(scene.project, choices)["paper"]
    return paper


def form_of(scene: Scene, **typed: str) -> Any:
    return kind_of("formulaire").form(typed, project=scene.project, reader=None)


def member_of(scene: Scene) -> User:
    member: User = UserFactory.create()
    MembershipFactory.create(user=member, territory=scene.project.territory, role=Role.MEMBER)
    return member


def test_it_shows_what_is_known_of_each_sheet(scene: Scene, campaign: Campaign) -> None:
    paper = blank(scene)
    assert [sheet.number for sheet in paper.sheets] == [1, 2, 3]
    hers = paper.sheets[0]
    assert hers.status_label == "en cours"
    assert hers.due_on == day_in_words(campaign.due_on)
    assert hers.objectives == (("1) Ouvrir un lieu", "à faire"),)
    assert paper.send_back == f"{scene.lead.get_full_name()}, agnes.aubrac@exemple.fr"


@pytest.mark.parametrize(("name", "numbers"), [("Maya Legrand", [1, 2]), ("Noé Petit", [2])])
def test_one_person_has_their_own_sheets(
    scene: Scene, campaign: Campaign, name: str, numbers: list[int]
) -> None:
    form = form_of(scene, person=name)
    assert form.is_valid()
    paper = blank(scene, **form.parameters)
    assert [sheet.number for sheet in paper.sheets] == numbers
    assert paper.imprint.title.endswith(name)


def test_an_answer_that_was_begun_is_not_told(scene: Scene, campaign: Campaign) -> None:
    before = blank(scene)
    answer(scene.update_of(scene.hers), state=UpdateState.DRAFT, done="Brouillon secret")
    assert blank(scene) == before
    assert "secret" not in render_html(kind_of("formulaire"), scene.project, {})


def test_each_page_says_until_when_and_no_patient(scene: Scene, campaign: Campaign) -> None:
    html = render_html(kind_of("formulaire"), scene.project, {})
    assert html.count("reconnaître un patient") == 3
    assert html.count(f"jusqu’au {day_in_words(campaign.due_on)}") == 3
    assert f"aujourd’hui{NBSP}: en cours" in html


def test_somebody_who_is_not_asked_is_refused(scene: Scene, campaign: Campaign) -> None:
    form = form_of(scene, person="Zoé Durand")
    assert not form.is_valid()
    assert "n’interroge pas Zoé Durand" in str(form.errors)
    with pytest.raises(PaperRefused, match="n’attend aucune réponse de Zoé Durand"):
        blank(scene, person="Zoé Durand")


def test_without_an_open_review_there_is_nothing_to_fill_in(
    scene: Scene, campaign: Campaign
) -> None:
    close(campaign)
    form = form_of(scene)
    assert not form.is_valid()
    assert "Aucune revue n’est ouverte" in form.nothing_yet
    with pytest.raises(PaperRefused, match="Aucune revue n’est ouverte"):
        blank(scene)


def test_the_lead_orders_it_from_the_board(
    scene: Scene, campaign: Campaign, sign_in: SignIn
) -> None:
    order = reverse("documents:document_order", args=[scene.project.pk, "formulaire"])
    board = reverse("reviews:campaign_board", args=[campaign.pk])
    client = sign_in(scene.lead)
    assert order in client.get(board).content.decode()
    client.post(order, {"person": "Maya Legrand"})
    document = Document.objects.get()
    assert document.standing == Standing.PRESENT
    assert document.title == f"Formulaire papier · PTSM Aubrac · Revue {QUARTER} · Maya Legrand"


def test_a_member_does_not_order_it(scene: Scene, campaign: Campaign, sign_in: SignIn) -> None:
    member = member_of(scene)
    assert not can_order_paper(member, scene.project, kind_of("formulaire"))
    order = reverse("documents:document_order", args=[scene.project.pk, "formulaire"])
    client = sign_in(member)
    assert client.get(order).status_code == 403
    board = reverse("reviews:campaign_board", args=[campaign.pk])
    assert order not in client.get(board).content.decode()


@pytest.mark.parametrize("kind", ["rapport", "formulaire"])
def test_without_anything_to_print_there_is_no_button(
    scene: Scene, sign_in: SignIn, kind: str
) -> None:
    order = reverse("documents:document_order", args=[scene.project.pk, kind])
    page = sign_in(scene.lead).get(order).content.decode()
    assert "Revenir aux documents" in page
    assert ">Imprimer</button>" not in page
    assert "depuis la page" in page


def test_the_lead_finds_it_while_typing_and_a_pilot_reads_how_to_ask(
    scene: Scene, campaign: Campaign, sign_in: SignIn
) -> None:
    update = scene.update_of(scene.hers)
    order = reverse("documents:document_order", args=[scene.project.pk, "formulaire"])
    page = sign_in(scene.lead).get(reverse("reviews:answer_edit", args=[update.pk]))
    assert f"{order}?person=Maya+Legrand" in page.content.decode()
    client = Client()
    theirs = client.get(came_by(client, "maya@exemple.fr"))
    sheet = client.get(f"{theirs.request['PATH_INFO']}{update.pk}/")
    for read in (theirs, sheet):
        assert "Vous préférez le papier" in read.content.decode()
        assert order not in read.content.decode()
