"""A review answered from the mail's link: by thumb, by keyboard, through bad luck."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.demonstration import Site
from tests.browser.reviewing import link_to_review
from tests.browser.walk import Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PHONE = {"width": 360, "height": 780}
# Every test answers about one sheet, whatever their order.
SHEETS = 8
# The mail's link counts as one.
MOST_GESTURES = 8


@pytest.fixture(scope="module")
def link(own_site: Site) -> str:
    return link_to_review(own_site, sheets=SHEETS)


@pytest.fixture
def walker(page: Page, own_site: Site) -> Iterator[Walker]:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Walker(page=page, site=own_site.address)
    assert errors == []


def answer_of(walker: Walker, link: str) -> str:
    """Follow the link, then the first sheet that waits; its title."""
    walker.arrive(link)
    sheet = walker.page.locator("li.panel", has_text="À remplir").first
    title = sheet.locator("h2").inner_text()
    walker.follow(sheet.get_by_role("link", name="Répondre"))
    expect(walker.page.locator("h1")).to_have_text(title)
    return title


def sent(walker: Walker, title: str) -> None:
    """The page that follows says so."""
    number = title.partition(".")[0]
    told = walker.page.locator(".alert-success").first
    expect(told).to_have_text(f"Votre réponse sur la fiche {number} est envoyée.")


def test_nothing_changed_is_said_by_thumb(walker: Walker, link: str) -> None:
    title = answer_of(walker, link)
    walker.press("button", "Rien n’a changé", exact=False)
    sent(walker, title)
    gestures = 1 + walker.hand.pointings
    assert gestures <= MOST_GESTURES
    assert gestures == 3


def test_nothing_changed_is_said_by_keyboard_alone(walker: Walker, link: str) -> None:
    walker.by_keyboard = True
    title = answer_of(walker, link)
    walker.press("button", "Rien n’a changé", exact=False)
    sent(walker, title)
    assert walker.hand.pointings == 0
    assert 1 + walker.hand.thoughts <= MOST_GESTURES


def test_what_is_within_reach_of_a_thumb_is_large_enough(walker: Walker, link: str) -> None:
    answer_of(walker, link)
    targets = walker.page.locator(".answer-options label, .answer-segments label, main .btn")
    for target in targets.all():
        box = target.bounding_box()
        if box is not None and target.is_visible():
            assert box["height"] >= 38, target.inner_text()


def slip(walker: Walker) -> Locator:
    """The first objective."""
    return walker.page.locator(".answer-objective").first


def test_a_whole_answer_is_given_by_keyboard_alone(walker: Walker, link: str) -> None:
    page = walker.page
    walker.by_keyboard = True
    title = answer_of(walker, link)
    walker.focus(page.locator("[name=status]:checked"))
    while not page.locator("[name=status][value=suspendue]").is_checked():
        walker.key("ArrowDown")
    walker.focus(page.locator("#id_status_reason"))
    # What an earlier review said is chosen already: Tab leads to it, and to the first otherwise.
    weather = page.locator("[name=weather]:checked").or_(page.locator("[name=weather]").first)
    walker.focus(weather.last)
    walker.key("Space")
    walker.key("ArrowDown", 2)
    walker.focus(slip(walker).locator("[type=radio]:checked"))
    while not slip(walker).locator("[value=decale]").is_checked():
        walker.key("ArrowRight")
    walker.press("button", "Envoyer et passer à la suivante")
    expect(page.locator(".alert-danger")).to_contain_text("remplissez le motif")
    expect(page.locator(".alert-danger")).to_contain_text("choisissez un trimestre")
    walker.focus(page.locator("#id_status_reason"))
    page.keyboard.type("Poste vacant")
    walker.focus(slip(walker).locator("select"))
    walker.key("ArrowDown", 2)
    walker.focus(slip(walker).locator("textarea"))
    page.keyboard.type("Local en travaux")
    walker.press("button", "Envoyer et passer à la suivante")
    sent(walker, title)


def told(walker: Walker) -> Locator:
    """What the page says of its own saving."""
    return walker.page.locator("[data-answer-told]")


def test_what_is_typed_survives_a_connection_that_drops(walker: Walker, link: str) -> None:
    page = walker.page
    answer_of(walker, link)
    text = page.get_by_label("Ce qui a été fait")
    text.fill("Un atelier")
    expect(told(walker)).to_contain_text("Enregistré à")
    page.context.set_offline(True)
    text.fill("Un atelier, puis un second")
    expect(told(walker)).to_contain_text("Pas de réseau")
    walker.look()
    page.context.set_offline(False)
    expect(told(walker)).to_contain_text("Enregistré à")
    page.reload()
    expect(text).to_have_value("Un atelier, puis un second")
    expect(page.locator(".draft-offer")).to_have_count(0)


def test_what_was_not_saved_is_offered_again_by_the_device(walker: Walker, link: str) -> None:
    page, context = walker.page, walker.page.context
    title = answer_of(walker, link)
    address = page.url
    context.set_offline(True)
    page.get_by_label("Ce qui a été fait").fill("Un atelier hors connexion")
    expect(told(walker)).to_contain_text("Pas de réseau")
    page.close()
    context.set_offline(False)
    again = Walker(page=context.new_page(), site=walker.site)
    again.page.goto(address)
    expect(again.page.locator("h1")).to_have_text(title)
    again.page.get_by_role("button", name="Le reprendre").click()
    expect(told(again)).to_contain_text("Enregistré à")
    again.page.reload()
    expect(again.page.get_by_label("Ce qui a été fait")).to_have_value("Un atelier hors connexion")


def test_one_types_on_while_the_page_saves(walker: Walker, link: str) -> None:
    page = walker.page
    title = answer_of(walker, link)
    text = page.get_by_label("Ce qui a été fait")
    text.press_sequentially("Des mots tapés sans attendre que la page enregistre.", delay=90)
    walker.press("button", "Envoyer et passer à la suivante")
    sent(walker, title)
    expect(page.locator(".alert-danger")).to_have_count(0)


def test_without_a_script_a_draft_is_kept_and_sent(
    browser: Browser, own_site: Site, link: str
) -> None:
    context = browser.new_context(
        java_script_enabled=False,
        locale="fr-FR",
        viewport=PHONE,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(own_site.address + link)
    sheet = page.locator("li.panel", has_text="À remplir").first
    sheet.get_by_role("link", name="Répondre").click()
    page.get_by_text("Difficultés", exact=True).first.click()
    page.locator("#id_difficulties").fill("Pas de local")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.locator("main")).to_contain_text("Votre brouillon est enregistré")
    expect(page.locator("#id_difficulties")).to_have_value("Pas de local")
    page.get_by_role("button", name="Envoyer et passer à la suivante").click()
    expect(page.locator(".alert-success").first).to_contain_text("est envoyée")
    context.close()
