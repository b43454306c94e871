"""The roadmap taken away in Excel and sent back: looked at, chosen, imported, taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import Walker
from tests.roadmap.sent_workbooks import Sent

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WAYS = [(1280, False), (360, False), (1280, True)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(params=WAYS, ids=["mouse-1280", "mouse-360", "keyboard-1280"])
def walker(request: pytest.FixtureRequest, page: Page, site: str) -> Iterator[Walker]:
    width, by_keyboard = request.param
    page.set_viewport_size({"width": width, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield Walker(page=page, site=site, by_keyboard=by_keyboard)
    assert errors == []


def arrive(walker: Walker) -> None:
    walker.sign_in()
    walker.press("link", "Feuille de route", within="main")
    walker.press("link", "Excel", within="main")


def take(walker: Walker, link: str) -> bytes:
    with walker.page.expect_download() as told:
        walker.touch("link", link, within="main")
    return Path(told.value.path()).read_bytes()


def send(walker: Walker, contents: bytes, name: str = "plan.xlsx") -> None:
    """The window in which a file is chosen is that of the system: reached, not opened."""
    field = walker.page.get_by_label("Classeur Excel")
    if walker.by_keyboard:
        walker.focus(field)
    field.set_input_files({"name": name, "mimeType": XLSX, "buffer": contents})
    walker.press("button", "Voir ce qui va changer")


def back(walker: Walker, link: str) -> None:
    walker.press("link", link, within="main")
    walker.press("button", "Annuler ce geste")
    expect(walker.page.locator(".alert-success")).to_contain_text("C’est annulé")


def test_a_file_is_corrected_looked_at_imported_and_taken_back(walker: Walker) -> None:
    page = walker.page
    arrive(walker)
    main = page.locator("main")
    assert "Aide" in Sent(take(walker, "Un modèle vide")).book.sheetnames
    contents = take(walker, "Toute la feuille de route")

    send(walker, b"bonjour", "notes.xlsx")
    expect(main).to_contain_text("n’est pas un classeur Excel")
    send(walker, contents)
    expect(main).to_contain_text("Le fichier dit ce que dit l’application")

    walker.press("link", "Excel", within=".where")
    send(walker, Sent(contents).write("Fiches", 2, "Avancement", "Encours").contents)
    expect(main).to_contain_text("le plus proche est « En cours »")
    expect(page.get_by_role("button", name="Importer")).to_have_count(0)

    walker.press("link", "envoyez-le de nouveau", within="main")
    good = Sent(contents).write("Fiches", 2, "Titre", "Un titre venu d’Excel")
    good.add("Fiches", **{"N°": 90, "Titre": "Une fiche venue d’Excel"})
    send(walker, good.contents)
    expect(main).to_contain_text("1 ligne nouvelle, 1 ligne modifiée")
    expect(main).to_contain_text("Une fiche venue d’Excel")
    walker.press("button", "Importer")
    expect(page.locator(".alert-success")).to_contain_text("Import fait")
    back(walker, "Annuler cet import")
    walker.press("link", "Feuille de route", within="header")
    expect(page.locator("tr.line", has_text="venu")).to_have_count(0)


def test_what_somebody_wrote_meanwhile_is_chosen(walker: Walker) -> None:
    page = walker.page
    arrive(walker)
    contents = take(walker, "Toute la feuille de route")
    send(walker, Sent(contents).write("Fiches", 3, "Titre", "Écrit entre-temps").contents)
    walker.press("button", "Importer")
    meanwhile = page.url

    walker.press("link", "Feuille de route", within="header")
    walker.press("link", "Excel", within="main")
    send(walker, Sent(contents).write("Fiches", 3, "Titre", "Écrit dans le fichier").contents)
    choice = page.get_by_role("group", name="Écrit entre-temps")
    expect(choice).to_contain_text("fichier : Écrit dans le fichier")
    if walker.by_keyboard:
        walker.focus(choice.get_by_label("Garder l’application"))
        walker.key("ArrowDown")
    else:
        choice.get_by_label("Prendre le fichier").check()
    expect(choice.get_by_label("Prendre le fichier")).to_be_checked()
    walker.look()
    walker.press("button", "Importer")
    expect(page.locator("main")).to_contain_text("Écrit dans le fichier")
    back(walker, "Annuler cet import")
    page.goto(meanwhile)
    back(walker, "Annuler ce geste")
