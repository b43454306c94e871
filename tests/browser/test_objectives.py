"""The rows of a sheet written and arranged, by mouse and by the keyboard alone."""

import itertools
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.walk import Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LEAD = "coordination.demo@demo.example"
PASSWORD = "demonstration-ptsm"
RANKS = itertools.count(1)
WAYS = [(1280, False), (360, False), (1280, True), (360, True)]
NAMES = ["mouse-1280", "mouse-360", "keyboard-1280", "keyboard-360"]


@pytest.fixture(params=WAYS, ids=NAMES)
def walker(request: pytest.FixtureRequest, page: Page, site: str) -> Iterator[Walker]:
    width, by_keyboard = request.param
    page.set_viewport_size({"width": width, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield Walker(page=page, site=site, by_keyboard=by_keyboard)
    assert errors == []


def open_rows(walker: Walker) -> None:
    """The page of the rows of a new sheet."""
    page = walker.page
    walker.arrive("/")
    walker.write("Adresse électronique", LEAD)
    walker.write("Mot de passe", PASSWORD)
    walker.press("button", "Se connecter", within="main")
    walker.press("link", "Feuille de route", within="main")
    walker.press("link", "Nouvelle fiche", within="main")
    walker.write("Titre", f"Une fiche à objectifs, la {next(RANKS)}")
    walker.press("button", "Créer la fiche", within="main")
    walker.arrive(f"{urlsplit(page.url).path}objectifs/")


def line_of(page: Page, words: str) -> Locator:
    return page.locator("[data-row]", has=page.locator(".outline-words", has_text=words)).last


def titles(page: Page, mark: str) -> list[str]:
    """The rows of this test, in order."""
    texts = [" ".join(text.split()) for text in page.locator(".outline-words").all_inner_texts()]
    return [text for text in texts if mark in text]


def said(page: Page) -> Locator:
    return page.locator("#objectifs-dit")


def test_a_sheet_is_written_and_arranged(walker: Walker, request: pytest.FixtureRequest) -> None:
    page, mark = walker.page, f"({request.node.callspec.id.removeprefix('chromium-')})"
    open_rows(walker)
    for name in ("Logement", "Emploi"):
        walker.touch("link", "Ajouter un « Projet »".replace(" ", " "), exact=False)
        expect(page.get_by_label("Intitulé du projet")).to_be_focused()
        walker.settled()
        page.keyboard.type(f"{name} {mark}")
        page.keyboard.press("Enter")
        for rank in (1, 2, 3):
            field = page.get_by_label("Nouvel objectif")
            expect(field).to_be_focused()
            expect(field).to_have_value("")
            walker.settled()
            page.keyboard.type(f"{rank}) {name} {rank} {mark}")
            page.keyboard.press("Enter")
            expect(said(page)).to_contain_text(f"{name} {rank} {mark}")
    walker.look()
    assert [title.split(mark)[0].split()[-2:] for title in titles(page, mark)][1:4] == [
        ["Logement", "1"],
        ["Logement", "2"],
        ["Logement", "3"],
    ]

    moved, target = line_of(page, f"Logement 3 {mark}"), line_of(page, f"Logement 1 {mark}")
    handle = moved.locator(":scope > .outline-line [data-handle]")
    if walker.by_keyboard:
        walker.focus(handle)
        page.keyboard.press("Alt+ArrowUp")
        page.keyboard.press("Alt+ArrowUp")
    else:
        handle.hover()
        page.mouse.down()
        box = target.locator(":scope > .outline-line").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 40, box["y"] + box["height"] - 4, steps=4)
        page.mouse.move(box["x"] + 40, box["y"] + 4, steps=4)
        page.mouse.up()
    expect(said(page)).to_contain_text("est maintenant 1er sur 3, dans Projet")
    expect(line_of(page, f"Logement 3 {mark}").locator("[data-handle]").first).to_be_focused()
    order = [title.split(mark)[0].split()[-1] for title in titles(page, mark)]
    assert order == ["Logement", "3", "1", "2", "Emploi", "1", "2", "3"]

    if walker.by_keyboard:
        for _ in range(3):
            page.keyboard.press("Alt+ArrowDown")
        page.keyboard.press("Alt+ArrowLeft")
        expect(said(page)).to_contain_text("hors projet")
    else:
        out = line_of(page, f"Logement 3 {mark}").locator("[data-step=sortir]").first
        out.click()
        expect(said(page)).to_contain_text("hors projet")
    assert titles(page, mark)[0] == f"3) Logement 3 {mark}"

    state = line_of(page, f"Emploi 2 {mark}").locator("select").first
    if walker.by_keyboard:
        walker.focus(state)
        page.keyboard.press("ArrowDown")
    else:
        state.select_option("en_cours")
    expect(said(page)).to_contain_text("est maintenant « en cours »".replace(" ", " "))
    expect(line_of(page, f"Emploi 2 {mark}").locator("select").first).to_have_value("en_cours")

    walker.touch("link", f"Modifier « 1) Emploi 1 {mark} »", exact=False)
    title = page.locator(".outline-edit textarea[name=title]")
    expect(title).to_be_focused()
    walker.settled()
    title.press("ControlOrMeta+a")
    page.keyboard.type(f"Écrit autrement {mark}")
    walker.look()
    walker.touch("button", "Enregistrer")
    expect(said(page)).to_contain_text("Enregistré : intitulé.")

    walker.touch("link", f"Retirer « 1) Écrit autrement {mark} »", exact=False)
    expect(page.get_by_role("link", name="Garder")).to_be_focused()
    walker.look()
    walker.touch("button", "Retirer")
    expect(said(page)).to_contain_text("est retiré.")
    assert len(titles(page, mark)) == 7
    walker.look()


def test_several_lines_pasted_in_one_open_the_list(page: Page, site: str) -> None:
    walker = Walker(page=page, site=site)
    open_rows(walker)
    page.get_by_label("Nouvel objectif").focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "1) Collé un\\n2) Collé deux");
          const way = { clipboardData: data, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", way));
        }"""
    )
    area = page.locator("#liste_lines")
    expect(area).to_have_value("1) Collé un\n2) Collé deux")
    walker.touch("button", "Voir ce qui sera ajouté")
    expect(page.locator(".outline-preview li")).to_have_count(2)
    walker.look()
    walker.touch("button", "Ajouter 2 objectifs")
    expect(said(page)).to_contain_text("sont ajoutés")
    expect(line_of(page, "Collé deux").locator(".outline-label").first).to_have_text("2)")


def test_what_two_people_move_at_once_is_told(page: Page, site: str) -> None:
    walker = Walker(page=page, site=site)
    open_rows(walker)
    for words in ("Avant les deux", "Premier à deux", "Second à deux"):
        walker.settled()
        page.get_by_label("Nouvel objectif").fill(words)
        page.keyboard.press("Enter")
        expect(said(page)).to_contain_text(words)
    other = page.context.new_page()
    other.goto(page.url)
    line_of(other, "Second à deux").locator("[data-step=monter]").first.click()
    expect(said(other)).to_contain_text("est maintenant")
    line_of(page, "Premier à deux").locator("[data-step=monter]").first.click()
    expect(said(page)).to_contain_text("L’ordre des objectifs a changé")
    walker.look()
