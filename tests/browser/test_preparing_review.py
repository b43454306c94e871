"""A review prepared and opened, by mouse, on a phone and by keyboard; every page under axe."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demonstration import Site
from tests.browser.reviewing import on_stage
from tests.browser.walk import Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WAYS = [(1280, False), (360, False), (1280, True)]


@pytest.fixture(params=WAYS, ids=["mouse-1280", "mouse-360", "keyboard-1280"])
def walker(request: pytest.FixtureRequest, page: Page, own_site: Site) -> Iterator[Walker]:
    width, by_keyboard = request.param
    on_stage(own_site, "end_present_review")
    page.set_viewport_size({"width": width, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Walker(page=page, site=own_site.address, by_keyboard=by_keyboard)
    assert errors == []


def test_lead_prepares_opens_and_thinks_better_of_it(walker: Walker) -> None:
    page, main = walker.page, walker.page.locator("main")
    walker.sign_in()
    walker.arrive("/territoires/demo/")
    walker.press("link", "Revues")
    walker.press("link", "Préparer une revue", within="main")
    walker.press("button", "Préparer la revue", within="main")
    expect(main).to_contain_text("Rien n’est parti")

    letter = page.locator("details.letter").first
    walker.use(letter.locator("summary"))
    expect(letter).to_contain_text("Pour répondre, sans mot de passe")
    walker.look()

    walker.press("link", "Modifier les dates et les textes", within="main")
    walker.write("Texte de la relance", "Un mot de vous ?")
    walker.press("button", "Enregistrer", within=".edit-buttons")
    expect(main).to_contain_text("texte modifié")
    walker.press("link", "Modifier les dates et les textes", within="main")
    walker.follow(page.get_by_role("button", name=re.compile("Revenir au texte proposé")))
    walker.press("button", "Enregistrer", within=".edit-buttons")
    expect(main).not_to_contain_text("texte modifié")

    walker.press("link", "Choisir les fiches", within="main")
    walker.press("button", "Enregistrer", within="main")
    walker.press("button", "M’envoyer un essai", within="main")
    expect(main).to_contain_text("Un courriel d’essai part vers")

    walker.press("link", "Ouvrir la revue…", within="main")
    walker.press("button", "Ouvrir la revue", within="main")
    expect(main).to_contain_text("courriels, dans")
    walker.press("button", "Arrêter l’ouverture", within="main")
    expect(main).to_contain_text("L’ouverture est arrêtée")
    walker.arrive(page.url.removeprefix(walker.site) + "courriels/")
    expect(main).to_contain_text("Essai")
    walker.press("link", "Revue T", exact=False, within=".where")
    walker.press("link", "Retirer cette revue", within="main")
    walker.press("button", "Retirer la revue", within="main")
    expect(main).to_contain_text("est retirée")
