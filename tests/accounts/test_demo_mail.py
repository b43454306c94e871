"""The demonstration's mails, readable in it and nowhere else."""

import pytest
from django.test import Client
from pytest_django import Settings

from core.mail import send_on_commit

pytestmark = pytest.mark.django_db

PAGE = "/demonstration/courriels/"


def test_page_exists_in_the_demonstration_alone(client: Client, settings: Settings) -> None:
    assert client.get(PAGE).status_code == 404
    settings.IS_DEMO = True
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Aucun courriel pour le moment" in page.content.decode()


def test_links_of_a_mail_can_be_followed_and_its_words_are_words(
    client: Client, settings: Settings
) -> None:
    settings.IS_DEMO = True
    send_on_commit(
        to="zoe@exemple.fr",
        subject="L’invitation <b>",
        body="Bonjour <script>\n\nhttp://localhost:8000/invitation/abc_-d/\n\nÀ bientôt",
        reply_to="agnes@exemple.fr",
    )
    page = client.get(PAGE).content.decode()
    assert 'href="http://localhost:8000/invitation/abc_-d/"' in page
    assert "<script>\n" not in page
    assert "L’invitation &lt;b&gt;" in page
    assert "agnes@exemple.fr" in page
