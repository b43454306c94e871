"""A real site and a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import services
from tests.browser.demonstration import CHROMIUM, QUIET, Site, demonstration, site_under


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium: nothing is downloaded for the tests."""
    missing = "" if CHROMIUM else "Chromium is not installed (package chromium)"
    services.required(services.Found(reason=missing))
    return {"executable_path": CHROMIUM, "args": QUIET.split()}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A French reader, whose screen does not fade colours: axe would read one on its way."""
    return {"locale": "fr-FR", "reduced_motion": "reduce"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demonstration shared by the tests of one file."""
    with demonstration(tmp_path_factory.mktemp("site")) as address:
        yield address


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Another one, for the tests that add sheets to it, or stop it."""
    with site_under(tmp_path_factory.mktemp("own-site")) as site:
        yield site
