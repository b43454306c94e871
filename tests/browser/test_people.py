"""The people of a territory walked: a role, a suspension, the directory; every page under axe."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WAYS = [(1280, False), (360, False), (1280, True)]


@pytest.fixture(params=WAYS, ids=["mouse-1280", "mouse-360", "keyboard-1280"])
def walker(request: pytest.FixtureRequest, page: Page, site: str) -> Iterator[Walker]:
    width, by_keyboard = request.param
    page.set_viewport_size({"width": width, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Walker(page=page, site=site, by_keyboard=by_keyboard)
    assert errors == []


def test_lead_keeps_the_accounts_and_the_people(walker: Walker) -> None:
    page, main = walker.page, walker.page.locator("main")
    walker.sign_in()
    walker.arrive("/territoires/demo/membres/")

    row = page.locator("tr", has_text="membre@demo.example")
    row.get_by_label("Rôle de").select_option(label="Pilote de fiche action")
    walker.follow(row.get_by_role("button", name="Changer"))
    expect(main).to_contain_text("a maintenant le rôle")
    row.get_by_label("Rôle de").select_option(label="Membre")
    walker.follow(row.get_by_role("button", name="Changer"))

    walker.follow(row.get_by_role("link", name="Suspendre"))
    walker.press("button", "Suspendre l’accès")
    expect(row).to_contain_text("Accès suspendu")
    walker.follow(row.get_by_role("button", name="Rétablir"))
    expect(row).not_to_contain_text("Accès suspendu")

    walker.press("link", "Annuaire")
    walker.press("link", "Ajouter une personne")
    walker.press("button", "Ajouter", within="main")
    expect(main).to_contain_text("Donnez au moins un nom")
    name = f"Essai{page.viewport_size and page.viewport_size['width']}{walker.by_keyboard}"
    walker.write("Nom*", name)
    walker.press("button", "Ajouter", within="main")
    expect(main).to_contain_text(f"{name} est maintenant dans l’annuaire")

    walker.arrive(f"/territoires/demo/annuaire/?mots={name}")
    walker.press("link", f"Modifier {name}")
    walker.write("Fonction", "cadre de santé")
    walker.press("button", "Enregistrer", within="main")
    walker.arrive(f"/territoires/demo/annuaire/?mots={name}")
    walker.press("link", f"Noter le départ de {name}")
    walker.press("button", "Noter le départ", within="main")
    walker.arrive(f"/territoires/demo/annuaire/?mots={name}")
    expect(main).to_contain_text("partie le")
    walker.press("button", f"Rétablir {name} dans l’annuaire")
    walker.arrive("/territoires/demo/annuaire/?mots=zzzzzz")
    expect(main).to_contain_text("Personne ne porte ce nom")
