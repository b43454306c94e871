"""`make pictures`: the pictures of the guide and of the README, taken from the demonstration.

Run it when a screen or a paper changes its face; the pictures are kept in the repository.
"""

import subprocess
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.demonstration import CHROMIUM, QUIET, ROOT, Site, site_under
from tests.browser.reviewing import on_stage
from tests.browser.walk import Walker
from tests.roadmap.foreign_books import coloured_quarters

IMAGES = ROOT / "docs" / "guide" / "images"
SCREEN = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        site_under(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        context = browser.new_context(
            locale="fr-FR",
            reduced_motion="reduce",
            viewport=SCREEN,  # type: ignore[arg-type]
        )
        page = context.new_page()
        walker = Walker(page=page, site=site.address)
        walk(walker)
        phone = browser.new_context(
            locale="fr-FR",
            reduced_motion="reduce",
            viewport=PHONE,  # type: ignore[arg-type]
        )
        walk_on_a_phone(Walker(page=phone.new_page(), site=site.address))
        walk_reviews(walker, site)
        walk_assistant(walker, Path(folder, "suivi.xlsx"))
        walk_letter(walker)
        browser.close()


def walk(walker: Walker) -> None:
    """The roadmap and its papers, in the order in which a reader meets them."""
    page = walker.page
    enter(walker, "coordination.demo@demo.example")
    take(page, "accueil")
    walker.press("link", "Territoire de démonstration", within="main")
    walker.press("link", "Feuille de route", within="main")
    take(page, "liste")
    walker.follow(page.locator("tr.line a.t").nth(2))
    take(page, "fiche")
    page.locator("#ouvrir-pourquoi").click()
    page.locator("#pourquoi_need").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Beaucoup")
    page.locator("#partie-pourquoi").evaluate(
        "part => scrollBy(0, part.getBoundingClientRect().top - 60)"
    )
    take(page, "ecrire")
    page.get_by_role("link", name="Annuler", exact=True).click()
    walker.press("link", "Feuille de route", within=".where")
    walker.press("link", "Planning", within="main")
    take(page, "planning")
    choose(page)
    take(page, "planning-ecrire")
    walker.press("link", "Imprimer le livret")
    walker.press("button", "Imprimer", within="main")
    ready = page.get_by_role("link", name="PDF", exact=False).first
    ready.wait_for(timeout=60_000)
    address = ready.get_attribute("href")
    booklet(page.request.get(f"{walker.site}{address}").body())
    walker.press("link", "Documents", within=".bar")
    take(page, "documents")


def enter(walker: Walker, email: str) -> None:
    walker.arrive("/")
    walker.write("Adresse électronique", email)
    walker.write("Mot de passe", "demonstration-ptsm")
    walker.press("button", "Se connecter", within="main")


def walk_on_a_phone(walker: Walker) -> None:
    """A pilot answers about a sheet."""
    enter(walker, "pilote@demo.example")
    walker.follow(walker.page.locator("main a[href^='/revues/reponses/']").first)
    take(walker.page, "revue-repondre")


def walk_reviews(walker: Walker, site: Site) -> None:
    """A review followed, then the next one prepared."""
    page = walker.page
    walker.arrive("/territoires/demo/")
    walker.press("link", "Revue T", exact=False, within="[aria-labelledby=titre-revue]")
    take(page, "revue-suivi")
    on_stage(site, "end_present_review")
    walker.arrive("/territoires/demo/")
    walker.press("link", "Revues", within=".bar")
    walker.press("link", "Préparer une revue", within="main")
    walker.press("button", "Préparer la revue", within="main")
    take(page, "revue-preparer")


def walk_assistant(walker: Walker, file: Path) -> None:
    """A workbook of one's own: what its columns say."""
    page = walker.page
    file.write_bytes(coloured_quarters())
    walker.press("link", "Feuille de route")
    walker.arrive(str(walker.named("link", "Excel", within="main").get_attribute("href")))
    walker.press("link", "Choisir un autre classeur")
    page.set_input_files("input[type=file]", file)
    walker.press("button", "Lire ce classeur")
    take(page, "excel-assistant")


def walk_letter(walker: Walker) -> None:
    """The next version of the framing letter, one part of it kept, one open."""
    walker.arrive("/territoires/demo/")
    walker.press("link", "Lettre de cadrage", within="main")
    walker.press("button", "Préparer une nouvelle version")
    take(walker.page, "lettre")
    walker.press("link", "Modifier Préambule", exact=False)
    take(walker.page, "lettre-partie")


def choose(page: Page) -> None:
    """Six cells of the grid, from the quarter that follows."""
    rows = page.locator('tbody[data-number="1"] tr[data-objective]')
    rows.nth(2).locator("td.is-current + td").focus()
    for keys in ("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(keys)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(500)


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    target = IMAGES / f"{name}.png"
    page.screenshot(path=target)
    # A screen has few colours: a palette of them weighs a third.
    with Image.open(target) as image:
        image.convert("RGB").quantize(256).save(target, optimize=True)


def booklet(pdf: bytes) -> None:
    """Its cover and two of its pages, side by side on one picture."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "livret.pdf")
        source.write_bytes(pdf)
        for first in ("1", "3"):
            command = ["pdftoppm", "-png", "-r", "60", "-f", first, "-l", first, str(source)]
            subprocess.run([*command, str(Path(folder, f"page{first}"))], check=True)
        pages = sorted(Path(folder).glob("page*.png"))
        beside(pages, IMAGES / "livret.png")


def beside(pages: list[Path], target: Path) -> None:
    """Pages on one ground, a gap between them."""
    images = [Image.open(page).convert("RGB") for page in pages]
    gap = 16
    width = sum(image.width + gap for image in images) + gap
    height = max(image.height for image in images) + 2 * gap
    ground = Image.new("RGB", (width, height), "#dcd8cf")
    left = gap
    for image in images:
        ground.paste(image, (left, gap))
        left += image.width + gap
    ground.save(target, optimize=True)


if __name__ == "__main__":
    main()
