"""Whatever is typed in an answer: kept as it was typed, or told what is wrong; never lost."""

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.text import clean_paragraphs
from reviews.enums import ObjectiveAnswer, UpdateState
from reviews.models import Update
from roadmap.enums import STATUSES_WITH_REASON, Status, Weather
from tests.reviews.answers import came_by, drawn, objective
from tests.reviews.scene import QUARTER, opened, set_scene

pytestmark = pytest.mark.django_db

TEXTS = ("done", "difficulties", "next_steps", "help_asked")
WORDS = st.text(max_size=60)


def codes(*known: str) -> st.SearchStrategy[str]:
    """A choice of the form, or what somebody sends instead."""
    return st.one_of(st.sampled_from(known), st.sampled_from(["", "autre", "\x00"]))


@st.composite
def answers(draw: st.DrawFn) -> dict[str, str]:
    """What a page may send back, lawful or not; names of the objective begin with « O- »."""
    quarters = [str(QUARTER.index + shift) for shift in (-1, 0, 1, 8, 9)]
    return {
        "status": draw(codes(*Status.values)),
        "status_reason": draw(WORDS),
        "weather": draw(codes(*Weather.values)),
        "O-answer": draw(codes(*ObjectiveAnswer.values)),
        "O-slipped_to": draw(codes(*quarters)),
        "O-slip_reason": draw(WORDS),
        "do": draw(st.sampled_from(["envoyer", "enregistrer", "auto"])),
        **{name: draw(WORDS) for name in TEXTS},
    }


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(typed=answers())
def test_an_answer_is_kept_whole_or_told_wrong(client: Client, typed: dict[str, str]) -> None:
    with transaction.atomic():
        scene = set_scene()
        opened(scene)
        hers = scene.update_of(scene.hers)
        address = f"{came_by(client, 'maya@exemple.fr')}{hers.pk}/"
        named = {
            objective(hers, name[2:]) if name.startswith("O-") else name: value
            for name, value in typed.items()
        }
        response = client.post(address, drawn(client, address) | named)
        assert response.status_code in {200, 302, 422}
        check(hers, typed)
        transaction.set_rollback(True)


def check(hers: Update, typed: dict[str, str]) -> None:
    """What the base holds is lawful, and is what was typed or what was there."""
    state = hers.state
    hers.refresh_from_db()
    line = hers.objectives.get()
    assert state == UpdateState.TO_FILL
    if hers.state == UpdateState.TO_FILL:
        assert not any(getattr(hers, name) for name in TEXTS)
        return
    for name in TEXTS:
        assert getattr(hers, name) == clean_paragraphs(typed[name])
    assert (hers.status, line.answer) == (typed["status"], typed["O-answer"])
    if hers.state == UpdateState.SUBMITTED:
        assert bool(hers.status_reason) == (hers.status in STATUSES_WITH_REASON)
        assert bool(line.slip_reason) == line.has_slipped == (line.slipped_to is not None)
        assert line.slipped_to is None or line.slipped_to > QUARTER.index
