"""The framing letter as a file: PDF/UA-1 and PDF/A-3a, its signatures whole, its annex apart."""

import datetime as dt
import io
from pathlib import Path

import pypdf
import pytest

from documents.kinds import kind_of
from documents.press import render_html
from documents.printing import print_pdf
from governance.imports.demo_bodies import load_demo_bodies
from governance.imports.demo_letter import load_demo_letter
from governance.models import FramingLetter
from governance.services.letters import prepare_letter, writing_letter
from roadmap.imports.demo import load_demo_roadmap
from territories.enums import Role
from territories.models import Project
from tests.cast import Cast
from tests.factories import MembershipFactory, UserFactory
from tests.verapdf import require_verapdf, validate_all

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    # WeasyPrint leaves its own colour profile for the garbage collector to close.
    pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning"),
]

EVERY_LOOK = (
    "<h3>Titre</h3><p>Un <strong>mot</strong>, <em>un autre</em>, "
    '<a href="https://sante.gouv.fr/">un lien</a>.</p><h4>Sous-titre</h4>'
    "<ul><li>Un</li><li>Deux</li></ul><ol><li>Premier</li></ol>"
)


def signed_demo() -> Project:
    load_demo_roadmap(on=dt.date(2026, 11, 20))
    project = Project.objects.with_place().get(territory__code="demo")
    lead = UserFactory.create()
    MembershipFactory.create(user=lead, territory=project.territory, role=Role.TERRITORY_LEAD)
    today = project.territory.today()
    load_demo_bodies(project, lead=lead, on=today)
    load_demo_letter(project, lead=lead, on=today)
    letter = prepare_letter(project=project, by=lead)
    with writing_letter(letter, by=lead, words="a tout essayé") as under_way:
        under_way.letter.sections.update(text=EVERY_LOOK)
    return project


def printed(project: Project, version: str) -> bytes:
    return print_pdf(render_html(kind_of("lettre-cadrage"), project, {"version": version}))


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_signed_and_written_by_hand_it_is_accessible_and_can_be_archived(tmp_path: Path) -> None:
    require_verapdf()
    project = signed_demo()
    files = []
    for version in ("1", "2"):
        file = tmp_path / f"lettre-{version}.pdf"
        file.write_bytes(printed(project, version))
        files.append(file)
    reports = validate_all(files)
    assert {key: one for key, one in reports.items() if not one.compliant} == {}
    first = pages_of(files[0].read_bytes())
    assert not any("Projet · version" in page for page in first)
    assert "Signée à Valmont-Fictif" in " ".join(first[0].split())


def test_signatures_stay_together_and_the_annex_begins_a_page(cast: Cast) -> None:
    prepare_letter(project=cast.project, by=cast.agnes)
    assert FramingLetter.objects.count() == 1
    pages = pages_of(printed(cast.project, ""))
    annex = next(page for page in pages if "Annexe à la lettre" in page)
    assert annex.index("Annexe à la lettre") < 80
    signing = next(page for page in pages if "Date et signature" in page)
    assert "Conseil départemental" in signing
    assert "Projet · version 1" in pages[0]
