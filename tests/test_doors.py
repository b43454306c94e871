"""Every address × every role, from the declared table of `tests.doors`."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from tests.cast import Cast
from tests.doors import DOORS, STAFF, WHO, Door, Scene, every_address, set_scene
from tests.governance.doors import GOVERNANCE_DOORS, with_governance
from tests.reviews.doors import REVIEW_DOORS, with_review

SignIn = Callable[[User | None], Client]
EVERY_DOOR = DOORS | REVIEW_DOORS | GOVERNANCE_DOORS


def test_every_address_has_its_door_and_every_door_its_address() -> None:
    listed = {name.split()[0] for name in EVERY_DOOR}
    there = set(every_address())
    assert there - listed == set(), "addresses without a line in tests/doors.py"
    assert listed - there == set(), "lines of tests/doors.py whose address is gone"


def test_every_door_says_what_each_role_meets() -> None:
    for name, door in EVERY_DOOR.items():
        assert set(door.get) == set(door.post) == set(WHO), name


@pytest.fixture
def scene(cast: Cast, settings: Settings) -> Scene:
    # Two thousand requests: their sessions need no table.
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    return with_governance(with_review(set_scene(cast)))


@pytest.mark.parametrize("who", WHO)
def test_each_role_passes_its_doors_and_no_other(
    scene: Scene, sign_in: SignIn, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "django.request")
    client = sign_in(scene.people[who])
    wrong = []
    for name, door in EVERY_DOOR.items():
        for method, expected in (("GET", door.get[who]), ("POST", door.post[who])):
            met = knock(client, scene, name, door, method)
            if met != expected:
                wrong.append(f"{method} {name}: {met} instead of {expected}")
    if wrong:
        pytest.fail("\n".join([f"{who} ({WHO[who]})", *wrong]), pytrace=False)


def knock(client: Client, scene: Scene, name: str, door: Door, method: str) -> int:
    """What that person is answered there; what it wrote is taken back."""
    address = reverse(name.split()[0], args=door.args(scene))
    cookies = copy.copy(client.cookies)
    with transaction.atomic():
        answer: Any = client.get(address) if method == "GET" else send(client, scene, door, address)
        transaction.set_rollback(True)
    client.cookies = cookies
    return int(answer.status_code)


def send(client: Client, scene: Scene, door: Door, address: str) -> Any:
    """A form as a page sends it, or what a script sends by itself."""
    if door.sent is None:
        return client.post(address, door.typed)
    return client.post(address, json.dumps(door.sent(scene.keys)), "application/json")


# --- The administration: Django's addresses, one rule ---------------------------------------------


def administered() -> list[str]:
    """The list and the adding form of every table, and the first page."""
    tables = [f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry]
    return ["index", *(f"{table}_{act}" for table in tables for act in ("changelist", "add"))]


def test_administration_is_for_staff_and_asks_for_each_permission(
    scene: Scene, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "django.request")
    for who in WHO:
        sign_in(None).logout()
        client = sign_in(scene.people[who])
        met = {name: client.get(reverse(f"admin:{name}")).status_code for name in administered()}
        assert met.pop("index") == (200 if who in STAFF else 302), who
        lists = {status for name, status in met.items() if name.endswith("changelist")}
        forms = {status for name, status in met.items() if name.endswith("add")}
        if who == "racine":
            # Nobody adds by hand what the application alone writes.
            assert (lists, forms) == ({200}, {200, 403})
        else:
            assert lists == forms == ({403} if who in STAFF else {302}), who
