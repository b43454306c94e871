"""The journal answers: sent already? written since? by whom last?"""

import json
from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from journal.enums import ChangeKind
from journal.models import Change, ChangeSet
from journal.reading import already_made, changed_since, last_changes, net_of
from roadmap.models import Action
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast
from tests.factories import ActionFactory, ObjectiveFactory

pytestmark = pytest.mark.django_db

Counted = Callable[[Callable[[], object]], int]


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=1, title="Aller vers")


def write(project: Project, sheet: Action, *, by: User | None = None, **values: str) -> None:
    with writing(project, by=by):
        Action.objects.filter(pk=sheet.pk).update(**values)


def test_a_gesture_sent_twice_is_found_by_its_token(cast: Cast, sheet: Action) -> None:
    with writing(cast.project, by=cast.agnes, token="abc") as made:
        Action.objects.filter(pk=sheet.pk).update(title="Une fois")
    assert already_made(cast.project.scope, "abc") == made.changeset
    assert already_made(cast.project.scope, "abd") is None
    assert already_made(cast.elsewhere.scope, "abc") is None


def test_no_token_is_no_gesture_and_no_query(cast: Cast, sheet: Action, queries: Counted) -> None:
    write(cast.project, sheet, title="Sans jeton")
    assert queries(lambda: already_made(cast.project.scope, "")) == 0
    assert already_made(cast.project.scope, "") is None


def test_what_was_written_since_has_its_value_then_and_its_last_author(
    cast: Cast, sheet: Action, queries: Counted
) -> None:
    write(cast.project, sheet, title="Avant", by=cast.emile)
    drawn_at = cast.project.revision
    write(cast.project, sheet, title="Un", need="Constat", by=cast.agnes)
    write(cast.project, sheet, title="Deux", by=cast.bruno)
    found = changed_since(sheet, drawn_at)
    assert {name: (since.base, since.last.new) for name, since in found.items()} == {
        "title": ("Avant", "Deux"),
        "need": ("", "Constat"),
    }
    assert found["title"].last.changeset.by == cast.bruno
    assert found["need"].last.changeset.by == cast.agnes
    assert queries(lambda: changed_since(sheet, drawn_at)) == 1
    assert changed_since(sheet, cast.project.revision) == {}


def test_what_came_back_to_its_value_was_not_written(cast: Cast, sheet: Action) -> None:
    write(cast.project, sheet, title="Ailleurs")
    write(cast.project, sheet, title="Aller vers")
    assert changed_since(sheet, 0) == {}


def test_other_rows_are_other_rows(cast: Cast, sheet: Action) -> None:
    other = ActionFactory.create(project=cast.project, number=2)
    row = ObjectiveFactory.create(action=sheet)
    write(cast.project, other, title="Ailleurs")
    with writing(cast.project, by=None):
        row.title = "Ailleurs"
        row.save()
    assert changed_since(sheet, 0) == {}


def test_the_last_change_of_each_row_even_gone(cast: Cast, sheet: Action, queries: Counted) -> None:
    gone = ObjectiveFactory.create(action=sheet)
    key = gone.pk
    for title in ("Un", "Deux"):
        write(cast.project, sheet, title=title, by=cast.agnes)
    with writing(cast.project, by=cast.bruno):
        gone.delete()
    rows = last_changes("roadmap.objective", [key])
    assert (rows[key].kind, rows[key].changeset.by) == ("retrait", cast.bruno)
    sheets = last_changes("roadmap.action", [sheet.pk, 0])
    assert [change.new for change in sheets.values()] == ["Deux"]
    assert queries(lambda: last_changes("roadmap.action", [sheet.pk])) == 1


def test_gestures_about_a_sheet_are_those_of_all_that_hangs_on_it(
    cast: Cast, sheet: Action
) -> None:
    row = ObjectiveFactory.create(action=sheet)
    other = ActionFactory.create(project=cast.project, number=2)
    write(cast.project, other, title="Ailleurs")
    with writing(cast.project, by=cast.agnes) as made:
        row.planned_quarters.create(quarter=8107)
    about = ChangeSet.objects.of(cast.project.scope).about(f"roadmap.action:{sheet.pk}")
    assert list(about) == [made.changeset]
    assert str(made.changeset) == cast.agnes.get_full_name()
    assert str(Change.objects.get(changeset=made.changeset)) == "Ajout · T4\u00a02026 prévu"


def test_gestures_are_read_in_three_queries(cast: Cast, sheet: Action, queries: Counted) -> None:
    def read() -> list[str]:
        gestures = ChangeSet.objects.of(cast.project.scope).latest_first().for_reading()
        return [str(change) for one in gestures for change in one.changes.all()]

    write(cast.project, sheet, title="Un")
    assert len(read()) == 1
    with_one = queries(read)
    for title in ("Deux", "Trois"):
        write(cast.project, sheet, title=title)
    assert queries(read) == with_one == 3


# --- Several gestures as one --------------------------------------------------------------------

VALUES = st.fixed_dictionaries({"a": st.integers(0, 2), "b": st.integers(0, 2)})
# What a row is after each gesture; nothing where there is no row.
LIVES = st.lists(st.one_of(st.none(), VALUES), min_size=1, max_size=6)


def between(before: dict[str, int] | None, after: dict[str, int] | None) -> list[Change]:
    """What a gesture that led from one to the other would have noted."""
    made = ChangeSet()
    if before is None or after is None:
        kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED
        is_nothing = before is after
        return [] if is_nothing else [Change(changeset=made, kind=kind, old=before, new=after)]
    return [
        Change(changeset=made, kind=ChangeKind.CHANGED, field=name, old=old, new=after[name])
        for name, old in before.items()
        if old != after[name]
    ]


def facts(changes: Iterable[Change]) -> set[tuple[str, str, str, str]]:
    def told(value: object) -> str:
        return json.dumps(value, sort_keys=True)

    return {(one.kind, one.field, told(one.old), told(one.new)) for one in changes}


@given(life=LIVES, first=st.one_of(st.none(), VALUES))
def test_only_both_ends_count(
    life: list[dict[str, int] | None], first: dict[str, int] | None
) -> None:
    stages = [first, *life]
    several = [change for before, after in pairwise(stages) for change in between(before, after)]
    for change in several:
        change.model, change.row = "roadmap.action", 1
    net = net_of(several)
    assert facts(net) == facts(between(stages[0], stages[-1]))
    assert [one.rank for one in net] == list(range(1, len(net) + 1))
