"""What was decided of a file is proposed for the next one, and forgotten when asked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.text import NBSP
from documents.models import SentWorkbook
from documents.workbooks import keeping
from journal.models import ChangeSet
from roadmap import tasks
from roadmap.enums import RoleKind, Status
from roadmap.forms.foreign import field_name
from roadmap.imports.workbooks import orders
from roadmap.models import Action, ActionRole, ColumnMapping
from roadmap.services.history import take_back
from roadmap.tasks import import_sent
from roadmap.views import workbooks
from territories.models import Membership, Project
from tests.cast import Cast
from tests.roadmap.foreign_books import BOOKS, table, two_tables
from tests.roadmap.test_foreign_pages import form_of, preview_of, send, tell
from tests.roadmap.test_workbook_pages import words_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]
HEAD = ("N°", "Action", "Responsable", "Statut", "Sigle", "T1 2026", "T2 2026")
NEXT_YEAR = ("N°", "Action", "Sigle", "Responsable", "Statut", "T1 2027", "T2 2027")


@pytest.fixture
def project(cast: Cast) -> Project:
    return cast.project


@pytest.fixture
def client_of_agnes(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.agnes)


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The messages that workers would receive."""
    sent: list[int] = []
    monkeypatch.setattr(import_sent, "apply_async", lambda args, **_: sent.extend(args))
    return sent


def first_import(client: Client, project: Project) -> None:
    """Two columns corrected, a word given a meaning, then imported."""
    columns = send(client, project, table(HEAD, (1, "Loger", "ARS", "à revoir", "LG", "x")))
    word = field_name("status", "à revoir")
    tell(client, columns, colonne_C="partner", colonne_E="area", **{word: "suspendue"})
    client.post(preview_of(columns))


def test_corrections_are_proposed_for_the_next_file(
    client_of_agnes: Client, project: Project
) -> None:
    client = client_of_agnes
    first_import(client, project)
    assert Action.objects.get().status == Status.SUSPENDED
    contents = table(HEAD, (1, "Loger", "ARS", "à revoir", "LG", "x"), (2, "Soigner"))
    columns = send(client, project, contents, "mars.xlsx")
    words = words_of(client.get(columns).content)
    assert "Correspondances reprises de l’import du" in words
    assert "(« suivi.xlsx »)" in words
    told = form_of(client, columns)
    assert (told["colonne_C"], told["colonne_E"], told["colonne_F"]) == (
        "partner",
        "area",
        "T1 2026",
    )
    assert told[field_name("status", "à revoir")] == "suspendue"


def test_they_follow_their_titles_and_new_quarters_are_those_of_the_file(
    client_of_agnes: Client, project: Project
) -> None:
    client = client_of_agnes
    first_import(client, project)
    columns = send(client, project, table(NEXT_YEAR, (1, "Loger", "LG", "ARS", "ok", None, "x")))
    assert "Correspondances reprises" in words_of(client.get(columns).content)
    told = form_of(client, columns)
    assert [told[f"colonne_{letter}"] for letter in "ABCDEFG"] == [
        *("number", "title", "area", "partner", "status", "T1 2027", "T2 2027"),
    ]


def test_another_table_is_guessed_and_both_are_kept(
    client_of_agnes: Client, project: Project
) -> None:
    client = client_of_agnes
    first_import(client, project)
    columns = send(client, project, BOOKS["without_numbers"]())
    assert "Correspondances reprises" not in words_of(client.get(columns).content)
    tell(client, columns)
    assert ColumnMapping.objects.count() == 2
    again = send(client, project, table(HEAD, (1, "Loger")))
    assert form_of(client, again)["colonne_C"] == "partner"


def test_the_latest_decision_wins(client_of_agnes: Client, project: Project) -> None:
    client = client_of_agnes
    first_import(client, project)
    columns = send(client, project, table(HEAD, (1, "Loger", "ARS")))
    tell(client, columns, colonne_C="copilot")
    kept = ColumnMapping.objects.get()
    assert (kept.told["columns"]["C"], kept.told["corrected"]) == ("copilot", ["C", "E"])
    again = send(client, project, table(HEAD, (1, "Loger")))
    assert form_of(client, again)["colonne_C"] == "copilot"


def test_an_import_taken_back_leaves_the_decision(
    cast: Cast, client_of_agnes: Client, project: Project
) -> None:
    first_import(client_of_agnes, project)
    gesture = ChangeSet.objects.get(source="import")
    take_back(gesture=gesture, project=cast.project, by=None)
    assert not Action.objects.exists()
    assert ColumnMapping.objects.exists()


