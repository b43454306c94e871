"""One paper in several formats: ordered, known, kept, given and said apart."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from documents import kinds, tasks
from documents.enums import Format, Standing, format_of_name
from documents.kinds import Kind, PaperRefused
from documents.models import Document, PrintedFile
from documents.press import fingerprint_of
from documents.services import order_document, print_now
from documents.workbooks import Cell, ColumnShape, SheetShape, Workbook
from tests.cast import Cast
from tests.documents.conftest import FakeBroker, FakePress
from tests.factories import ProjectFactory
from tests.press.kinds import CHOICES

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]
ALL = (Format.PDF, Format.WORD, Format.EXCEL)
TYPED = {"number": "1", "part": ["resume", "planning"]}


def book(_: Any, parameters: Any) -> Workbook:
    sheet = SheetShape("Essai", [ColumnShape("Numéro")], [[Cell(parameters["number"], "number")]])
    return Workbook("Essai", dt.datetime(2026, 11, 22, tzinfo=dt.UTC), [sheet])


@pytest.fixture
def paper(essai: Kind, monkeypatch: pytest.MonkeyPatch, fake_press: FakePress) -> Kind:
    """« essai », also in Word and in Excel."""
    made = replace(essai, workbook=book, formats=ALL)
    monkeypatch.setattr(kinds, "_KINDS", {made.code: made})
    return made


@pytest.fixture
def in_word(paper: Kind, cast: Cast, broker: FakeBroker) -> Document:
    """Ordered in Word by Agnès, and written."""
    document = order_document(
        kind=paper, project=cast.project, parameters=CHOICES, by=cast.agnes, asked=Format.WORD
    )
    tasks.produce(document.pk)
    document.refresh_from_db()
    return document


# --- What a kind has ---


def test_a_kind_has_what_it_is_made_of(essai: Kind) -> None:
    assert essai.offered_formats == (Format.PDF,)
    assert replace(essai, workbook=book).offered_formats == (Format.PDF, Format.EXCEL)
    assert replace(essai, template="", workbook=book).offered_formats == (Format.EXCEL,)


def test_a_format_that_it_has_not_is_refused(essai: Kind) -> None:
    with pytest.raises(PaperRefused, match="n’existe pas en Excel, seulement en PDF"):
        essai.format_asked(Format.EXCEL)


def test_formats_are_known_by_the_name_of_a_file() -> None:
    names = ("a.pdf", "b.DOCX", "c.d.xlsx", "sans", "autre.odt")
    assert [format_of_name(name) for name in names] == [*ALL, None, None]


# --- Orders ---


def test_each_format_is_another_file(paper: Kind, cast: Cast) -> None:
    known = {asked: fingerprint_of(paper, cast.project, CHOICES, asked=asked) for asked in ALL}
    assert len(set(known.values())) == len(ALL)
    assert known[Format.PDF] == fingerprint_of(paper, cast.project, CHOICES)
    printed = [
        print_now(kind=paper, project=cast.project, parameters=CHOICES, asked=asked).file
        for asked in ALL
    ]
    assert [one.format for one in printed] == list(ALL)
    assert [one.page_count for one in printed] == [2, None, None]


def test_pdf_is_known_as_it_was_whatever_else_is_offered(
    essai: Kind, paper: Kind, cast: Cast
) -> None:
    assert fingerprint_of(essai, cast.project, CHOICES) == fingerprint_of(
        paper, cast.project, CHOICES
    )


def test_a_worker_writes_what_was_ordered(in_word: Document, fake_press: FakePress) -> None:
    assert in_word.is_ready
    assert in_word.printed_file is not None
    assert in_word.printed_file.format == Format.WORD
    assert fake_press.prints == 0
    with zipfile.ZipFile(io.BytesIO(in_word.printed_file.read())) as file:
        assert "word/document.xml" in file.namelist()


def test_a_double_click_is_one_order_and_another_format_is_another(
    paper: Kind, cast: Cast, broker: FakeBroker
) -> None:
    orders = [
        order_document(
            kind=paper, project=cast.project, parameters=CHOICES, by=cast.agnes, asked=asked
        ).pk
        for asked in (None, Format.PDF, Format.WORD, Format.WORD)
    ]
    assert orders[0] == orders[1] != orders[2] == orders[3]


def test_a_frozen_state_keeps_one_file_of_each_format(
    paper: Kind, cast: Cast, broker: FakeBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen = replace(paper, standing=lambda _project, _parameters: Standing.FROZEN)
    monkeypatch.setattr(kinds, "_KINDS", {frozen.code: frozen})

    def order(asked: Format) -> Document:
        document = order_document(
            kind=frozen, project=cast.project, parameters=CHOICES, by=cast.agnes, asked=asked
        )
        tasks.produce(document.pk)
        document.refresh_from_db()
        return document

    first = {asked: order(asked).printed_file for asked in ALL}
    monkeypatch.setattr("documents.press.composing.look_of", lambda _: "another look")
    assert {asked: order(asked).printed_file for asked in ALL} == first
    assert PrintedFile.objects.count() == len(ALL)


# --- Pages ---


def test_page_offers_what_the_kind_has(paper: Kind, cast: Cast, sign_in: SignIn) -> None:
    address = reverse("documents:document_order", args=[cast.project.pk, paper.code])
    client = sign_in(cast.agnes)
    assert offered(client.get(address)) == [("pdf", True), ("word", False), ("excel", False)]
    filled = client.get(address, {"format": "word"})
    assert offered(filled) == [("pdf", False), ("word", True), ("excel", False)]
    assert offered(client.get(address, {"format": "odt"}))[0] == ("pdf", True)


def offered(response: Any) -> list[tuple[str, bool]]:
    """The formats of a page, and whether each is chosen."""
    soup = BeautifulSoup(response.content, "html.parser")
    buttons = soup.select("input[name=format]")
    return [(str(one["value"]), one.has_attr("checked")) for one in buttons]


def test_page_of_one_format_offers_no_choice(essai: Kind, cast: Cast, sign_in: SignIn) -> None:
    address = reverse("documents:document_order", args=[cast.project.pk, essai.code])
    assert 'name="format"' not in sign_in(cast.agnes).get(address).content.decode()


def test_page_orders_in_the_format_chosen(
    paper: Kind, cast: Cast, sign_in: SignIn, broker: FakeBroker
) -> None:
    address = reverse("documents:document_order", args=[cast.project.pk, paper.code])
    client = sign_in(cast.agnes)
    assert client.post(address, {**TYPED, "format": "word"}).status_code == 302
    assert client.post(address, TYPED).status_code == 302
    formats = Document.objects.order_by("pk").values_list("format", flat=True)
    assert list(formats) == [Format.WORD, Format.PDF]


def test_page_refuses_a_format_that_does_not_exist(
    paper: Kind, cast: Cast, sign_in: SignIn
) -> None:
    address = reverse("documents:document_order", args=[cast.project.pk, paper.code])
    refused = sign_in(cast.agnes).post(address, {**TYPED, "format": "odt"})
    assert refused.status_code == 200
    assert "odt" in refused.content.decode()
    assert not Document.objects.exists()


def test_pages_say_the_format(in_word: Document, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    page = client.get(reverse("documents:document_detail", args=[in_word.pk])).content.decode()
    assert "Demandé en Word" in page
    assert "Télécharger le fichier Word" in page
    assert "PDF" not in page
    assert "format=word" in page
    rows = client.get(
        reverse("documents:document_list", args=[in_word.project_id])
    ).content.decode()
    assert "Télécharger le fichier Word" in rows
    assert "Ouvrir le PDF" not in rows


def test_word_is_taken_away_under_its_own_name(
    in_word: Document, cast: Cast, sign_in: SignIn
) -> None:
    given = sign_in(cast.agnes).get(reverse("documents:document_file", args=[in_word.pk]))
    assert given["Content-Type"] == Format.WORD.media_type
    assert given["Content-Disposition"].startswith("attachment;")
    assert given["Content-Disposition"].rstrip('"').endswith(".docx")
    assert b"".join(given.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


# --- Command ---


def run(*typed: str) -> str:
    said = io.StringIO()
    call_command("print_document", *typed, stdout=said)
    return said.getvalue()


@pytest.fixture
def mayenne(paper: Kind) -> None:
    ProjectFactory.create(territory__code="53", territory__name="Mayenne")


@pytest.mark.parametrize(
    ("name", "typed", "begins"),
    [
        ("essai.docx", (), b"PK"),
        ("essai.xlsx", (), b"PK"),
        ("essai.pdf", (), b"<!DO"),
        ("essai", ("--format", "word"), b"PK"),
        ("essai.bin", (), b"<!DO"),
    ],
)
def test_command_writes_the_format_named(
    mayenne: None, tmp_path: Path, name: str, typed: tuple[str, ...], begins: bytes
) -> None:
    output = tmp_path / name
    run("essai", "--territory", "53", "--number", "3", "--output", str(output), *typed)
    assert output.read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "odt",
            "Le format «\u00a0odt\u00a0» n’existe pas. Formats\u00a0: pdf, word, excel et archive.",
        )
    ],
)
def test_command_refuses_a_format_in_one_sentence(
    mayenne: None, tmp_path: Path, typed: str, said: str
) -> None:
    output = str(tmp_path / "essai.pdf")
    with pytest.raises(CommandError, match=said):
        run("essai", "--territory", "53", "--number", "3", "--output", output, "--format", typed)
