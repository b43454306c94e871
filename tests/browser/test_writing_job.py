"""The main job of writing: a sheet from nothing to complete, and two people at it."""

import itertools
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.demonstration import Site
from tests.browser.walk import Hand, Walker

pytestmark = [pytest.mark.slow, pytest.mark.browser]

# Two people who write in one roadmap: Mayenne’s.
MAYENNE = "coordination.mayenne@demo.example"
REGION = "ars.pdl@demo.example"
WAYS = [(1280, False), (360, False), (1280, True), (360, True)]
NAMES = ["mouse-1280", "mouse-360", "keyboard-1280", "keyboard-360"]
PROJECTS = {
    "Logement accompagné": (
        "Recenser les logements libres",
        "Former les bailleurs sociaux",
        "Ouvrir dix places en ville",
    ),
    "Retour à l’emploi": (
        "Rencontrer les employeurs",
        "Créer un poste de job coach",
        "Suivre vingt personnes",
    ),
}
RANKS = itertools.count(1)
# A person’s time for the whole job.
THREE_MINUTES = 180
SECONDS_TO_SEE = 6
# Out from beneath the titles, which stay in sight.
BESIDE_ITS_TITLE = """cell => {
    cell.scrollIntoView({ block: "center" });
    const title = cell.parentElement.querySelector("th").getBoundingClientRect();
    cell.closest(".grid-frame").scrollLeft += cell.getBoundingClientRect().left - title.right - 2;
}"""


@pytest.fixture(params=WAYS, ids=NAMES)
def walker(request: pytest.FixtureRequest, page: Page, own_site: Site) -> Iterator[Walker]:
    width, by_keyboard = request.param
    page.set_viewport_size({"width": width, "height": 800})
    errors: list[str] = []
    watch(page, errors)
    yield Walker(page=page, site=own_site.address, by_keyboard=by_keyboard)
    assert errors == []


def watch(page: Page, errors: list[str]) -> None:
    """Nothing breaks unseen."""
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)


def complete_at(page: Page, percent: int, *missing: str) -> None:
    """The figures of the sheet, and all that they ask for."""
    share = page.locator("#chiffres dd").last
    expect(share).to_have_text(re.compile(rf"^\s*{percent}\s%\s*$"))
    expect(page.locator("#chiffres .missing-points li")).to_have_text(list(missing))


def rows(page: Page) -> Locator:
    return page.locator("#planning tr[data-objective]:not(.is-project)")


def test_a_sheet_is_written_from_nothing_in_three_minutes(walker: Walker) -> None:
    page = walker.page
    walker.sign_in()
    walker.press("link", "Feuille de route", within="main")
    walker.hand, began = Hand(), time.monotonic()

    walker.press("link", "Nouvelle fiche", within="main")
    title = f"Habiter et travailler en ville {next(RANKS)}"
    walker.write("Titre", title)
    walker.choose("Priorité du décret", 2)
    walker.choose("Axe local", 1)
    walker.press("button", "Créer la fiche", within="main")
    expect(page.locator("h1")).to_contain_text(title)
    expect(page.locator("#priorite")).to_have_class(re.compile("priority-2"))
    roles = ("un pilote", "un partenaire")
    rest = ("un financeur", "un indicateur")
    why = ("le constat ou besoin", "le public concerné")
    rowless = ("un objectif opérationnel", "un trimestre prévu")
    complete_at(page, 20, *why, *roles, *rowless, *rest)

    write_rows(walker)
    complete_at(page, 30, *why, *roles, "un trimestre prévu", *rest)
    plan_rows(walker)
    complete_at(page, 40, *why, *roles, *rest)
    write_why(walker)
    complete_at(page, 60, *roles, *rest)
    write_who(walker)
    complete_at(page, 80, *rest)
    write_money_and_indicator(walker)
    complete_at(page, 100)

    took = time.monotonic() - began
    print(f"{walker.hand}, {walker.hand.seconds:.0f} s; walked in {took:.0f} s")  # noqa: T201
    walker.look()
    page.reload()
    walker.look()
    complete_at(page, 100)
    assert rows(page).locator('td[data-v="prevu"]').count() == 12
    assert walker.hand.seconds < THREE_MINUTES
    assert took < THREE_MINUTES


