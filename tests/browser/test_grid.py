"""The quarter grid written: by mouse, by keyboard alone, by two people, without a network."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.walk import Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LEAD = "coordination.demo@demo.example"
# Two people who write in one roadmap: Mayenne’s.
MAYENNE = "coordination.mayenne@demo.example"
REGION = "ars.pdl@demo.example"
PASSWORD = "demonstration-ptsm"
SAVED = re.compile(r"^Enregistré à \d+\s?h\s?\d\d$")
SOON = 8000

Open = Callable[..., Page]


@pytest.fixture
def grid(browser: object, site: str) -> Iterator[Open]:
    """Opens the planning of the demonstration for somebody, in a browser of theirs."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def as_user(
        email: str = LEAD, territory: str = "demo", width: int = 1280, **options: object
    ) -> Page:
        context = browser.new_context(  # type: ignore[attr-defined]
            locale="fr-FR",
            reduced_motion="reduce",
            viewport={"width": width, "height": 900},
            **options,
        )
        contexts.append(context)
        page: Page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        sign_in(page, site, email)
        page.goto(f"{site}/territoires/{territory}/")
        page.locator("main").get_by_role("link", name="Feuille de route").first.click()
        page.locator("main").get_by_role("link", name="Planning", exact=True).click()
        expect(page.locator(".grid-bar")).to_be_visible()
        return page

    yield as_user
    for context in contexts:
        context.close()
    assert errors == []


def sign_in(page: Page, site: str, email: str) -> None:
    page.goto(site + "/")
    page.get_by_label("Adresse électronique").first.fill(email)
    page.get_by_label("Mot de passe").first.fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Se connecter", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")


def rows(page: Page, number: int) -> Locator:
    """The rows of one sheet."""
    return page.locator(f'tbody[data-number="{number}"] tr[data-objective]')


def cell(page: Page, number: int, row: int, column: int) -> Locator:
    return rows(page, number).nth(row).locator("td[data-q]").nth(column)


def values(page: Page, number: int, row: int, columns: range) -> list[str]:
    cells = rows(page, number).nth(row).locator("td[data-q]")
    return [str(cells.nth(column).get_attribute("data-v")) for column in columns]


def empty(page: Page, number: int, row_count: int, columns: range) -> None:
    """Start from cells that say nothing."""
    first, last = columns[0], columns[-1]
    cell(page, number, 0, first).focus()
    for _ in range(last - first):
        page.keyboard.press("Shift+ArrowRight")
    for _ in range(row_count - 1):
        page.keyboard.press("Shift+ArrowDown")
    # Whatever was there, something is written: « Enregistré » is this gesture's.
    page.keyboard.press("p")
    page.keyboard.press("Delete")
    saved(page)
    page.keyboard.press("Escape")


def saved(page: Page) -> None:
    """The server has said so: nothing waits."""
    page.wait_for_timeout(100)
    expect(page.locator("td[data-pending]")).to_have_count(0, timeout=SOON)
    status = page.locator(".grid-status")
    expect(status).to_have_text(SAVED, timeout=SOON)


def bring(page: Page, one: Locator) -> None:
    """Out from beneath the titles, which stay in sight."""
    one.scroll_into_view_if_needed()
    page.locator(".grid-frame").evaluate("frame => { frame.scrollLeft = 0; }")


def drag(page: Page, first: Locator, last: Locator) -> None:
    bring(page, first)
    start, end = first.bounding_box(), last.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 15, start["y"] + 15)
    page.mouse.down()
    page.mouse.move(start["x"] + 30, start["y"] + 18)
    page.mouse.move(end["x"] + 15, end["y"] + 15, steps=6)
    page.mouse.up()


def test_a_rectangle_is_painted_by_a_drag_and_stays(grid: Open) -> None:
    page = grid()
    empty(page, 1, 3, range(4, 9))
    drag(page, cell(page, 1, 0, 4), cell(page, 1, 2, 6))
    for row in range(3):
        assert values(page, 1, row, range(4, 9)) == ["prevu"] * 3 + ["", ""]
    saved(page)
    page.reload()
    for row in range(3):
        assert values(page, 1, row, range(4, 9)) == ["prevu"] * 3 + ["", ""]


def test_clicks_cycle_and_gestures_are_undone_and_redone(grid: Open) -> None:
    page = grid()
    empty(page, 2, 1, range(5, 7))
    one = cell(page, 2, 0, 5)
    for state in ("prevu", "fait", "decale", "", "prevu"):
        one.click()
        expect(one).to_have_attribute("data-v", state)
    saved(page)
    cell(page, 2, 0, 6).click()
    saved(page)
    undo = page.get_by_role("button", name="Annuler", exact=True)
    undo.click()
    assert values(page, 2, 0, range(5, 7)) == ["prevu", ""]
    saved(page)
    page.get_by_role("button", name="Rétablir", exact=True).click()
    saved(page)
    page.reload()
    assert values(page, 2, 0, range(5, 7)) == ["prevu", "prevu"]


