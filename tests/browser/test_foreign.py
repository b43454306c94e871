"""A workbook designed elsewhere: sent, corrected, looked at, imported, taken back, sent again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import Walker
from tests.roadmap.foreign_books import coloured_quarters

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WAYS = [(1280, False), (360, False), (1280, True)]


@pytest.fixture(params=WAYS, ids=["mouse-1280", "mouse-360", "keyboard-1280"])
def walker(request: pytest.FixtureRequest, page: Page, site: str) -> Iterator[Walker]:
    width, by_keyboard = request.param
    page.set_viewport_size({"width": width, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield Walker(page=page, site=site, by_keyboard=by_keyboard)
    assert errors == []


def send(walker: Walker, file: Path) -> None:
    walker.press("link", "Feuille de route")
    # Below every sheet: further than the tests press Tab.
    excel = walker.named("link", "Excel", within="main").get_attribute("href")
    walker.arrive(str(excel))
    walker.press("link", "Choisir un autre classeur")
    walker.page.set_input_files("input[type=file]", file)
    walker.press("button", "Lire ce classeur")


def test_a_column_is_corrected_imported_taken_back_and_remembered(
    walker: Walker, tmp_path: Path
) -> None:
    page, main = walker.page, walker.page.locator("main")
    file = tmp_path / "suivi.xlsx"
    file.write_bytes(coloured_quarters())
    walker.sign_in()
    send(walker, file)
    expect(page.locator("h1")).to_have_text("Ce que disent les colonnes")
    expect(main).to_contain_text("3 fiches et 3 objectifs lus ainsi")

    pilots = page.get_by_label("Colonne D, « Pilote »")
    pilots.select_option("number")
    walker.press("button", "Voir ce qui va changer")
    expect(page.get_by_role("alert")).to_contain_text("est déjà la colonne B")
    pilots.select_option(label="Partenaires")
    page.get_by_label("à voir avec l’ARS").select_option(label="Non commencée")
    walker.press("button", "Voir ce qui va changer")
    expect(main).to_contain_text("partenaire « UNAFAM »")
    expect(main).to_contain_text("« Total », ligne de total, non repris")

    walker.press("button", "Importer", within="main")
    expect(page.locator(".alert-success")).to_contain_text("Import fait")
    walker.press("link", "Annuler cet import")
    walker.press("button", "Annuler ce geste")

    send(walker, file)
    expect(main).to_contain_text("Correspondances reprises de l’import du")
    expect(pilots).to_have_value("partner")
    walker.press("button", "Oublier cette correspondance")
    expect(pilots).to_have_value("pilot")
