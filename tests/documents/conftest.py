"""A press for the tests: « essai » registered, files in a folder of their own, no real broker."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from kombu.exceptions import OperationalError as BrokerDown
from pytest_django import Settings

from documents import kinds, printing, tasks
from documents.kinds import Kind
from documents.models import Document
from documents.services import order_document
from tests import press
from tests.cast import Cast
from tests.press.kinds import CHOICES, ESSAI


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Path:
    """The folder where printed files are kept."""
    folder = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        },
    }
    return folder


@pytest.fixture
def essai(settings: Settings, monkeypatch: pytest.MonkeyPatch, files: Path) -> Kind:
    """The kind « essai », alone on the press's list."""
    engines = copy.deepcopy(settings.TEMPLATES)
    engines[0]["DIRS"].append(Path(press.__file__).parent / "templates")
    settings.TEMPLATES = engines
    monkeypatch.setattr(kinds, "_KINDS", {ESSAI.code: ESSAI})
    return ESSAI


@dataclass
class FakePress:
    """Prints nothing: the page is its own file; remembers how often it was asked."""

    prints: int = 0
    during: Callable[[], object] | None = None

    def print_pdf(self, html: str, *, on_progress: Callable[[int], None] | None = None) -> bytes:
        self.prints += 1
        during, self.during = self.during, None
        for percent in (5, 50, 95):
            if on_progress:
                on_progress(percent)
            if during and percent == 50:
                during()
        return html.encode()


@pytest.fixture
def fake_press(monkeypatch: pytest.MonkeyPatch, essai: Kind) -> FakePress:
    """The press without its engine: what is tested is the order, not the layout."""
    fake = FakePress()
    monkeypatch.setattr(printing, "print_pdf", fake.print_pdf)
    monkeypatch.setattr(printing, "page_count", lambda _: 2)
    return fake


@dataclass
class FakeBroker:
    """Keeps the messages; may be down."""

    is_down: bool = False
    sent: list[int] = field(default_factory=list)

    def send(self, args: list[int], **options: object) -> None:
        assert options == {"retry": False}
        if self.is_down:
            raise BrokerDown("Connection refused")
        self.sent += args


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> FakeBroker:
    """No message leaves the tests."""
    fake = FakeBroker()
    monkeypatch.setattr(tasks.produce, "apply_async", fake.send)
    return fake


@pytest.fixture
def document(cast: Cast, essai: Kind, fake_press: FakePress, broker: FakeBroker) -> Document:
    """« essai », ordered by Agnès for Aubrac, waiting for a worker."""
    return order_document(kind=essai, project=cast.project, parameters=CHOICES, by=cast.agnes)


@pytest.fixture
def ready(document: Document) -> Document:
    """The same, printed."""
    tasks.produce(document.pk)
    document.refresh_from_db()
    return document