def test_escape_gives_up_a_drag(grid: Open) -> None:
    page = grid()
    empty(page, 3, 1, range(4, 8))
    first, last = cell(page, 3, 0, 4), cell(page, 3, 0, 7)
    bring(page, first)
    start, end = first.bounding_box(), last.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 15, start["y"] + 15)
    page.mouse.down()
    page.mouse.move(end["x"] + 15, end["y"] + 15, steps=6)
    expect(page.locator("td.is-drag")).to_have_count(4)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert values(page, 3, 0, range(4, 8)) == [""] * 4


def test_the_keyboard_alone_plans_moves_and_undoes(grid: Open) -> None:
    page = grid()
    press = page.keyboard.press
    empty(page, 4, 2, range(9))
    walker = Walker(page=page, site="", by_keyboard=True)
    walker.focus(page.locator('table.grid [tabindex="0"]'))
    cell(page, 4, 0, 3).focus()
    press("Space")
    expect(cell(page, 4, 0, 3)).to_have_attribute("data-v", "prevu")
    press("ArrowRight")
    press("Shift+ArrowRight")
    press("Shift+ArrowDown")
    expect(page.locator('td[aria-selected="true"]')).to_have_count(4)
    expect(page.locator(".grid-said")).to_contain_text("4\u00a0cases choisies")
    press("f")
    assert values(page, 4, 0, range(3, 7)) == ["prevu", "fait", "fait", ""]
    assert values(page, 4, 1, range(3, 7)) == ["", "fait", "fait", ""]
    press("Escape")
    saved(page)
    press("Control+ArrowRight")
    saved(page)
    assert values(page, 4, 1, range(3, 8)) == ["", "", "fait", "fait", ""]
    press("ArrowUp")
    press("ArrowUp")
    expect(page.locator('tbody[data-number="4"] .grid-sheet a')).to_be_focused()
    press("Control+ArrowRight")
    saved(page)
    assert values(page, 4, 0, range(3, 8)) == ["", "prevu", "fait", "fait", ""]
    assert values(page, 4, 1, range(3, 8)) == ["", "", "", "fait", "fait"]
    for _ in range(2):
        press("Control+z")
    saved(page)
    assert values(page, 4, 1, range(3, 8)) == ["", "fait", "fait", "", ""]
    press("Control+y")
    saved(page)
    assert values(page, 4, 1, range(3, 8)) == ["", "", "fait", "fait", ""]
    press("ArrowDown")
    press("End")
    expect(cell(page, 4, 0, -1)).to_be_focused()
    press("Home")
    expect(cell(page, 4, 0, 0)).to_be_focused()
    press("PageDown")
    expect(cell(page, 5, 0, 0)).to_be_focused()
    press("ArrowLeft")
    expect(rows(page, 5).first.locator("a.row-edit")).to_be_focused()
    press("ArrowRight")
    with page.expect_navigation():
        press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Planning de l’objectif")


def test_the_buttons_move_the_line_that_was_chosen(grid: Open) -> None:
    page = grid()
    empty(page, 6, 1, range(9))
    cell(page, 6, 0, 2).click()
    saved(page)
    rows(page, 6).first.locator("th").click(position={"x": 8, "y": 8})
    expect(page.locator(".grid-target")).to_contain_text("Décaler «")
    page.get_by_role("button", name="plus tard d’un trimestre").click()
    saved(page)
    assert values(page, 6, 0, range(2, 5)) == ["", "prevu", ""]


def test_two_people_see_each_other_within_seconds(grid: Open) -> None:
    mine, theirs = grid(MAYENNE, "53"), grid(REGION, "53")
    empty(mine, 7, 1, range(5, 8))
    expect(cell(theirs, 7, 0, 5)).to_have_attribute("data-v", "", timeout=SOON)
    cell(mine, 7, 0, 7).focus()
    cell(theirs, 7, 0, 5).click()
    saved(theirs)
    expect(cell(mine, 7, 0, 5)).to_have_attribute("data-v", "prevu", timeout=SOON)
    expect(cell(mine, 7, 0, 7)).to_be_focused()
    expect(mine.locator(".grid-said")).to_contain_text("d’écrire dans la fiche")


def test_a_conflict_is_on_one_cell_and_says_whose_it_is(grid: Open) -> None:
    mine, theirs = grid(MAYENNE, "53"), grid(REGION, "53")
    empty(mine, 8, 1, range(4, 7))
    expect(cell(theirs, 8, 0, 4)).to_have_attribute("data-v", "", timeout=SOON)
    mine.context.set_offline(True)
    drag(mine, cell(mine, 8, 0, 4), cell(mine, 8, 0, 6))
    expect(mine.locator(".grid-status")).to_contain_text("3\u00a0cases à envoyer", timeout=SOON)
    cell(theirs, 8, 0, 5).focus()
    theirs.keyboard.press("f")
    saved(theirs)
    mine.context.set_offline(False)
    told = mine.locator(".grid-told .alert")
    expect(told).to_have_count(1, timeout=20_000)
    expect(told).to_contain_text("vient d’y mettre «\u00a0fait\u00a0»")
    saved(mine)
    assert values(mine, 8, 0, range(4, 7)) == ["prevu", "fait", "prevu"]
    expect(cell(mine, 8, 0, 5)).to_have_attribute("data-conflict", "")
    expect(cell(theirs, 8, 0, 6)).to_have_attribute("data-v", "prevu", timeout=SOON)
    told.get_by_role("button", name="Remettre le mien").click()
    saved(mine)
    expect(cell(theirs, 8, 0, 5)).to_have_attribute("data-v", "prevu", timeout=SOON)


