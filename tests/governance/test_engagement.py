"""Letters of engagement: one text, many organisations, what each of them answers."""

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from accounts.models import AccessLink
from documents import press, printing, tasks
from documents.enums import DocumentState
from documents.kinds import PaperRefused, kind_of
from documents.models import Document, PrintedFile
from documents.services import order_document
from governance.enums import EngagementState, LetterPart, SendingWay
from governance.exports.engagement import LETTER, LETTERS, file_name, letter_context, parameters_of
from governance.models import EngagementItem, EngagementLetter, EngagementRound
from governance.services.engagement import (
    add_item,
    add_letters,
    bring_back_items,
    move_item,
    remove_item,
    remove_letter,
    remove_round,
)
from governance.services.engagement_answers import refuse_letter, reopen_letter, sign_letter
from governance.services.engagement_sending import note_sent, remind_by_mail, send_by_mail
from governance.services.letters import prepare_letter
from governance.summaries.engagement import SOURCE_ITEMS, engagement_board, framed_items
from governance.summaries.letter_words import COMMITMENTS
from governance.writing import GovernanceRefused
from tests.cast import Cast
from tests.factories import unsigned
from tests.governance.engaged import a_partner, a_round, letters_of, mails, print_all

TWO = ("CCAS de Laguiole", "Habitat / Aubrac")


