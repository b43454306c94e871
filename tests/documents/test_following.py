"""The page of one order, followed until it is settled, and its file."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import User
from documents import tasks
from documents.enums import DocumentState
from documents.models import Document, PrintedFile
from tests.cast import Cast
from tests.press.pages import address, in_state, opened, soup_of, words_of

PERSONS = ("agnes", "bruno", "gael", "chloe", "denis", "emile", "personne")
SignIn = Callable[[User | None], Client]


# --- Following ----------------------------------------------------------------------------------


def state_of(client: Client, document: Document, seen: str = "") -> Any:
    return client.get(
        address("document_state", document), {"vu": seen}, headers={"HX-Request": "true"}
    )


def test_page_follows_an_order_until_it_is_settled(
    document: Document, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    page = soup_of(client.get(address("document_detail", document)))
    polled = page.select_one("#document-state")
    assert polled is not None
    assert polled["hx-trigger"] == "every 2s"
    assert polled["hx-get"] == f"{address('document_state', document)}?vu=commande-0"
    assert page.select_one("[aria-live=polite] #document-state") is not None

    in_state(document, state=DocumentState.RUNNING, progress=45)
    fragment = state_of(client, document, "commande-0")
    assert "L’impression avance : 45 %." in words_of(fragment)
    bar = soup_of(fragment).select_one("progress")
    assert bar is not None
    assert (bar["value"], bar["max"]) == ("45", "100")

    in_state(document, state=DocumentState.ORDERED)
    tasks.produce(document.pk)
    settled = state_of(client, document, "en_cours-45")
    assert "hx-get" not in settled.content.decode()
    assert "Ouvrir le PDF" in words_of(settled)


def test_nothing_is_drawn_again_while_nothing_changes(
    document: Document, cast: Cast, sign_in: SignIn
) -> None:
    response = state_of(sign_in(cast.agnes), document, document.progress_mark)
    assert (response.status_code, response.content) == (204, b"")


@pytest.mark.parametrize("state", ["commande", "en_cours", "echec", "pret"])
def test_part_that_changes_is_the_part_of_the_whole_page(
    state: str, ready: Document, cast: Cast, sign_in: SignIn
) -> None:
    in_state(ready, state=state, failure="Une raison.", progress=30)
    client = sign_in(cast.agnes)

    def without_token(response: Any) -> str:
        part = soup_of(response).select_one("#document-state")
        return re.sub(r'value="\w{64}"', "", str(part))

    whole = client.get(address("document_detail", ready))
    assert without_token(state_of(client, ready)) == without_token(whole)


def test_part_asked_for_alone_leads_to_the_whole_page(
    document: Document, cast: Cast, sign_in: SignIn
) -> None:
    response = sign_in(cast.agnes).get(address("document_state", document))
    assert response["Location"] == address("document_detail", document)


def test_page_follows_without_javascript(document: Document, cast: Cast, sign_in: SignIn) -> None:
    client, url = sign_in(cast.agnes), address("document_detail", document)
    page = soup_of(client.get(url))
    assert page.select_one("head noscript meta[http-equiv=refresh][content='5']") is not None
    again = page.select_one("#document-state noscript a")
    assert again is not None
    assert again["href"] == url
    tasks.produce(document.pk)
    assert soup_of(client.get(url)).select_one("meta[http-equiv=refresh]") is None


def test_failure_is_told_with_what_to_do(document: Document, cast: Cast, sign_in: SignIn) -> None:
    in_state(document, state=DocumentState.FAILED, failure="Il manque une page.")
    client = sign_in(cast.agnes)
    page = soup_of(client.get(address("document_detail", document)))
    assert "Il manque une page." in page.get_text()
    form = page.select_one("#document-state form")
    assert form is not None
    assert form["action"] == address("document_retry", document)
    words = words_of(client.get(address("document_detail", document)))
    assert "Réessayer" in words


def test_page_leads_to_the_same_choices_again(ready: Document, cast: Cast, sign_in: SignIn) -> None:
    page = soup_of(sign_in(cast.agnes).get(address("document_detail", ready)))
    link = page.find("a", string="imprimez-le à nouveau")
    assert link is not None
    order = address("document_order", cast.project, "essai")
    path, _, query = str(link["href"]).partition("?")
    assert path == order
    assert parse_qs(query) == {
        "number": ["1"],
        "part": ["resume", "planning"],
        "is_draft": ["False"],
    }


def test_kind_that_no_room_offers_any_more_keeps_its_page_and_its_file(
    ready: Document, cast: Cast, sign_in: SignIn
) -> None:
    in_state(ready, kind="disparu")
    client = sign_in(cast.agnes)
    page = words_of(client.get(address("document_detail", ready)))
    assert "Ouvrir le PDF" in page
    assert "imprimez-le à nouveau" not in page
    assert client.post(address("document_retry", ready)).status_code == 403


# --- The file -----------------------------------------------------------------------------------


def test_file_is_read_in_the_browser_and_kept_private(
    ready: Document, cast: Cast, sign_in: SignIn
) -> None:
    printed = PrintedFile.objects.get()
    response = sign_in(cast.agnes).get(address("document_file", ready))
    assert response.getvalue() == printed.read()
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="essai-1-aubrac-{today}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["ETag"] == f'"{printed.fingerprint}"'
    assert int(response["Content-Length"]) == printed.size


def test_file_already_in_the_browser_is_not_sent_again(
    ready: Document, cast: Cast, sign_in: SignIn
) -> None:
    etag = f'"{PrintedFile.objects.get().fingerprint}"'
    response = sign_in(cast.agnes).get(
        address("document_file", ready), headers={"If-None-Match": etag}
    )
    assert (response.status_code, response.content) == (304, b"")


def test_name_of_the_file_is_plain_whatever_the_name_of_the_territory(
    ready: Document, cast: Cast, sign_in: SignIn
) -> None:
    cast.aubrac.name = "Cœur d’Hérault / Est"
    cast.aubrac.save()
    response = opened(sign_in(cast.agnes), address("document_file", ready))
    assert "essai-1-coeur-d-herault-est-" in response["Content-Disposition"]


def test_file_of_an_order_that_waits_is_not_found(
    document: Document, cast: Cast, sign_in: SignIn
) -> None:
    assert sign_in(cast.agnes).get(address("document_file", document)).status_code == 404


def test_lost_file_is_told_and_printed_again(
    ready: Document, cast: Cast, sign_in: SignIn, files: Path
) -> None:
    default_storage.delete(str(PrintedFile.objects.get().file.name))
    client = sign_in(cast.agnes)
    response = client.get(address("document_file", ready), follow=True)
    assert "Le fichier imprimé n’est plus dans le stockage." in words_of(response)
    assert "Imprimer à nouveau" in words_of(response)

    client.post(address("document_retry", ready))
    tasks.produce(ready.pk)
    assert len(list(files.rglob("*.pdf"))) == 1
    page = words_of(client.get(address("document_detail", ready)))
    assert "Ouvrir le PDF" in page
