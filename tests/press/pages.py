"""How the tests open and read the pages of the papers."""

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from documents.models import Document


def opened(client: Client, url: str) -> Any:
    """The answer read to its end, which closes the file and nothing of the test's."""
    response = client.get(url)
    response.getvalue()
    return response


def soup_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words_of(response: Any) -> str:
    """The text of a page, each space a plain one."""
    return " ".join(soup_of(response).get_text(" ").split())


def in_state(document: Document, **fields: Any) -> None:
    Document.objects.filter(pk=document.pk).update(**fields)


def address(name: str, thing: Any, *more: str) -> str:
    return reverse(f"documents:{name}", args=[thing.pk, *more])
