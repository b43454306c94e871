"""Rules of an order: known by its content, found again, never lost, never doubled."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from documents import printing, tasks
from documents.enums import DocumentState
from documents.kinds import Kind, PaperRefused
from documents.models import Document, PrintedFile, short_form
from documents.press import NotCanonical, canonical, fingerprint_of, render_html
from documents.services import order_document, print_now, retry_document
from territories.models import Project
from tests.cast import Cast
from tests.documents.conftest import FakeBroker, FakePress
from tests.factories import ProjectFactory, unsigned
from tests.press.kinds import CHOICES, EssaiForm

# --- Content known by its fingerprint -----------------------------------------------------------

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes(timezones=st.just(dt.UTC))
)
CONTEXTS = st.dictionaries(
    st.text(),
    st.recursive(
        LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
    ),
)


def shuffled(value: Any) -> Any:
    """The same content built in another order, lists as tuples."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return tuple(shuffled(item) for item in value)
    return value


def kind_saying(kind: Kind, said: Any) -> Kind:
    return replace(kind, context=lambda _project, _parameters: said)


def known_by(kind: Kind, said: Any) -> str:
    return fingerprint_of(kind_saying(kind, said), ProjectFactory.build(), CHOICES)


@given(CONTEXTS)
@hypothesis_settings(max_examples=50, deadline=None)
def test_equal_contents_have_one_canonical_form_whatever_the_order_of_keys(content: Any) -> None:
    assert canonical(content) == canonical(shuffled(content))


def test_equal_contents_have_one_fingerprint(essai: Kind) -> None:
    said = {"a": [1, {"b": "é", "c": Decimal("1.50")}], "d": dt.date(2026, 11, 22)}
    assert known_by(essai, said) == known_by(essai, shuffled(said))
    assert known_by(essai, said) != known_by(essai, said | {"a": [2]})


def test_dataclass_is_known_by_its_fields(essai: Kind) -> None:
    @dataclass(frozen=True)
    class Line:
        title: str
        done: int

    assert canonical({"line": Line("Un", 2)}) == {"line": {"title": "Un", "done": 2}}


def test_one_moment_has_one_form_whatever_its_time_zone() -> None:
    paris = dt.timezone(dt.timedelta(hours=1))
    assert canonical(dt.datetime(2026, 1, 1, 1, tzinfo=paris)) == canonical(
        dt.datetime(2026, 1, 1, 0, tzinfo=dt.UTC)
    )


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"lines": [{"tags": {1, 2}}]}, r"context\.lines\[0\]\.tags is a set"),
        ({"line": User(email="a@exemple.fr")}, r"context\.line is a User"),
        ({"lines": (n for n in [1])}, r"context\.lines is a generator"),
        ({"ratio": float("nan")}, r"context\.ratio is a float"),
        ({"at": dt.datetime(2026, 1, 1)}, r"context\.at is a datetime"),  # noqa: DTZ001
        ({"label": gettext_lazy("yes")}, r"context\.label is a __proxy__"),
        ({"rows": {1: "one"}}, r"context\.rows has the key 1"),
        ({"kind": User}, r"context\.kind is a ModelBase"),
    ],
)
def test_value_without_a_single_form_is_refused_with_its_place(value: Any, place: str) -> None:
    with pytest.raises(NotCanonical, match=place):
        canonical(value)


def test_fingerprint_covers_choices_and_kind(essai: Kind) -> None:
    project = ProjectFactory.build()
    prints = {
        fingerprint_of(essai, project, CHOICES),
        fingerprint_of(kind_saying(essai, {}), project, CHOICES),
        fingerprint_of(kind_saying(essai, {}), project, {"number": 2}),
        fingerprint_of(replace(kind_saying(essai, {}), code="autre"), project, CHOICES),
    }
    assert len(prints) == 4


