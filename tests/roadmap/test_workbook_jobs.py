"""A long workbook is imported by a worker: once, told as it goes, whatever dies on the way."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerDown

from accounts.models import User
from documents.models import SentWorkbook
from documents.workbooks import keep_workbook, keeping
from journal.models import ChangeSet
from roadmap import tasks
from roadmap.imports.workbooks import Choice, orders
from roadmap.models import Action
from roadmap.tasks import import_sent, order_import, publish, sweep_imports
from roadmap.views import workbooks
from territories.models import Membership, Project
from territories.writing import writing
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.roadmap.sent_workbooks import Sent, exported
from tests.roadmap.test_workbook_pages import preview_of, words_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]


@pytest.fixture
def project(cast: Cast) -> Project:
    ActionFactory.create(project=cast.project, number=1, title="Pair-aidance")
    return cast.project


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The messages that workers would receive."""
    sent: list[int] = []
    monkeypatch.setattr(import_sent, "apply_async", lambda args, **_: sent.extend(args))
    return sent


def kept(cast: Cast, project: Project, **cells: Any) -> SentWorkbook:
    file = Sent(exported(project))
    for title, value in cells.items():
        file.write("Fiches", 2, title, value)
    return keep_workbook(
        project=project, by=cast.agnes, name="plan.xlsx", contents=file.contents, row_count=5_000
    )


def ordered(cast: Cast, project: Project, **cells: Any) -> SentWorkbook:
    sent = kept(cast, project, **cells)
    assert order_import(sent=sent, choices={})
    sent.refresh_from_db()
    return sent


def test_an_order_is_imported_once(cast: Cast, project: Project) -> None:
    sent = ordered(cast, project, Titre="Autre")
    import_sent(sent.pk)
    import_sent(sent.pk)
    sent.refresh_from_db()
    assert (sent.progress, sent.failure) == (keeping.DONE, "")
    made = ChangeSet.objects.latest("pk")
    assert (made.by, made.words) == (
        cast.agnes,
        "a importé un classeur\u00a0: 1\u00a0ligne modifiée",
    )
    assert ChangeSet.objects.filter(source="import").count() == 1


def test_what_was_not_ordered_is_not_imported(cast: Cast, project: Project) -> None:
    sent = kept(cast, project, Titre="Autre")
    import_sent(sent.pk)
    import_sent(sent.pk + 1)
    assert Action.objects.get().title == "Pair-aidance"


def test_two_workers_never_hold_one_order(cast: Cast, project: Project) -> None:
    sent, now = ordered(cast, project), timezone.now()
    assert keeping.claim_import(sent, at=now)
    assert not keeping.claim_import(sent, at=now)
    assert keeping.claim_import(sent, at=now + keeping.LEASE * 2)


def test_a_double_click_is_one_order(cast: Cast, project: Project) -> None:
    sent = ordered(cast, project)
    assert not order_import(sent=sent, choices={})


def test_errors_of_the_file_are_told(cast: Cast, project: Project) -> None:
    sent = ordered(cast, project, Avancement="Rien")
    import_sent(sent.pk)
    sent.refresh_from_db()
    assert sent.failure.startswith("Le fichier contient 1\u00a0erreur")


def test_choices_go_with_the_order(cast: Cast, project: Project) -> None:
    sent = kept(cast, project, Titre="Du fichier")
    with writing(project, by=cast.emile):
        Action.objects.update(title="D’Émile")
    order_import(sent=sent, choices={})
    import_sent(sent.pk)
    sent.refresh_from_db()
    assert "Il reste à choisir ce qui est gardé de 1\u00a0ligne" in sent.failure
    order_import(sent=sent, choices={"Fiches:2": Choice.FILE})
    import_sent(sent.pk)
    assert Action.objects.get().title == "Du fichier"


def test_a_right_withdrawn_meanwhile_stops_it(cast: Cast, project: Project) -> None:
    sent = ordered(cast, project, Titre="Autre")
    Membership.objects.filter(user=cast.agnes).delete()
    import_sent(sent.pk)
    sent.refresh_from_db()
    assert sent.failure == orders.NOT_YOURS
    assert Action.objects.get().title == "Pair-aidance"


