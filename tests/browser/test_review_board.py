"""A review followed, closed and read in a browser; what others answer comes by itself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demonstration import Site
from tests.browser.reviewing import on_stage
from tests.browser.walk import Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture
def walker(page: Page, own_site: Site) -> Iterator[Walker]:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.set_viewport_size({"width": 1280, "height": 860})
    yield Walker(page=page, site=own_site.address)
    assert errors == []


def test_a_review_is_followed_live_then_closed_and_read(walker: Walker, own_site: Site) -> None:
    page = walker.page
    on_stage(own_site, "set_stage")
    walker.sign_in()
    walker.arrive("/territoires/demo/")
    walker.press("link", "Revue T", exact=False, within="[aria-labelledby=titre-revue]")
    figure = page.locator(".board-figure")
    expect(figure).to_have_text("13\u00a0réponses sur 22")

    # Somebody answers: the figure moves without a reload, and what is ticked stays so.
    box = page.locator("input[name=reponse]").first
    box.check()
    page.evaluate("window.isSamePage = true")
    on_stage(own_site, "answer_one_more")
    expect(figure).to_have_text("14\u00a0réponses sur 22", timeout=15_000)
    assert page.evaluate("window.isSamePage")
    expect(box).to_be_checked()
    walker.look()

    walker.press("button", "Valider les réponses cochées")
    expect(page.locator("main")).to_contain_text("1\u00a0réponse validée.")
    page.set_viewport_size({"width": 360, "height": 740})
    walker.look()

    walker.press("link", "Clôturer…")
    walker.press("button", "Clôturer la revue")
    expect(page.locator("#erreurs")).to_contain_text("choisissez ce qui est gardé")
    page.get_by_label("Garder la fiche telle qu’elle est").check()
    walker.press("button", "Clôturer la revue")
    expect(page.locator("h2").first).to_have_text("Commencées, non envoyées")
    expect(page.get_by_role("heading", name="À examiner")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 860})
    walker.look()
