"""The first framing letter, from a territory where governance is empty to the paper."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.walk import Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LEAD = "coordination.mayenne@demo.example"
MOST_GESTURES = 25
# Each way writes a version of its own.
WAYS = [(1280, False), (360, False)]


@pytest.fixture(params=WAYS, ids=["mouse-1280", "mouse-360"])
def walker(request: pytest.FixtureRequest, page: Page, own_site: object) -> Iterator[Walker]:
    width, by_keyboard = request.param
    page.set_viewport_size({"width": width, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield Walker(page=page, site=own_site.address, by_keyboard=by_keyboard)  # type: ignore[attr-defined]
    assert errors == []


def test_the_first_letter_in_few_gestures(walker: Walker, tmp_path: Path) -> None:
    page, main = walker.page, walker.page.locator("main")
    walker.sign_in(LEAD)
    walker.press("link", "Mayenne", within="main")
    walker.press("link", "Lettre de cadrage", within="main")
    is_first = main.get_by_role("button", name="Préparer la lettre").count() == 1
    if is_first:
        walker.press("button", "Préparer la lettre")
    expect(main).to_contain_text("sur 12")

    # The signatories: their names are all that the application cannot know.
    walker.press("link", "Signataires", exact=False, within=".letter-part:has-text('Signataires')")
    walker.write("Nom, ligne 1", "Camille Perrot")
    walker.write("Nom, ligne 2", "Dominique Faure")
    walker.press("button", "Enregistrer et continuer")

    # One part rewritten in the editor.
    if page.url.rstrip("/").endswith("/preambule"):
        walker.press("link", "Revenir à la lettre")
    walker.press("link", "Axes de travail", exact=False, within=".letter-part:has-text('Axes')")
    box = page.get_by_role("textbox", name="Texte")
    box.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("Évaluer la démarche avec les personnes concernées")
    walker.touch("button", "Gras")
    page.keyboard.type(" chaque année")
    walker.hand.thoughts += 2
    walker.press("button", "Enregistrer et continuer")
    expect(main).to_contain_text("Enregistré.")
    if "/lettre-de-cadrage/1/" in page.url and not page.url.endswith("/lettre-de-cadrage/1/"):
        walker.press("link", "Revenir à la lettre")
    if main.get_by_role("button", name="Garder tout le reste tel quel").count():
        walker.press("button", "Garder tout le reste tel quel")
    expect(main).to_contain_text("12 parties sur 12 relues")

    walker.press("button", "Imprimer la lettre")
    ready = page.get_by_role("link", name="PDF", exact=False).first
    expect(ready).to_be_visible(timeout=60_000)
    walker.look()
    address = ready.get_attribute("href")
    assert address is not None
    letter = tmp_path / "lettre.pdf"
    letter.write_bytes(page.request.get(walker.site + address).body())
    said = "\n".join(sheet.extract_text() for sheet in PdfReader(letter).pages)
    for words in ("Camille Perrot", "Dominique Faure", "personnes concernées chaque année"):
        assert words in " ".join(said.split()), words
    page.go_back()
    walker.press("button", "L’avoir en Word")
    book = page.get_by_role("link", name="Word", exact=False).first
    expect(book).to_be_visible(timeout=60_000)
    walker.look()
    file = tmp_path / "lettre.docx"
    file.write_bytes(page.request.get(f"{walker.site}{book.get_attribute('href')}").body())
    written = "\n".join(
        [
            *(paragraph.text for paragraph in docx.Document(str(file)).paragraphs),
            *(cell.text for row in _rows(file) for cell in row.cells),
        ]
    )
    for words in ("Camille Perrot", "Dominique Faure", "personnes concernées chaque année"):
        assert words in " ".join(written.split()), words
    # Going back is a gesture too.
    assert walker.hand.thoughts + 1 < MOST_GESTURES


def _rows(file: Path) -> list[Any]:
    return [row for table in docx.Document(str(file)).tables for row in table.rows]


def test_the_other_pages_of_the_letter_pass_axe(walker: Walker) -> None:
    walker.sign_in(LEAD)
    walker.press("link", "Mayenne", within="main")
    walker.press("link", "Lettre de cadrage", within="main")
    here = walker.page.url.removeprefix(walker.site)
    for part in ("preambule", "engagement", "duree", "perimetre", "gouvernance", "calendrier"):
        walker.arrive(f"{here}1/{part}/")
    for path in ("1/", "1/proposer/", "moyens/", "comparer/"):
        walker.arrive(here + path)


WORD = (
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·"
    "&nbsp;&nbsp;</span>Une puce de Word</p><p style='color:red'>Un <b>mot</b> en rouge"
    "<img src='https://loin.example/pixel.png'><script>alert(1)</script></p>"
)
PASTE = """(box, html) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", html);
    clipboardData.setData("text/plain", "mots");
    const how = {clipboardData, bubbles: true, cancelable: true};
    box.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def test_the_editor_by_keyboard_and_what_word_pastes(walker: Walker) -> None:
    page = walker.page
    walker.sign_in(LEAD)
    walker.press("link", "Mayenne", within="main")
    walker.press("link", "Lettre de cadrage", within="main")
    here = page.url.removeprefix(walker.site)
    walker.arrive(f"{here}1/acteurs/")
    box = page.get_by_role("textbox", name="Texte")
    box.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    box.evaluate(PASTE, WORD)
    expect(page.locator("[data-rich-said]")).to_have_text("Le texte est collé.")
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("Un lien")
    page.keyboard.press("Shift+Home")
    # The toolbar stands before the text: its last button is one step back.
    link = page.get_by_role("button", name="Lien", exact=True)
    page.keyboard.press("Shift+Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect(page.locator("[data-rich-said]")).to_contain_text("https://")
    page.keyboard.press("Control+a")
    page.keyboard.type("https://sante.gouv.fr/")
    page.keyboard.press("Enter")
    walker.look()
    walker.press("button", "Enregistrer et continuer")
    walker.arrive(f"{here}1/acteurs/")
    assert box.inner_html() == (
        "<ul><li>Une puce de Word</li></ul><p>Un <strong>mot</strong> en rouge</p>"
        '<p><a href="https://sante.gouv.fr/">Un lien</a></p>'
    )


def test_a_draft_comes_back_in_the_editor(walker: Walker) -> None:
    page = walker.page
    walker.sign_in(LEAD)
    walker.press("link", "Mayenne", within="main")
    walker.press("link", "Lettre de cadrage", within="main")
    walker.arrive(f"{page.url.removeprefix(walker.site)}1/donnees/")
    box = page.get_by_role("textbox", name="Texte")
    box.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Pas encore enregistré")
    page.wait_for_timeout(600)
    page.reload()
    page.get_by_role("button", name="Reprendre", exact=False).first.click()
    expect(box).to_contain_text("Pas encore enregistré")
