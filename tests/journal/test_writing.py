"""Writing in a project: alone, once, and known by its revision."""

import contextlib
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from journal.models import ChangeSet
from journal.reading import already_made
from roadmap.models import Action
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast
from tests.factories import ActionFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=1, title="Aller vers")


def test_a_gesture_raises_the_revision_once(cast: Cast, sheet: Action) -> None:
    before = cast.project.changed_at
    with writing(cast.project, by=cast.agnes):
        Action.objects.filter(pk=sheet.pk).update(title="Un")
        Action.objects.filter(pk=sheet.pk).update(need="Deux")
    assert cast.project.revision == 1
    assert Project.objects.get(pk=cast.project.pk).revision == 1
    assert Project.objects.get(pk=cast.project.pk).changed_at > before


def test_what_no_paper_prints_raises_the_revision_alone(cast: Cast, sheet: Action) -> None:
    before = cast.project.changed_at
    with writing(cast.project, by=cast.agnes, on_paper=False):
        Action.objects.filter(pk=sheet.pk).update(title="Un")
    kept = Project.objects.get(pk=cast.project.pk)
    assert (kept.revision, kept.changed_at) == (cast.project.revision, before) == (1, before)


@pytest.mark.parametrize("ways", [(True, False), (False, True), (False, True, False)])
def test_a_gesture_of_which_one_part_is_printed_is_printed(
    cast: Cast, sheet: Action, ways: tuple[bool, ...]
) -> None:
    before = cast.project.changed_at
    with contextlib.ExitStack() as parts:
        for way in ways:
            parts.enter_context(writing(cast.project, by=cast.agnes, on_paper=way))
        Action.objects.filter(pk=sheet.pk).update(title="Un")
    kept = Project.objects.get(pk=cast.project.pk)
    assert kept.revision == 1
    assert kept.changed_at > before


def test_a_printed_part_that_fails_leaves_the_papers_alone(cast: Cast, sheet: Action) -> None:
    before = cast.project.changed_at
    with writing(cast.project, by=cast.agnes, on_paper=False):
        Action.objects.filter(pk=sheet.pk).update(title="Un")
        with contextlib.suppress(ZeroDivisionError), writing(cast.project, by=cast.agnes):
            Action.objects.filter(pk=sheet.pk).update(title="Deux")
            raise ZeroDivisionError
    kept = Project.objects.get(pk=cast.project.pk)
    assert (kept.revision, kept.changed_at) == (1, before)


def test_the_project_is_read_again_under_its_lock(cast: Cast, sheet: Action) -> None:
    stale = Project.objects.get(pk=cast.project.pk)
    with writing(cast.project, by=cast.agnes):
        Action.objects.filter(pk=sheet.pk).update(title="Un")
    with writing(stale, by=cast.bruno) as made:
        assert stale.revision == 1
        Action.objects.filter(pk=sheet.pk).update(title="Deux")
    assert (stale.revision, made.changeset and made.changeset.revision) == (2, 2)


@pytest.mark.skipif(not connection.features.has_select_for_update, reason="a lock of PostgreSQL")
def test_the_project_is_locked_before_anything_is_read(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as done, writing(cast.project, by=None):
        pass
    reads = [query["sql"] for query in done if query["sql"].startswith("SELECT")]
    assert "FOR UPDATE" in reads[0]


def test_words_may_be_known_at_the_end_only(cast: Cast, sheet: Action) -> None:
    with writing(cast.project, by=cast.agnes) as made:
        Action.objects.filter(pk=sheet.pk).update(title="Un")
        made.words = "a renommé la fiche 1"
    assert made.changeset is not None
    assert made.changeset.words == "a renommé la fiche 1"


def rename(project: Project, sheet: Action, title: str, *, token: str) -> None:
    with writing(project, by=None, token=token):
        Action.objects.filter(pk=sheet.pk).update(title=title)


def test_a_gesture_sent_twice_is_written_once(cast: Cast, sheet: Action) -> None:
    """A view asks `already_made` under the lock; were it to forget, the base refuses the second.

    The `IntegrityError` then says that the first has been kept: answer as it was.
    """
    rename(cast.project, sheet, "Un", token="abc")
    with pytest.raises(IntegrityError), transaction.atomic():
        rename(cast.project, sheet, "Deux", token="abc")
    sheet.refresh_from_db()
    cast.project.refresh_from_db()
    assert (sheet.title, cast.project.revision) == ("Un", 1)
    made = already_made(cast.project.scope, "abc")
    assert made is not None
    assert [change.new for change in made.changes.all()] == ["Un"]


def test_a_token_is_one_gestures_in_one_place(cast: Cast, sheet: Action) -> None:
    there = ActionFactory.create(project=cast.elsewhere)
    rename(cast.project, sheet, "Un", token="abc")
    rename(cast.elsewhere, there, "Un", token="abc")
    rename(cast.project, sheet, "Deux", token="")
    rename(cast.project, sheet, "Trois", token="")
    assert ChangeSet.objects.filter(token="abc").count() == 2
    assert cast.project.revision == 3


def test_a_token_is_not_spent_by_a_gesture_that_changes_nothing(cast: Cast, sheet: Action) -> None:
    rename(cast.project, sheet, "Aller vers", token="abc")
    assert already_made(cast.project.scope, "abc") is None


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory locks whole tables")
@pytest.mark.django_db(transaction=True)
def test_two_at_once_write_one_after_the_other() -> None:
    sheet = ActionFactory.create(project=ProjectFactory.create(), number=1, need="")
    failures: list[BaseException] = []

    def append(letter: str) -> None:
        try:
            for _ in range(5):
                with writing(Project.objects.get(pk=sheet.project_id), by=None):
                    present = Action.objects.get(pk=sheet.pk)
                    present.need += letter
                    present.save()
        except BaseException as error:  # noqa: BLE001 (told by the test itself)
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=append, args=(letter,)) for letter in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sheet.refresh_from_db()
    assert failures == []
    assert sorted(sheet.need) == ["a"] * 5 + ["b"] * 5
    kept = ChangeSet.objects.of(sheet.project.scope).order_by("pk")
    assert [made.revision for made in kept if made.revision] == list(range(1, 11))
