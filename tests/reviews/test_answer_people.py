"""Several people around one answer: two at once, the closing, whoever signs in, a colleague."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from reviews.enums import AnsweredFrom, LetterKind, ObjectiveAnswer, UpdateState
from reviews.models import LateText, Letter, Update
from roadmap.enums import Weather
from tests.reviews.answered import close
from tests.reviews.answers import (
    auto,
    came_by,
    drawn,
    objective,
    pilot_account,
    said_by,
    sent_of,
    words_of,
)
from tests.reviews.scene import Scene, opened, set_scene

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
Counted = Callable[[Callable[[], object]], int]


@pytest.fixture
def scene() -> Scene:
    scene = set_scene()
    opened(scene)
    return scene


@pytest.fixture
def hers(scene: Scene) -> Update:
    return scene.update_of(scene.hers)


@pytest.fixture
def address(client: Client, hers: Update) -> str:
    """Where Maya answers about her sheet, come by her link."""
    return f"{came_by(client, 'maya@exemple.fr')}{hers.pk}/"


# --- Two people at once ---------------------------------------------------------------------------


@pytest.fixture
def two(scene: Scene, client: Client) -> tuple[str, Client, str, Update]:
    """Maya and Noé on the sheet that both pilot: Maya's page, Noé, Noé's page, the answer."""
    theirs, noe = scene.update_of(scene.theirs), Client()
    return (
        f"{came_by(client, 'maya@exemple.fr')}{theirs.pk}/",
        noe,
        f"{came_by(noe, 'noe@exemple.fr')}{theirs.pk}/",
        theirs,
    )


def test_two_people_see_both_texts_and_one_gesture_settles_it(
    client: Client, two: tuple[str, Client, str, Update]
) -> None:
    hers, noe, his, theirs = two
    mine = drawn(client, hers)
    noe.post(his, drawn(noe, his) | {"done": "Texte de Noé", "do": "enregistrer"})
    silent = client.post(hers, mine | {"done": "Texte de Maya", "do": "auto"})
    assert silent.status_code == 409
    assert silent.json()["told"] == (
        "Noé Petit a écrit en même temps que vous dans «\u00a0Ce qui a été fait\u00a0»."
    )
    back = client.post(hers, mine | {"done": "Texte de Maya", "do": "envoyer"})
    words = said_by(back)
    assert "Écrit par Noé Petit" in words
    assert "Prendre ce texte" in words
    again = sent_of(back.text)
    assert again["done"] == "Texte de Maya"
    client.post(hers, again | {"theirs_done": "1", "do": "envoyer"})
    theirs.refresh_from_db()
    assert (theirs.done, theirs.state) == ("Texte de Noé", UpdateState.SUBMITTED)


def test_fields_left_alone_take_what_the_other_wrote(
    client: Client, two: tuple[str, Client, str, Update]
) -> None:
    hers, noe, his, theirs = two
    mine = drawn(client, hers)
    noe.post(his, drawn(noe, his) | {"done": "Texte de Noé", "do": "enregistrer"})
    response = auto(client, hers, mine, difficulties="Celles de Maya")
    assert response.json()["taken"] == {"done": "Texte de Noé"}
    mine |= response.json()["taken"]
    auto(client, hers, mine, difficulties="Celles de Maya, encore")
    theirs.refresh_from_db()
    assert (theirs.done, theirs.difficulties) == ("Texte de Noé", "Celles de Maya, encore")


def test_two_people_on_one_objective(
    scene: Scene, client: Client, hers: Update, address: str, sign_in: SignIn
) -> None:
    lead = Client()
    lead.force_login(scene.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    mine, name = drawn(client, address), objective(hers, "answer")
    there = reverse("reviews:answer_edit", args=[hers.pk])
    lead.post(there, drawn(lead, there) | {name: ObjectiveAnswer.DONE, "do": "enregistrer"})
    back = client.post(address, mine | {name: ObjectiveAnswer.RUNNING, "do": "envoyer"})
    assert "Prendre ce texte" in words_of(back.text)
    again = sent_of(back.text) | {f"theirs_{name}": "1", "do": "envoyer"}
    assert client.post(address, again).status_code == 302
    assert hers.objectives.get().answer == ObjectiveAnswer.DONE


# --- Closed while somebody types ------------------------------------------------------------------


@pytest.mark.parametrize("do", ["auto", "enregistrer", "envoyer"])
def test_closed_while_typing_the_text_is_given_back_and_kept(
    scene: Scene, client: Client, address: str, hers: Update, do: str
) -> None:
    page = drawn(client, address)
    auto(client, address, page, done="Enregistré à temps")
    close(hers.campaign)
    late = page | {"done": "Enregistré à temps, et la suite", "weather": Weather.SUPPORT, "do": do}
    response = client.post(address, late)
    assert response.status_code == 409
    if do != "auto":
        assert "Enregistré à temps, et la suite" in response.text
    told = response.json()["told"] if do == "auto" else said_by(response)
    assert "a été clôturée" in told
    assert "la coordination le reçoit" in told
    kept = LateText.objects.get()
    assert kept.text.replace("\u00a0", " ") == (
        "De quoi avez-vous besoin ? : Appuis nécessaires\n"
        "Ce qui a été fait : Enregistré à temps, et la suite"
    )
    hers.refresh_from_db()
    assert hers.done == "Enregistré à temps"
    sign_in = Client()
    sign_in.force_login(scene.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    read = said_by(sign_in.get(reverse("reviews:answer_edit", args=[hers.pk])))
    assert "Arrivé après la clôture" in read
    assert "et la suite" in read


def test_nothing_changed_said_just_too_late_is_kept_as_such(
    client: Client, address: str, hers: Update
) -> None:
    page = drawn(client, address)
    close(hers.campaign)
    response = client.post(address, {"token": page["token"], "do": "inchange"})
    assert response.status_code == 409
    assert LateText.objects.get().text == "Rien n’a changé."
    # A page cut on its way says nothing.
    LateText.objects.all().delete()
    assert client.post(address, {"do": "envoyer"}).status_code == 409
    assert not LateText.objects.exists()


# --- Signed in ------------------------------------------------------------------------------------


def test_a_pilot_who_signs_in_has_the_same_page(
    scene: Scene, hers: Update, sign_in: SignIn
) -> None:
    client = sign_in(pilot_account(scene))
    home = client.get("/")
    assert "réponse attendue avant le" in said_by(home)
    there = reverse("reviews:answer_edit", args=[hers.pk])
    assert there in home.text
    response = client.post(there, drawn(client, there) | {"done": "Un", "do": "envoyer"})
    # On to the other sheet of hers.
    theirs = scene.update_of(scene.theirs)
    assert response["Location"] == reverse("reviews:answer_edit", args=[theirs.pk])
    hers.refresh_from_db()
    assert (hers.answered_from, hers.answered_name) == (AnsweredFrom.ACCOUNT, "Maya Legrand")
    assert there not in client.get("/").text


def test_a_lead_types_for_whom_they_name(scene: Scene, hers: Update, sign_in: SignIn) -> None:
    client = sign_in(scene.lead)
    there = reverse("reviews:answer_edit", args=[hers.pk])
    page = drawn(client, there)
    assert page["answered_for"] == "Maya Legrand"
    refused = client.post(there, page | {"answered_for": " ", "do": "envoyer"})
    assert "Dites de qui vient cette réponse" in said_by(refused)
    client.post(there, page | {"done": "Au téléphone", "do": "envoyer"})
    hers.refresh_from_db()
    assert hers.answered_name == f"{scene.lead.get_full_name()} pour Maya Legrand"
    orphan = scene.update_of(scene.orphan)
    there = reverse("reviews:answer_edit", args=[orphan.pk])
    client.post(there, drawn(client, there) | {"answered_for": "M. Untel", "do": "envoyer"})
    orphan.refresh_from_db()
    assert orphan.answered_name == f"{scene.lead.get_full_name()} pour M. Untel"
    assert orphan.answered_by is None


# --- Passing on -----------------------------------------------------------------------------------


def test_a_sheet_is_handed_over_from_its_page(client: Client, address: str, hers: Update) -> None:
    assert "Transmettre à un collègue" in said_by(client.get(address))
    there = f"{address}transmettre/"
    assert "Donnez le nom" in said_by(client.post(there, {"email": "zoe@"}))
    assert "est la vôtre" in said_by(client.post(there, {"name": "M", "email": "maya@exemple.fr"}))
    for wrong in (f"{'z' * 60}@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.fr", "zoe@\x00.fr"):
        assert client.post(there, {"name": "Zoé", "email": wrong}).status_code == 200
    told = client.post(there, {"name": "Zoé Roy", "email": "zoe@exemple.fr"}, follow=True)
    assert "est transmise à Zoé Roy" in said_by(told)
    assert "Maison des adolescents" not in said_by(told)
    zoe = Client()
    assert "Maison des adolescents" in said_by(zoe.get(came_by(zoe, "zoe@exemple.fr")))


def test_a_sheet_is_given_back_from_its_page(client: Client, address: str, hers: Update) -> None:
    assert "Vous ne pilotez plus la fiche 1" in said_by(client.get(f"{address}quitter/"))
    told = client.post(f"{address}quitter/", {"words": "Muté"}, follow=True)
    assert "on ne vous demande plus rien sur la fiche 1" in said_by(told)
    assert Letter.objects.filter(kind=LetterKind.TO_LEAD).count() == 1
