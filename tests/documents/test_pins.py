"""The « livret en vigueur »: first link of who may read it, and of who holds a link."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import LinkPurpose
from accounts.models import AccessLink, User
from accounts.services import make_link
from documents.enums import DocumentState, Standing
from documents.models import Document, Pin, PinLink, PrintedFile
from documents.press.composing import stated_on
from documents.services.pins import (
    PinRefused,
    address_of,
    make_pin_link,
    pin_document,
    revoke_pin_link,
    unpin,
)
from journal.models import ChangeSet
from tests.cast import Cast
from tests.press.pages import words_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
UNKNOWN = "/livret-en-vigueur/lien-inconnu/"


@pytest.fixture
def make_booklet(cast: Cast, files: Path) -> Callable[..., Document]:
    def make(title: str, *, kind: str = "livret", standing: str = Standing.OFFICIAL) -> Document:
        printed = PrintedFile.objects.create(
            fingerprint=(title.encode().hex() * 9)[:64],
            file=ContentFile(f"%PDF {title}".encode(), name=f"{len(title)}.pdf"),
            size=310_000,
            page_count=25,
            stated_on=dt.date(2026, 3, 3),
        )
        return Document.objects.create(
            project=cast.project,
            kind=kind,
            title=title,
            standing=standing,
            ordered_fingerprint=printed.fingerprint,
            ordered_by=cast.agnes,
            state=DocumentState.READY,
            printed_file=printed,
        )

    return make


@pytest.fixture
def booklet(make_booklet: Callable[..., Document]) -> Document:
    return make_booklet("Livret de l’Aubrac")


@pytest.fixture
def pinned(booklet: Document, cast: Cast) -> Document:
    pin_document(document=booklet, seen="", by=cast.agnes)
    return booklet


@pytest.fixture
def pin_link(cast: Cast) -> PinLink:
    return make_pin_link(
        project=cast.project,
        meant_for="Élus",
        valid_for=dt.timedelta(days=30),
        by=cast.agnes,
        token="jeton",
    )


def secret_path(pin_link: PinLink) -> str:
    return "/livret/" + address_of(pin_link).rpartition("/livret/")[2]


def came_by(client: Client, pin_link: PinLink) -> Any:
    """The page behind the link."""
    return client.get(secret_path(pin_link), follow=True)


def first_link(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    main = page[page.index("<main") :]
    return main[main.index("<a ") :].split("</a>")[0]


# --- Put in force, changed, taken away ----------------------------------------------------------


def test_it_is_confirmed_then_it_is_the_first_link_of_home_and_territory(
    booklet: Document, cast: Cast, sign_in: SignIn
) -> None:
    lead = sign_in(cast.agnes)
    address = reverse("documents:document_pin", args=[booklet.pk])
    assert address in lead.get(reverse("documents:document_detail", args=[booklet.pk])).text
    asked = words_of(lead.get(address))
    assert "Mettre ce livret en vigueur ?" in asked
    assert "État officiel, au 3 mars 2026" in asked
    assert not Pin.objects.exists()
    done = lead.post(address, {"seen": ""}, follow=True)
    assert "« Livret de l’Aubrac » est le livret en vigueur." in words_of(done)
    for page in (reverse("overview:home"), "/territoires/aubrac/"):
        for name in ("agnes", "bruno", "gael", "denis"):
            assert "Livret de l’Aubrac" in first_link(sign_in(cast.named(name)), page), (page, name)
    told = words_of(sign_in(cast.bruno).get(reverse("overview:home")))
    assert "PDF, 25 pages, 310 Ko · état au 3 mars 2026 · en vigueur depuis le" in told
    words = ChangeSet.objects.latest("pk").words.replace("\u00a0", " ")
    assert words == "a mis en vigueur « Livret de l’Aubrac »"


def test_the_present_state_is_shown_to_its_readers_alone(
    make_booklet: Callable[..., Document], cast: Cast, sign_in: SignIn
) -> None:
    present = make_booklet("État courant", standing=Standing.PRESENT)
    address = reverse("documents:document_pin", args=[present.pk])
    assert "ni les invités ni les lecteurs nationaux" in words_of(sign_in(cast.agnes).get(address))
    pin_document(document=present, seen="", by=cast.agnes)
    for name, reads in (("bruno", True), ("gael", False), ("denis", False)):
        for page in (reverse("overview:home"), "/territoires/aubrac/"):
            assert ("État courant" in sign_in(cast.named(name)).get(page).text) == reads, name


def test_a_frozen_state_is_shown_to_national_readers_and_not_to_guests(
    make_booklet: Callable[..., Document], cast: Cast, sign_in: SignIn
) -> None:
    frozen = make_booklet("Revue T3", standing=Standing.FROZEN)
    pin_document(document=frozen, seen="", by=cast.agnes)
    assert "Revue T3" in sign_in(cast.denis).get("/territoires/aubrac/").text
    assert "Revue T3" not in sign_in(cast.gael).get("/territoires/aubrac/").text


def test_two_leads_never_put_one_over_the_other_unseen(
    pinned: Document, make_booklet: Callable[..., Document], cast: Cast
) -> None:
    other = make_booklet("Autre livret")
    with pytest.raises(PinRefused, match="a changé pendant que vous lisiez"):
        pin_document(document=other, seen="", by=cast.emile)
    pin_document(document=other, seen=str(pinned.pk), by=cast.emile)
    assert Pin.objects.get().document == other
    with pytest.raises(PinRefused, match="a changé"):
        unpin(project=cast.project, seen=str(pinned.pk), by=cast.agnes)
    unpin(project=cast.project, seen=str(other.pk), by=cast.agnes)
    assert Pin.objects.get().document is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kind": "synthese"}, "Seul un livret"),
        ({"kind": "inconnu"}, "Seul un livret"),
        ({"parameters": {"reader": 1}}, "Seul un livret"),
        ({"state": DocumentState.ORDERED, "printed_file": None}, "pas encore imprimé"),
    ],
)
def test_only_a_booklet_that_is_there_is_put_in_force(
    change: dict[str, Any], why: str, booklet: Document, cast: Cast
) -> None:
    Document.objects.filter(pk=booklet.pk).update(**change)
    booklet.refresh_from_db()
    with pytest.raises(PinRefused, match=why):
        pin_document(document=booklet, seen="", by=cast.agnes)
    assert not Pin.objects.exists()


def test_the_page_of_the_one_in_force_unpins_it(
    pinned: Document, cast: Cast, sign_in: SignIn
) -> None:
    lead = sign_in(cast.agnes)
    page = lead.get(reverse("documents:pin_detail", args=[cast.project.pk]))
    assert "Livret de l’Aubrac" in words_of(page)
    address = reverse("documents:pin_remove", args=[cast.project.pk])
    assert "Ne plus avoir de livret en vigueur ?" in words_of(lead.get(address))
    done = lead.post(address, {"seen": str(pinned.pk)}, follow=True)
    assert "Plus aucun livret n’est en vigueur" in words_of(done)
    assert "Livret de l’Aubrac" not in sign_in(cast.bruno).get(reverse("overview:home")).text
    assert Document.objects.filter(pk=pinned.pk).exists()


# --- Links for people without an account --------------------------------------------------------


def test_a_link_is_made_copied_opened_counted_and_revoked(
    pinned: Document, cast: Cast, sign_in: SignIn
) -> None:
    lead = sign_in(cast.agnes)
    add = reverse("documents:pin_link_add", args=[cast.project.pk])
    page = lead.post(add, {"meant_for": "Site de l’hôpital", "days": "92", "token": "a"})
    assert page.status_code == 302
    lead.post(add, {"meant_for": "Site de l’hôpital", "days": "92", "token": "a"})
    made = PinLink.objects.with_place().get()
    address = address_of(made)
    assert address.endswith("/")
    shown = lead.get(reverse("documents:pin_detail", args=[cast.project.pk])).text
    assert address in shown
    assert address.rsplit("/", 2)[1] not in str(list(AccessLink.objects.values()))

    stranger = Client()
    opened = stranger.get(secret_path(made))
    assert (opened.status_code, opened["Referrer-Policy"]) == (303, "no-referrer")
    read = stranger.get(opened["Location"])
    told = words_of(read)
    for words in ("Aubrac", "Livret de l’Aubrac", "État au 3 mars 2026", "PDF, 25 pages, 310 Ko"):
        assert words in told
    assert AccessLink.objects.get().uses == 0
    sent = stranger.get(f"{opened['Location']}fichier/")
    assert sent.getvalue().startswith(b"%PDF")
    assert "livret-de-l-aubrac.pdf" in sent["Content-Disposition"]
    assert AccessLink.objects.get().uses == 1

    gone = lead.post(reverse("documents:pin_link_revoke", args=[made.pk]), follow=True)
    assert "n’ouvre plus rien" in words_of(gone)
    closed = came_by(Client(), made)
    assert closed.status_code == 410
    assert "Ce lien a été retiré" in words_of(closed)
    assert "Livret de l’Aubrac" not in words_of(closed)
    assert stranger.get(f"{opened['Location']}fichier/").status_code == 302
    assert AccessLink.objects.get().uses == 1
    assert not revoke_pin_link(pin_link=made, by=cast.agnes)


def test_an_expired_link_says_so(pinned: Document, pin_link: PinLink) -> None:
    AccessLink.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    closed = came_by(Client(), pin_link)
    assert closed.status_code == 410
    assert "Ce lien a expiré" in words_of(closed)


def test_scanners_consume_nothing(pinned: Document, pin_link: PinLink) -> None:
    for _ in range(5):
        assert Client().get(secret_path(pin_link)).status_code == 303
        assert Client().head(secret_path(pin_link)).status_code == 303
    assert AccessLink.objects.get().uses == 0
    assert came_by(Client(), pin_link).status_code == 200


def test_a_link_gives_what_is_in_force_that_day(
    pinned: Document, pin_link: PinLink, make_booklet: Callable[..., Document], cast: Cast
) -> None:
    pin_document(document=make_booklet("Neuf"), seen=str(pinned.pk), by=cast.agnes)
    assert "Neuf" in words_of(came_by(Client(), pin_link))
    unpin(project=cast.project, seen=str(Pin.objects.get().document_id), by=cast.agnes)
    page = came_by(Client(), pin_link)
    assert page.status_code == 200
    assert "Aucun livret n’est en vigueur" in words_of(page)


def test_a_lost_file_is_told_to_each(
    pinned: Document, pin_link: PinLink, cast: Cast, sign_in: SignIn
) -> None:
    printed = PrintedFile.objects.get()
    printed.file.storage.delete(str(printed.file.name))
    client = Client()
    page = came_by(client, pin_link)
    assert "momentanément indisponible" in words_of(page)
    path = page.redirect_chain[-1][0]
    assert client.get(f"{path}fichier/")["Location"] == path
    assert AccessLink.objects.get().uses == 0
    lead = sign_in(cast.agnes)
    told = words_of(lead.get(reverse("documents:pin_detail", args=[cast.project.pk])))
    assert "n’est plus disponible" in told
    # The members' link leads to the page that says so, and prints it again.
    answer = lead.get(reverse("documents:document_file", args=[pinned.pk]), follow=True)
    assert "Imprimer à nouveau" in words_of(answer)


def test_an_order_printed_again_breaks_no_page(
    pinned: Document, pin_link: PinLink, cast: Cast, sign_in: SignIn
) -> None:
    Document.objects.filter(pk=pinned.pk).update(state=DocumentState.ORDERED, printed_file=None)
    assert "momentanément indisponible" in words_of(came_by(Client(), pin_link))
    for name in ("agnes", "bruno", "denis"):
        client = sign_in(cast.named(name))
        for page in (reverse("overview:home"), "/territoires/aubrac/"):
            assert client.get(page).status_code == 200
    lead = sign_in(cast.agnes)
    assert lead.get(reverse("documents:pin_detail", args=[cast.project.pk])).status_code == 200
    assert lead.get(reverse("documents:document_list", args=[cast.project.pk])).status_code == 200


@pytest.mark.parametrize("path", ["{}", "{}fichier/"])
def test_an_address_without_its_cookie_opens_nothing(
    path: str, pinned: Document, pin_link: PinLink
) -> None:
    page = reverse("documents:booklet_read", args=[pin_link.pk])
    answer = Client().get(path.format(page))
    assert (answer.status_code, answer["Location"]) == (303, UNKNOWN)


def test_the_cookie_of_one_link_opens_no_other(
    pinned: Document, pin_link: PinLink, cast: Cast
) -> None:
    other = make_pin_link(
        project=cast.elsewhere, meant_for="x", valid_for=dt.timedelta(days=9), by=cast.chloe
    )
    client = Client()
    came_by(client, pin_link)
    client.cookies["livret"]["path"] = "/"
    answer = client.get(reverse("documents:booklet_read", args=[other.pk]))
    assert answer["Location"] == UNKNOWN


def test_an_altered_or_guessed_link_is_not_recognised(pinned: Document, pin_link: PinLink) -> None:
    for token in (secret_path(pin_link)[8:-1] + "x", "a", "é%00", "0" * 400):
        answer = Client().get(f"/livret/{token}/", follow=True)
        assert "Ce lien n’est pas reconnu" in words_of(answer), token


def test_a_secret_of_another_purpose_opens_nothing(pinned: Document) -> None:
    _, token = make_link(purpose=LinkPurpose.REVIEW, valid_for=dt.timedelta(days=1))
    assert Client().get(f"/livret/{token}/")["Location"] == UNKNOWN


def test_when_the_key_of_the_site_changes_the_link_still_opens(
    pinned: Document, pin_link: PinLink, cast: Cast, sign_in: SignIn, settings: Any
) -> None:
    path = secret_path(pin_link)
    settings.SECRET_KEY = "une autre clé, assez longue pour être acceptée par tout le monde"
    assert address_of(pin_link) == ""
    assert "Aubrac" in words_of(Client().get(path, follow=True))
    page = sign_in(cast.agnes).get(reverse("documents:pin_detail", args=[cast.project.pk]))
    assert "ne peut plus être montrée" in words_of(page)


def test_what_is_typed_badly_is_said_and_nothing_is_made(cast: Cast, sign_in: SignIn) -> None:
    lead = sign_in(cast.agnes)
    add = reverse("documents:pin_link_add", args=[cast.project.pk])
    for typed, why in (
        ({"meant_for": " ", "days": "30"}, "Dites pour qui est ce lien"),
        ({"meant_for": "x" * 101, "days": "30"}, "100 caractères"),
        ({"meant_for": "Élus", "days": "100000"}, "Choisissez une des durées"),
    ):
        assert why in words_of(lead.post(add, typed)), typed
    assert not PinLink.objects.exists()


def test_pages_cost_the_same_whatever_the_links(
    pinned: Document, cast: Cast, sign_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    lead = sign_in(cast.agnes)
    page = reverse("documents:pin_detail", args=[cast.project.pk])
    for rank in range(8):
        make_pin_link(
            project=cast.project,
            meant_for=f"Groupe {rank}",
            valid_for=dt.timedelta(days=9),
            by=cast.agnes,
        )
    assert queries(lambda: lead.get(page)) <= 12


def test_the_history_tells_each_gesture_and_offers_no_undo(
    pinned: Document, pin_link: PinLink, cast: Cast, sign_in: SignIn
) -> None:
    revoke_pin_link(pin_link=pin_link, by=cast.agnes)
    unpin(project=cast.project, seen=str(pinned.pk), by=cast.agnes)
    client = sign_in(cast.agnes)
    page = client.get(reverse("roadmap:project_history", args=[cast.project.pk]))
    told = words_of(page)
    for words in (
        "a mis en vigueur « Livret de l’Aubrac »",
        "a fait un lien vers le livret en vigueur, pour « Élus »",
        "a retiré le lien vers le livret pour « Élus »",
        "a retiré le livret en vigueur, « Livret de l’Aubrac »",
    ):
        assert words in told
    assert "gesture-undo" not in page.text
    for gesture in ChangeSet.objects.of(cast.project.scope):
        detail = client.get(reverse("roadmap:gesture_detail", args=[gesture.pk]))
        assert detail.status_code == 200
        assert AccessLink.objects.get().token_hash not in detail.text


def test_the_day_of_a_paper_is_the_one_it_says(pinned: Document, pin_link: PinLink) -> None:
    assert stated_on('<meta name="dcterms.modified" content="2026-03-03">') == dt.date(2026, 3, 3)
    assert stated_on('<meta name="dcterms.modified" content="2026-03-99">') is None
    assert stated_on("") is None
    # Printed before that was kept.
    PrintedFile.objects.update(stated_on=None)
    assert "Imprimé le" in words_of(came_by(Client(), pin_link))