def test_a_fault_is_told_and_nothing_is_written(
    cast: Cast, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    sent = ordered(cast, project, Titre="Autre")
    monkeypatch.setattr(orders, "import_workbook", broken)
    with pytest.raises(ZeroDivisionError):
        import_sent(sent.pk)
    sent.refresh_from_db()
    assert sent.failure == orders.BROKEN


def test_what_was_lost_on_the_way_is_sent_again(
    cast: Cast, project: Project, published: list[int]
) -> None:
    sent = ordered(cast, project)
    sweep_imports()
    assert published == []
    for progress, age in ((0, keeping.PATIENCE * 2), (40, keeping.LEASE * 2)):
        SentWorkbook.objects.update(progress=progress, ordered_at=timezone.now() - age)
        sweep_imports()
    assert published == [sent.pk, sent.pk]
    SentWorkbook.objects.update(progress=40, ordered_at=timezone.now() - dt.timedelta(minutes=1))
    sweep_imports()
    assert len(published) == 2


def test_a_broker_that_is_down_only_delays(
    cast: Cast, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object, **__: object) -> None:
        raise BrokerDown

    monkeypatch.setattr(tasks.import_sent, "apply_async", down)
    sent = ordered(cast, project)
    assert not publish(sent.pk)
    SentWorkbook.objects.update(ordered_at=timezone.now() - keeping.LEASE)
    sweep_imports()
    assert keeping.is_waiting(SentWorkbook.objects.get())


def test_a_long_file_has_its_bar_then_its_result(
    cast: Cast,
    project: Project,
    sign_in: SignIn,
    published: list[int],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setattr(workbooks, "ROWS_AT_ONCE", 0)
    client = sign_in(cast.agnes)
    preview = preview_of(client, project, Sent(exported(project)).write("Fiches", 2, "Titre", "A"))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(preview)["Location"] == preview
    (key,) = published
    page = client.get(preview)
    assert "Import en cours" in words_of(page.content)
    assert "La demande est enregistrée" in words_of(page.content)
    # No figure would be true of a write that is one.
    assert b"<progress" in page.content
    assert b"%" not in part_of(client, f"{preview}?vu=0")
    import_sent(key)
    settled = client.get(preview, headers={"HX-Request": "true"})
    assert settled["HX-Redirect"].startswith("/historique/")
    assert "Annuler cet import" in client.get(preview, follow=True).content.decode()


def part_of(client: Client, address: str) -> bytes:
    part = client.get(address, headers={"HX-Request": "true"}).content
    assert b"<html" not in part
    return part


@pytest.mark.parametrize(
    ("step", "seen", "said"),
    [
        (keeping.STARTED, 0, "Lecture du fichier"),
        (keeping.READ, keeping.STARTED, "Écriture en cours"),
        (keeping.READ, keeping.READ, ""),
    ],
)
def test_a_step_is_said_once_and_the_seconds_go_on(
    cast: Cast, project: Project, sign_in: SignIn, step: int, seen: int, said: str
) -> None:
    client = sign_in(cast.agnes)
    preview = preview_of(client, project, Sent(exported(project)))
    order_import(sent=SentWorkbook.objects.get(), choices={})
    begun = timezone.now() - dt.timedelta(seconds=125)
    SentWorkbook.objects.update(progress=step, ordered_at=begun)
    part = part_of(client, f"{preview}?vu={seen}").decode()
    assert "Commencé il y a 2\u00a0min\u00a005\u00a0s." in part
    assert ("hx-swap-oob" in part) == bool(said)
    assert said in part
    assert said in words_of(client.get(preview).content)


def test_a_long_file_that_fails_is_shown_again_with_its_reason(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    preview = preview_of(client, project, Sent(exported(project)).write("Fiches", 2, "Titre", "A"))
    sent = SentWorkbook.objects.get()
    order_import(sent=sent, choices={})
    keeping.fail_import(sent, orders.BROKEN)
    assert client.get(preview, headers={"HX-Request": "true"})["HX-Redirect"] == preview
    assert "écrivez à la personne qui l’administre" in words_of(client.get(preview).content)
    assert client.post(preview).status_code == 302
    assert Action.objects.get().title == "A"


def test_a_long_file_that_changes_nothing_says_so(
    cast: Cast, project: Project, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    preview = preview_of(client, project, Sent(exported(project)))
    order_import(sent=SentWorkbook.objects.get(), choices={})
    import_sent(SentWorkbook.objects.get().pk)
    assert "Rien n’a changé" in client.get(preview, follow=True).content.decode()
