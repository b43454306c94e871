"""Several sheets at once, on screen: who is offered it, the three steps, what comes back."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.text import NBSP
from journal.models import ChangeSet
from roadmap.enums import Status
from roadmap.models import Action, ActionRole
from roadmap.services.lifecycle import retire_sheet
from territories.writing import writing
from tests.cast import Cast, make_pilot
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    AxisFactory,
    OrganisationFactory,
    PersonFactory,
    PlannedQuarterFactory,
)
from tests.roadmap.without_script import fields_of, soup_of, words_of

SignIn = Callable[[User | None], Client]

DOORS = [
    ("agnes", HTTPStatus.OK),
    ("emile", HTTPStatus.OK),
    ("bruno", HTTPStatus.FORBIDDEN),
    ("gael", HTTPStatus.NOT_FOUND),
    ("chloe", HTTPStatus.NOT_FOUND),
    ("denis", HTTPStatus.NOT_FOUND),
    ("personne", HTTPStatus.FOUND),
]


@pytest.fixture
def sheets(cast: Cast) -> list[Action]:
    return [
        ActionFactory.create(project=cast.project, number=number, title=f"Action {number}")
        for number in (1, 2, 3)
    ]


@pytest.fixture
def bruno_pilots(cast: Cast, sheets: list[Action]) -> Action:
    make_pilot(cast.bruno, sheets[1])
    return sheets[1]


def where(cast: Cast) -> str:
    return reverse("roadmap:bulk_edit", args=[cast.project.pk])


def listing(cast: Cast, filters: str = "") -> str:
    return reverse("roadmap:action_list", args=[cast.project.pk]) + filters


def keys(sheets: list[Action]) -> str:
    return ",".join(str(sheet.pk) for sheet in sheets)


def send(client: Client, cast: Cast, step: str, **typed: Any) -> BeautifulSoup:
    return soup_of(client.post(where(cast), {"etape": step, **typed}, follow=True))


def confirm(client: Client, page: BeautifulSoup, **typed: Any) -> Any:
    """Press « Confirmer » on the page that says what is going to change."""
    form = page.select_one("form.bulk-plan")
    assert form is not None, words_of(page)
    data = {**fields_of(form), "etape": "confirmer", **typed}
    return client.post(str(form["action"]), data, follow=True)


def alerts(page: BeautifulSoup) -> str:
    return " ".join(words_of(one) for one in page.select(".alert"))


# --- The list -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "count"), [("agnes", 3), ("emile", 3), ("bruno", 0)])
def test_whoever_writes_chooses(
    cast: Cast, sign_in: SignIn, sheets: list[Action], name: str, count: int
) -> None:
    page = soup_of(sign_in(cast.named(name)).get(listing(cast)))
    boxes = page.select("tr.line input[type=checkbox][name=fiche][form=choix]")
    assert len(boxes) == count
    assert bool(page.select("form#choix, .choice")) == bool(count)
    labels = [words_of(label) for box in boxes if (label := box.find_parent("label"))]
    assert labels == [f"Choisir la fiche {number}" for number in (1, 2, 3)][:count]


def test_a_pilot_chooses_among_their_own(cast: Cast, sign_in: SignIn, bruno_pilots: Action) -> None:
    client = sign_in(cast.bruno)
    page = soup_of(client.get(listing(cast)))
    assert [box["value"] for box in page.select("input[name=fiche]")] == [str(bruno_pilots.pk)]
    narrowed = soup_of(client.get(listing(cast, "?mots=rien+de+tel")))
    assert not narrowed.select(".choice")


def test_keys_are_written_without_separators(cast: Cast, sign_in: SignIn) -> None:
    sheet = ActionFactory.create(pk=1_234_567, project=cast.project)
    client = sign_in(cast.agnes)
    page = soup_of(client.get(listing(cast)))
    (box,) = page.select("input[name=fiche]")
    assert box["value"] == str(sheet.pk)
    plan = send(client, cast, "voir", fiches=keys([sheet]), status="en_cours")
    assert [box["value"] for box in plan.select("input[name=sans]")] == [str(sheet.pk)]


def test_all_that_is_shown_is_chosen_without_script(
    cast: Cast, sign_in: SignIn, sheets: list[Action]
) -> None:
    client = sign_in(cast.agnes)
    page = soup_of(client.get(listing(cast, "?mots=fiche+2")))
    held = {
        str(field["name"]): str(field["value"])
        for field in page.select("input[type=hidden][form=choix]")
    }
    form = soup_of(client.post(where(cast), {**held, "toutes": "oui"}))
    assert words_of(form.select("h1")[0]) == f"Modifier 1{NBSP}fiche"
    assert words_of(form.select(".chosen li")[0]) == "2. Action 2"
    back = form.select_one(".edit-buttons a")
    assert back is not None
    assert back["href"] == listing(cast, "?mots=fiche+2")


# --- Doors and steps ----------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "status"), DOORS)
def test_doors(
    cast: Cast, sign_in: SignIn, sheets: list[Action], name: str, status: HTTPStatus
) -> None:
    client = sign_in(cast.named(name))
    for step in ("", "voir"):
        sent = client.post(
            where(cast), {"fiches": keys(sheets), "etape": step, "status": "realisee"}
        )
        assert sent.status_code == status


def test_nothing_chosen_leads_back_to_the_list(
    cast: Cast, sign_in: SignIn, sheets: list[Action]
) -> None:
    client = sign_in(cast.agnes)
    for answer in (
        client.get(where(cast), follow=True),
        client.post(where(cast), {"fiche": ["x", "²", "9" * 40], "retour": "mots=a"}, follow=True),
    ):
        assert "Cochez d’abord" in alerts(soup_of(answer))
    assert answer.redirect_chain[0][0] == listing(cast, "?mots=a")


def test_from_the_list_to_the_gesture_and_back(
    cast: Cast, sign_in: SignIn, sheets: list[Action]
) -> None:
    client = sign_in(cast.agnes)
    sent = {"fiche": [sheets[0].pk, sheets[2].pk], "retour": "par=axe&mots=action"}
    form = soup_of(client.post(where(cast), sent)).select_one("form.bulk-form")
    assert form is not None
    typed = {**fields_of(form), "status": "suspendue", "reason": "Faute de\nmédecin"}
    plan = send(client, cast, "voir", **typed)
    assert words_of(plan.select("h1")[0]) == "Ce qui va changer"
    said = [words_of(line) for line in plan.select("li:has(dl)")]
    assert said[0].startswith("1. Action 1 Avancement avant")
    assert "Non commencée →, après" in said[0]
    assert ChangeSet.objects.of(cast.project.scope).count() == 0, "nothing is written yet"
    done = confirm(client, plan)
    assert done.redirect_chain == [(listing(cast, "?par=axe&mots=action"), HTTPStatus.FOUND)]
    assert f"2{NBSP}fiches passées à «{NBSP}Suspendue{NBSP}». Annuler" in alerts(soup_of(done))
    made = ChangeSet.objects.of(cast.project.scope).get()
    link = soup_of(done).select_one(".alert a")
    assert link is not None
    assert str(link["href"]).partition("?")[0] == reverse("roadmap:take_back", args=[made.pk])
    assert Action.objects.get(pk=sheets[0].pk).status_reason == "Faute de\nmédecin"
    again = confirm(client, plan)
    assert "C’était déjà fait" in alerts(soup_of(again)), "a double click is one gesture"
    assert ChangeSet.objects.of(cast.project.scope).count() == 1
    undone = client.post(str(link["href"]))
    assert undone.headers["Location"] == listing(cast, "?par=axe&mots=action")
    assert Action.objects.with_status(Status.NOT_STARTED).count() == 3


def test_what_was_asked_can_be_changed_before(
    cast: Cast, sign_in: SignIn, sheets: list[Action]
) -> None:
    client = sign_in(cast.agnes)
    typed = {"fiches": keys(sheets), "status": "abandonnee", "reason": "Fini", "shift": "2"}
    page = send(client, cast, "revenir", **typed)
    form = page.select_one("form.bulk-form")
    assert form is not None
    held = fields_of(form)
    assert (held["status"], held["reason"], held["shift"]) == ("abandonnee", "Fini", "2")
    assert held["token"]
    assert not page.select(".alert")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choisissez au moins une chose à changer."),
        ({"status": "suspendue"}, "Une fiche suspendue ou abandonnée dit pourquoi"),
        ({"reason": "Fini"}, "Choisissez aussi l’avancement que ce motif explique."),
        ({"pilot_way": "ajouter"}, "Dites qui."),
        ({"who": "Mairie"}, "Dites si ce pilote s’ajoute aux autres ou les remplace."),
        ({"shift": "0"}, f"On décale d’un{NBSP}trimestre au moins."),
        ({"shift": "99"}, f"On décale de 40{NBSP}trimestres au plus."),
        ({"shift": "deux"}, "Un nombre de trimestres s’écrit en chiffres."),
        ({"axis": "999999"}, "Cet axe a été retiré entre-temps"),
        ({"who": "x" * 201, "pilot_way": "ajouter"}, "Un nom tient 200 caractères"),
        ({"who": "CH", "pilot_way": "ajouter"}, "Plusieurs entrées de l’annuaire"),
    ],
)
@pytest.mark.parametrize("step", ["voir", "confirmer"])
def test_what_is_wrong_is_said_beside_its_field(
    cast: Cast,
    sign_in: SignIn,
    sheets: list[Action],
    typed: dict[str, str],
    sentence: str,
    step: str,
) -> None:
    AxisFactory.create(project=cast.project)
    for name in ("CH du Val", "CH du Mont"):
        OrganisationFactory.create(territory=cast.aubrac, name=name, short_name="CH")
    client = sign_in(cast.agnes)
    page = send(client, cast, step, fiches=keys(sheets), **typed)
    assert sentence in alerts(page)
    assert words_of(page.select("title")[0]).startswith("Erreur")
    assert ChangeSet.objects.of(cast.project.scope).count() == 0


def test_a_name_of_the_directory_is_recognised(
    cast: Cast, sign_in: SignIn, sheets: list[Action]
) -> None:
    person = PersonFactory.create(territory=cast.aubrac, first_name="Zoé", last_name="Roux")
    client = sign_in(cast.agnes)
    typed = {"who": "zoe roux", "pilot_way": "remplacer", "axis": "", "shift_way": "tot"}
    plan = send(client, cast, "voir", fiches=keys(sheets), **typed)
    confirm(client, plan)
    assert ActionRole.objects.filter(person=person, label="").count() == 3


def test_a_name_that_left_the_directory_is_asked_again(
    cast: Cast, sign_in: SignIn, sheets: list[Action]
) -> None:
    person = PersonFactory.create(territory=cast.aubrac, first_name="Zoé", last_name="Roux")
    client = sign_in(cast.agnes)
    typed = {"who": "Zoé Roux", "pilot_way": "ajouter"}
    plan = send(client, cast, "voir", fiches=keys(sheets[:1]), **typed)
    person.delete()
    page = soup_of(confirm(client, plan))
    assert "ce que vous demandez ne veut plus dire la même chose" in alerts(page)
    assert not ActionRole.objects.exists()
    confirm(client, page)
    assert ActionRole.objects.get().label == "Zoé Roux", "read again, it is a free text"


def test_a_conflict_is_told_by_sheet_and_may_be_left_aside(
    cast: Cast, sign_in: SignIn, sheets: list[Action]
) -> None:
    client = sign_in(cast.agnes)
    plan = send(client, cast, "voir", fiches=keys(sheets), status="en_cours")
    with writing(cast.project, by=cast.emile):
        sheets[0].status = Status.DONE
        sheets[0].save()
    retire_sheet(action=sheets[1], reason="Doublon", by=cast.emile)
    page = soup_of(confirm(client, plan))
    said = alerts(page)
    assert "Rien n’a été enregistré" in said
    assert f"La fiche{NBSP}1 a été modifiée par Emile Durand." in said
    assert f"La fiche{NBSP}2{NBSP}: retirée de la feuille de route" in said
    assert "Réalisée →, après" in words_of(page)
    assert Action.objects.with_status(Status.RUNNING).count() == 0
    page = soup_of(confirm(client, page))
    assert "laissez de côté les fiches qui ne peuvent pas être modifiées" in alerts(page)
    done = confirm(client, page, sans=[sheets[1].pk])
    assert f"2{NBSP}fiches passées" in alerts(soup_of(done))


def test_a_pilot_is_offered_what_a_pilot_writes(
    cast: Cast, sign_in: SignIn, sheets: list[Action], bruno_pilots: Action
) -> None:
    client = sign_in(cast.bruno)
    form = soup_of(client.post(where(cast), {"fiche": bruno_pilots.pk})).select_one(
        "form.bulk-form"
    )
    assert form is not None
    names = set(fields_of(form))
    assert {"status", "reason", "shift"} <= names
    assert not names & {"who", "pilot_way", "axis"}
    forged = {"who": "Moi", "pilot_way": "remplacer", "axis": "aucun", "status": "en_cours"}
    plan = send(client, cast, "voir", fiches=keys(sheets), **forged)
    blocked = plan.select_one("section[aria-labelledby=titre-impossible]")
    assert blocked is not None
    assert "1. Action 1" in words_of(blocked)
    assert "vous n’en êtes ni pilote ni copilote" in words_of(blocked)
    confirm(client, plan, sans=[sheets[0].pk, sheets[2].pk])
    made = ChangeSet.objects.of(cast.project.scope).get()
    assert {change.field for change in made.changes.all()} == {"status"}


def test_addresses_that_are_forged_stay_ours(
    cast: Cast, sign_in: SignIn, sheets: list[Action]
) -> None:
    client = sign_in(cast.agnes)
    page = send(
        client, cast, "", fiches=keys(sheets), retour="//exemple.fr/?a=\r\nX: y", seen="x.y,²."
    )
    back = page.select_one(".edit-buttons a")
    assert back is not None
    assert str(back["href"]).startswith(listing(cast) + "?")
    assert "\r" not in str(back["href"])


def test_queries_are_flat_and_few(
    cast: Cast,
    sign_in: SignIn,
    sheets: list[Action],
    queries: Callable[[Callable[[], object]], int],
) -> None:
    client = sign_in(cast.agnes)
    AxisFactory.create(project=cast.project)
    more = [ActionFactory.create(project=cast.project) for _ in range(12)]
    for sheet in [*sheets, *more]:
        PlannedQuarterFactory.create(objective__action=sheet)
        ActionRoleFactory.create(action=sheet)
    typed = {"status": "realisee", "shift": "40", "who": "Moi", "pilot_way": "ajouter"}

    def page(step: str, chosen: list[Action]) -> int:
        return queries(lambda: send(client, cast, step, fiches=keys(chosen), **typed))

    for step in ("", "voir"):
        assert page(step, more) == page(step, sheets[:1]) <= 15
