"""The papers of a review as files: pages, titles, PDF/UA-1 and PDF/A-3a."""

import datetime as dt
import io
import re
from pathlib import Path

import pypdf
import pytest

from documents.kinds import kind_of
from documents.press import render_html
from documents.printing import print_pdf
from reviews.models import Campaign, Update
from reviews.services.following import validate_answers
from reviews.services.opening import open_due, schedule_opening
from reviews.services.preparing import make_campaign
from roadmap.enums import Status, Weather
from roadmap.imports.demo import load_demo_roadmap
from territories.enums import Role
from territories.models import Project
from tests.factories import MembershipFactory, UserFactory
from tests.reviews.answered import answer, close, seal
from tests.reviews.scene import QUARTER, opened, set_scene
from tests.verapdf import require_verapdf, validate_all

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    # WeasyPrint leaves its own colour profile for the garbage collector to close.
    pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning"),
]

FOOT = re.compile(r"empreinte [0-9a-f ]+\s*\d+ / \d+$")


def closed_demo() -> Project:
    """The demonstration under review: answered by two sheets out of three, half validated."""
    load_demo_roadmap(on=dt.date(2026, 11, 20))
    project = Project.objects.with_place().get(territory__code="demo")
    lead = UserFactory.create()
    MembershipFactory.create(user=lead, territory=project.territory, role=Role.TERRITORY_LEAD)
    today = project.territory.today()
    due_on = today + dt.timedelta(days=21)
    campaign = make_campaign(
        project=project, quarter=QUARTER, opens_on=today, due_on=due_on, by=lead
    ).campaign
    open_due(at=schedule_opening(campaign=campaign, by=lead).letters_leave_at)
    updates = list(Update.objects.filter(campaign=campaign).with_place().in_order())
    for rank, update in enumerate(updates):
        if rank % 3:
            answer(
                update,
                weather=list(Weather)[rank % 4],
                done="Deux réunions avec les partenaires. " * (rank % 5 + 1),
                help_asked="Appuyer la demande de salle." if rank % 4 == 1 else "",
            )
    seen = {update.pk: seal(update) for update in updates[1::3]}
    validate_answers(campaign=Campaign.objects.get(pk=campaign.pk), seen=seen, by=lead)
    close(campaign)
    return project


_PRINTED: list[bytes] = []


@pytest.fixture
def printed() -> bytes:
    """Printed once for all the tests of this file: they only read it."""
    if not _PRINTED:
        html = render_html(kind_of("rapport"), closed_demo(), {"review": QUARTER.code})
        _PRINTED.append(print_pdf(html))
    return _PRINTED[0]


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_no_page_ends_with_a_title(printed: bytes) -> None:
    pages = pages_of(printed)
    assert len(pages) > 6
    for number, page in enumerate(pages[1:], start=2):
        body, _, foot = page.strip().rpartition("PTSM")
        last = body.strip().splitlines()[-1]
        assert FOOT.search(foot), number
        assert not re.match(r"Fiche action n|\d+\. |Avancement par|À examiner|Tableau de", last), (
            number,
            last,
        )


def test_the_follow_up_table_says_its_columns_on_each_page(printed: bytes) -> None:
    pages = pages_of(printed)
    first = next(rank for rank, page in enumerate(pages) if page.startswith("Tableau de suivi"))
    last = next(rank for rank, page in enumerate(pages) if page.startswith("Ce qui a été dit"))
    assert last - first > 1
    for page in pages[first:last]:
        assert "Orientations Actions" in page.replace("\n", " ")


def test_a_row_taller_than_a_page_keeps_the_columns_on_each() -> None:
    scene = set_scene()
    campaign = opened(scene)
    words = "\n".join(f"Phrase {rank} du motif, écrite en entier." for rank in range(120))
    update = scene.update_of(scene.hers)
    answer(update, status=Status.SUSPENDED, status_reason=words)
    validate_answers(campaign=campaign, seen={update.pk: seal(update)}, by=scene.lead)
    close(campaign)
    html = render_html(kind_of("rapport"), scene.project, {"review": QUARTER.code})
    pages = pages_of(print_pdf(html))
    told = [page for page in pages if re.search(r"Phrase \d+ du motif", page)]
    table = [page for page in told if "(suite)" in page or "Tableau de suivi" in page]
    assert len(table) > 3
    assert all("Orientations Actions" in page.replace("\n", " ") for page in table)


@pytest.mark.verapdf
def test_papers_are_accessible_and_can_be_archived(printed: bytes, tmp_path: Path) -> None:
    require_verapdf()
    scene = set_scene()
    opened(scene)
    form = print_pdf(render_html(kind_of("formulaire"), scene.project, {}))
    files = [tmp_path / "rapport.pdf", tmp_path / "formulaire.pdf"]
    for file, content in zip(files, (printed, form), strict=True):
        file.write_bytes(content)
    reports = validate_all(files)
    assert len(pages_of(form)) == 3
    assert len(reports) == 2 * len(files)
    assert {key: one for key, one in reports.items() if not one.compliant} == {}