def write_rows(walker: Walker) -> None:
    """Two « Projet » and three objectives in each, Enter after Enter."""
    page = walker.page
    said = page.locator("#objectifs-dit")
    walker.touch("link", "Écrire et ranger les objectifs")
    expect(page.get_by_label("Nouvel objectif")).to_be_focused()
    for project, titles in PROJECTS.items():
        walker.touch("link", "Ajouter un «\u00a0Projet\u00a0»")
        expect(page.get_by_label("Intitulé du projet")).to_be_focused()
        walker.go_on(project, "Enter")
        expect(said).to_contain_text(project)
        for title in titles:
            line = page.get_by_label("Nouvel objectif")
            expect(line).to_be_focused()
            expect(line).to_have_value("")
            walker.go_on(title, "Enter")
            expect(said).to_contain_text(title)
    walker.look()


def plan_rows(walker: Walker) -> None:
    """Two quarters for each objective, one later at each row."""
    page = walker.page
    expect(rows(page)).to_have_count(6)
    status = page.locator(".grid-status")
    if walker.by_keyboard:
        plan_by_arrows(walker)
    else:
        plan_by_drags(walker)
    expect(page.locator('td[data-v="prevu"]')).to_have_count(12)
    expect(page.locator("td[data-pending]")).to_have_count(0)
    expect(status).to_have_text(re.compile("^Enregistré à"))


def plan_by_drags(walker: Walker) -> None:
    page = walker.page
    for rank in range(6):
        cells = rows(page).nth(rank).locator("td[data-q]")
        first, last = cells.nth(4 + rank), cells.nth(5 + rank)
        first.evaluate(BESIDE_ITS_TITLE)
        walker.hand.thoughts += 1
        walker.hand.pointings += 2
        start, end = first.bounding_box(), last.bounding_box()
        assert start is not None
        assert end is not None
        page.mouse.move(start["x"] + 12, start["y"] + 12)
        page.mouse.down()
        page.mouse.move(end["x"] + 12, end["y"] + 12, steps=4)
        page.mouse.up()
        expect(first).to_have_attribute("data-v", "prevu")
        expect(last).to_have_attribute("data-v", "prevu")


def plan_by_arrows(walker: Walker) -> None:
    page = walker.page
    walker.focus(page.locator('#planning table.grid [tabindex="0"]'))
    walker.key("Home")
    walker.key("ArrowRight", 4)
    for rank in range(6):
        # A title of « Projet » stands before each three.
        walker.key("ArrowDown", 2 if rank == 3 else 1)
        expect(rows(page).nth(rank).locator("td[data-q]").nth(4 + rank)).to_be_focused()
        walker.hand.thoughts += 1
        walker.key("Shift+ArrowRight")
        walker.key("p")


def write_why(walker: Walker) -> None:
    """By the point that is missing, which leads to its field; each save then says the next one."""
    page = walker.page
    walker.touch("link", "le constat ou besoin", within="#chiffres", exact=False)
    expect(page.locator("#pourquoi_need")).to_be_focused()
    walker.go_on("On sort de l’hôpital sans toit ni emploi.")
    walker.write("Public concerné", "Les 18-30 ans suivis.")
    walker.look()
    walker.key("Control+Enter")
    expect(page.locator("#dit-pourquoi")).to_contain_text("Enregistré")


def write_who(walker: Walker) -> None:
    """Two entries of the directory: a free text is nobody yet."""
    page = walker.page
    for said, point, code, name in (
        ("#dit-pourquoi", "un pilote", "pilote", "ARS de démonstration"),
        ("#dit-roles", "un partenaire", "partenaire", "Lycée Jeanne-Vernier"),
    ):
        walker.touch("link", point, within=said, exact=False)
        who = page.locator("#roles_who")
        expect(who).to_be_visible()
        expect(page.locator("#roles_kind")).to_have_value(code)
        walker.look()
        if walker.by_keyboard:
            walker.focus(who)
        else:
            expect(who).to_be_focused()
        walker.go_on(name, "Enter")
        expect(page.locator("#dit-roles")).to_contain_text("Ajouté")
        expect(page.locator("#chiffres")).not_to_contain_text(point)