def test_it_is_forgotten_by_a_gesture_that_can_be_taken_back(
    cast: Cast, client_of_agnes: Client, project: Project
) -> None:
    client = client_of_agnes
    first_import(client, project)
    columns = send(client, project, table(HEAD, (1, "Loger")))
    forget = reverse(
        "roadmap:foreign_forget", args=[project.pk, SentWorkbook.objects.latest("pk").pk]
    )
    words = words_of(client.post(forget, follow=True).content)
    assert "Cette correspondance est oubliée" in words
    assert "Correspondances reprises" not in words
    assert form_of(client, columns)["colonne_C"] == "pilot"
    assert not ColumnMapping.objects.exists()
    made = ChangeSet.objects.latest("pk")
    assert made.words == f"a oublié la correspondance des colonnes de «{NBSP}suivi.xlsx{NBSP}»"
    assert client.post(forget).status_code == 302
    assert ChangeSet.objects.latest("pk") == made
    detail = reverse("roadmap:gesture_detail", args=[made.pk])
    assert "la correspondance de colonnes de" in words_of(client.get(detail).content)
    take_back(gesture=made, project=cast.project, by=None)
    assert ColumnMapping.objects.get().told["columns"]["C"] == "partner"


def test_what_was_decided_twice_alike_is_written_once(
    client_of_agnes: Client, project: Project
) -> None:
    first_import(client_of_agnes, project)
    count = ChangeSet.objects.count()
    columns = send(
        client_of_agnes, project, table(HEAD, (1, "Loger", "ARS", "à revoir", "LG", "x"))
    )
    client_of_agnes.post(preview_of(columns))
    assert ChangeSet.objects.count() == count


def test_another_project_does_not_know_it(
    cast: Cast, client_of_agnes: Client, project: Project, sign_in: SignIn
) -> None:
    first_import(client_of_agnes, project)
    client = sign_in(cast.chloe)
    columns = send(client, cast.elsewhere, table(HEAD, (1, "Loger")))
    assert form_of(client, columns)["colonne_C"] == "pilot"


def test_no_paper_ages_of_it(client_of_agnes: Client, project: Project) -> None:
    project.refresh_from_db()
    changed, revision = project.changed_at, project.revision
    columns = send(client_of_agnes, project, table(HEAD, (1, "Loger")))
    tell(client_of_agnes, columns, colonne_E="area")
    assert ColumnMapping.objects.exists()
    project.refresh_from_db()
    assert (project.changed_at, project.revision) == (changed, revision + 1)


# --- A long file --------------------------------------------------------------------------------


def ordered(client: Client, project: Project, monkeypatch: pytest.MonkeyPatch, **told: str) -> Any:
    monkeypatch.setattr(workbooks, "ROWS_AT_ONCE", 1)
    columns = send(client, project, two_tables(filled_rows=5))
    tell(client, columns, **told)
    answer = client.post(preview_of(columns))
    return columns, str(answer["Location"])


def test_a_long_file_is_imported_by_a_worker_as_it_was_decided(
    client_of_agnes: Client,
    project: Project,
    published: list[int],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    client = client_of_agnes
    with django_capture_on_commit_callbacks(execute=True):
        columns, progress = ordered(client, project, monkeypatch, colonne_C="partner")
    (key,) = published
    assert "Import en cours" in words_of(client.get(progress).content)
    for address in (columns, preview_of(columns)):
        assert client.get(address)["Location"] == progress
    import_sent(key)
    import_sent(key)
    assert SentWorkbook.objects.get().progress == keeping.DONE
    assert Action.objects.count() == 5
    assert ActionRole.objects.get(action__number=1).kind == RoleKind.PARTNER
    assert ChangeSet.objects.filter(source="import").count() == 1
    settled = client.get(progress, headers={"HX-Request": "true"})
    assert settled["HX-Redirect"].startswith("/historique/")


def test_a_long_file_that_fails_is_shown_again_with_its_reason(
    client_of_agnes: Client, project: Project, monkeypatch: pytest.MonkeyPatch, published: list[int]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    client = client_of_agnes
    columns, progress = ordered(client, project, monkeypatch)
    key = SentWorkbook.objects.get().pk
    monkeypatch.setattr(tasks, "write_foreign", broken)
    with pytest.raises(ZeroDivisionError):
        import_sent(key)
    answer = client.get(progress, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == preview_of(columns)
    words = words_of(client.get(progress, follow=True).content)
    assert "écrivez à la personne qui l’administre" in words
    assert not Action.objects.exists()
    assert client.post(preview_of(columns))["Location"] == progress
    assert keeping.is_waiting(SentWorkbook.objects.get())


def test_a_right_withdrawn_meanwhile_stops_it(
    cast: Cast, client_of_agnes: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered(client_of_agnes, project, monkeypatch)
    Membership.objects.filter(user=cast.agnes).delete()
    sent = SentWorkbook.objects.get()
    import_sent(sent.pk)
    sent.refresh_from_db()
    assert sent.failure == orders.NOT_YOURS
    assert not Action.objects.exists()


def test_columns_are_not_changed_once_a_worker_has_them(
    client_of_agnes: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns, progress = ordered(client_of_agnes, project, monkeypatch)
    before = SentWorkbook.objects.get().choices
    assert client_of_agnes.post(columns, {"etape": "voir"})["Location"] == progress
    forget = columns.replace("colonnes", "correspondance/oublier")
    client_of_agnes.post(forget)
    assert SentWorkbook.objects.get().choices == before
