"""The framing letter in Word: opened by LibreOffice, it says what the PDF says."""

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pypdf
import pytest

from documents.kinds import kind_of
from documents.press import render_html
from documents.printing import print_pdf
from tests.governance.test_letter_pdf import signed_demo

word = pytest.importorskip("documents.word", reason="the writer of Word files is not there yet")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    # WeasyPrint leaves its own colour profile for the garbage collector to close.
    pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning"),
]


def flat(words: str) -> str:
    """Words without the spaces and the marks that each engine sets in its own way."""
    return "".join(words.split()).replace("\u00ad", "")


def headings(docx: bytes) -> Iterator[str]:
    for paragraph in _document(docx).iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val", "").startswith(("Heading", "Title")):
            yield "".join(node.text or "" for node in paragraph.iter(f"{W}t"))


def cells(docx: bytes) -> list[str]:
    return [
        "".join(node.text or "" for node in cell.iter(f"{W}t"))
        for cell in _document(docx).iter(f"{W}tc")
    ]


def _document(docx: bytes) -> ElementTree.Element:
    with ZipFile(io.BytesIO(docx)) as parts:
        return ElementTree.fromstring(parts.read("word/document.xml"))


def test_word_opens_and_says_what_the_pdf_says(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed (package libreoffice-writer)")
    html = render_html(kind_of("lettre-cadrage"), signed_demo(), {"version": "1"})
    docx = word.write_word(html)
    written = tmp_path / "lettre.docx"
    written.write_bytes(docx)
    subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/profil", "--headless", "--convert-to",
         "pdf", "--outdir", str(tmp_path), str(written)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    converted = _words((tmp_path / "lettre.pdf").read_bytes())
    printed = _words(print_pdf(html))
    named = list(headings(docx))
    assert named[0] == "Lettre de cadrage"
    assert len(named) > 14
    for words in (*named, *filter(None, cells(docx))):
        assert flat(words) in printed, words
        assert flat(words) in converted, words


def _words(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return flat("".join(page.extract_text() for page in pages))
