"""What happens between the browser and the views."""

from http import HTTPStatus
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def test_a_fragment_asked_after_the_session_ended_reloads_the_page(client: Client) -> None:
    response = client.get(reverse("overview:home"), headers={"HX-Request": "true"})
    assert (response.status_code, response.content) == (200, b"")
    assert response["HX-Refresh"] == "true"


def test_a_page_asked_after_the_session_ended_leads_to_the_sign_in(client: Client) -> None:
    response = client.get(reverse("overview:home"))
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next=/"


def test_a_form_sent_after_the_session_ended_gives_its_texts_back(client: Client) -> None:
    sent = {
        "need": "On sort seul.\n\nEt <b>sans</b> suite.",
        "title": "Logement",
        "status": "en_cours",
        "priority": "3",
        "revision": "12",
        "token": "ABC def",
        "was_note": "Ce que la page montrait",
        "password1": "Un secret bien gardé",
    }
    address = reverse("documents:document_list", args=[1])
    response = client.post(address, sent, headers={"Accept": "text/html,*/*;q=0.8"})
    assert response.status_code == HTTPStatus.UNAUTHORIZED
    texts = [area.get_text().strip() for area in soup(response).select("textarea")]
    assert texts == ["On sort seul.\n\nEt <b>sans</b> suite.", "Logement"]
    assert "rien n’a été enregistré" in response.text
    assert "secret" not in response.text
    assert "no-store" in response["Cache-Control"]
    link = soup(response).select_one("main a.btn")
    assert link is not None
    assert link["href"] == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize(
    ("sent", "accept"),
    [
        ({}, "text/html"),
        ({"state": "fait", "revision": "3"}, "text/html"),
        ({"need": "Un texte gardé par la page"}, "*/*"),
    ],
)
def test_without_typed_text_or_from_a_script_the_sign_in_is_enough(
    client: Client, sent: dict[str, str], accept: str
) -> None:
    address = reverse("documents:document_list", args=[1])
    response = client.post(address, sent, headers={"Accept": accept})
    assert response.status_code == HTTPStatus.FOUND
