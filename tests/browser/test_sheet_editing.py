"""A sheet written in place: by mouse, by keyboard, by two people, through bad luck."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.walk import Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LEAD = "coordination.demo@demo.example"
PASSWORD = "demonstration-ptsm"
WAYS = [(1280, False), (360, False), (1280, True)]


def watched(page: Page, errors: list[str]) -> Page:
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    return page


@pytest.fixture(params=WAYS, ids=["mouse-1280", "mouse-360", "keyboard-1280"])
def walker(request: pytest.FixtureRequest, page: Page, site: str) -> Iterator[Walker]:
    width, by_keyboard = request.param
    page.set_viewport_size({"width": width, "height": 800})
    errors: list[str] = []
    yield Walker(page=watched(page, errors), site=site, by_keyboard=by_keyboard)
    assert errors == []


def sign_in(walker: Walker, rank: int) -> None:
    """To a sheet of the demonstration; each test has its own, since they share a site."""
    walker.arrive("/")
    walker.write("Adresse électronique", LEAD)
    walker.write("Mot de passe", PASSWORD)
    walker.press("button", "Se connecter", within="main")
    walker.press("link", "Feuille de route", within="main")
    walker.follow(walker.page.locator("tr.line a.t").nth(rank))


def own_rank(walker: Walker) -> int:
    """A sheet for each way of walking."""
    assert walker.page.viewport_size is not None
    return 9 + WAYS.index((walker.page.viewport_size["width"], walker.by_keyboard))


def opened(walker: Walker, part: str, field: str) -> None:
    """Open a part for writing: its field has the focus."""
    walker.use(walker.page.locator(f"#ouvrir-{part}"))
    expect(walker.page.locator(f"#{part}_{field}")).to_be_visible()


def test_the_parts_of_a_sheet_are_written_where_they_are_read(walker: Walker) -> None:
    page = walker.page
    sign_in(walker, own_rank(walker))
    opened(walker, "pourquoi", "need")
    expect(page.locator("#pourquoi_need")).to_be_focused()
    walker.look()
    page.locator("#pourquoi_need").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("On sort seul de l’hôpital.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dit-pourquoi")).to_contain_text("constat ou besoin.")
    expect(page.locator("#ouvrir-pourquoi")).to_be_focused()
    expect(page.locator("#partie-pourquoi")).to_contain_text("On sort seul de l’hôpital.")

    walker.use(page.locator("#chiffres a.edit-open"))
    expect(page.locator("#avancement_status")).to_be_focused()
    page.locator("#avancement_status").select_option("suspendue")
    walker.use(page.locator("#corps-avancement button[type=submit]"))
    expect(page.locator("#corps-avancement")).to_contain_text("remplissez le motif")
    expect(page.locator("#avancement_status_reason")).to_be_focused()
    walker.look()
    page.keyboard.type("Poste vacant")
    walker.use(page.locator("#corps-avancement button[type=submit]"))
    expect(page.locator("#chiffres")).to_contain_text("Motif\u00a0: Poste vacant")

    missing = page.locator("ul.missing-points a").first
    if missing.count():
        walker.use(missing)
        expect(page.locator("form[data-edit] :focus")).to_be_visible()
        walker.use(page.locator("form[data-edit] .edit-buttons a"))
        expect(page.locator("form[data-edit]")).to_have_count(0)

    opened(walker, "classement", "axis")
    walker.look()
    walker.use(page.locator("#corps-classement .edit-buttons a"))
    expect(page.locator("#ouvrir-classement")).to_be_focused()


def test_rows_are_added_written_removed_and_brought_back(walker: Walker) -> None:
    page = walker.page
    sign_in(walker, 4)
    rows = page.locator("#corps-financement tbody tr")
    there = rows.count()
    walker.use(page.locator("#corps-financement .panel-head a"))
    expect(page.locator("#financement_who")).to_be_focused()
    page.keyboard.type("Fondation du Bocage")
    page.locator("#financement_amount").focus()
    page.keyboard.type("24k")
    page.keyboard.press("Enter")
    expect(page.locator("#corps-financement")).to_contain_text("n’est pas un montant")
    expect(page.locator("#financement_who")).to_have_value("Fondation du Bocage")
    walker.look()
    page.locator("#financement_amount").fill("24 000,50")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(there + 1)
    expect(rows.last).to_contain_text("24\u202f000,50\u00a0€")
    expect(page.locator("#dit-financement")).to_contain_text("Ajouté")

    walker.use(rows.last.get_by_role("button", name="Retirer"))
    expect(rows).to_have_count(there)
    expect(page.locator("#dit-financement")).to_contain_text("Retirée.")
    walker.follow(page.locator("#dit-financement button"))
    expect(page.locator("#corps-financement tbody tr")).to_have_count(there + 1)


def test_two_people_on_one_text_see_both_and_one_gesture_settles_it(
    page: Page, browser: Browser, site: str
) -> None:
    errors: list[str] = []
    page.set_viewport_size({"width": 1280, "height": 800})
    mine = Walker(page=watched(page, errors), site=site)
    sign_in(mine, 5)
    other = browser.new_context(locale="fr-FR", reduced_motion="reduce")
    theirs = Walker(page=watched(other.new_page(), errors), site=site)
    sign_in(theirs, 5)
    for walker in (mine, theirs):
        opened(walker, "pourquoi", "need")
    theirs.page.locator("#pourquoi_need").fill("Les pairs accueillent à la sortie.")
    theirs.page.keyboard.press("Control+Enter")
    expect(theirs.page.locator("#dit-pourquoi")).to_contain_text("Enregistré")

    page.locator("#pourquoi_need").fill("Les pairs appellent à la sortie.")
    page.keyboard.press("Control+Enter")
    beside = page.locator(".versus")
    expect(beside).to_contain_text("Écrit par")
    expect(beside.locator("ins")).to_contain_text("accueillent")
    expect(beside.locator("del")).to_contain_text("appellent")
    mine.look()
    page.set_viewport_size({"width": 360, "height": 800})
    mine.look()
    box = beside.get_by_label("Prendre ce texte")
    box.check()
    expect(page.locator("#pourquoi_need")).to_have_value("Les pairs accueillent à la sortie.")
    # Typed on, it is a third text, which is mine.
    page.locator("#pourquoi_need").fill("Les pairs appellent et accueillent à la sortie.")
    expect(box).not_to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dit-pourquoi")).to_contain_text("Enregistré")
    expect(page.locator("#partie-pourquoi")).to_contain_text("appellent et accueillent")
    other.close()
    assert errors == []


def test_a_text_typed_and_not_saved_is_offered_again(page: Page, site: str) -> None:
    walker = Walker(page=page, site=site)
    sign_in(walker, 6)
    opened(walker, "comment", "method")
    page.locator("#comment_method").fill("Une méthode longue à écrire.")
    page.wait_for_timeout(600)
    page.reload()
    expect(page.locator("#partie-comment .draft-told")).to_be_visible()
    walker.look()
    opened(walker, "comment", "method")
    page.get_by_role("button", name="Le reprendre").click()
    expect(page.locator("#comment_method")).to_have_value("Une méthode longue à écrire.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dit-comment")).to_contain_text("méthode")
    expect(page.locator("#partie-comment .draft-told")).to_have_count(0)
    page.reload()
    expect(page.locator("#partie-comment .draft-told")).to_have_count(0)


def test_a_network_that_does_not_answer_loses_nothing(page: Page, site: str) -> None:
    walker = Walker(page=page, site=site)
    sign_in(walker, 7)
    opened(walker, "comment", "means")
    page.locator("#comment_means").fill("Deux postes.")
    page.context.set_offline(True)
    page.locator("#corps-comment button[type=submit]").click()
    expect(page.locator(".draft-failure")).to_contain_text("le réseau ne répond pas")
    page.context.set_offline(False)
    page.locator("#corps-comment button[type=submit]").click()
    expect(page.locator("#dit-comment")).to_contain_text("moyens")


def test_without_javascript_a_sheet_is_written_on_pages_of_its_own(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(site + "/")
    page.get_by_label("Adresse électronique").first.fill(LEAD)
    page.get_by_label("Mot de passe").first.fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Se connecter", exact=True).first.click()
    page.locator("main").get_by_role("link", name="Feuille de route").first.click()
    page.locator("tr.line a.t").nth(8).click()
    page.locator("#ouvrir-pourquoi").click()
    page.locator("#pourquoi_aim").fill("Que chacun soit attendu.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("main")).to_contain_text("Enregistré\u00a0: objectif de l’action.")
    page.locator("#corps-roles .panel-head a").click()
    page.locator("#roles_kind").select_option("partenaire")
    page.locator("#roles_who").fill("Maison des ados")
    page.locator("main").get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.locator("#corps-roles")).to_contain_text("Maison des ados")
    row = page.locator(".role", has_text="Maison des ados")
    row.get_by_role("button", name="Retirer").click()
    expect(page.locator("main")).to_contain_text("Retiré.")
    expect(page.locator("#corps-roles")).not_to_contain_text("Maison des ados")
    context.close()
