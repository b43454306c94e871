"""A real site and a real browser."""

import contextlib
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import pytest
from playwright.sync_api import Error, Keyboard, Locator, Page

from tests import services
from tests.browser.demonstration import CHROMIUM, QUIET, Site, demonstration, site_under

# An answer is in the page, and the script has not taken charge of it yet: some twenty milliseconds,
# in which a machine types or clicks and nobody does.
ARRIVED = """() => !document.querySelector(".htmx-swapping, .htmx-settling, .htmx-added")"""
AT_MOST = 1_000


def arrive(page: Page) -> None:
    """Wait until the page is settled; one that goes meanwhile, or has no script, is left alone."""
    with contextlib.suppress(Error):
        page.wait_for_function(ARRIVED, timeout=AT_MOST)


def waiting(act: Callable[..., Any]) -> Callable[..., Any]:
    """The same act, once the page is settled."""

    @wraps(act)
    def patient(target: Locator, *given: Any, **more: Any) -> Any:
        arrive(target.page)
        return act(target, *given, **more)

    return patient


@pytest.fixture(scope="session", autouse=True)
def hands_wait() -> Iterator[None]:
    """Every hand of these tests waits for what has just arrived, as a person does."""
    keyboard: Callable[[Page], Keyboard] = Page.keyboard.fget  # type: ignore[attr-defined]

    def at_rest(page: Page) -> Keyboard:
        arrive(page)
        return keyboard(page)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("click", "fill", "press", "check", "select_option", "focus"):
            patch.setattr(Locator, name, waiting(getattr(Locator, name)))
        patch.setattr(Page, "keyboard", property(at_rest))
        yield


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