def write_money_and_indicator(walker: Walker) -> None:
    page = walker.page
    walker.touch("link", "un financeur", within="#dit-roles", exact=False)
    expect(page.locator("#financement_who")).to_be_focused()
    walker.go_on("ARS, FIR")
    walker.write("Montant en euros", "24000")
    walker.look()
    walker.key("Enter")
    expect(page.locator("#corps-financement tbody tr").first).to_contain_text("24\u202f000\u00a0€")
    walker.touch("link", "un indicateur", within="#dit-financement", exact=False)
    expect(page.locator("#indicateurs_label")).to_be_focused()
    walker.go_on("Personnes logées à six mois", "Control+Enter")
    expect(page.locator("#dit-indicateurs")).to_contain_text("Ajouté")


# --- Two people ---------------------------------------------------------------------------------


@pytest.fixture
def pair(browser: Browser, own_site: Site) -> Iterator[tuple[Walker, Walker]]:
    """Two people on the roadmap of Mayenne, each in a browser."""
    errors: list[str] = []
    contexts = []
    walkers = []
    for email in (MAYENNE, REGION):
        context = browser.new_context(
            locale="fr-FR", reduced_motion="reduce", viewport={"width": 1280, "height": 900}
        )
        contexts.append(context)
        page = context.new_page()
        watch(page, errors)
        walker = Walker(page=page, site=own_site.address)
        walker.sign_in(email)
        page.goto(f"{own_site.address}/territoires/53/")
        walker.press("link", "Feuille de route", within="main")
        walkers.append(walker)
    yield walkers[0], walkers[1]
    for context in contexts:
        context.close()
    assert errors == []


def why_opened(walker: Walker) -> None:
    walker.use(walker.page.locator("#ouvrir-pourquoi"))
    expect(walker.page.locator("#pourquoi_need")).to_be_focused()


def why_saved(walker: Walker) -> None:
    walker.key("Control+Enter")
    expect(walker.page.locator("#dit-pourquoi")).to_contain_text("Enregistré")


def test_two_people_in_one_part_lose_nothing(pair: tuple[Walker, Walker]) -> None:
    mine, theirs = pair
    for walker in pair:
        walker.follow(walker.page.locator("tr.line a.t").nth(20))
        why_opened(walker)
    theirs.write("Constat ou besoin", "Un mot de la région.")
    mine.write("Public concerné", "Tous les habitants.")
    why_saved(theirs)
    why_saved(mine)
    part = mine.page.locator("#partie-pourquoi")
    expect(part).to_contain_text("Un mot de la région.")
    expect(part).to_contain_text("Tous les habitants.")

    for walker in pair:
        why_opened(walker)
    theirs.write("Constat ou besoin", "Le mot de la région.")
    mine.write("Constat ou besoin", "Le mot de la coordination.")
    why_saved(theirs)
    mine.key("Control+Enter")
    beside = mine.page.locator(".versus")
    expect(beside).to_contain_text("région")
    expect(mine.page.locator("#pourquoi_need")).to_have_value("Le mot de la coordination.")
    mine.look()
    beside.get_by_label("Prendre ce texte").check()
    mine.key("Control+Enter")
    expect(part).to_contain_text("Le mot de la région.")
    expect(part).to_contain_text("Tous les habitants.")


def test_the_cells_of_one_are_seen_by_the_other_within_seconds(pair: tuple[Walker, Walker]) -> None:
    for walker in pair:
        walker.press("link", "Planning", within="main")
        expect(walker.page.locator(".grid-bar")).to_be_visible()
    for writer, reader in (pair, pair[::-1]):
        place = 'tbody[data-number="21"] tr[data-objective]'
        cells = [walker.page.locator(place).first.locator("td[data-q]").nth(6) for walker in pair]
        there = writer.page.locator(place).first.locator("td[data-q]").nth(6)
        there.click()
        value = there.get_attribute("data-v")
        began = time.monotonic()
        for cell in cells:
            expect(cell).to_have_attribute("data-v", str(value), timeout=SECONDS_TO_SEE * 1000)
        assert time.monotonic() - began < SECONDS_TO_SEE
        expect(reader.page.locator(".grid-said")).to_contain_text("d’écrire dans la fiche\u00a021")