def test_fingerprint_covers_the_engine(essai: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    before = known_by(essai, {"n": 1})
    monkeypatch.setattr(printing, "engine_version", lambda: "weasyprint 999")
    assert known_by(replace(essai, label="autre"), {"n": 1}) != before


@pytest.mark.parametrize(
    "touched", ["papers/own/_row.html", "print/base.html", "css/a.css", "css/b.css", "font.ttf"]
)
def test_fingerprint_covers_everything_that_decides_the_look(
    touched: str, essai: Kind, settings: Settings, tmp_path: Path
) -> None:
    pieces = {
        "papers/own/paper.html": "{% include 'papers/own/_row.html' %}",
        "papers/own/_row.html": "<p>{{ n }}</p>",
        "print/base.html": "<html>",
        "css/a.css": '@import "static:css/b.css";',
        "css/b.css": '@font-face { src: url("static:font%2Ettf") }',
        "font.ttf": "one",
    }
    for name, content in pieces.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    settings.STATICFILES_DIRS = [str(tmp_path)]
    settings.DEBUG = True
    kind = replace(essai, template="papers/own/paper.html", stylesheets=("css/a.css",))
    before = known_by(kind, {"n": 1})
    assert known_by(kind, {"n": 1}) == before

    (tmp_path / touched).write_text(f"{pieces[touched]} ")

    assert known_by(kind, {"n": 1}) != before


def test_paper_prints_the_short_form_of_its_fingerprint(essai: Kind) -> None:
    project = ProjectFactory.build()
    whole = fingerprint_of(essai, project, CHOICES)
    assert short_form(whole) == f"{whole[:4]}\u00a0{whole[4:8]}\u00a0{whole[8:12]}"
    assert short_form(whole) in render_html(essai, project, CHOICES)


def test_choices_are_known_in_the_order_of_the_form(essai: Kind) -> None:
    typed = {"number": "3", "part": ["planning", "resume"], "is_draft": ""}
    form = EssaiForm(typed, project=ProjectFactory.build(), reader=None)
    assert form.is_valid()
    assert form.parameters == CHOICES | {"number": 3}


# --- Ordering -----------------------------------------------------------------------------------


@pytest.fixture
def order(
    cast: Cast, essai: Kind, fake_press: FakePress, broker: FakeBroker
) -> Callable[..., Document]:
    """Order « essai » for Aubrac, as Agnès unless said otherwise."""

    def place(by: User | None = None, **choices: Any) -> Document:
        project = Project.objects.get(pk=cast.project.pk)
        return order_document(
            kind=essai, project=project, parameters=CHOICES | choices, by=by or cast.agnes
        )

    return place


def test_order_is_a_row_and_a_message_once_it_is_committed(
    order: Callable[..., Document],
    cast: Cast,
    broker: FakeBroker,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        document = order()
        assert broker.sent == []
    assert broker.sent == [document.pk]
    document.refresh_from_db()
    assert document.state == DocumentState.ORDERED
    assert document.title == "Essai n°\u00a01, Aubrac"
    assert (document.project, document.ordered_by) == (cast.project, cast.agnes)
    assert document.parameters == CHOICES


def test_title_may_tell_all_the_choices_however_long(order: Callable[..., Document]) -> None:
    document = order()
    document.title = "Un choix, " * 100
    document.full_clean()


def test_order_undone_with_its_transaction_sends_nothing(
    order: Callable[..., Document],
    broker: FakeBroker,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        order()
        transaction.set_rollback(True)
    assert broker.sent == []
    assert not Document.objects.exists()


def test_order_survives_a_broker_that_is_down(
    order: Callable[..., Document],
    broker: FakeBroker,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    broker.is_down = True
    with django_capture_on_commit_callbacks(execute=True):
        document = order()
    document.refresh_from_db()
    assert document.state == DocumentState.ORDERED


def test_double_click_finds_the_first_order(order: Callable[..., Document], cast: Cast) -> None:
    first = order()
    assert order() == first
    assert order(number=2) != first
    assert order(by=cast.emile) != first


def test_order_that_was_taken_still_answers_a_double_click(order: Callable[..., Document]) -> None:
    first = order()
    assert first.start(at=first.ordered_at, lease=dt.timedelta(seconds=30))
    assert order() == first


def test_same_content_is_found_again_and_not_printed_again(
    order: Callable[..., Document], cast: Cast, fake_press: FakePress, broker: FakeBroker
) -> None:
    tasks.produce(order().pk)
    again = order(by=cast.emile)
    assert again.state == DocumentState.READY
    assert again.settled_at == again.ordered_at
    assert again.printed_file == PrintedFile.objects.get()
    assert fake_press.prints == 1
    assert broker.sent == []


def test_content_that_changed_is_another_order(
    order: Callable[..., Document], cast: Cast, fake_press: FakePress
) -> None:
    tasks.produce(order().pk)
    with unsigned():
        Project.objects.filter(pk=cast.project.pk).update(title="Un autre titre")
    later = order()
    assert later.state == DocumentState.ORDERED
    tasks.produce(later.pk)
    assert fake_press.prints == 2
    assert PrintedFile.objects.count() == 2


def test_order_of_a_lost_file_is_printed_again_for_everybody(
    order: Callable[..., Document], fake_press: FakePress, files: Path
) -> None:
    first = order()
    tasks.produce(first.pk)
    printed = PrintedFile.objects.get()
    default_storage.delete(str(printed.file.name))

    second = order()
    assert second.state == DocumentState.ORDERED
    tasks.produce(second.pk)

    assert PrintedFile.objects.get() == printed
    assert not PrintedFile.objects.get().is_lost()
    assert len(list(files.rglob("*.pdf"))) == 1
    first.refresh_from_db()
    assert not first.is_worth_printing_again()


def test_paper_refused_is_never_ordered(order: Callable[..., Document]) -> None:
    with pytest.raises(PaperRefused, match="n’existe pas"):
        order(number=404)
    assert not Document.objects.exists()


def test_order_costs_few_queries(
    order: Callable[..., Document], queries: Callable[[Callable[[], object]], int]
) -> None:
    order()
    # The project, the person, the double click, the file, the row, and the savepoint around them.
    assert queries(lambda: order(number=2)) <= 8


# --- Trying again -------------------------------------------------------------------------------


def test_failed_order_is_tried_again_from_nothing(
    order: Callable[..., Document],
    broker: FakeBroker,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    document = order()
    document.start(at=document.ordered_at, lease=dt.timedelta(seconds=30))
    document.advance(40)
    document.fail("Une raison.")
    document.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        assert retry_document(document=document)
    document.refresh_from_db()
    assert (document.state, document.failure, document.progress, document.attempts) == (
        DocumentState.ORDERED,
        "",
        0,
        0,
    )
    assert broker.sent == [document.pk]


def test_order_that_waits_or_is_ready_is_not_tried_again(order: Callable[..., Document]) -> None:
    document = order()
    assert not retry_document(document=document)
    tasks.produce(document.pk)
    document.refresh_from_db()
    assert not retry_document(document=document)


def test_two_retries_at_once_send_one_message(
    order: Callable[..., Document], broker: FakeBroker
) -> None:
    document = order()
    document.start(at=document.ordered_at, lease=dt.timedelta(seconds=30))
    document.fail("Une raison.")
    first, second = Document.objects.get(), Document.objects.get()
    assert retry_document(document=first)
    assert not retry_document(document=second)


# --- In the foreground --------------------------------------------------------------------------


def test_foreground_print_shares_the_files_of_the_orders(
    order: Callable[..., Document], cast: Cast, essai: Kind, fake_press: FakePress
) -> None:
    project = Project.objects.get(pk=cast.project.pk)
    first = print_now(kind=essai, project=project, parameters=CHOICES)
    second = print_now(kind=essai, project=project, parameters=CHOICES)
    assert (first.is_new, second.is_new) == (True, False)
    assert order().printed_file == first.file
    assert fake_press.prints == 1
    assert "Aubrac" in first.file.read().decode()
