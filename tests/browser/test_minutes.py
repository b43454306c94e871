"""The minutes of one meeting, written by two people at once in two browsers; pages under axe."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.walk import Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]

SOON = 9_000


@pytest.fixture
def other(browser: Browser, site: str) -> Iterator[Walker]:
    """The same person in front of another computer."""
    context = browser.new_context(locale="fr-FR", reduced_motion="reduce")
    yield Walker(page=context.new_page(), site=site)
    context.close()


def to_the_minutes(walker: Walker) -> Page:
    """Sign in, and come to the minutes of a meeting of the demonstration that is to come."""
    walker.sign_in()
    page = walker.page
    walker.arrive("/territoires/demo/membres/")
    walker.press("link", "Gouvernance", within="header")
    walker.follow(page.locator("main").get_by_role("link", name="Réunions", exact=True).first)
    row = page.locator("main tr", has_text="Comité de pilotage").filter(has_text="Convoquée")
    walker.follow(row.get_by_role("link").first)
    walker.press("link", "Compte rendu", within="main")
    return page


@pytest.mark.parametrize("width", [1280, 360])
def test_two_people_write_the_same_point_and_lose_nothing(
    page: Page, site: str, other: Walker, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    one, two = to_the_minutes(Walker(page=page, site=site)), to_the_minutes(other)
    first, second = (each.locator("textarea[name=notes]").first for each in (one, two))
    first.fill(f"Dit en premier, {width}.")
    expect(second).to_have_value(f"Dit en premier, {width}.", timeout=SOON)

    # Both at once: whoever is saved last sees both texts, and keeps them.
    first.press("End")
    second.press("End")
    first.press_sequentially(" Une phrase.")
    second.press_sequentially(" Une autre.")
    one.wait_for_timeout(4_000)
    asked = two if two.locator(".minutes-versus").count() else one
    asked.get_by_role("button", name="Garder les deux").click()
    for field in (first, second):
        expect(field).to_have_value(re.compile("Une phrase."), timeout=SOON)
        expect(field).to_have_value(re.compile("Une autre."), timeout=SOON)

    # A decision has its number at once, and is seen by the other.
    one.get_by_text("Écrire une décision").first.click()
    one.get_by_label("Décision", exact=True).first.fill("Écrire aux communes")
    one.get_by_role("button", name="Enregistrer la décision").first.click()
    expect(one.locator("main")).to_contain_text("enregistrée.")
    expect(two.locator("[data-taken]").first).to_contain_text("Écrire aux communes", timeout=SOON)
