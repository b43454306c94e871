"""The framing letter in Word: opened by LibreOffice, it says what the PDF says."""

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

from documents.kinds import kind_of
from documents.press import render_html
from documents.printing import print_pdf
from tests.governance.test_letter_pdf import signed_demo

word = pytest.importorskip("documents.word", reason="the writer of Word files is not there yet")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    # WeasyPrint leaves its own colour profile for the garbage collector to close.
    pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning"),
]


def flat(words: str) -> str:
    """Words without the spaces and the marks that each engine sets in its own way."""
    return "".join(words.split()).replace("\u00ad", "")


def headings(book: Any) -> list[str]:
    named = ("Heading", "Title")
    return [one.text for one in book.paragraphs if one.style.name.startswith(named)]


def cells(book: Any) -> list[str]:
    return [cell.text for table in book.tables for row in table.rows for cell in row.cells]


def test_word_opens_and_says_what_the_pdf_says(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed (package libreoffice-writer)")
    html = render_html(kind_of("lettre-cadrage"), signed_demo(), {"version": "1"})
    written = tmp_path / "lettre.docx"
    written.write_bytes(word.write_word(html))
    book = docx.Document(str(written))
    subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/profil", "--headless", "--convert-to",
         "pdf", "--outdir", str(tmp_path), str(written)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    converted = _words((tmp_path / "lettre.pdf").read_bytes())
    printed = _words(print_pdf(html))
    named = headings(book)
    assert named[0] == "Lettre de cadrage"
    assert len(named) > 14
    for words in (*named, *filter(None, cells(book))):
        assert flat(words) in printed, words
        assert flat(words) in converted, words


def _words(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return flat("".join(page.extract_text() for page in pages))
