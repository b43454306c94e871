"""Sign-in: who enters, what a refusal says, and how often one may try."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/compte/connexion/"
TOO_OFTEN = "Trop d’essais en peu de temps pour cette adresse"
NO_MATCH = "ne correspond à aucun compte ouvert"
ODD_INPUTS = [
    "nul\x00@exemple.fr",
    "😀@exemple.fr",
    "a" * 290 + "@exemple.fr",
    "\u202eexemple@exemple.fr",
    "zoé@exemple.fr",
    "'; DROP TABLE accounts_user; --",
    " ",
]


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> object:
    return client.post(SIGN_IN, {"login": email, "password": password} | more)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def zoe(db: None) -> User:
    return UserFactory.create(email="zoe@exemple.fr")


@pytest.mark.parametrize("typed", ["zoe@exemple.fr", "Zoe@Exemple.FR", "  zoe@exemple.fr "])
def test_person_enters_whatever_the_case_of_the_address(
    client: Client, zoe: User, typed: str
) -> None:
    response = sign_in(client, typed)
    assert is_in(client)
    assert response.headers["Location"] == "/"  # type: ignore[attr-defined]


def test_everything_is_closed_but_the_doors(client: Client) -> None:
    response = client.get("/territoires/aubrac/membres/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith(SIGN_IN)


@pytest.mark.parametrize("email", ["zoe@exemple.fr", "nobody@exemple.fr", "waiting@exemple.fr"])
def test_refusal_does_not_tell_which_accounts_exist(client: Client, zoe: User, email: str) -> None:
    UserFactory.create(email="waiting@exemple.fr", is_active=False)
    content = sign_in(client, email, "not that one").content.decode()  # type: ignore[attr-defined]
    assert NO_MATCH in content
    assert not is_in(client)


def test_closed_account_is_told_so_only_with_its_password(client: Client) -> None:
    UserFactory.create(email="closed@exemple.fr", is_active=False)
    response = client.post(SIGN_IN, {"login": "closed@exemple.fr", "password": PASSWORD})
    assert response.headers["Location"] == "/compte/ferme/"
    assert not is_in(client)
    assert "Ce compte est fermé" in client.get("/compte/ferme/").content.decode()


def test_five_failures_stop_an_address_and_no_other(client: Client, zoe: User) -> None:
    other = UserFactory.create()
    for _ in range(5):
        assert NO_MATCH in sign_in(client, "zoe@exemple.fr", "wrong").content.decode()  # type: ignore[attr-defined]
    assert TOO_OFTEN in sign_in(client, "ZOE@exemple.fr").content.decode()  # type: ignore[attr-defined]
    assert not is_in(client)
    sign_in(client, other.email)
    assert is_in(client)


def test_flood_from_one_machine_is_answered_429_in_french(client: Client) -> None:
    for number in range(30):
        response = client.post(SIGN_IN, {"login": f"p{number}@exemple.fr", "password": "wrong"})
        assert response.status_code == 200
    response = client.post(SIGN_IN, {"login": "zoe@exemple.fr", "password": PASSWORD})
    assert response.status_code == 429
    assert "Trop d’essais" in response.content.decode()
    assert client.get(SIGN_IN).status_code == 200


@pytest.mark.parametrize(
    "next_url",
    [
        "https://ailleurs.example/",
        "//ailleurs.example/",
        "/\\ailleurs.example/",
        "javascript:alert(1)",
        "\x00https://ailleurs.example/",
    ],
)
def test_sign_in_never_leads_elsewhere(client: Client, zoe: User, next_url: str) -> None:
    page = client.get(SIGN_IN, {"next": next_url})
    assert page.status_code == 200
    response = client.post(SIGN_IN, {"login": zoe.email, "password": PASSWORD, "next": next_url})
    assert response.headers["Location"] == "/"


def test_sign_in_leads_back_to_the_page_asked_for(client: Client, zoe: User) -> None:
    asked = client.get("/compte/mot-de-passe/")
    page = client.get(asked.headers["Location"])
    assert 'name="next" value="/compte/mot-de-passe/"' in page.content.decode()
    response = client.post(
        SIGN_IN, {"login": zoe.email, "password": PASSWORD, "next": "/compte/mot-de-passe/"}
    )
    assert response.headers["Location"] == "/compte/mot-de-passe/"


@pytest.mark.parametrize("typed", ODD_INPUTS)
@pytest.mark.parametrize("path", [SIGN_IN, "/compte/mot-de-passe/oublie/"])
def test_odd_address_gets_a_french_sentence(client: Client, typed: str, path: str) -> None:
    fields = {"login": typed, "email": typed, "password": PASSWORD}
    response = client.post(path, fields)
    assert response.status_code == 200
    content = response.content.decode()
    assert "À corriger" in content
    assert 'href="#id_' in content


@pytest.mark.parametrize("typed", ["\x00", "x" * 200])
def test_odd_password_gets_a_french_sentence(client: Client, zoe: User, typed: str) -> None:
    response = client.post(SIGN_IN, {"login": zoe.email, "password": typed})
    assert response.status_code == 200
    assert "À corriger" in response.content.decode()


def test_nobody_signs_up(client: Client) -> None:
    assert "s’ouvrent sur invitation" in client.get("/compte/inscription/").content.decode()
    fields = {"email": "moi@exemple.fr", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/compte/inscription/", fields).status_code == 405
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["/accounts/login/", "/compte/email/", "/compte/signup/", "/compte/reauthenticate/"],
)
def test_what_allauth_offers_beyond_is_absent(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_signing_out_needs_a_button(client: Client, zoe: User) -> None:
    sign_in(client, zoe.email)
    assert "Se déconnecter" in client.get("/compte/deconnexion/").content.decode()
    assert is_in(client)
    response = client.post("/compte/deconnexion/")
    assert not is_in(client)
    words = [str(message) for message in get_messages(response.wsgi_request)]
    assert words == ["Votre session est fermée."]


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_pages_are_never_json(client: Client, accept: str) -> None:
    response = client.get(SIGN_IN, headers={"accept": accept, "x-requested-with": "XMLHttpRequest"})
    assert response.headers["Content-Type"].startswith("text/html")


def test_demonstration_signs_in_with_one_button(client: Client, settings: Settings) -> None:
    settings.IS_DEMO = True
    UserFactory.create(
        email="coordination@demo.example", password="demonstration-ptsm", last_name="Démo"
    )
    UserFactory.create(email="ailleurs@exemple.fr")
    page = client.get(SIGN_IN).content.decode()
    assert "Entrer comme Camille Démo" in page
    assert "ailleurs@exemple.fr" not in page
    sign_in(client, "coordination@demo.example", "demonstration-ptsm")
    assert is_in(client)


def test_served_site_names_no_account(client: Client) -> None:
    UserFactory.create(email="coordination@demo.example")
    page = client.get(SIGN_IN).content.decode()
    assert "demo.example" not in page
    assert "demonstration-ptsm" not in page
