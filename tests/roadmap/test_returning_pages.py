"""Going back to an earlier state, on screen: links, what would change, refusals, doors."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.text import NBSP
from journal.models import ChangeSet
from roadmap.models import Action, Priority
from roadmap.services.numbering import renumber_sheet
from territories.writing import writing
from tests.cast import Cast, make_pilot
from tests.factories import (
    ActionFactory,
    ObjectiveFactory,
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
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=3, title="Pair-aidance")


@pytest.fixture
def made(cast: Cast, sheet: Action) -> list[ChangeSet]:
    """« Près », then « Loin » and « Mieux », then « Très loin »."""
    return [
        wrote(sheet, cast.agnes, need="Près"),
        wrote(sheet, cast.agnes, need="Loin", aim="Mieux"),
        wrote(sheet, cast.agnes, need="Très loin"),
    ]


@pytest.fixture
def bruno_pilots(cast: Cast, sheet: Action) -> None:
    make_pilot(cast.bruno, sheet)


def wrote(sheet: Action, by: User, **values: object) -> ChangeSet:
    with writing(sheet.project, by=by, words="a écrit") as gesture:
        for name, value in values.items():
            setattr(sheet, name, value)
        sheet.save(update_fields=list(values))
    assert gesture.changeset is not None
    return gesture.changeset


def where(page: str, made: ChangeSet, sheet: Action) -> str:
    if page == "sheet_return":
        return reverse("roadmap:sheet_return", args=[sheet.pk, made.pk])
    return reverse("roadmap:field_return", args=[made.changes.order_by("rank")[0].pk])


def send(client: Client, address: str, **typed: str) -> BeautifulSoup:
    """Open the page that asks, and press its button."""
    form = soup_of(client.get(address)).select_one("main form[method=post]")
    assert form is not None
    return soup_of(client.post(address, {**fields_of(form), **typed}, follow=True))


def alerts(page: BeautifulSoup) -> str:
    return " ".join(words_of(one) for one in page.select(".alert"))


@pytest.mark.parametrize(("name", "status"), DOORS)
@pytest.mark.parametrize("page", ["field_return", "sheet_return"])
def test_doors(
    cast: Cast,
    sign_in: SignIn,
    sheet: Action,
    made: list[ChangeSet],
    page: str,
    name: str,
    status: HTTPStatus,
) -> None:
    client = sign_in(cast.named(name))
    assert client.get(where(page, made[0], sheet)).status_code == status
    assert client.post(where(page, made[0], sheet)).status_code == status
    assert ChangeSet.objects.of(cast.project.scope).count() == 3, (
        "nothing was read, nothing is done"
    )


def test_a_gesture_of_another_sheet_is_not_found(
    cast: Cast, sign_in: SignIn, sheet: Action, made: list[ChangeSet]
) -> None:
    other = ActionFactory.create(project=cast.project, number=4)
    elsewhere = ActionFactory.create(project=cast.elsewhere)
    client = sign_in(cast.agnes)
    for stranger in (wrote(other, cast.agnes, need="Loin"), wrote(elsewhere, cast.chloe, need="a")):
        answer = client.get(reverse("roadmap:sheet_return", args=[sheet.pk, stranger.pk]))
        assert answer.status_code == HTTPStatus.NOT_FOUND


def test_a_value_is_brought_back_after_it_is_shown(
    cast: Cast, sign_in: SignIn, sheet: Action, made: list[ChangeSet]
) -> None:
    client = sign_in(cast.agnes)
    history = reverse("roadmap:sheet_history", args=[sheet.pk])
    links = soup_of(client.get(history)).select(f"#geste-{made[0].pk} dd a")
    assert [words_of(link).partition(NBSP)[0] for link in links] == ["Revenir à cette valeur"]
    address = str(links[0]["href"])
    page = soup_of(client.get(address))
    assert words_of(page.select("h1")[0]) == "Revenir à cette valeur"
    assert "Constat ou besoin avant" in words_of(page.select(".changes")[0])
    assert "Très loin" in words_of(page.select(".changes")[0])
    done = send(client, address)
    assert "l’état demandé est revenu" in alerts(done)
    sheet.refresh_from_db()
    assert (sheet.need, sheet.aim) == ("Près", "Mieux")
    last = ChangeSet.objects.latest_first()[0]
    link = done.select_one(".alert a")
    assert link is not None
    assert link["href"] == reverse("roadmap:take_back", args=[last.pk])
    assert done.select(f"#geste-{last.pk}"), "one comes back where one was"


def test_the_value_before_a_gesture_is_brought_back(
    cast: Cast, sign_in: SignIn, sheet: Action, made: list[ChangeSet]
) -> None:
    client = sign_in(cast.agnes)
    page = where("field_return", made[0], sheet) + "?avant=1"
    assert "avant le geste du" in words_of(soup_of(client.get(page)))
    send(client, page)
    sheet.refresh_from_db()
    assert sheet.need == ""


def test_an_undo_that_is_refused_offers_the_earlier_value(
    cast: Cast, sign_in: SignIn, sheet: Action, made: list[ChangeSet]
) -> None:
    client = sign_in(cast.agnes)
    change = made[1].changes.get(field="need")
    address = reverse("roadmap:take_back_change", args=[change.pk])
    assert not soup_of(client.get(address)).select(".alert-link")
    refused = soup_of(client.post(address, {"next": "/aide/"}))
    link = refused.select_one(".alert-danger .alert-link")
    assert link is not None
    send(client, str(link["href"]))
    sheet.refresh_from_db()
    assert sheet.need == "Près"
    whole = soup_of(client.post(reverse("roadmap:take_back", args=[made[1].pk])))
    assert not whole.select(".alert-danger .alert-link"), "of several values, none is meant"


def test_a_sheet_is_brought_back_after_it_is_shown(
    cast: Cast, sign_in: SignIn, sheet: Action, made: list[ChangeSet]
) -> None:
    client = sign_in(cast.agnes)
    row = ObjectiveFactory.create(action=sheet, title="Créer un groupe")
    for history in (
        reverse("roadmap:sheet_history", args=[sheet.pk]),
        reverse("roadmap:project_history", args=[cast.project.pk]),
        reverse("roadmap:gesture_detail", args=[made[0].pk]),
    ):
        (link,) = soup_of(client.get(history)).select(f".gesture-return[href*='/{made[0].pk}/']")
        assert words_of(link).startswith("Revenir à cet état de la fiche")
    newest = soup_of(client.get(reverse("roadmap:sheet_history", args=[sheet.pk])))
    links = [str(link["href"]) for link in newest.select(".gesture-return")]
    assert not any(f"/{made[2].pk}/" in link for link in links), "it is the present state"
    address = where("sheet_return", made[0], sheet)
    page = soup_of(client.get(address))
    said = [words_of(line) for line in page.select(".changes > li")]
    assert f"L’objectif «{NBSP}Créer un groupe{NBSP}» disparaîtra" in said[-1]
    assert "Objectif de l’action avant" in said[0]
    done = send(client, address)
    assert "Rien n’a été changé" not in alerts(done)
    sheet.refresh_from_db()
    assert (sheet.need, sheet.aim) == ("Près", "")
    assert not sheet.objectives.filter(pk=row.pk).exists()
    again = soup_of(client.get(address))
    assert "C’est déjà l’état présent" in words_of(again)
    assert not again.select("main form")


def test_what_was_written_while_one_read_is_shown(
    cast: Cast, sign_in: SignIn, sheet: Action, made: list[ChangeSet]
) -> None:
    client, address = sign_in(cast.agnes), where("sheet_return", made[0], sheet)
    form = soup_of(client.get(address)).select_one("main form")
    assert form is not None
    wrote(sheet, cast.emile, audience="Tous")
    page = soup_of(client.post(address, fields_of(form)))
    assert "a changé pendant que vous lisiez" in alerts(page)
    assert "Public concerné" in words_of(page.select(".changes")[0])
    send(client, address)
    sheet.refresh_from_db()
    assert (sheet.need, sheet.audience) == ("Près", "")


def test_what_cannot_come_back_is_said(
    cast: Cast, sign_in: SignIn, sheet: Action, made: list[ChangeSet]
) -> None:
    renumber_sheet(action=sheet, number=12, by=cast.agnes)
    ActionFactory.create(project=cast.project, number=3, title="Logement")
    page = soup_of(sign_in(cast.agnes).get(where("sheet_return", made[0], sheet)))
    assert "qui est maintenant celui de la fiche" in alerts(page)
    assert not page.select("main form")


@pytest.mark.usefixtures("bruno_pilots")
def test_a_pilot_brings_back_what_a_pilot_writes(
    cast: Cast, sign_in: SignIn, sheet: Action, made: list[ChangeSet]
) -> None:
    other = ActionFactory.create(project=cast.project, number=4)
    wrote(other, cast.agnes, need="Loin")
    client = sign_in(cast.bruno)
    history = soup_of(client.get(reverse("roadmap:project_history", args=[cast.project.pk])))
    named = {words_of(link).partition("la fiche")[2] for link in history.select(".gesture-return")}
    assert named == {f"{NBSP}3"}
    send(client, where("sheet_return", made[0], sheet))
    sheet.refresh_from_db()
    assert sheet.need == "Près"
    wrote(sheet, cast.agnes, priority=Priority.objects.get(number=2))
    address = where("sheet_return", made[0], sheet)
    page = soup_of(client.get(address))
    assert "demandez-le à la coordination" in alerts(page)
    assert not page.select("main form")
    assert "demandez-le à la coordination" in alerts(soup_of(client.post(address)))
    sheet.refresh_from_db()
    assert sheet.priority is not None
    assert sheet.priority.number == 2


@pytest.mark.parametrize("page", ["field_return", "sheet_return"])
def test_queries_are_few(
    cast: Cast,
    sign_in: SignIn,
    sheet: Action,
    made: list[ChangeSet],
    queries: Callable[[Callable[[], object]], int],
    page: str,
) -> None:
    client = sign_in(cast.agnes)
    few = queries(lambda: client.get(where(page, made[0], sheet)))
    for rank in range(8):
        PlannedQuarterFactory.create(objective__action=sheet)
        wrote(sheet, cast.emile, need=f"Texte {rank}", axis=None, remarks=f"Vu {rank}")
    assert queries(lambda: client.get(where(page, made[0], sheet))) <= few + 2 <= 15
