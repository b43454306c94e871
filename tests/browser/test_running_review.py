"""What a lead changes while a review is open, and the booklet in force, on two screens."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.demonstration import Site
from tests.browser.walk import Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(params=[1280, 360])
def walker(page: Page, own_site: Site, request: pytest.FixtureRequest) -> Iterator[Walker]:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.set_viewport_size({"width": request.param, "height": 860})
    yield Walker(page=page, site=own_site.address)
    assert errors == []


def test_an_open_review_changes_its_words_its_sheets_and_its_links(walker: Walker) -> None:
    page, main = walker.page, walker.page.locator("main")
    walker.sign_in()
    walker.arrive("/territoires/demo/")
    walker.press("link", "Revue T", exact=False, within="[aria-labelledby=titre-revue]")

    walker.press("link", "Dates et textes", within="main")
    expect(main).to_contain_text("à venir, à 8")
    walker.write("Texte de la relance", f"Un mot de vous, à {page.viewport_size}.")
    walker.press("button", "Enregistrer", within=".edit-buttons")
    expect(main).to_contain_text("Enregistré.")

    walker.press("link", "Fiches", within="main")
    page.locator("input[name=sheets]:not(:checked)").first.check()
    walker.press("button", "Continuer", within="main")
    expect(main).to_contain_text("Rien n’est encore changé")
    walker.press("button", "Changer les fiches", within="main")
    expect(main).to_contain_text("fiche ajoutée")

    walker.follow(page.get_by_role("link", name=re.compile("^Liens de ")).first)
    walker.follow(page.get_by_role("button", name=re.compile("^Retirer ce")))
    expect(main).to_contain_text("Aucun lien n’ouvre plus ses fiches")
    walker.press("button", "Envoyer un nouveau lien", within="main")
    expect(main).to_contain_text("Un nouveau lien part vers")


def test_a_booklet_is_put_in_force_and_read_without_an_account(
    walker: Walker, browser: Browser
) -> None:
    page, main = walker.page, walker.page.locator("main")
    walker.sign_in()
    walker.arrive("/territoires/demo/")
    walker.press("link", "Imprimer le livret", within="main")
    walker.press("button", "Imprimer", within="main")
    put = page.get_by_role("link", name="Mettre en vigueur…")
    expect(put).to_be_visible(timeout=90_000)
    walker.follow(put)
    walker.press("button", "Mettre en vigueur", within="main")
    expect(main).to_contain_text("est le livret en vigueur")
    walker.write("Pour qui", "Élus")
    walker.press("button", "Faire le lien", within="main")
    address = page.locator(".booklet-address input").first.input_value()
    walker.arrive("/")
    expect(main.get_by_role("link").first).to_contain_text("Livret")

    stranger = browser.new_context(locale="fr-FR", viewport=page.viewport_size)
    reader = Walker(page=stranger.new_page(), site=walker.site)
    reader.arrive("/livret/" + address.partition("/livret/")[2])
    get = reader.named("link", "Télécharger le livret")
    got = reader.page.request.get(walker.site + str(get.get_attribute("href")))
    assert got.body().startswith(b"%PDF")

    walker.press("link", "Territoire de démonstration", within="main")
    walker.press("link", "tous les documents", within="main")
    walker.press("link", "changer, liens d’accès sans compte", within="main")
    expect(main).to_contain_text("Ouvert 1 fois")
    walker.press("link", "Retirer le lien", exact=False, within=".booklet-links")
    walker.press("button", "Retirer ce lien", within="main")
    reader.page.reload()
    expect(reader.page.locator("h1")).to_have_text("Ce lien a été retiré")
    reader.look()
    reader.arrive("/livret/rien-de-tel/")
    stranger.close()
    walker.press("link", "Ne plus avoir de livret en vigueur…", within="main")
    walker.press("button", "Retirer", within="main")
    expect(main).to_contain_text("Plus aucun livret n’est en vigueur")
