"""What every test can count on."""

import uuid
from collections.abc import Callable, Generator

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import blocking_manager_key

from accounts.models import User
from roadmap.imports import reference as roadmap_reference
from territories import imports as territory_reference
from tests import cast as stage


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """The cache table of the embedded way, made once."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("createcachetable")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, None, None]:
    """A test over real transactions empties the tables: the reference data comes back after it."""
    yield
    marker = item.get_closest_marker("django_db")
    # After the last test of all, the tables themselves are gone.
    if marker is not None and marker.kwargs.get("transaction") and nextitem is not None:
        with item.config.stash[blocking_manager_key].unblock():
            territory_reference.load_reference_data()
            roadmap_reference.load_reference_data()


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test is throttled by what another typed, whichever store and process they share."""
    monkeypatch.setattr(caches["default"], "key_prefix", uuid.uuid4().hex)


@pytest.fixture
def cast(db: None) -> stage.Cast:
    """Agnès, Bruno, Chloé and the others (`tests.cast`)."""
    return stage.gather()


@pytest.fixture
def sign_in(client: Client) -> Callable[[User | None], Client]:
    """The client, signed in as somebody or as nobody."""

    def as_user(user: User | None) -> Client:
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return as_user


@pytest.fixture
def queries(db: None) -> Callable[[Callable[[], object]], int]:
    """How many queries an act costs."""

    def count(act: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    return count
