"""The main job, walked: sign in, read the roadmap and its planning, hand out the booklet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.walk import Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LEAD = "coordination.mayenne@demo.example"
PASSWORD = "demonstration-ptsm"
WAYS = [(1280, False), (360, False), (1280, True), (360, True)]


@pytest.fixture(params=WAYS, ids=["mouse-1280", "mouse-360", "keyboard-1280", "keyboard-360"])
def walker(request: pytest.FixtureRequest, page: Page, site: str) -> Iterator[Walker]:
    width, by_keyboard = request.param
    page.set_viewport_size({"width": width, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield Walker(page=page, site=site, by_keyboard=by_keyboard)
    assert errors == []


def sign_in(walker: Walker, email: str) -> None:
    walker.arrive("/")
    walker.write("Adresse électronique", email)
    walker.write("Mot de passe", PASSWORD)
    walker.press("button", "Se connecter", within="main")
    expect(walker.page.get_by_role("heading", level=1)).to_contain_text("Bonjour")


def test_the_lead_reads_the_roadmap_and_prints_the_booklet(walker: Walker, tmp_path: Path) -> None:
    page = walker.page
    sign_in(walker, LEAD)
    walker.press("link", "Mayenne", within="main")
    walker.press("link", "Feuille de route", within="main")
    expect(page.locator("tr.line")).to_have_count(30)

    walker.write("Rechercher", "pair-aidance")
    walker.touch("button", "Filtrer")
    expect(page.locator("tr.line")).to_have_count(2)
    walker.look()
    assert "mots=pair-aidance" in page.url
    page.go_back()
    expect(page.locator("tr.line")).to_have_count(30)
    expect(page.locator("header.bar")).to_have_count(1)
    page.go_forward()
    expect(page.locator("tr.line")).to_have_count(2)
    walker.press("link", "Développer et professionnaliser la pair-aidance")
    expect(page.locator("h1")).to_have_text("13. Développer et professionnaliser la pair-aidance")
    expect(page.locator("table.grid tbody th[scope=row]")).to_have_count(6)

    walker.press("link", "Feuille de route", within=".where")
    walker.press("link", "Planning", within="main")
    expect(page.locator("table.grid .grid-sheet")).to_have_count(30)
    expect(page.locator("table.grid")).to_contain_text("à déterminer par les pilotes")

    walker.press("link", "Imprimer le livret")
    walker.press("button", "Imprimer", within="main")
    ready = page.get_by_role("link", name="PDF", exact=False).first
    expect(ready).to_be_visible(timeout=60_000)
    walker.look()
    address = ready.get_attribute("href")
    assert address is not None
    booklet = tmp_path / "livret.pdf"
    booklet.write_bytes(page.request.get(walker.site + address).body())
    reader = PdfReader(booklet)
    assert len(reader.pages) > 10
    assert "Mayenne" in reader.pages[0].extract_text()

    if page.viewport_size and walker.by_keyboard:
        walker.focus(page.locator(".menu summary"))
        page.keyboard.press("Enter")
    else:
        page.locator(".menu summary").click()
    walker.press("button", "Se déconnecter")
    walker.arrive("/")
    expect(page).to_have_url(f"{walker.site}/compte/connexion/?next=/")


@pytest.mark.parametrize("width", [1280, 360])
def test_every_screen_of_the_demonstration_passes_axe(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    walker = Walker(page=page, site=site)
    for path in (
        "/compte/connexion/", "/compte/mot-de-passe/oublie/", "/aide/", "/mentions-legales/",
        "/donnees-personnelles/", "/accessibilite/", "/plan-du-site/", "/contact/",
        "/demonstration/courriels/", "/invitation/", "/nulle-part/",
    ):  # fmt: skip
        walker.arrive(path)
    sign_in(walker, "coordination.demo@demo.example")
    walker.press("link", "Territoire de démonstration", within="main")
    walker.press("link", "Feuille de route", within="main")
    walker.follow(page.locator("tr.line a.t").first)
    walker.press("link", "Feuille de route", within=".where")
    walker.press("link", "Planning", within="main")
    walker.press("link", "Membres")
    walker.press("link", "Inviter une personne")
    walker.press("button", "Envoyer l’invitation", within="main")
    walker.press("link", "Documents")
    for path in ("/compte/mot-de-passe/", "/territoires/demo/", "/"):
        walker.arrive(path)


def test_without_javascript_the_booklet_is_still_ordered(browser: object, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(site + "/")
    page.get_by_label("Adresse électronique").first.fill(LEAD)
    page.get_by_label("Mot de passe").first.fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Se connecter", exact=True).first.click()
    page.get_by_role("link", name="Mayenne", exact=True).click()
    page.locator("main").get_by_role("link", name="Feuille de route").click()
    page.get_by_label("Rechercher").first.fill("pair-aidance")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator("tr.line")).to_have_count(2)
    page.get_by_role("link", name="Imprimer le livret").click()
    page.locator("main").get_by_role("button", name="Imprimer").click()
    for _ in range(30):
        if page.locator("main").get_by_role("link", name="PDF").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.locator("main").get_by_role("link", name="PDF").first).to_be_visible()
    context.close()