@pytest.fixture
def prints(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The press without its engine; what it was asked to print."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }
    asked: list[str] = []

    def print_pdf(html: str, **_: object) -> bytes:
        asked.append(html)
        return html.encode()

    monkeypatch.setattr(printing, "print_pdf", print_pdf)
    monkeypatch.setattr(printing, "page_count", lambda _: 1)
    monkeypatch.setattr(tasks.produce, "apply_async", lambda **_: None)
    return asked


# --- The text ------------------------------------------------------------------------------------


def test_batch_begins_with_the_seven_engagements_of_the_source(cast: Cast) -> None:
    items = EngagementItem.objects.filter(round=a_round(cast)).in_order()
    assert [(item.code, item.text) for item in items] == list(SOURCE_ITEMS)


def test_batch_takes_its_engagements_from_the_framing_letter(cast: Cast) -> None:
    assert framed_items(cast.project) == SOURCE_ITEMS
    letter = prepare_letter(project=cast.project, by=cast.agnes)
    with unsigned():
        section = letter.sections.get(part=LetterPart.COMMITMENTS)
        section.lines = f"{COMMITMENTS[1]}\nPrêter une salle"
        section.save()
    assert framed_items(cast.project) == (
        ("expertise", COMMITMENTS[1]),
        ("", "Prêter une salle"),
    )


def test_engagements_are_added_moved_removed_and_brought_back(cast: Cast) -> None:
    batch = a_round(cast)
    own = add_item(batch=batch, text="Former ses équipes", by=cast.agnes)
    move_item(item=own, up=True, by=cast.agnes)
    rows = EngagementItem.objects.filter(round=batch)
    assert list(rows.in_order())[6].text == "Former ses équipes"
    remove_item(item=rows.get(code="expertise"), by=cast.agnes)
    assert rows.count() == 7
    assert bring_back_items(batch=batch, by=cast.agnes) == 1
    assert list(rows.in_order())[-1].code == "expertise"


def test_last_engagement_stays(cast: Cast) -> None:
    batch = a_round(cast)
    *others, last = EngagementItem.objects.filter(round=batch).in_order()
    for item in others:
        remove_item(item=item, by=cast.agnes)
    with pytest.raises(GovernanceRefused, match="au moins un engagement"):
        remove_item(item=last, by=cast.agnes)


def test_nothing_is_reworded_once_a_letter_left(cast: Cast) -> None:
    batch = a_round(cast, *TWO)
    today = cast.aubrac.today()
    note_sent(batch=batch, numbers=[1], way=SendingWay.POST, on=today, by=cast.agnes)
    with pytest.raises(GovernanceRefused, match="déjà partie"):
        add_item(batch=batch, text="Former", by=cast.agnes)
    with pytest.raises(GovernanceRefused, match="déjà partie"):
        remove_round(batch=batch, by=cast.agnes)
    with pytest.raises(GovernanceRefused, match="reste dans l’envoi"):
        remove_letter(letter=letters_of(batch)[0], by=cast.agnes)
    # Others may still be written to, in the same words.
    assert add_letters(batch=batch, organisations=[a_partner(cast, "GEM")], by=cast.agnes) == 1


# --- The organisations ---------------------------------------------------------------------------


def test_letter_keeps_name_address_and_person_of_that_day(cast: Cast) -> None:
    batch = a_round(cast, TWO[0])
    organisation = letters_of(batch)[0].organisation
    assert organisation is not None
    organisation.name, organisation.town = "CIAS de l’Aubrac", "Aumont"
    organisation.save()
    (letter,) = letters_of(batch)
    assert letter.name == TWO[0]
    assert letter.address == "3 place de l’Église\n12210 Laguiole"
    assert letter.contact_name == "Zoé Puech, directrice"
    board = engagement_board([letter], shown=[letter], on=cast.aubrac.today())
    assert board.lines[0].directory_says == "Devenue «\u00a0CIAS de l’Aubrac\u00a0» dans l’annuaire"


def test_organisation_has_one_letter_however_often_it_is_chosen(cast: Cast) -> None:
    batch = a_round(cast, TWO[0])
    organisation = letters_of(batch)[0].organisation
    assert organisation is not None
    assert add_letters(batch=batch, organisations=[organisation], by=cast.agnes) == 0


# --- The archive ---------------------------------------------------------------------------------


def test_one_order_gives_one_pdf_each_in_one_archive(cast: Cast, prints: list[str]) -> None:
    batch = a_round(cast, *TWO, "ÉPSM : « Le Cèdre »")
    contents = print_all(batch)
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        assert archive.namelist() == [
            "001 CCAS de Laguiole.pdf",
            "002 Habitat - Aubrac.pdf",
            "003 ÉPSM - « Le Cèdre ».pdf",
        ]
        assert "3 place de l’Église" in archive.read("001 CCAS de Laguiole.pdf").decode()
    assert len(prints) == 3
    assert PrintedFile.objects.count() == 4


def test_same_letters_are_the_same_bytes(cast: Cast, prints: list[str]) -> None:
    batch = a_round(cast, *TWO)
    first = print_all(batch)
    PrintedFile.objects.filter(file__endswith=".zip").delete()
    assert print_all(batch) == first
    assert len(prints) == 2


def test_letter_ordered_alone_is_the_one_of_the_archive(cast: Cast, prints: list[str]) -> None:
    batch = a_round(cast, *TWO)
    print_all(batch)
    letter = letters_of(batch)[1]
    alone = press.obtain(kind_of(LETTER), cast.project, parameters_of(letter))
    assert not alone.is_new
    assert len(prints) == 2


def test_names_in_the_archive_are_safe_and_never_twice(cast: Cast) -> None:
    batch = EngagementRound()
    letter = EngagementLetter(round=batch, number=7, name="../..\\ CON:\u202e<a>?\n" + "é" * 200)
    name = file_name(letter)
    assert name.startswith("007 ")
    assert not set(name) & set('/\\:*?"<>|\n\u202e')
    assert len(name) < 100
    assert file_name(EngagementLetter(round=batch, number=8, name="//")) != name


def test_archive_says_how_many_letters_are_there(cast: Cast, prints: list[str]) -> None:
    batch = a_round(cast, *TWO)
    order = ordered(batch, cast)
    tasks.produce(order.pk)
    order.refresh_from_db()
    assert order.state == DocumentState.READY
    assert (order.parts_done, order.part_count) == (2, 2)
    assert order.printed_file is not None
    assert order.printed_file.format.media_type == "application/zip"


def test_archive_begun_again_prints_only_what_is_missing(
    cast: Cast, prints: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = a_round(cast, *TWO, "GEM")
    kept = press._keep

    def lost(*given: Any, **more: Any) -> PrintedFile:
        if len(prints) == 2:
            raise press.ClaimLost
        return kept(*given, **more)

    monkeypatch.setattr(press, "_keep", lost)
    order = ordered(batch, cast)
    tasks.produce(order.pk)
    order.refresh_from_db()
    assert order.state == DocumentState.RUNNING
    monkeypatch.setattr(press, "_keep", kept)
    Document.objects.filter(pk=order.pk).update(lease_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    tasks.produce(order.pk)
    order.refresh_from_db()
    assert order.state == DocumentState.READY
    # The first was kept before the loss; the second was being printed.
    assert len(prints) == 4


def test_batch_without_letters_is_refused_with_what_to_do(cast: Cast) -> None:
    batch = a_round(cast)
    with pytest.raises(PaperRefused, match="choisissez d’abord les organisations"):
        ordered(batch, cast)


@pytest.mark.parametrize("chosen", ["", "1", "1-99", "a-b", "1-1-1", "²-1"])
def test_letter_that_is_not_there_is_refused(cast: Cast, chosen: str) -> None:
    a_round(cast, TWO[0])
    with pytest.raises(PaperRefused, match="n’existe pas"):
        letter_context(cast.project, {"lettre": chosen})


def test_archive_is_asked_in_few_queries(cast: Cast, django_assert_max_num_queries: object) -> None:
    batch = a_round(cast, *(f"Structure {number}" for number in range(30)))
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        kind_of(LETTERS).context(cast.project, {"envoi": str(batch.number)})


def ordered(batch: EngagementRound, cast: Cast) -> Document:
    return order_document(
        kind=kind_of(LETTERS),
        project=cast.project,
        parameters={"envoi": str(batch.number)},
        by=cast.agnes,
    )


# --- They leave ----------------------------------------------------------------------------------


def test_letters_leave_by_mail_with_a_link_to_what_was_printed(
    cast: Cast, prints: list[str]
) -> None:
    batch = a_round(cast, *TWO)
    print_all(batch)
    assert send_by_mail(batch=batch, numbers=[1, 2], by=cast.agnes) == 2
    letter = letters_of(batch)[0]
    assert (letter.state, letter.sent_by_way) == (EngagementState.SENT, SendingWay.MAIL)
    assert letter.printed is not None
    first = mails()[0]
    assert first.to == "contact@exemple.fr"
    assert first.reply_to == cast.agnes.email
    assert "Aubrac" in first.subject
    assert "/lettre-d-engagement/" in first.body
    assert "None" not in first.body


def test_letter_that_is_not_printed_does_not_leave(cast: Cast, prints: list[str]) -> None:
    batch = a_round(cast, *TWO)
    with pytest.raises(GovernanceRefused, match="pas encore imprimées"):
        send_by_mail(batch=batch, numbers=[1, 2], by=cast.agnes)
    assert mails() == []


def test_sent_twice_from_one_page_leaves_once(cast: Cast, prints: list[str]) -> None:
    batch = a_round(cast, *TWO)
    print_all(batch)
    for _ in range(2):
        send_by_mail(batch=batch, numbers=[1, 2], by=cast.agnes, token="une-page")
    assert len(mails()) == 2


def test_silent_ones_are_reminded_once_a_day_with_a_new_link(cast: Cast, prints: list[str]) -> None:
    batch = a_round(cast, *TWO)
    print_all(batch)
    send_by_mail(batch=batch, numbers=[1, 2], by=cast.agnes)
    today = cast.aubrac.today()
    refuse_letter(letter=letters_of(batch)[1], on=today, reason="Plus tard", by=cast.agnes)
    assert remind_by_mail(batch=batch, numbers=[1, 2], by=cast.agnes) == 1
    with pytest.raises(GovernanceRefused, match="Personne n’est à relancer"):
        remind_by_mail(batch=batch, numbers=[1, 2], by=cast.agnes)
    assert mails()[-1].subject.startswith("Rappel")
    # Each mail has its link; the answered one and the former one open nothing any more.
    assert AccessLink.objects.usable().count() == 1


# --- They come back ------------------------------------------------------------------------------


def sent(cast: Cast) -> EngagementLetter:
    batch = a_round(cast, TWO[0])
    today = cast.aubrac.today()
    note_sent(batch=batch, numbers=[1], way=SendingWay.HAND, on=today, by=cast.agnes)
    return letters_of(batch)[0]


def test_signed_letter_keeps_its_scan(cast: Cast) -> None:
    scan = SimpleUploadedFile("signée.pdf", b"%PDF-1.7\n%%EOF\n", "application/pdf")
    letter = sent(cast)
    today = cast.aubrac.today()
    sign_letter(letter=letter, on=today, signed_by="Zoé Puech", scan=scan, by=cast.agnes)
    letter.refresh_from_db()
    assert letter.is_signed
    assert letter.scan is not None
    reopen_letter(letter=letter, by=cast.agnes)
    letter.refresh_from_db()
    assert letter.is_silent
    assert letter.scan is None


def test_answers_have_plausible_dates_and_come_once(cast: Cast) -> None:
    letter, today = sent(cast), cast.aubrac.today()
    for on, said in ((dt.timedelta(1), "à venir"), (dt.timedelta(-1), "précéder")):
        with pytest.raises(GovernanceRefused, match=said):
            refuse_letter(letter=letter, on=today + on, reason="Non", by=cast.agnes)
    refuse_letter(letter=letter, on=today, reason="Non", by=cast.agnes)
    with pytest.raises(GovernanceRefused, match="déjà notée"):
        sign_letter(letter=letter, on=today, signed_by="", scan=None, by=cast.agnes)


def test_letter_that_did_not_leave_is_not_answered(cast: Cast) -> None:
    (letter,) = letters_of(a_round(cast, TWO[0]))
    with pytest.raises(GovernanceRefused, match="pas encore partie"):
        sign_letter(letter=letter, on=cast.aubrac.today(), signed_by="", scan=None, by=cast.agnes)


def test_board_counts_states_and_tells_lateness(cast: Cast) -> None:
    letter = sent(cast)
    with unsigned():
        letter.round.answer_by = letter.round.dated_on
        letter.round.save()
    after = letter.round.dated_on + dt.timedelta(days=12)
    board = engagement_board([letter], shown=[letter], on=after)
    assert board.label == "1\u00a0lettre, aucune signée"
    assert board.late == 1
    assert "en retard de 12\u00a0jours" in board.lines[0].told
