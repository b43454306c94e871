"""Whatever is done to decisions and minutes, in whatever order: the rules that always hold."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.enums import DecisionState, MinutesState
from governance.models import Decision
from governance.services.attendance import hold_meeting
from governance.services.decisions import close_decision, reopen_decision
from governance.services.minutes import propose_minutes, take_minutes_back, validate_minutes
from governance.summaries.minutes import minutes_of
from governance.writing import GovernanceRefused
from tests.cast import Cast
from tests.governance.held import Held, decide, fresh, hold, note

pytestmark = pytest.mark.django_db

QUICK = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
ON_DECISIONS = ["decide", "done", "dropped", "dropped without reason", "reopen"]
ON_MINUTES = ["note", "hold", "propose", "take back", "validate", "decide"]


@pytest.fixture
def held(cast: Cast) -> Held:
    return hold(cast.project)


@contextlib.contextmanager
def taken_back() -> Iterator[None]:
    """Each example begins with the same scene."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def act_on_decisions(step: str, rank: int, held: Held, cast: Cast) -> None:
    """One thing that somebody does to the register."""
    on = cast.aubrac.today()
    if step == "decide":
        decide(held, f"Décision {rank}", cast.agnes, meeting=None)
        return
    rows = list(Decision.objects.of(held.project).with_place())
    if not rows:
        return
    decision = rows[rank % len(rows)]
    if step == "reopen":
        reopen_decision(decision=decision, reason="Reprise", by=cast.agnes)
        return
    state = DecisionState.DONE if step == "done" else DecisionState.DROPPED
    words = "" if step == "dropped without reason" else "Ainsi"
    close_decision(decision=decision, state=state, words=words, on=on, by=cast.agnes)


@QUICK
@given(steps=st.lists(st.tuples(st.sampled_from(ON_DECISIONS), st.integers(0, 9)), max_size=12))
def test_register_holds_whatever_is_done(
    steps: list[tuple[str, int]], cast: Cast, held: Held
) -> None:
    with taken_back():
        hold_the_register(steps, cast, held)


def hold_the_register(steps: list[tuple[str, int]], cast: Cast, held: Held) -> None:
    """One story of the register."""
    before = Decision.objects.of(held.project).count()
    given_numbers = list(Decision.objects.of(held.project).values_list("number", flat=True))
    for step, rank in steps:
        with contextlib.suppress(GovernanceRefused):
            act_on_decisions(step, rank, held, cast)
        rows = list(Decision.objects.of(held.project))
        numbers = [row.number for row in rows]
        # Numbered one after the other, for good: none goes, none comes twice.
        assert numbers == list(range(len(rows), 0, -1))
        assert set(given_numbers) <= set(numbers)
        given_numbers = numbers
        for row in rows:
            assert row.is_open == (row.closed_on is None)
            assert row.state != DecisionState.DROPPED or row.closing_words
            assert not row.is_open or not row.closing_words
    made = sum(step == "decide" for step, _ in steps)
    assert Decision.objects.of(held.project).count() == before + made


def act_on_minutes(step: str, held: Held, cast: Cast) -> None:
    """One thing that somebody does to the minutes."""
    by: Any = cast.agnes
    if step == "note":
        note(held.item, f"Dit {fresh(held.last).revision}", by)
    elif step == "decide":
        decide(held, "Former", by, item=held.item)
    elif step == "hold":
        hold_meeting(meeting=held.last, by=by)
    elif step == "propose":
        propose_minutes(meeting=held.last, tells=False, by=by)
    elif step == "take back":
        take_minutes_back(meeting=held.last, by=by)
    else:
        validate_minutes(meeting=held.last, at=held.next, corrections="", by=by)


@QUICK
@given(steps=st.lists(st.sampled_from(ON_MINUTES), min_size=4, max_size=14))
def test_validated_minutes_never_change_whatever_is_done(
    steps: list[str], cast: Cast, held: Held
) -> None:
    with taken_back():
        hold_the_minutes(steps, cast, held)


def hold_the_minutes(steps: list[str], cast: Cast, held: Held) -> None:
    """One story of the minutes."""
    for step in steps:
        before = fresh(held.last)
        read = minutes_of(before)
        with contextlib.suppress(GovernanceRefused):
            act_on_minutes(step, held, cast)
        after = fresh(held.last)
        if before.minutes_state == MinutesState.VALIDATED:
            assert after.minutes_state == MinutesState.VALIDATED
            assert minutes_of(after) == read
        if before.minutes_state == MinutesState.PROPOSED:
            # What readers read changes by going back to writing, and no other way.
            assert after.minutes_state != MinutesState.PROPOSED or minutes_of(after) == read
        if after.minutes_state == MinutesState.VALIDATED:
            assert before.minutes_state in {MinutesState.PROPOSED, MinutesState.VALIDATED}
