"""Every paper of the demonstration in Word: its words, its bytes, and what LibreOffice reads."""

import datetime as dt
import subprocess
from pathlib import Path
from typing import Any

import pytest

from documents.enums import Format
from documents.kinds import Kind, shared_kinds
from documents.models import Document
from documents.press import render_html
from documents.printing import print_pdf
from documents.services import print_now
from documents.word import write_word
from overview.imports import load_demo
from territories.models import Project
from tests.documents.word_files import headings_of, tables_of, words, words_of_file, words_of_page
from tests.libreoffice import require_writer, words_read

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    # WeasyPrint leaves its own colour profile for the garbage collector to close.
    pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning"),
]

CHOICES: dict[str, dict[str, Any]] = {
    "livret": {},
    "fiche": {"number": 1},
    "synthese": {},
    "rapport": {"review": "2026-T3"},
    "formulaire": {},
}
_PAGES: dict[str, str] = {}


@pytest.fixture
def pages() -> dict[str, str]:
    """The page of each paper, made once for all the tests of this file: they only read it."""
    if not _PAGES:
        project = demo()
        for kind in written_kinds():
            _PAGES[kind.code] = render_html(kind, project, CHOICES[kind.code])
    return _PAGES


def demo() -> Project:
    load_demo(on=dt.date(2026, 11, 20), password="correct cheval pile agrafe")
    return Project.objects.with_place().get(territory__code="demo")


def written_kinds() -> list[Kind]:
    return [
        kind
        for kind in shared_kinds()
        if Format.WORD in kind.offered_formats and kind.code in CHOICES
    ]


def squashed(text: str) -> str:
    return "".join(words(text))


def test_the_papers_of_a_roadmap_and_of_its_reviews_are_given_in_word() -> None:
    assert {kind.code for kind in written_kinds()} == set(CHOICES)


def test_word_says_every_word_of_the_page_in_its_order(pages: dict[str, str]) -> None:
    for code, html in pages.items():
        file = write_word(html)
        assert "".join(words_of_file(file)) == "".join(words_of_page(html)), code
        assert write_word(html) == file, code


def test_libreoffice_reads_what_the_pdf_says(pages: dict[str, str], tmp_path: Path) -> None:
    require_writer()
    files = {code: write_word(html) for code, html in pages.items()}
    read = words_read(files)
    for code, contents in files.items():
        printed = pdf_text(pages[code], tmp_path)
        assert squashed(read[code]) == "".join(words_of_file(contents)), code
        for title in headings_of(contents):
            assert squashed(title) in squashed(read[code]), (code, title)
            assert squashed(title) in squashed(printed), (code, title)
        said = set(words(printed))
        missing = {word for word in words(" ".join(tables_of(contents))) if word not in said}
        # A word cut at the end of a line is two in the PDF.
        assert {word for word in missing if word not in squashed(printed)} == set(), code


def test_the_file_is_kept_beside_the_pdf() -> None:
    project = demo()
    kind = next(kind for kind in written_kinds() if kind.code == "rapport")
    chosen = CHOICES["rapport"]
    first = {
        one: print_now(kind=kind, project=project, parameters=chosen, asked=one)
        for one in kind.offered_formats
    }
    again = {
        one: print_now(kind=kind, project=project, parameters=chosen, asked=one)
        for one in kind.offered_formats
    }
    assert {one.file.pk for one in first.values()} == {one.file.pk for one in again.values()}
    assert [one.file.format for one in first.values()] == list(kind.offered_formats)
    assert not any(one.is_new for one in again.values())
    assert not Document.objects.filter(project=project, format=Format.WORD).exists()


def pdf_text(html: str, folder: Path) -> str:
    """What the PDF of the same page says, read by poppler in the order of its file."""
    printed = folder / "printed.pdf"
    printed.write_bytes(print_pdf(html))
    read = subprocess.run(
        ["pdftotext", "-raw", str(printed), "-"], check=True, capture_output=True, encoding="utf-8"
    )
    return read.stdout
