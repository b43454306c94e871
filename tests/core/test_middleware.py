"""What happens between the browser and the views."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_a_fragment_asked_after_the_session_ended_reloads_the_page(client: Client) -> None:
    response = client.get(reverse("overview:home"), headers={"HX-Request": "true"})
    assert (response.status_code, response.content) == (200, b"")
    assert response["HX-Refresh"] == "true"


def test_a_page_asked_after_the_session_ended_leads_to_the_sign_in(client: Client) -> None:
    response = client.get(reverse("overview:home"))
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next=/"
