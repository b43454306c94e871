"""Several people at the same moment, on real connections: each gesture whole, none lost."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from reviews.enums import LetterKind, UpdateState
from reviews.models import LateText, Letter, Update
from tests.reviews.answered import close
from tests.reviews.answers import came_by, drawn
from tests.reviews.scene import Scene, opened, set_scene
from tests.roadmap.test_at_once import at_once

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory locks whole tables"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def scene() -> Scene:
    scene = set_scene()
    opened(scene)
    return scene


@pytest.fixture
def theirs(scene: Scene) -> Update:
    """The sheet that Maya and Noé pilot together."""
    return scene.update_of(scene.theirs)


def here(update: Update) -> Any:
    """What everybody waits for: their campaign."""
    return update.campaign


def page(email: str, update: Update) -> tuple[Client, str, dict[str, str]]:
    """Somebody in front of that answer."""
    client = Client()
    address = f"{came_by(client, email)}{update.pk}/"
    return client, address, drawn(client, address)


def test_two_answers_sent_at_once_are_one_and_a_question(theirs: Update) -> None:
    pages = {name: page(f"{name}@exemple.fr", theirs) for name in ("maya", "noe")}

    def send(name: str) -> int:
        client, address, sent = pages[name]
        response = client.post(address, sent | {"done": f"Dit par {name}", "do": "envoyer"})
        return response.status_code

    outcomes = at_once(here(theirs), lambda: send("maya"), lambda: send("noe"))
    assert sorted(outcomes) == [200, 302]
    theirs.refresh_from_db()
    assert theirs.done == f"Dit par {('maya', 'noe')[outcomes.index(302)]}"
    assert Letter.objects.filter(kind=LetterKind.RECEIPT).count() == 1


def test_a_doubled_click_sends_once(theirs: Update) -> None:
    client, address, sent = page("maya@exemple.fr", theirs)

    def send() -> int:
        own = Client()
        own.cookies.update(client.cookies)
        return own.post(address, sent | {"done": "Un", "do": "envoyer"}).status_code

    assert at_once(here(theirs), send, send, send) == [302, 302, 302]
    assert Letter.objects.filter(kind=LetterKind.RECEIPT).count() == 1


def test_closed_at_the_very_moment_the_answer_is_in_or_kept_beside(theirs: Update) -> None:
    client, address, sent = page("maya@exemple.fr", theirs)

    def send() -> int:
        return client.post(address, sent | {"done": "Un mot", "do": "envoyer"}).status_code

    answered, _ = at_once(here(theirs), send, lambda: close(theirs.campaign))
    theirs.refresh_from_db()
    if answered == 302:
        assert (theirs.state, theirs.done) == (UpdateState.SUBMITTED, "Un mot")
        assert not LateText.objects.exists()
    else:
        assert answered == 409
        assert (theirs.state, theirs.done) == (UpdateState.TO_FILL, "")
        assert LateText.objects.get().text.endswith("Un mot")
