"""What bad luck must not do: each has an answer in French, and loses nothing typed."""

import itertools
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.demonstration import Site
from tests.browser.walk import LEAD, PASSWORD, SETTLED, Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]

SOON = 20_000
RANKS = itertools.count(1)
NUMBER = re.compile(r"^(\d+)\. ")


@pytest.fixture
def walker(page: Page, own_site: Site) -> Iterator[Walker]:
    """Somebody on a sheet of their own, just made."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    walker = Walker(page=page, site=own_site.address)
    sign_in(page, own_site)
    new_sheet(walker)
    yield walker
    assert errors == []


@pytest.fixture
def scriptless(browser: Browser, own_site: Site) -> Iterator[Page]:
    """A browser without JavaScript, signed in."""
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    sign_in(page, own_site)
    yield page
    context.close()


def sign_in(page: Page, site: Site) -> None:
    page.goto(site.address + "/")
    say_who(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")


def say_who(page: Page) -> None:
    page.get_by_label("Adresse électronique").first.fill(LEAD)
    page.get_by_label("Mot de passe").first.fill(PASSWORD)
    button(page, "Se connecter").click()


def button(page: Page, name: str) -> Locator:
    return page.locator("main").get_by_role("button", name=name, exact=True).first


def new_sheet(walker: Walker) -> None:
    page, title = walker.page, f"Une fiche malchanceuse, la {next(RANKS)}"
    page.locator("main").get_by_role("link", name="Feuille de route").first.click()
    page.get_by_role("link", name="Nouvelle fiche").click()
    page.get_by_label("Titre").first.fill(title)
    button(page, "Créer la fiche").click()
    expect(page.locator("h1")).to_have_text(NUMBER)
    expect(page.locator("h1")).to_contain_text(title)


def open_part(page: Page, part: str, field: str) -> Locator:
    """The field of a part, open for writing, where the hand is."""
    page.locator(f"#ouvrir-{part}").click()
    opened = page.locator(f"#{part}_{field}")
    expect(opened).to_be_visible()
    # The first field of the part takes the focus once the answer is in its place.
    page.wait_for_function(SETTLED)
    opened.focus()
    expect(opened).to_be_focused()
    return opened


def open_rows(page: Page) -> Locator:
    """The line where objectives are added."""
    page.get_by_role("link", name="Écrire et ranger les objectifs").click()
    line = page.get_by_label("Nouvel objectif")
    expect(line).to_be_focused()
    return line


def told(page: Page, part: str) -> Locator:
    return page.locator(f"#dit-{part}")


# --- Twice ---


def test_a_double_click_makes_one_sheet_one_row_and_one_line_of_money(walker: Walker) -> None:
    page = walker.page
    sheets = page.url
    number = int(str(NUMBER.match(page.locator("h1").inner_text())[1]))  # type: ignore[index]
    page.locator(".where").get_by_role("link", name="Feuille de route").click()
    page.get_by_role("link", name="Nouvelle fiche").click()
    page.get_by_label("Titre").first.fill("Une fiche à double clic")
    button(page, "Créer la fiche").dblclick()
    expect(page.locator("h1")).to_have_text(f"{number + 1}. Une fiche à double clic")
    page.locator(".where").get_by_role("link", name="Feuille de route").click()
    expect(page.get_by_role("link", name="Une fiche à double clic")).to_have_count(1)

    page.goto(sheets)
    line = open_rows(page)
    line.fill("Un objectif à double clic")
    button(page, "Ajouter").dblclick()
    expect(page.locator("#objectifs-dit")).to_contain_text("Un objectif à double clic")
    expect(page.locator("#planning tr[data-objective]")).to_have_count(1)
    page.locator("#corps-financement .panel-head a").click()
    page.locator("#financement_who").fill("Un financeur à double clic")
    page.locator("#corps-financement button[type=submit]").dblclick()
    expect(told(page, "financement")).to_contain_text("Ajouté")
    field = open_part(page, "pourquoi", "need")
    field.fill("Un constat à double clic.")
    page.locator("#corps-pourquoi button[type=submit]").dblclick()
    expect(told(page, "pourquoi")).to_contain_text("Enregistré")
    page.reload()
    expect(page.locator("#planning tr[data-objective]")).to_have_count(1)
    expect(page.locator("#corps-financement tbody tr")).to_have_count(1)
    page.goto(page.url.split("#")[0] + "historique/")
    expect(page.locator("main")).to_contain_text("constat")


def test_two_tabs_of_one_person_compare_before_they_write_over(walker: Walker) -> None:
    first, second = walker.page, walker.page.context.new_page()
    second.goto(first.url)
    for page in (first, second):
        open_part(page, "pourquoi", "need")
    first.locator("#pourquoi_need").fill("Le premier onglet.")
    first.keyboard.press("Control+Enter")
    expect(told(first, "pourquoi")).to_contain_text("Enregistré")
    second.locator("#pourquoi_need").fill("Le second onglet.")
    second.locator("#pourquoi_audience").fill("Tout le monde.")
    second.locator("#pourquoi_need").press("Control+Enter")
    beside = second.locator(".versus")
    expect(beside).to_contain_text("premier")
    expect(second.locator("#pourquoi_need")).to_have_value("Le second onglet.")
    # Mine is kept by saving again, knowing of the other.
    second.locator("#pourquoi_need").press("Control+Enter")
    expect(told(second, "pourquoi")).to_contain_text("Enregistré")
    expect(second.locator("#partie-pourquoi")).to_contain_text("Le second onglet.")
    expect(second.locator("#partie-pourquoi")).to_contain_text("Tout le monde.")


# --- In the middle of typing ---


@pytest.mark.parametrize("lost", ["session", "every-cookie"])
def test_a_session_that_ends_while_one_types_loses_no_word(walker: Walker, lost: str) -> None:
    page = walker.page
    sheet = page.url.split("#")[0]
    field = open_part(page, "pourquoi", "need")
    field.fill(f"Écrit avant la fin de {lost}.")
    page.context.clear_cookies(**({"name": "sessionid"} if lost == "session" else {}))
    field.press("Control+Enter")
    expect(button(page, "Se connecter")).to_be_visible()
    say_who(page)
    page.wait_for_url(lambda address: address.split("#")[0] == sheet)
    expect(page.locator("#partie-pourquoi .draft-told")).to_be_visible()
    field = open_part(page, "pourquoi", "need")
    walker.look()
    page.get_by_role("button", name="Le reprendre").click()
    expect(field).to_have_value(f"Écrit avant la fin de {lost}.")
    field.press("Control+Enter")
    expect(told(page, "pourquoi")).to_contain_text("Enregistré")
    expect(page.locator("#partie-pourquoi")).to_contain_text(f"Écrit avant la fin de {lost}.")
    expect(page.locator("#partie-pourquoi .draft-told")).to_have_count(0)


def test_signed_in_again_in_another_tab_one_goes_on(walker: Walker) -> None:
    page = walker.page
    field = open_part(page, "pourquoi", "need")
    field.fill("Écrit avant la reconnexion.")
    page.context.clear_cookies(name="sessionid")
    other = page.context.new_page()
    other.goto(walker.site + "/")
    say_who(other)
    expect(other.get_by_role("heading", level=1)).to_contain_text("Bonjour")
    other.close()
    # The form of before is refused: a fresh page offers the text.
    field.press("Control+Enter")
    expect(page.locator("#partie-pourquoi .draft-told")).to_be_visible()
    open_part(page, "pourquoi", "need")
    page.get_by_role("button", name="Le reprendre").click()
    field.press("Control+Enter")
    expect(told(page, "pourquoi")).to_contain_text("Enregistré")
    expect(page.locator("#partie-pourquoi")).to_contain_text("Écrit avant la reconnexion.")


def test_the_back_button_brings_typed_words_back(walker: Walker) -> None:
    page = walker.page
    field = open_part(page, "comment", "method")
    field.fill("Une méthode quittée trop tôt.")
    page.locator(".where").get_by_role("link", name="Feuille de route").click()
    expect(page.locator("h1")).to_have_text("Feuille de route")
    page.go_back()
    expect(page.locator("h1")).to_have_text(NUMBER)
    if not field.is_visible():
        expect(page.locator("#partie-comment .draft-told")).to_be_visible()
        field = open_part(page, "comment", "method")
        page.get_by_role("button", name="Le reprendre").click()
    expect(field).to_have_value("Une méthode quittée trop tôt.")
    field.press("Control+Enter")
    expect(told(page, "comment")).to_contain_text("Enregistré")
    page.reload()
    expect(page.locator("#partie-comment")).to_contain_text("Une méthode quittée trop tôt.")


def test_a_network_cut_while_one_types_loses_no_word(walker: Walker) -> None:
    page = walker.page
    field = open_part(page, "comment", "means")
    page.keyboard.type("Deux postes ")
    page.context.set_offline(True)
    page.keyboard.type("et un bureau.")
    page.keyboard.press("Control+Enter")
    failure = page.locator(".draft-failure")
    expect(failure).to_contain_text("le réseau ne répond pas")
    expect(failure).to_contain_text("Votre texte est gardé sur cet appareil")
    expect(field).to_have_value("Deux postes et un bureau.")
    field.press("End")
    page.keyboard.type(" Plus tard, un véhicule.")
    page.context.set_offline(False)
    page.keyboard.press("Control+Enter")
    expect(told(page, "comment")).to_contain_text("moyens")
    expect(page.locator("#partie-comment")).to_contain_text("un bureau. Plus tard, un véhicule.")


# --- The server ---


def test_a_server_restarted_during_a_drag_keeps_the_cells(walker: Walker, own_site: Site) -> None:
    page = walker.page
    line = open_rows(page)
    page.keyboard.type("Un objectif sous l’orage")
    page.keyboard.press("Enter")
    expect(page.locator("#planning tr[data-objective]")).to_have_count(1)
    expect(line).to_be_focused()
    page.locator("#corps-pourquoi").scroll_into_view_if_needed()
    field = open_part(page, "pourquoi", "need")
    field.fill("Un constat sous l’orage.")
    cells = page.locator("#planning td[data-q]")
    first, last = cells.nth(5), cells.nth(8)
    first.evaluate("cell => cell.scrollIntoView({ block: 'center', inline: 'center' })")
    start, end = first.bounding_box(), last.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 12, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 12, steps=2)
    own_site.stop()
    try:
        page.mouse.move(end["x"] + 12, end["y"] + 12, steps=4)
        page.mouse.up()
        status = page.locator(".grid-status")
        expect(status).to_contain_text("4\u00a0cases à envoyer", timeout=SOON)
        expect(status).to_contain_text("ne répond pas")
        field.press("Control+Enter")
        expect(page.locator(".draft-failure")).to_contain_text("Rien n’a été enregistré")
    finally:
        own_site.start()
    expect(page.locator("td[data-pending]")).to_have_count(0, timeout=SOON)
    expect(page.locator(".grid-status")).to_have_text(re.compile("^Enregistré à"))
    field.press("Control+Enter")
    expect(told(page, "pourquoi")).to_contain_text("Enregistré")
    page.reload()
    expect(page.locator('#planning td[data-v="prevu"]')).to_have_count(4)
    expect(page.locator("#partie-pourquoi")).to_contain_text("Un constat sous l’orage.")


# --- No JavaScript ---


def test_without_javascript_a_sheet_is_written_and_planned(scriptless: Page) -> None:
    page = scriptless
    walker = Walker(page=page, site="")
    new_sheet(walker)
    sheet = page.url.split("#")[0]
    page.get_by_role("link", name="Écrire et ranger les objectifs").click()
    page.get_by_label("Nouvel objectif").fill("Un objectif sans script")
    # Both clicks leave before the answer: the token makes them one.
    button(page, "Ajouter").dblclick()
    expect(page.locator(".outline-words")).to_have_text(re.compile("Un objectif sans script"))
    page.get_by_label("Nouvel objectif").fill("Un second objectif")
    page.keyboard.press("Enter")
    expect(page.locator(".outline-words")).to_have_count(2)

    page.goto(sheet)
    page.get_by_role("link", name="Modifier Un objectif sans script").click()
    page.get_by_role("link", name="choisir ses trimestres").click()
    expect(page.locator("h1")).to_have_text("Planning de l’objectif")
    choices = page.locator(".quarters select")
    for rank in (4, 5, 6):
        choices.nth(rank).select_option("prevu")
    button(page, "Enregistrer").click()
    expect(page.locator("main")).to_contain_text("Enregistré\u00a0: planning de l’objectif")
    expect(page.locator('#planning td[data-v="prevu"]')).to_have_count(3)

    page.locator("#ouvrir-pourquoi").click()
    page.locator("#pourquoi_need").fill("Un constat sans script.")
    button(page, "Enregistrer").dblclick()
    expect(page.locator("main")).to_contain_text("Un constat sans script.")
    page.goto(sheet)
    expect(page.locator("#partie-pourquoi")).to_contain_text("Un constat sans script.")
    expect(page.locator("#chiffres .missing-points")).not_to_contain_text(["constat"])
