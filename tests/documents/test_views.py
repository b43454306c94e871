"""Screens where papers are listed and ordered: who enters, what is read there, what it costs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from documents.enums import DocumentState
from documents.kinds import Kind
from documents.models import Document
from documents.services import order_document
from territories.models import Project
from tests.cast import Cast
from tests.factories import unsigned
from tests.press.kinds import CHOICES
from tests.press.pages import address, in_state, opened, soup_of, words_of

PERSONS = ("agnes", "bruno", "gael", "chloe", "denis", "emile", "personne")
SignIn = Callable[[User | None], Client]


# --- Doors --------------------------------------------------------------------------------------

READERS = {"agnes": 200, "bruno": 200, "emile": 200}
ORDERERS = READERS | {"bruno": 403}
STRANGERS = {"gael": 404, "chloe": 404, "denis": 404, "personne": 302}


@pytest.mark.parametrize("who", PERSONS)
def test_doors_of_reading(who: str, ready: Document, cast: Cast, sign_in: SignIn) -> None:
    client, expected = sign_in(cast.named(who)), (READERS | STRANGERS)[who]
    for url in (
        address("document_list", cast.project),
        address("document_detail", ready),
        address("document_file", ready),
    ):
        assert opened(client, url).status_code == expected, url
    state = client.get(address("document_state", ready), headers={"HX-Request": "true"})
    if who == "personne":  # a fragment cannot be the sign-in page: the whole page is asked again
        assert (state.content, state["HX-Refresh"]) == (b"", "true")
    else:
        assert state.status_code == expected


@pytest.mark.parametrize("who", PERSONS)
def test_doors_of_ordering(who: str, document: Document, cast: Cast, sign_in: SignIn) -> None:
    client, expected = sign_in(cast.named(who)), (ORDERERS | STRANGERS)[who]
    url = address("document_order", cast.project, "essai")
    assert client.get(url).status_code == expected
    sent = client.post(url, {"number": "7", "part": ["resume"]})
    assert sent.status_code == (302 if expected == 200 else expected)
    assert Document.objects.exclude(pk=document.pk).exists() == (expected == 200)


@pytest.mark.parametrize("who", PERSONS)
def test_doors_of_trying_again(who: str, document: Document, cast: Cast, sign_in: SignIn) -> None:
    in_state(document, state=DocumentState.FAILED, failure="Une raison.")
    expected = (ORDERERS | STRANGERS)[who]
    sent = sign_in(cast.named(who)).post(address("document_retry", document))
    assert sent.status_code == (302 if expected == 200 else expected)
    document.refresh_from_db()
    assert (document.state == DocumentState.ORDERED) == (expected == 200)


@pytest.mark.parametrize("name", ["document_list", "document_detail", "document_file"])
def test_reading_pages_refuse_to_write(
    name: str, ready: Document, cast: Cast, sign_in: SignIn
) -> None:
    thing = cast.project if name == "document_list" else ready
    assert sign_in(cast.agnes).post(address(name, thing)).status_code == 405


def test_retry_by_a_followed_link_changes_nothing(
    document: Document, cast: Cast, sign_in: SignIn
) -> None:
    in_state(document, state=DocumentState.FAILED, failure="Une raison.")
    response = sign_in(cast.agnes).get(address("document_retry", document))
    assert response["Location"] == address("document_detail", document)
    document.refresh_from_db()
    assert document.has_failed


def test_kind_that_nobody_offers_is_not_found(cast: Cast, essai: Kind, sign_in: SignIn) -> None:
    url = address("document_order", cast.project, "inconnu")
    assert sign_in(cast.agnes).get(url).status_code == 404


# --- The list -----------------------------------------------------------------------------------


def test_empty_list_says_what_to_do_first(cast: Cast, essai: Kind, sign_in: SignIn) -> None:
    words = words_of(sign_in(cast.agnes).get(address("document_list", cast.project)))
    assert "Aucun document n’a encore été imprimé." in words
    assert "Choisissez un document ci-dessus" in words
    assert "Essai de presse" in words


def test_reader_who_may_not_order_is_offered_nothing_to_order(
    cast: Cast, essai: Kind, sign_in: SignIn
) -> None:
    words = words_of(sign_in(cast.bruno).get(address("document_list", cast.project)))
    assert "Essai de presse" not in words
    assert "Les documents imprimés par les membres du territoire apparaîtront ici." in words


def test_list_says_where_each_order_stands(
    ready: Document, cast: Cast, essai: Kind, sign_in: SignIn
) -> None:
    states: tuple[dict[str, Any], ...] = (
        {"state": DocumentState.ORDERED},
        {"state": DocumentState.RUNNING, "progress": 45},
        {"state": DocumentState.FAILED, "failure": "Il manque une page."},
    )
    for number, fields in enumerate(states, start=2):
        another = order_document(
            kind=essai,
            project=cast.project,
            parameters=CHOICES | {"number": number},
            by=cast.emile,
        )
        in_state(another, **fields)
    response = sign_in(cast.agnes).get(address("document_list", cast.project))
    words = words_of(response)
    assert "4 documents" in words
    for said in (
        "Prêt PDF, 2 pages, 1 Ko",
        "En attente PDF",
        "En cours d’impression PDF, 45 %",
        "Échec",
        "Il manque une page.",
        "par Agnes Durand",
        "par Emile Durand",
        "Réessayer",
    ):
        assert said in words
    links = {link["href"] for link in soup_of(response).select("main a")}
    assert address("document_file", ready) in links


def test_list_offers_to_try_again_only_what_the_reader_may_print(
    document: Document, cast: Cast, sign_in: SignIn
) -> None:
    in_state(document, state=DocumentState.FAILED, failure="Une raison.")
    client, url = sign_in(cast.agnes), address("document_list", cast.project)
    assert "Réessayer" in words_of(client.get(url))
    in_state(document, kind="disparu")
    assert "Réessayer" not in words_of(client.get(url))


def test_papers_follow_their_project_to_another_territory(
    ready: Document, cast: Cast, sign_in: SignIn
) -> None:
    with unsigned():
        Project.objects.filter(pk=cast.project.pk).update(
            territory=cast.elsewhere.territory, generation=9
        )
    url = address("document_file", ready)
    assert sign_in(cast.agnes).get(url).status_code == 404
    response = opened(sign_in(cast.chloe), url)
    assert "essai-1-ailleurs-" in response["Content-Disposition"]


def test_order_outlives_the_account_of_who_placed_it(
    ready: Document, cast: Cast, sign_in: SignIn
) -> None:
    in_state(ready, ordered_by=None)
    client = sign_in(cast.bruno)
    for url in (address("document_list", cast.project), address("document_detail", ready)):
        assert "une personne dont le compte est supprimé" in words_of(client.get(url))


def test_list_is_cut_in_pages_of_fifty(document: Document, cast: Cast, sign_in: SignIn) -> None:
    Document.objects.bulk_create(
        Document(
            kind="essai",
            parameters=CHOICES,
            project=cast.project,
            title=f"Commande {number}",
            ordered_fingerprint=f"{number}",
        )
        for number in range(60)
    )
    client, url = sign_in(cast.agnes), address("document_list", cast.project)
    first, second = soup_of(client.get(url)), soup_of(client.get(url, {"page": 2}))
    assert len(first.select("ul.plain > li")) == 50
    assert len(second.select("ul.plain > li")) == 11
    assert "Page 1 sur 2" in first.get_text()
    assert client.get(url, {"page": "zut"}).status_code == 200


def test_list_costs_the_same_for_one_order_and_for_thirty(
    ready: Document, cast: Cast, sign_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    client, url = sign_in(cast.agnes), address("document_list", cast.project)
    with_one = queries(lambda: client.get(url))
    for number in range(30):
        ready.pk, ready.ordered_by = None, cast.emile if number % 2 else cast.agnes
        ready._state.adding = True
        ready.save()
    assert queries(lambda: client.get(url)) == with_one <= 15


# --- Ordering -----------------------------------------------------------------------------------


def test_order_leads_to_its_page(cast: Cast, document: Document, sign_in: SignIn) -> None:
    url = address("document_order", cast.project, "essai")
    response = sign_in(cast.agnes).post(url, {"number": "7", "part": ["planning", "resume"]})
    latest = Document.objects.latest_first().first()
    assert latest is not None
    assert response["Location"] == address("document_detail", latest)
    assert latest.parameters == {"number": 7, "part": ["resume", "planning"], "is_draft": False}
    assert latest.ordered_by == cast.agnes


def test_choices_are_explained_once_above_them(
    cast: Cast, essai: Kind, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(essai.form, "hint", "Tout est imprimé.")
    url = address("document_order", cast.project, "essai")
    response = sign_in(cast.agnes).get(url)
    assert words_of(response).count("Tout est imprimé.") == 1
    page = soup_of(response)
    assert [legend.get_text(strip=True) for legend in page.select("legend.fw-semibold")] == [
        "Parties*"
    ]
    assert page.find("button", string="Imprimer") is not None


def test_address_fills_in_the_choices(cast: Cast, essai: Kind, sign_in: SignIn) -> None:
    url = address("document_order", cast.project, "essai")
    page = soup_of(sign_in(cast.agnes).get(f"{url}?number=13&part=planning&is_draft=False&autre=1"))
    assert page.select_one("#id_number")["value"] == "13"  # type: ignore[index]
    chosen = [box["value"] for box in page.select("input[name=part][checked]")]
    assert chosen == ["planning"]
    assert not page.select("input[name=is_draft][checked]")


def test_address_with_nonsense_shows_the_page_all_the_same(
    cast: Cast, essai: Kind, sign_in: SignIn
) -> None:
    url = address("document_order", cast.project, "essai")
    response = sign_in(cast.agnes).get(f"{url}?number=%22%3E&part=zut&is_draft=peut-etre")
    assert response.status_code == 200


def test_refused_order_keeps_what_was_typed_and_says_why(
    cast: Cast, essai: Kind, sign_in: SignIn
) -> None:
    url = address("document_order", cast.project, "essai")
    response = sign_in(cast.agnes).post(url, {"number": "douze", "part": ["planning"]})
    assert "Le document n’a pas été imprimé ; vos choix sont conservés." in words_of(response)
    page = soup_of(response)
    assert page.select_one("#id_number")["value"] == "douze"  # type: ignore[index]
    target = page.select_one(".alert a")["href"]  # type: ignore[index]
    assert page.select_one(str(target)) is not None


def test_paper_that_cannot_be_printed_says_why_on_the_page(
    cast: Cast, essai: Kind, sign_in: SignIn
) -> None:
    url = address("document_order", cast.project, "essai")
    response = sign_in(cast.agnes).post(url, {"number": "404", "part": ["planning"]})
    assert "L’essai n° 404 n’existe pas." in words_of(response)
    assert not Document.objects.exists()