def test_ten_cells_survive_a_network_that_is_cut_in_the_middle(grid: Open) -> None:
    page = grid()
    empty(page, 9, 1, range(2, 12))
    for column in range(2, 12):
        if column == 6:
            page.context.set_offline(True)
        cell(page, 9, 0, column).focus()
        page.keyboard.press("p")
        page.wait_for_timeout(350)
    status = page.locator(".grid-status")
    expect(status).to_contain_text("le réseau ne répond pas", timeout=SOON)
    expect(status).not_to_contain_text("Enregistré")
    expect(cell(page, 9, 0, 11)).to_have_accessible_name(re.compile(r"prévu, à envoyer$"))
    page.context.set_offline(False)
    expect(page.locator("td[data-pending]")).to_have_count(0, timeout=20_000)
    saved(page)
    page.reload()
    assert values(page, 9, 0, range(2, 12)) == ["prevu"] * 10


def test_cells_survive_a_page_closed_without_network(grid: Open) -> None:
    page = grid()
    address = page.url
    empty(page, 10, 1, range(2, 4))
    page.context.set_offline(True)
    cell(page, 10, 0, 2).focus()
    page.keyboard.press("f")
    expect(page.locator(".grid-status")).to_contain_text("1\u00a0case à envoyer", timeout=SOON)
    context = page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    saved(page)
    page.reload()
    assert values(page, 10, 0, range(2, 4)) == ["fait", ""]


def test_cells_survive_a_session_that_ended(grid: Open, site: str) -> None:
    page = grid()
    address = page.url
    empty(page, 15, 1, range(2, 4))
    page.context.clear_cookies()
    cell(page, 15, 0, 2).focus()
    page.keyboard.press("d")
    status = page.locator(".grid-status")
    expect(status).to_contain_text("Votre session est terminée", timeout=SOON)
    expect(status.get_by_role("link", name="Se reconnecter")).to_be_visible()
    status.get_by_role("link").click()
    page.get_by_label("Adresse électronique").first.fill(LEAD)
    page.get_by_label("Mot de passe").first.fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Se connecter", exact=True).first.click()
    page.wait_for_url(address)
    saved(page)
    assert values(page, 15, 0, range(2, 4)) == ["decale", ""]


def test_a_finger_taps_a_cell_and_scrolls_the_rest(grid: Open) -> None:
    page = grid(width=360, has_touch=True, is_mobile=True)
    one = cell(page, 12, 0, 0)
    before = one.get_attribute("data-v")
    one.scroll_into_view_if_needed()
    one.tap()
    saved(page)
    assert one.get_attribute("data-v") != before


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(grid: Open, width: int) -> None:
    page = grid(width=width)
    Walker(page=page, site="").look()
    empty(page, 13, 1, range(2, 4))
    cell(page, 13, 0, 2).focus()
    page.keyboard.press("p")
    page.keyboard.press("Shift+ArrowRight")
    saved(page)
    page.locator(".grid-help summary").click()
    Walker(page=page, site="").look()
    with page.expect_navigation():
        page.keyboard.press("Tab")
        cell(page, 13, 0, 2).focus()
        page.keyboard.press("Enter")
    Walker(page=page, site="").look()


def test_a_screen_reader_hears_headers_then_the_quarter_and_its_state(grid: Open) -> None:
    page = grid()
    empty(page, 14, 1, range(2))
    cell(page, 14, 0, 1).focus()
    page.keyboard.press("p")
    saved(page)
    table = page.get_by_role("grid", name=re.compile("^Planning de "))
    expect(table).to_have_count(1)
    expect(table).to_have_attribute("aria-multiselectable", "true")
    expect(table.locator('[tabindex="0"]')).to_have_count(1)
    row = rows(page, 14).first
    title = row.locator("th > span").first.inner_text()
    expect(row.get_by_role("rowheader")).to_have_accessible_name(title)
    expect(row.get_by_role("link")).to_have_accessible_name(f"Modifier {title}")
    tree = row.aria_snapshot().splitlines()
    told = [line.strip() for line in tree if "gridcell" in line]
    assert told[0].startswith('- gridcell "T1 2024, vide"')
    assert told[1].startswith('- gridcell "T2 2024, prévu"')
    assert [line for line in told if title in line] == []
    assert len(told) == row.locator("td").count()
    heads = page.locator("table.grid thead").get_by_role("columnheader")
    expect(heads.nth(1)).to_have_accessible_name("T1 2024")
    expect(heads.first).to_have_accessible_name("Objectif opérationnel")
