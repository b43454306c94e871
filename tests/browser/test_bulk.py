"""Several sheets ticked, changed and taken back, by mouse, keyboard and without script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.walk import LEAD, PASSWORD, Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WAYS = [(1280, False), (360, False), (1280, True)]
CHOSEN = (2, 3, 5)


@pytest.fixture(params=WAYS, ids=["mouse-1280", "mouse-360", "keyboard-1280"])
def walker(request: pytest.FixtureRequest, page: Page, site: str) -> Iterator[Walker]:
    width, by_keyboard = request.param
    page.set_viewport_size({"width": width, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield Walker(page=page, site=site, by_keyboard=by_keyboard)
    assert errors == []


def box(page: Page, number: int) -> Locator:
    return page.get_by_role("checkbox", name=f"Choisir la fiche {number}", exact=False).first


def test_three_sheets_are_suspended_by_one_gesture_and_come_back(walker: Walker) -> None:
    page = walker.page
    walker.sign_in()
    walker.press("link", "Feuille de route", within="main")
    count = page.locator("[data-choice-count]")
    for number in CHOSEN:
        if walker.by_keyboard:
            walker.focus(box(page, number))
            page.keyboard.press("Space")
        else:
            box(page, number).check()
    expect(count).to_contain_text("3")
    walker.look()
    walker.press("button", "Modifier les fiches choisies…")
    walker.choose("Avancement", 4)
    walker.write("Motif", "Travaux à l’hôpital")
    walker.press("button", "Voir ce qui va changer")
    expect(page.locator("main")).to_contain_text("3 fiches changent")
    walker.press("button", "Confirmer")
    before = page.locator(".alert-success")
    expect(before).to_contain_text("3 fiches")
    expect(page.locator("tr.line", has_text="Travaux à l’hôpital")).to_have_count(3)
    walker.press("link", "Annuler", within=".alert-success")
    walker.press("button", "Annuler ce geste")
    walker.press("link", "Feuille de route", within="header")
    expect(page.locator("tr.line", has_text="Travaux à l’hôpital")).to_have_count(0)


def test_a_filter_keeps_what_is_ticked_and_still_shown(page: Page, site: str) -> None:
    walker = Walker(page=page, site=site)
    walker.sign_in()
    walker.press("link", "Feuille de route", within="main")
    box(page, CHOSEN[0]).check()
    page.get_by_label("Recherche").or_(page.locator("input[name=mots]")).first.fill("ans")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator("tr.line")).not_to_have_count(28)
    expect(box(page, CHOSEN[0])).to_be_checked()
    expect(page.locator("[data-choice-count]")).to_contain_text("1")


def test_without_script_the_ticks_lead_to_the_same_page(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(site)
    page.get_by_label("Adresse électronique").first.fill(LEAD)
    page.get_by_label("Mot de passe").first.fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Se connecter").click()
    page.locator("main").get_by_role("link", name="Feuille de route").first.click()
    for number in CHOSEN:
        box(page, number).check()
    page.get_by_role("button", name="Modifier les fiches choisies…").click()
    expect(page.locator("h1")).to_have_text("Modifier 3 fiches")
    context.close()
