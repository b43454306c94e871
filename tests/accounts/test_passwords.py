"""Forgotten and changed passwords, by the mails that a real server receives."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.services import correct_address
from core.models import Mail
from tests.accounts.conftest import Posting, path_in, text_of
from tests.core.post_office import PostOffice
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

FORGOTTEN = "/compte/mot-de-passe/oublie/"
CHANGE = "/compte/mot-de-passe/"
SIGN_IN = "/compte/connexion/"
NEW_PASSWORD = "lampe océan brouette 7"


@pytest.fixture
def zoe(db: None) -> User:
    return UserFactory.create(email="zoe@exemple.fr")


def enters(email: str, password: str) -> bool:
    client = Client()
    client.post(SIGN_IN, {"login": email, "password": password})
    return "_auth_user_id" in client.session


def without_token(page: Any) -> str:
    """The page but for the token that differs at each drawing."""
    return re.sub(r'"X-CSRFToken": "\w+"', "", page.content.decode())


def test_forgotten_password_is_chosen_again_by_mail(
    client: Client, zoe: User, post_office: PostOffice, posting: Posting
) -> None:
    posting(lambda: client.post(FORGOTTEN, {"email": "ZOE@exemple.fr"}))
    [received] = post_office.received
    assert received["To"] == "zoe@exemple.fr"
    assert received["Subject"] == "Choisir un nouveau mot de passe"
    assert "dans les 3\u00a0jours" in text_of(post_office)
    assert "&" not in text_of(post_office)
    page = client.get(path_in(post_office), follow=True)
    path = page.redirect_chain[-1][0]
    assert path.endswith("-choisir/")  # the secret has left the address
    passwords = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    done = client.post(path, passwords, follow=True)
    assert "Mot de passe enregistré" in done.content.decode()
    assert enters("zoe@exemple.fr", NEW_PASSWORD)
    assert not enters("zoe@exemple.fr", PASSWORD)


def test_link_serves_once(
    client: Client, zoe: User, post_office: PostOffice, posting: Posting
) -> None:
    posting(lambda: client.post(FORGOTTEN, {"email": zoe.email}))
    path = client.get(path_in(post_office)).headers["Location"]
    client.post(path, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    again = Client().get(path_in(post_office))
    assert "Ce lien ne sert plus" in again.content.decode()


@pytest.mark.parametrize("email", ["nobody@exemple.fr", "waiting@exemple.fr"])
def test_answer_is_the_same_for_an_address_without_an_open_account(
    client: Client, zoe: User, post_office: PostOffice, posting: Posting, email: str
) -> None:
    UserFactory.create(email="waiting@exemple.fr", is_active=False)
    known = posting(lambda: Client().post(FORGOTTEN, {"email": zoe.email}, follow=True))
    unknown = posting(lambda: Client().post(FORGOTTEN, {"email": email}, follow=True))
    assert without_token(known) == without_token(unknown)
    assert "Regardez vos courriels" in unknown.content.decode()
    assert post_office.received[-1]["To"] == email
    assert "aucun compte n’est ouvert" in text_of(post_office)
    assert "nouveau/" not in text_of(post_office)


def test_link_never_follows_the_host_of_the_request(
    client: Client, zoe: User, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client.post(FORGOTTEN, {"email": zoe.email}, headers={"host": "voleur.example"})
    assert "http://testserver/compte/mot-de-passe/nouveau/" in Mail.objects.get().body


def test_password_link_is_bounded_by_the_hour(client: Client, zoe: User) -> None:
    for _ in range(5):
        assert client.post(FORGOTTEN, {"email": zoe.email}).status_code == 302
    refused = client.post(FORGOTTEN, {"email": zoe.email})
    assert refused.status_code == 429
    assert "Trop d’essais" in refused.content.decode()
    assert Mail.objects.count() == 5


def test_new_password_lets_in_whoever_was_stopped_by_failures(
    client: Client, zoe: User, post_office: PostOffice, posting: Posting
) -> None:
    for _ in range(6):
        client.post(SIGN_IN, {"login": zoe.email, "password": "wrong"})
    assert not enters(zoe.email, PASSWORD)
    posting(lambda: client.post(FORGOTTEN, {"email": zoe.email}))
    path = client.get(path_in(post_office)).headers["Location"]
    client.post(path, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert enters(zoe.email, NEW_PASSWORD)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("court", "court", "Ce mot de passe est trop court"),
        (NEW_PASSWORD, "autre chose 12345", "deux fois le même mot de passe"),
        ("zoe@exemple.fr", "zoe@exemple.fr", "trop semblable"),
        ("nul\x00nul\x00nul\x00", "nul\x00nul\x00nul\x00", "caractère nul"),
        ("x" * 200, "x" * 200, "au plus 128"),
    ],
)
def test_weak_password_is_refused_in_french(
    client: Client, zoe: User, first: str, second: str, sentence: str
) -> None:
    client.force_login(zoe)
    fields = {"oldpassword": PASSWORD, "password1": first, "password2": second}
    response = client.post(CHANGE, fields)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert enters(zoe.email, PASSWORD)


def test_changed_password_closes_the_sessions(client: Client, zoe: User) -> None:
    elsewhere = Client()
    for one in (client, elsewhere):
        one.post(SIGN_IN, {"login": zoe.email, "password": PASSWORD})
    fields = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    response = client.post(CHANGE, fields, follow=True)
    assert response.redirect_chain[-1][0] == SIGN_IN
    assert "Votre mot de passe est changé." in response.content.decode()
    assert elsewhere.get(CHANGE).status_code == 302
    assert enters(zoe.email, NEW_PASSWORD)


def test_present_password_is_asked_for(client: Client, zoe: User) -> None:
    client.force_login(zoe)
    fields = {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert "pas votre mot de passe actuel" in client.post(CHANGE, fields).content.decode()


def test_corrected_address_leaves_nothing_to_the_former_one(client: Client, zoe: User) -> None:
    # allauth notes the address when it makes a link.
    client.post(FORGOTTEN, {"email": zoe.email})
    zoe.email = "zoe.martin@exemple.fr"
    zoe.save()
    correct_address(user=zoe)
    assert not enters("zoe@exemple.fr", PASSWORD)
    assert enters("zoe.martin@exemple.fr", PASSWORD)
    client.post(FORGOTTEN, {"email": "zoe@exemple.fr"})
    assert "aucun compte" in Mail.objects.latest("pk").body


@pytest.mark.parametrize("path", ["x-y", "2s-%00", "zzzzzzzzzzzzzzzz-abc", "1-choisir"])
def test_broken_link_says_what_to_do(client: Client, path: str) -> None:
    response = client.get(f"/compte/mot-de-passe/nouveau/{path}/")
    assert response.status_code in {200, 404}
    assert ("Ce lien ne sert plus" in response.content.decode()) == (response.status_code == 200)
