"""What shows a frozen state keeps its file, whatever the look that papers have since."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents import press, printing, tasks
from documents.enums import DocumentState, Standing
from documents.kinds import Kind, kind_of
from documents.models import Document, PrintedFile
from documents.services import order_document, print_now
from roadmap.models import RoadmapVersion
from tests.cast import Cast
from tests.documents.conftest import FakePress
from tests.roadmap.papers import rich_sheet
from tests.roadmap.test_versions import official

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast: Cast) -> RoadmapVersion:
    rich_sheet(cast.project, 1)
    return official(cast.project)


@pytest.fixture(autouse=True)
def _fake_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is its own file: what is tested is which one is found."""
    monkeypatch.setattr(printing, "print_pdf", FakePress().print_pdf)
    monkeypatch.setattr(printing, "page_count", lambda _: 2)


@pytest.fixture
def livret() -> Kind:
    return kind_of("livret")


def restyled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another stylesheet, another library: every paper would now be another file."""
    monkeypatch.setattr(press.composing, "look_of", lambda _: "another look")


def ordered(cast: Cast, livret: Kind, **chosen: int) -> Document:
    """An order, printed if it has to be."""
    order = order_document(kind=livret, project=cast.project, parameters=chosen, by=cast.agnes)
    tasks.produce(order.pk)
    order.refresh_from_db()
    assert order.state == DocumentState.READY, order.failure
    return order


def test_paper_of_a_version_finds_its_first_file_again(
    cast: Cast,
    version: RoadmapVersion,
    livret: Kind,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, present = ordered(cast, livret, version=1), ordered(cast, livret)
    assert (first.standing, present.standing) == (Standing.OFFICIAL, Standing.PRESENT)
    restyled(monkeypatch)
    assert ordered(cast, livret, version=1).printed_file == first.printed_file
    assert ordered(cast, livret).printed_file != present.printed_file
    printed = print_now(kind=livret, project=cast.project, parameters={"version": 1})
    assert (printed.file, printed.is_new) == (first.printed_file, False)


def test_file_that_is_lost_is_printed_again(
    cast: Cast,
    version: RoadmapVersion,
    livret: Kind,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = ordered(cast, livret, version=1)
    assert first.printed_file is not None
    first.printed_file.file.storage.delete(str(first.printed_file.file.name))
    restyled(monkeypatch)
    again = ordered(cast, livret, version=1)
    assert again.printed_file is not None
    assert not again.printed_file.is_lost()


def test_sweeps_leave_the_files_of_versions(
    cast: Cast, version: RoadmapVersion, livret: Kind
) -> None:
    first = ordered(cast, livret, version=1)
    Document.objects.update(ordered_at=timezone.now().replace(year=2020))
    tasks.sweep()
    tasks.sweep_attachments()
    (kept,) = PrintedFile.objects.filter(documents=first)
    assert not kept.is_lost()


def test_file_of_a_version_bears_its_name(
    cast: Cast, version: RoadmapVersion, livret: Kind, client: Client
) -> None:
    order = ordered(cast, livret, version=1)
    client.force_login(cast.gael, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(reverse("documents:document_file", args=[order.pk]))
    assert (
        'filename="livret-synthetique-ptsm-aubrac-version-1-arrete-du-3-mars-2026.pdf"'
        in answer["Content-Disposition"]
    )
