"""The history walked: read, unfold, filter, take back, do again; by mouse and by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LEAD = "coordination.demo@demo.example"
PASSWORD = "demonstration-ptsm"
# What htmx says of a request given up for a newer one.
GIVEN_UP = ("htmx:sendAbort", "htmx:afterRequest, [object")
WAYS = [(1280, False), (360, False), (1280, True)]


@pytest.fixture(params=WAYS, ids=["mouse-1280", "mouse-360", "keyboard-1280"])
def walker(request: pytest.FixtureRequest, page: Page, site: str) -> Iterator[Walker]:
    width, by_keyboard = request.param
    page.set_viewport_size({"width": width, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield Walker(page=page, site=site, by_keyboard=by_keyboard)
    assert [said for said in errors if not said.startswith(GIVEN_UP)] == []


def sign_in(walker: Walker) -> None:
    """To the list of sheets of the demonstration."""
    walker.arrive("/")
    walker.write("Adresse électronique", LEAD)
    walker.write("Mot de passe", PASSWORD)
    walker.press("button", "Se connecter", within="main")
    walker.press("link", "Feuille de route", within="main")


def test_a_comment_is_read_in_the_history_taken_back_and_done_again(walker: Walker) -> None:
    page = walker.page
    sign_in(walker)
    # One sheet for each way of walking: they share a site.
    rank = WAYS.index(_way(walker))
    walker.follow(page.locator("tr.line a.t").nth(rank + 4))
    sheet = page.url
    page.goto(f"{sheet.rstrip('/')}/commentaires/")
    page.get_by_label("commentaire", exact=False).first.fill("Vu en commission")
    with page.expect_navigation():
        page.locator("main form[method=post] button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("Vu en commission")

    page.goto(f"{sheet.rstrip('/')}/historique/")
    walker.look()
    latest = page.locator(".gesture").first
    expect(latest).to_contain_text("a commenté")
    walker.use(latest.locator("summary"))
    expect(latest.locator(".change-fields")).to_contain_text("Vu en commission")
    walker.look()

    walker.follow(latest.locator("a.gesture-undo"))
    expect(page.locator("main")).to_contain_text("disparaîtra")
    walker.press("button", "Annuler ce geste")
    expect(page.locator(".alert-success")).to_contain_text("C’est annulé")
    expect(page.locator(".gesture").nth(1)).to_contain_text("annulé par")
    expect(page.locator(".gesture").first).to_contain_text("annule le geste du")

    walker.press("link", "Rétablir", within=".alert-success")
    walker.press("button", "Rétablir ce geste")
    expect(page.locator(".alert-success")).to_contain_text("C’est rétabli")
    page.goto(sheet)
    expect(page.locator("main")).to_contain_text("Vu en commission")


def _way(walker: Walker) -> tuple[int, bool]:
    assert walker.page.viewport_size
    return walker.page.viewport_size["width"], walker.by_keyboard


def test_filters_stay_in_the_address(walker: Walker) -> None:
    page = walker.page
    sign_in(walker)
    page.goto(page.url.replace("/feuille-de-route/", "/historique/"))
    walker.look()
    page.get_by_label("Personne").select_option(label="L’application")
    walker.touch("button", "Filtrer")
    expect(page.locator(".gesture-tag").last).to_have_text("chargement")
    page.get_by_label("Personne").select_option(label="Toutes")
    page.get_by_label("Du", exact=True).fill("1999-01-01")
    page.get_by_label("Au", exact=True).fill("1999-12-31")
    walker.touch("button", "Filtrer")
    expect(page.locator("#resultats")).to_contain_text("Aucun geste ne correspond")
    assert "du=1999-01-01&au=1999-12-31" in page.url
    walker.look()
    page.go_back()
    expect(page.locator(".gesture").first).to_be_visible()
