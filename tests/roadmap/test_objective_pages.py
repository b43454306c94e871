"""Writing and arranging the rows of a sheet on screen: doors, words, bad luck, cost."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from journal.models import ChangeSet
from roadmap.enums import ObjectiveState
from roadmap.models import Action, Objective
from roadmap.services.objectives import Spot, paste_lines, remove_objective, set_state
from roadmap.services.pasting import read_lines
from roadmap.summaries.outline import outline_of
from tests.cast import Cast, make_pilot
from tests.factories import (
    ActionFactory,
    UserFactory,
    unsigned,
)
from tests.roadmap.without_script import PlainReader, fields_of, soup_of

SignIn = Callable[[User | None], Client]
OF_SHEET = ["objective_list", "objective_add", "objective_group_add", "objective_paste"]
OF_ROW = ["objective_edit", "objective_move", "objective_state", "objective_remove"]
DOORS = [
    ("agnes", HTTPStatus.OK),
    ("emile", HTTPStatus.OK),
    ("pilot", HTTPStatus.OK),
    ("bruno", HTTPStatus.FORBIDDEN),
    ("gael", HTTPStatus.NOT_FOUND),
    ("chloe", HTTPStatus.NOT_FOUND),
    ("denis", HTTPStatus.NOT_FOUND),
    ("personne", HTTPStatus.FOUND),
]


@pytest.fixture
def sheet(cast: Cast) -> Action:
    """a, b, then « Projet 1 » with c and d."""
    action = ActionFactory.create(project=cast.project, number=3)
    rows = read_lines("a\nb\nProjet 1 : P\nc\nd").rows
    paste_lines(action=action, by=cast.agnes, rows=rows, spot=Spot())
    return action


@pytest.fixture
def empty(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=4)


@pytest.fixture
def lead(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.agnes)


def pilot_of(sheet: Action, cast: Cast) -> User:
    return make_pilot(UserFactory.create(email="pilote@exemple.fr"), sheet)


def row(sheet: Action, title: str) -> Objective:
    return Objective.objects.select_related("action__project").get(action=sheet, title=title)


def told(sheet: Action) -> str:
    """« a b P(c d) »."""
    shown = outline_of(Action.objects.for_sheet().get(pk=sheet.pk))
    tops = [
        f"{top.objective.title}({' '.join(line.objective.title for line in top.children)})"
        for top in shown.projects
    ]
    return " ".join([*(line.objective.title for line in shown.loose), *tops])


def at(name: str, key: int, query: str = "") -> str:
    return reverse(f"roadmap:{name}", args=[key]) + query


# --- Doors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "status"), DOORS)
@pytest.mark.parametrize("page", [*OF_SHEET, *OF_ROW])
def test_doors(
    cast: Cast, sign_in: SignIn, sheet: Action, page: str, name: str, status: HTTPStatus
) -> None:
    user = pilot_of(sheet, cast) if name == "pilot" else cast.named(name)
    key = sheet.pk if page in OF_SHEET else row(sheet, "a").pk
    client = sign_in(user)
    leads_back = page in {"objective_move", "objective_state"} and status == HTTPStatus.OK
    assert client.get(at(page, key)).status_code == (HTTPStatus.FOUND if leads_back else status)
    before = told(sheet)
    if page != "objective_list" and status != HTTPStatus.OK:
        sent = {"title": "x", "lines": "x", "place": ":1", "state": "fait", "step": "ajouter"}
        assert client.post(at(page, key), sent).status_code == status
        assert told(sheet) == before
        assert not Objective.objects.filter(state=ObjectiveState.DONE).exists()


def test_a_pilot_writes_their_own_sheet_only(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    other = ActionFactory.create(project=cast.project, number=9)
    client = sign_in(pilot_of(sheet, cast))
    client.post(at("objective_add", sheet.pk), {"title": "x"})
    assert "x" in told(sheet)
    refused = client.post(at("objective_add", other.pk), {"title": "x"})
    assert refused.status_code == HTTPStatus.FORBIDDEN


def test_a_row_that_never_was_is_not_found(lead: Client) -> None:
    for page in OF_ROW:
        assert lead.get(at(page, 999_999)).status_code == HTTPStatus.NOT_FOUND


def test_a_removed_row_is_nothing_to_a_stranger(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    gone = row(sheet, "a").pk
    remove_objective(objective=row(sheet, "a"), by=None)
    client = sign_in(cast.chloe)
    for page in OF_ROW:
        assert client.post(at(page, gone)).status_code == HTTPStatus.NOT_FOUND


# --- The whole scenario without JavaScript -------------------------------------------------------


def test_a_sheet_is_written_and_arranged_without_javascript(lead: Client, empty: Action) -> None:
    person = PlainReader(lead)
    person.go(at("objective_list", empty.pk))
    assert "Aucun objectif n’est encore écrit" in person.page.get_text()
    for number, title in ((1, "Logement"), (2, "Emploi")):
        person.follow("Ajouter un «\u00a0Projet\u00a0»")
        person.press("Ajouter le projet", title=title)
        assert f"Projet {number} : {title}\u00a0» est ajouté." in person.said
        for rank in (1, 2):
            person.press("Ajouter", title=f"{rank}) {title} {rank}")
            assert f"est ajouté dans Projet {number}." in person.said
    for rank in (1, 2):
        person.press("Ajouter", title=f"Libre {rank}", parent="")
    assert told(empty) == (
        "Libre 1 Libre 2 Logement(Logement 1 Logement 2) Emploi(Emploi 1 Emploi 2)"
    )

    person.press("Monter\u00a0: «\u00a0Libre 2\u00a0»")
    assert "«\u00a0Libre 2\u00a0» est maintenant 1er sur 2, hors projet." in person.said
    person.press("Ranger dans le projet qui suit\u00a0: «\u00a0Libre 2\u00a0»")
    person.press("Sortir de son projet\u00a0: «\u00a02) Emploi 2\u00a0»")
    person.press("Descendre\u00a0: «\u00a0Projet 1 : Logement\u00a0»")
    assert told(empty) == (
        "Libre 1 Emploi 2 Emploi(Emploi 1) Logement(Libre 2 Logement 1 Logement 2)"
    )

    form = person.page.select_one(f"#objectif-{row(empty, 'Libre 1').pk} form")
    assert form is not None
    lead.post(str(form["action"]), {**fields_of(form), "state": "en_cours"})
    assert row(empty, "Libre 1").state == ObjectiveState.RUNNING

    person.go(at("objective_list", empty.pk))
    person.follow("Modifier «\u00a0Libre 1\u00a0»")
    person.press("Enregistrer", title="Écrit autrement", summary_title="Au récapitulatif")
    assert "Enregistré\u00a0: intitulé et intitulé au récapitulatif." in person.said
    assert row(empty, "Écrit autrement").summary_title == "Au récapitulatif"

    person.follow("Retirer «\u00a0Écrit autrement\u00a0»")
    person.press("Retirer")
    person.follow("Retirer «\u00a0Projet 1 : Logement\u00a0»")
    assert "Ce projet groupe 3\u00a0objectifs." in person.page.get_text()
    person.press("Garder ses objectifs, hors projet")
    assert told(empty) == "Emploi 2 Libre 2 Logement 1 Logement 2 Emploi(Emploi 1)"


def test_the_line_after_a_row_goes_after_it(lead: Client, sheet: Action) -> None:
    person = PlainReader(lead)
    person.go(at("objective_list", sheet.pk))
    person.follow("Ajouter après «\u00a0c\u00a0»")
    person.press("Ajouter", title="x")
    person.press("Ajouter", title="y")
    assert told(sheet) == "a b P(c x y d)"


def test_a_list_is_looked_at_before_it_is_added(lead: Client, sheet: Action) -> None:
    person = PlainReader(lead)
    person.go(at("objective_paste", sheet.pk))
    person.press("Voir ce qui sera ajouté", lines="1) Créer\tCH de Laval\n2) Former", parent="")
    assert "Ce qui sera ajouté\u00a0: 2\u00a0objectifs" in person.page.get_text()
    assert "CH de Laval" in person.said
    assert told(sheet) == "a b P(c d)"
    person.press("Corriger la liste")
    area = person.page.select_one("textarea[name=lines]")
    assert area is not None
    assert "2) Former" in area.get_text()
    person.press("Voir ce qui sera ajouté")
    person.press("Ajouter 2\u00a0objectifs")
    assert told(sheet) == "a b Créer Former P(c d)"
    assert row(sheet, "Créer").label == "1)"


# --- In place ------------------------------------------------------------------------------------


def in_place(client: Client, address: str, data: dict[str, Any] | None = None) -> Any:
    headers = {"HX-Request": "true", "HX-Target": "objectifs-rangees"}
    if data is None:
        return client.get(address, headers=headers)
    return client.post(address, data, headers=headers)


def test_the_editor_opens_in_the_page_of_the_sheet(lead: Client, sheet: Action) -> None:
    headers = {"HX-Request": "true", "HX-Target": "objectifs-edition"}
    page = lead.get(at("objective_list", sheet.pk), headers=headers)
    soup = soup_of(page)
    assert soup.select_one("#objectifs-edition h2") is not None
    assert soup.find("html") is None
    assert len(soup.select("[data-row]")) == 5


def test_a_gesture_answers_the_rows_and_what_moved(lead: Client, sheet: Action) -> None:
    order = outline_of(Action.objects.for_sheet().get(pk=sheet.pk)).order
    moved = row(sheet, "a")
    answer = in_place(lead, at("objective_move", moved.pk), {"place": ":1", "order": order})
    soup = soup_of(answer)
    said = soup.select_one("#objectifs-dit[hx-swap-oob]")
    assert said is not None
    assert "«\u00a0a\u00a0» est maintenant 2e sur 2, hors projet." in said.get_text()
    assert [line["data-row"] for line in soup.select("[data-row]")][1] == str(moved.pk)
    focus = soup.select_one("[data-focus]")
    assert focus is not None
    assert focus["data-focus"] == f"poignee-{moved.pk}"
    sheet.project.refresh_from_db()
    assert f'"revision": {sheet.project.revision}' in answer["HX-Trigger"]


def test_in_the_page_of_the_sheet_the_figures_follow(lead: Client, sheet: Action) -> None:
    around = {
        "HX-Request": "true",
        "HX-Target": "objectifs-rangees",
        "HX-Current-URL": f"http://testserver{at('action_detail', sheet.pk)}?x=1#objectifs",
    }
    sent = {"state": "fait", "was": "a_faire"}
    answer = lead.post(at("objective_state", row(sheet, "a").pk), sent, headers=around)
    figures = soup_of(answer).select_one("#chiffres[hx-swap-oob]")
    assert figures is not None
    assert "1 sur 4" in figures.get_text()
    alone = in_place(lead, at("objective_state", row(sheet, "b").pk), sent)
    assert soup_of(alone).select_one("#chiffres") is None


def test_enter_adds_and_opens_a_fresh_line(lead: Client, sheet: Action) -> None:
    answer = in_place(lead, at("objective_add", sheet.pk), {"title": "x", "token": "t1"})
    soup = soup_of(answer)
    field = soup.select_one("form[data-line] input[name=title]")
    token = soup.select_one("form[data-line] input[name=token]")
    assert field is not None
    assert token is not None
    assert "value" not in field.attrs
    assert token["value"] not in {"", "t1"}
    assert f"fiche-{sheet.pk}-objectif-nouveau" in answer["HX-Trigger"]


def test_the_last_step_of_a_row_is_closed(lead: Client, sheet: Action) -> None:
    soup = soup_of(lead.get(at("objective_list", sheet.pk)))
    first, last = row(sheet, "a").pk, row(sheet, "d").pk
    assert "disabled" in soup.select_one(f"#monter-{first}").attrs  # type: ignore[union-attr]
    assert "disabled" not in soup.select_one(f"#descendre-{first}").attrs  # type: ignore[union-attr]
    assert "disabled" in soup.select_one(f"#descendre-{last}").attrs  # type: ignore[union-attr]


# --- Bad luck ------------------------------------------------------------------------------------


def test_a_double_click_adds_once(lead: Client, sheet: Action) -> None:
    for page, sent in (
        ("objective_add", {"title": "x", "token": "t1"}),
        ("objective_group_add", {"label": "Projet 2", "title": "Q", "token": "t2"}),
        ("objective_paste", {"lines": "y\nz", "token": "t3", "step": "ajouter"}),
    ):
        for _ in range(2):
            assert lead.post(at(page, sheet.pk), sent).status_code == HTTPStatus.FOUND
    assert told(sheet) == "a b x y z P(c d) Q()"


def test_an_order_changed_by_another_is_told_and_the_fresh_rows_shown(
    lead: Client, sheet: Action
) -> None:
    sent = {"place": ":1", "order": "of another day"}
    answer = in_place(lead, at("objective_move", row(sheet, "a").pk), sent)
    assert "L’ordre des objectifs a changé" in answer.text
    assert len(soup_of(answer).select("[data-row]")) == 5
    assert told(sheet) == "a b P(c d)"


@pytest.mark.parametrize("place", ["", "x", "1:2:3", "-1:0", ":" + "9" * 60])
def test_a_made_up_place_is_refused_with_a_sentence(
    lead: Client, sheet: Action, place: str
) -> None:
    answer = lead.post(at("objective_move", row(sheet, "a").pk), {"place": place, "order": ""})
    assert answer.status_code == HTTPStatus.OK
    assert "rien n’a bougé" in answer.text


def test_a_made_up_state_is_refused_with_a_sentence(lead: Client, sheet: Action) -> None:
    answer = lead.post(at("objective_state", row(sheet, "a").pk), {"state": "presque"})
    assert "Cet état n’existe pas" in answer.text


def test_a_state_said_by_another_meanwhile_is_shown(
    cast: Cast, lead: Client, sheet: Action
) -> None:
    set_state(objective=row(sheet, "a"), by=cast.emile, state="en_cours")
    sent = {"state": "fait", "was": "a_faire"}
    answer = lead.post(at("objective_state", row(sheet, "a").pk), sent)
    assert "Emile Durand vient de mettre «\u00a0en cours\u00a0»" in answer.text
    assert row(sheet, "a").state == ObjectiveState.RUNNING


def test_a_sheet_retired_while_somebody_types_keeps_the_text(lead: Client, sheet: Action) -> None:
    edition = soup_of(lead.get(at("objective_edit", row(sheet, "a").pk)))
    form = edition.select_one("form.outline-edit")
    assert form is not None
    with unsigned():
        Action.objects.filter(pk=sheet.pk).update(retired_at=timezone.now())
    for page, key, sent in (
        ("objective_add", sheet.pk, {"title": "Mon texte"}),
        ("objective_group_add", sheet.pk, {"title": "Mon texte"}),
        ("objective_paste", sheet.pk, {"lines": "Mon texte", "step": "ajouter"}),
        ("objective_edit", row(sheet, "a").pk, {**fields_of(form), "title": "Mon texte"}),
    ):
        answer = lead.post(at(page, key), sent)
        assert answer.status_code == HTTPStatus.OK
        assert "a été retirée de la feuille de route" in answer.text, page
        assert "Mon texte" in answer.text, page
    assert told(sheet) == "a b P(c d)"


def test_a_retired_sheet_shows_no_way_to_write(lead: Client, sheet: Action) -> None:
    with unsigned():
        Action.objects.filter(pk=sheet.pk).update(retired_at=timezone.now())
    soup = soup_of(lead.get(at("objective_list", sheet.pk)))
    assert soup.select("main form") == []
    assert len(soup.select("[data-row]")) == 5


def test_a_row_removed_while_somebody_writes_it_is_added_again(
    cast: Cast, lead: Client, sheet: Action
) -> None:
    key = row(sheet, "c").pk
    person = PlainReader(lead)
    person.go(at("objective_edit", key))
    remove_objective(objective=row(sheet, "c"), by=cast.emile)
    person.press("Enregistrer", title="Mon texte")
    assert "a été retiré entre-temps par Emile Durand" in person.said
    person.press("L’ajouter à nouveau")
    assert told(sheet) == "a b P(d Mon texte)"


@pytest.mark.parametrize("page", OF_ROW)
def test_a_row_removed_meanwhile_is_told(
    cast: Cast, lead: Client, sheet: Action, page: str
) -> None:
    key = row(sheet, "a").pk
    remove_objective(objective=row(sheet, "a"), by=cast.emile)
    answer = lead.post(at(page, key), {"place": ":0", "order": "", "state": "fait", "title": "a"})
    assert "a été retiré entre-temps par Emile Durand" in answer.text
    if page == "objective_edit":
        assert "a été retiré" in lead.get(at(page, key)).text


def test_two_people_in_one_row_see_both_texts(cast: Cast, lead: Client, sheet: Action) -> None:
    person, other = PlainReader(lead), Client()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    other.force_login(cast.emile, backend=backend)
    address = at("objective_edit", row(sheet, "a").pk)
    person.go(address)
    second = PlainReader(other)
    second.go(address)
    second.press("Enregistrer", title="Le texte d’Émile", state="fait")
    person.press("Enregistrer", title="Le texte d’Agnès")
    assert "Le texte d’Émile" in person.page.get_text()
    assert "Le texte d’Agnès" in person.page.get_text()
    person.press("Enregistrer")
    kept = row(sheet, "Le texte d’Agnès")
    assert kept.state == ObjectiveState.DONE


FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467 famille"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (FAMILY, FAMILY),
        ("دعم الأقران", "دعم الأقران"),
        ("un\x00deux", "undeux"),
        ("<b>gras</b>", "<b>gras</b>"),
        ("x" * 4_000, "x" * 4_000),
    ],
)
def test_any_text_is_kept_as_typed(lead: Client, empty: Action, typed: str, kept: str) -> None:
    lead.post(at("objective_add", empty.pk), {"title": typed})
    assert told(empty) == kept
    page = lead.get(at("objective_list", empty.pk))
    assert page.status_code == HTTPStatus.OK
    assert "<b>gras" not in page.text


def test_a_title_too_long_comes_back_whole(lead: Client, empty: Action) -> None:
    typed = "x" * 4_001
    answer = lead.post(at("objective_add", empty.pk), {"title": typed})
    assert "celui-ci en a 4001" in answer.text
    assert typed in answer.text
    assert told(empty) == ""


@pytest.mark.parametrize("title", ["", "   ", "\u200b", "•"])
def test_an_empty_line_adds_nothing(lead: Client, empty: Action, title: str) -> None:
    answer = lead.post(at("objective_add", empty.pk), {"title": title})
    assert "Écrivez l’intitulé." in answer.text
    assert told(empty) == ""


def test_four_hundred_lines_are_pasted_and_shown(lead: Client, empty: Action) -> None:
    lines = "\n".join(f"{rank}) Objectif du rang {rank}" for rank in range(1, 401))
    sent = {"lines": lines, "step": "ajouter", "token": "t"}
    page = lead.post(at("objective_paste", empty.pk), sent, follow=True)
    assert "400\u00a0objectifs sont ajoutés." in page.text
    assert len(soup_of(page).select("[data-row]")) == 400
    refused = lead.post(at("objective_paste", empty.pk), {**sent, "lines": "x\n" * 501})
    assert "on peut en coller 500" in refused.text
    assert Objective.objects.filter(action=empty).count() == 400


def test_a_group_that_holds_rows_stays_a_project(lead: Client, sheet: Action) -> None:
    person = PlainReader(lead)
    person.go(at("objective_edit", row(sheet, "P").pk))
    person.press("Enregistrer", kind="objectif")
    assert "elle reste un projet" in person.said
    person.go(at("objective_edit", row(sheet, "c").pk))
    person.press("Enregistrer", kind="projet")
    assert "ne peut pas être rangé sous un autre projet" in person.said
    assert told(sheet) == "a b P(c d)"


# --- Cost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*OF_SHEET, "objective_edit", "objective_remove"])
def test_queries_are_few_and_flat(
    lead: Client,
    sheet: Action,
    queries: Callable[[Callable[[], object]], int],
    page: str,
) -> None:
    key = sheet.pk if page in OF_SHEET else row(sheet, "P").pk
    few = queries(lambda: lead.get(at(page, key)))
    more = read_lines("\n".join(f"Projet {n} : p\nx\ny" for n in range(5, 25))).rows
    paste_lines(action=sheet, by=None, rows=more, spot=Spot())
    assert queries(lambda: lead.get(at(page, key))) == few
    assert few <= 15


def test_every_gesture_is_signed(cast: Cast, lead: Client, sheet: Action) -> None:
    lead.post(at("objective_state", row(sheet, "a").pk), {"state": "fait", "was": "a_faire"})
    lead.post(at("objective_remove", row(sheet, "b").pk))
    done = ChangeSet.objects.order_by("-pk")[:2]
    assert [gesture.by for gesture in done] == [cast.agnes, cast.agnes]
    assert [gesture.words.split()[:2] for gesture in done] == [["a", "retiré"], ["a", "passé"]]
