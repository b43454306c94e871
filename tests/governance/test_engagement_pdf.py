"""The papers of the engagement as files: one page a letter, PDF/UA-1 and PDF/A-3a."""

import io
from pathlib import Path

import pypdf
import pytest

from documents.kinds import kind_of
from documents.press import render_html
from documents.printing import print_pdf
from governance.enums import FollowedList
from governance.services.followed import start_list
from tests.cast import Cast
from tests.governance.engaged import a_round
from tests.verapdf import require_verapdf, validate_all

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    # WeasyPrint leaves its own colour profile for the garbage collector to close.
    pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning"),
]
PAPERS = {
    "lettre-engagement": {"lettre": "1-1"},
    "plan-communication": {},
    "prerequis": {},
}


@pytest.fixture
def papers(cast: Cast, tmp_path: Path) -> list[Path]:
    a_round(cast, "Établissement public de santé mentale des Trois-Rivières")
    for which in FollowedList:
        start_list(project=cast.project, which=which, by=cast.agnes, on=cast.aubrac.today())
    files = []
    for code, chosen in PAPERS.items():
        files.append(tmp_path / f"{code}.pdf")
        files[-1].write_bytes(print_pdf(render_html(kind_of(code), cast.project, chosen)))
    return files


def test_letter_of_the_source_is_one_page_to_be_signed(papers: list[Path]) -> None:
    (page,) = pypdf.PdfReader(io.BytesIO(papers[0].read_bytes())).pages
    said = page.extract_text()
    assert "Signature et cachet" in said
    assert "12210 Laguiole" in said


@pytest.mark.verapdf
def test_papers_are_accessible_and_can_be_archived(papers: list[Path]) -> None:
    require_verapdf()
    reports = validate_all(papers)
    assert len(reports) == 2 * len(papers)
    assert {key: one for key, one in reports.items() if not one.compliant} == {}
