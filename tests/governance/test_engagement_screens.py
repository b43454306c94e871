"""The screens of the letters of engagement: what each says, refuses, and costs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.enums import LinkPurpose
from accounts.models import AccessLink, User
from documents import printing, tasks
from documents.models import Attachment, Document
from governance.enums import SendingWay
from governance.models import EngagementItem, EngagementLetter, EngagementRound
from governance.services.engagement_sending import note_sent
from tests.cast import Cast
from tests.factories import unsigned
from tests.governance.engaged import a_partner, a_round, letters_of, mails, print_all

SignIn = Callable[[User | None], Client]
TWO = ("CCAS de Laguiole", "Habitat Aubrac")


@pytest.fixture
def lead(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.agnes)


@pytest.fixture
def press(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The press without its engine, its files in a folder of their own."""
    storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "files")},
    }
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    monkeypatch.setattr(printing, "print_pdf", lambda html, **_: b"%PDF" + html.encode())
    monkeypatch.setattr(printing, "page_count", lambda _: 1)
    monkeypatch.setattr(tasks.produce, "apply_async", lambda **_: None)


def page(client: Client, name: str, *args: object, **query: Any) -> str:
    answer = client.get(reverse(f"governance:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, door: str, /, *args: object, **typed: Any) -> str:
    answer: Any = client.post(reverse(f"governance:{door}", args=args), typed, follow=True)
    return str(answer.content.decode())


def test_empty_page_says_what_to_do_first(cast: Cast, lead: Client) -> None:
    assert "Préparer le premier envoi" in page(lead, "engagement_list", cast.project.pk)


def test_batch_is_made_once_however_often_it_is_sent(cast: Cast, lead: Client) -> None:
    for _ in range(2):
        post(lead, "engagement_add", cast.project.pk, name="Lettres 2027", token="une-page")
    batch = EngagementRound.objects.get()
    assert "S’impliquer dans la réalisation" in page(lead, "engagement_words", batch.pk)


def test_organisations_are_offered_by_category_and_ticked(cast: Cast, lead: Client) -> None:
    batch = a_round(cast)
    one = a_partner(cast, TWO[0])
    a_partner(cast, TWO[1])
    said = page(lead, "engagement_choose", batch.pk)
    assert "Toute la catégorie" in said
    refused = post(lead, "engagement_choose", batch.pk)
    assert "Cochez au moins une organisation." in refused
    assert "1\u00a0lettre ajoutée" in post(
        lead, "engagement_choose", batch.pk, organisations=[one.pk]
    )
    assert page(lead, "engagement_choose", batch.pk).count('name="organisations"') == 1


def test_organisation_of_another_territory_is_refused(cast: Cast, lead: Client) -> None:
    batch = a_round(cast)
    stranger = a_partner(cast, "Ailleurs")
    stranger.territory = cast.elsewhere.territory
    stranger.save()
    a_partner(cast, TWO[0])
    said = post(lead, "engagement_choose", batch.pk, organisations=[stranger.pk])
    assert "n’est plus dans l’annuaire de ce territoire" in said


def test_engagement_reworded_by_two_people_asks_which(cast: Cast, lead: Client) -> None:
    batch = a_round(cast)
    item = EngagementItem.objects.filter(round=batch).in_order()[0]
    cast.project.refresh_from_db()
    drawn_at = cast.project.revision
    post(lead, "engagement_item_edit", batch.pk, item.pk, text="Ma façon", revision=drawn_at)
    said = post(
        lead, "engagement_item_edit", batch.pk, item.pk, text="La mienne", revision=drawn_at
    )
    assert "Un autre texte a été enregistré ici" in said
    assert "Ma façon" in said
    assert "La mienne" in said
    item.refresh_from_db()
    assert item.text == "Ma façon"


def test_words_are_written_and_a_date_too_early_is_refused(cast: Cast, lead: Client) -> None:
    batch = a_round(cast)
    typed = {
        "name": batch.name,
        "heading": "Objet",
        "intro": "Bonjour",
        "lead_in": "s’engage à",
        "dated_on": "2026-11-20",
        "answer_by": "2026-11-01",
    }
    said = post(lead, "engagement_words", batch.pk, **typed)
    assert "avant la date des lettres" in said
    post(lead, "engagement_words", batch.pk, **typed | {"answer_by": "2026-12-20"})
    batch.refresh_from_db()
    assert batch.intro == "Bonjour"


def test_all_letters_are_ordered_by_one_button(cast: Cast, lead: Client, press: None) -> None:
    batch = a_round(cast, *TWO)
    said = post(lead, "engagement_print", batch.pk)
    assert "La demande est enregistrée" in said
    tasks.produce(Document.objects.get().pk)
    order = Document.objects.get()
    said = lead.get(reverse("documents:document_detail", args=[order.pk])).content.decode()
    assert "Télécharger l’archive" in said
    assert "2\u00a0documents, un PDF pour chacun" in said
    answer: Any = lead.get(reverse("documents:document_file", args=[order.pk]))
    answer.close()
    assert answer["Content-Type"] == "application/zip"
    assert ".zip" in answer["Content-Disposition"]


def test_nothing_leaves_before_it_was_read(cast: Cast, lead: Client, press: None) -> None:
    batch = a_round(cast, *TWO)
    assert "ne sont pas encore imprimées" in page(lead, "engagement_send", batch.pk)
    print_all(batch)
    said = page(lead, "engagement_send", batch.pk, lettre="1")
    assert "1\u00a0courriel partira" in said
    assert "Voici la lettre d’engagement de CCAS de Laguiole" in said
    assert mails() == []
    assert "1\u00a0lettre envoyée par courriel." in post(
        lead, "engagement_send", batch.pk, lettre="1"
    )
    assert len(mails()) == 1


def test_link_of_the_mail_opens_the_letter_without_an_account(
    cast: Cast, lead: Client, press: None, client: Client
) -> None:
    batch = a_round(cast, TWO[0])
    print_all(batch)
    post(lead, "engagement_send", batch.pk, lettre="1")
    path = next(line for line in mails()[0].body.splitlines() if "/lettre-d-engagement/" in line)
    path = "/" + path.split("/", 3)[3]
    door = client.get(path)
    assert (door.status_code, door["Referrer-Policy"]) == (303, "no-referrer")
    clean = door["Location"]
    assert path.split("/")[-2] not in clean
    assert "CCAS de Laguiole" in client.get(clean).content.decode()
    kept: Any = client.get(f"{clean}fichier/")
    assert kept["Content-Type"] == "application/pdf"
    assert b"".join(kept.streaming_content)
    assert AccessLink.objects.get(purpose=LinkPurpose.ENGAGEMENT).uses == 1
    # Without the cookie of the link, or once it opens nothing any more.
    assert Client().get(clean).status_code == 303
    with unsigned():
        EngagementLetter.objects.update(link=None)
    assert "n’ouvre plus rien" in client.get(clean, follow=True).content.decode()
    assert "n’ouvre plus rien" in client.get(path, follow=True).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["/lettre-d-engagement/", "/convocation/", "/agenda/"])
def test_secrets_that_nobody_made_are_soon_answered_no_more(client: Client, before: str) -> None:
    answers = [client.get(f"{before}faux-{number}/").status_code for number in range(32)]
    assert answers[-1] == 429
    assert 429 not in answers[:29]


def left(cast: Cast) -> EngagementLetter:
    batch = a_round(cast, TWO[0])
    today = cast.aubrac.today()
    note_sent(batch=batch, numbers=[1], way=SendingWay.POST, on=today, by=cast.agnes)
    return letters_of(batch)[0]


@pytest.mark.parametrize(
    ("name", "contents", "said"),
    [
        ("lettre.pdf", b"<html>", "lettre.pdf"),
        ("lettre.pdf", b"", "lettre.pdf"),
        ("lettre.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40, "lettre.png"),
        ("lettre.pdf", b"%PDF-1.7" + b"0" * 10_000_001, "dépasse 10\u00a0Mo"),
    ],
)
def test_scan_that_is_no_pdf_is_refused_before_anything_is_kept(
    cast: Cast, lead: Client, name: str, contents: bytes, said: str
) -> None:
    letter = left(cast)
    scan = SimpleUploadedFile(name, contents)
    on = cast.aubrac.today().isoformat()
    answer = post(lead, "engagement_sign", letter.pk, on=on, scan=scan)
    assert "Erreur" in answer
    assert said in answer
    assert Attachment.objects.count() == 0
    letter.refresh_from_db()
    assert letter.is_silent


def test_refusal_without_a_reason_is_asked_for_one(cast: Cast, lead: Client) -> None:
    letter = left(cast)
    on = cast.aubrac.today().isoformat()
    assert "Dites pourquoi" in post(lead, "engagement_refuse", letter.pk, on=on, reason="")
    assert "noté" in post(lead, "engagement_refuse", letter.pk, on=on, reason="Trop tôt")


def test_readers_see_the_board_without_addresses_nor_buttons(cast: Cast, sign_in: SignIn) -> None:
    letter = left(cast)
    reader = sign_in(cast.bruno)
    said = page(reader, "engagement_detail", letter.round_id)
    assert TWO[0] in said
    assert "Relancer" not in said
    assert "contact@exemple.fr" not in page(reader, "engagement_letter", letter.pk)


def test_board_is_filtered_and_exported_as_seen(cast: Cast, lead: Client) -> None:
    batch = a_round(cast, *TWO)
    said = page(lead, "engagement_detail", batch.pk, mots="habitat", etat="a_envoyer")
    assert "1\u00a0lettre sur 2" in said
    assert "ce filtre n’existe pas" in page(lead, "engagement_detail", batch.pk, etat="perdue")
    answer = lead.get(reverse("governance:engagement_export", args=[batch.pk]), {"mots": "habitat"})
    assert answer.content.startswith(b"PK")


def test_board_costs_the_same_whatever_the_number_of_letters(
    cast: Cast, lead: Client, django_assert_max_num_queries: Any
) -> None:
    batch = a_round(cast, *(f"Structure {number}" for number in range(40)))
    for name in ("engagement_detail", "engagement_send", "engagement_choose"):
        with django_assert_max_num_queries(15):
            page(lead, name, batch.pk)
