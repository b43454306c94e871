"""The planning written through its doors: the grid's own addresses, and the plain forms."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.quarters import Quarter
from journal.models import ChangeSet
from roadmap.models import Action, Objective, PlannedQuarter
from roadmap.services.cells import SetCell, set_cells
from tests.cast import Cast, make_pilot
from tests.factories import (
    ActionFactory,
    ObjectiveFactory,
    PlannedQuarterFactory,
    unsigned,
)

SignIn = Callable[[User | None], Client]
FIRST = Quarter.of(2026, 1).index
JSON = "application/json"


@pytest.fixture
def row(cast: Cast) -> Objective:
    """Of a sheet that Bruno pilots in person."""
    action = ActionFactory.create(project=cast.project, number=3)
    make_pilot(cast.bruno, action)
    return ObjectiveFactory.create(action=action, label="1)", title="Créer un groupe")


def send(client: Client, name: str, project_pk: int, body: Any) -> Any:
    data = body if isinstance(body, str) else json.dumps(body)
    return client.post(reverse(f"roadmap:{name}", args=[project_pk]), data, content_type=JSON)


def batch(row: Objective, step: int = 0, to: str = "prevu", was: str = "") -> dict[str, Any]:
    cells = [{"o": row.pk, "q": FIRST + step, "to": to, "was": was}]
    return {"token": "a" * 32, "kind": "peindre", "cells": cells}


def kept(row: Objective) -> dict[int, str]:
    cells = PlannedQuarter.objects.filter(objective=row)
    return {cell.quarter - FIRST: cell.state for cell in cells}


def revision_of(cast: Cast) -> int:
    cast.project.refresh_from_db()
    return cast.project.revision


def soup_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


DOORS = [
    ("agnes", HTTPStatus.OK),
    ("emile", HTTPStatus.OK),
    ("bruno", HTTPStatus.OK),
    ("gael", HTTPStatus.NOT_FOUND),
    ("chloe", HTTPStatus.NOT_FOUND),
    ("denis", HTTPStatus.NOT_FOUND),
    ("personne", HTTPStatus.FOUND),
]
# Bruno, once he pilots nothing: he reads, and writes nothing.
READER = [(name, status) for name, status in DOORS if name != "bruno"] + [
    ("bruno", HTTPStatus.FORBIDDEN)
]


@pytest.mark.parametrize(("name", "status"), DOORS)
def test_who_sends_cells(
    cast: Cast, sign_in: SignIn, row: Objective, name: str, status: HTTPStatus
) -> None:
    response = send(sign_in(cast.named(name)), "planning_cells", cast.project.pk, batch(row))
    assert response.status_code == status
    assert bool(kept(row)) == (status == HTTPStatus.OK)


@pytest.mark.parametrize(("name", "status"), DOORS)
def test_who_moves_a_row(
    cast: Cast, sign_in: SignIn, row: Objective, name: str, status: HTTPStatus
) -> None:
    PlannedQuarterFactory.create(objective=row, quarter=FIRST)
    body = {"token": "a" * 32, "objective": row.pk, "by": 1}
    response = send(sign_in(cast.named(name)), "planning_shift", cast.project.pk, body)
    assert response.status_code == status
    assert kept(row) == ({1: "prevu"} if status == HTTPStatus.OK else {0: "prevu"})


@pytest.mark.parametrize(("name", "status"), DOORS)
def test_who_asks_what_changed(
    cast: Cast, sign_in: SignIn, row: Objective, name: str, status: HTTPStatus
) -> None:
    set_cells(project=cast.project, by=cast.agnes, cells=[SetCell(row.pk, FIRST, "prevu", "")])
    address = reverse("roadmap:planning_since", args=[cast.project.pk])
    response = sign_in(cast.named(name)).get(address, {"revision": 0})
    assert response.status_code == status


@pytest.mark.parametrize(("name", "status"), DOORS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_opens_the_planning_of_a_row(
    cast: Cast, sign_in: SignIn, row: Objective, name: str, status: HTTPStatus, method: str
) -> None:
    client = sign_in(cast.named(name))
    address = reverse("roadmap:objective_planning", args=[row.pk])
    response = client.get(address) if method == "get" else client.post(address, {"note": ""})
    is_sent = method == "post" and status == HTTPStatus.OK
    assert response.status_code == (HTTPStatus.FOUND if is_sent else status)


@pytest.mark.parametrize(("name", "status"), READER)
def test_who_changes_the_window(
    cast: Cast, sign_in: SignIn, row: Objective, name: str, status: HTTPStatus
) -> None:
    client = sign_in(cast.named(name))
    address = reverse("roadmap:planning_window", args=[cast.project.pk])
    assert client.get(address).status_code == status


@pytest.mark.parametrize("page", ["planning_cells", "planning_shift"])
def test_a_member_who_pilots_nothing_is_told_so(
    cast: Cast, sign_in: SignIn, row: Objective, page: str
) -> None:
    other = ObjectiveFactory.create(action__project=cast.project, action__number=8)
    body = batch(other) if page == "planning_cells" else {"objective": other.pk, "by": 1}
    response = send(sign_in(cast.bruno), page, cast.project.pk, body)
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert response.json() == {"sentence": "Vous ne pouvez pas écrire dans cette fiche."}


# --- What cannot be read ---


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        "null",
        '"\\u0000"',
        "[" * 100_000,
        {},
        {"cells": []},
        {"cells": [1]},
        {"cells": [{"o": 1, "q": 1, "to": "prevu", "was": ""}]},
        {"cells": [{"o": 1, "q": 8400, "to": "prevu", "was": ""}]},
        {"cells": [{"o": 1, "q": FIRST, "to": "autre", "was": ""}]},
        {"cells": [{"o": True, "q": FIRST, "to": "", "was": ""}]},
        {"cells": [{"o": 2**70, "q": FIRST, "to": "", "was": ""}]},
        {"cells": [{"o": 1, "q": FIRST, "to": "", "was": ""}], "kind": "autre"},
        {"cells": [{"o": 1, "q": FIRST, "to": "", "was": ""}], "token": "\0"},
        {"cells": [{"o": 1, "q": FIRST, "to": "", "was": []}]},
    ],
)
def test_what_cannot_be_read_is_told_in_french(
    cast: Cast, sign_in: SignIn, row: Objective, body: Any
) -> None:
    response = send(sign_in(cast.agnes), "planning_cells", cast.project.pk, body)
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert response.json()["sentence"].endswith(".")
    assert kept(row) == {}


@pytest.mark.parametrize(
    "body",
    [{}, {"objective": 1, "action": 1, "by": 1}, {"objective": 1, "by": 2}, {"action": "x"}],
)
def test_a_move_that_cannot_be_read_is_told(
    cast: Cast, sign_in: SignIn, body: dict[str, Any]
) -> None:
    response = send(sign_in(cast.agnes), "planning_shift", cast.project.pk, body)
    assert response.status_code == HTTPStatus.BAD_REQUEST


def test_more_than_two_thousand_cells_are_refused(
    cast: Cast, sign_in: SignIn, row: Objective
) -> None:
    body = batch(row)
    body["cells"] *= 2001
    response = send(sign_in(cast.agnes), "planning_cells", cast.project.pk, body)
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert "2\u202f000\u00a0cases au plus" in response.json()["sentence"]


def test_an_unknown_objective_is_not_found(cast: Cast, sign_in: SignIn, row: Objective) -> None:
    elsewhere = ObjectiveFactory.create(action__project=cast.elsewhere)
    for body in (batch(elsewhere), {"objective": elsewhere.pk, "by": 1}):
        name = "planning_cells" if "cells" in body else "planning_shift"
        response = send(sign_in(cast.agnes), name, cast.project.pk, body)
        assert response.status_code == HTTPStatus.NOT_FOUND


# --- What is answered ---


def test_saved_cells_come_back_with_their_row(cast: Cast, sign_in: SignIn, row: Objective) -> None:
    answer = send(sign_in(cast.agnes), "planning_cells", cast.project.pk, batch(row)).json()
    assert (answer["saved"], answer["conflicts"], answer["refused"]) == (1, [], [])
    assert answer["revision"] == revision_of(cast)
    drawn = BeautifulSoup(answer["rows"][str(row.pk)], "html.parser")
    assert [cell["data-v"] for cell in drawn.select("td[data-q]")][:2] == ["prevu", ""]
    assert "figures" not in answer


def test_the_page_of_a_sheet_gets_its_figures(cast: Cast, sign_in: SignIn, row: Objective) -> None:
    body = batch(row) | {"sheet": row.action_id}
    answer = send(sign_in(cast.agnes), "planning_cells", cast.project.pk, body).json()
    assert "Fiche complète à" in answer["figures"]


def test_a_lost_answer_is_given_again(cast: Cast, sign_in: SignIn, row: Objective) -> None:
    client = sign_in(cast.agnes)
    first = send(client, "planning_cells", cast.project.pk, batch(row)).json()
    again = send(client, "planning_cells", cast.project.pk, batch(row)).json()
    assert again == first
    assert ChangeSet.objects.filter(by=cast.agnes).count() == 1


def test_a_conflict_says_what_is_there_and_whose_it_is(
    cast: Cast, sign_in: SignIn, row: Objective
) -> None:
    set_cells(project=cast.project, by=cast.emile, cells=[SetCell(row.pk, FIRST, "fait", "")])
    answer = send(sign_in(cast.agnes), "planning_cells", cast.project.pk, batch(row)).json()
    (conflict,) = answer["conflicts"]
    assert (conflict["o"], conflict["q"], conflict["now"]) == (row.pk, FIRST, "fait")
    assert conflict["by"] == cast.emile.get_full_name()
    assert str(timezone.localdate().year) in conflict["at_words"]
    assert "vient d’y mettre" in conflict["sentence"]


def test_a_move_that_came_too_late_gives_the_row_back(
    cast: Cast, sign_in: SignIn, row: Objective
) -> None:
    before = revision_of(cast)
    set_cells(project=cast.project, by=cast.emile, cells=[SetCell(row.pk, FIRST, "fait", "")])
    body = {"objective": row.pk, "by": 1, "revision": before}
    response = send(sign_in(cast.agnes), "planning_shift", cast.project.pk, body)
    assert response.status_code == HTTPStatus.CONFLICT
    assert "vient d’en changer le planning" in response.json()["sentence"]
    assert 'data-v="fait"' in response.json()["rows"][str(row.pk)]


def test_a_whole_sheet_moves(cast: Cast, sign_in: SignIn, row: Objective) -> None:
    PlannedQuarterFactory.create(objective=row, quarter=FIRST)
    body = {"action": row.action_id, "by": -1}
    answer = send(sign_in(cast.agnes), "planning_shift", cast.project.pk, body).json()
    assert kept(row) == {-1: "prevu"}
    assert "hors période" in answer["rows"][str(row.pk)]


def test_saving_costs_the_same_for_one_cell_and_for_many(
    cast: Cast,
    sign_in: SignIn,
    row: Objective,
    queries: Callable[[Callable[[], object]], int],
) -> None:
    client = sign_in(cast.agnes)
    rows = [ObjectiveFactory.create(action=row.action) for _ in range(8)]

    def act(chosen: list[Objective], token: str) -> Callable[[], object]:
        cells = [cell for one in chosen for cell in batch(one)["cells"]]
        body = {"token": token * 32, "cells": cells}
        return lambda: send(client, "planning_cells", cast.project.pk, body)

    one = queries(act([row], "b"))
    assert queries(act(rows, "c")) == one
    assert one <= 30


# --- What changed meanwhile ---


def test_nothing_new_costs_three_queries(
    cast: Cast,
    sign_in: SignIn,
    row: Objective,
    queries: Callable[[Callable[[], object]], int],
) -> None:
    client = sign_in(cast.agnes)
    address = reverse("roadmap:planning_since", args=[cast.project.pk])
    now = {"revision": revision_of(cast)}
    assert client.get(address, now).status_code == HTTPStatus.NO_CONTENT
    assert queries(lambda: client.get(address, now)) == 3


def test_only_the_sheets_that_changed_come_back(
    cast: Cast, sign_in: SignIn, row: Objective
) -> None:
    other = ObjectiveFactory.create(action__project=cast.project, action__number=8)
    before = revision_of(cast)
    set_cells(project=cast.project, by=cast.emile, cells=[SetCell(row.pk, FIRST, "fait", "")])
    client = sign_in(cast.agnes)
    address = reverse("roadmap:planning_since", args=[cast.project.pk])
    answer = client.get(address, {"revision": before}).json()
    assert list(answer["sheets"]) == [str(row.action_id)]
    assert answer["by"] == cast.emile.get_full_name()
    assert answer["told"].endswith("vient d’écrire dans la fiche\u00a03.")
    assert answer["columns"] is False
    elsewhere = client.get(address, {"revision": before, "fiche": other.action_id}).json()
    assert elsewhere["sheets"] == {}


def test_a_sheet_retired_meanwhile_comes_back_empty(
    cast: Cast, sign_in: SignIn, row: Objective
) -> None:
    before = revision_of(cast)
    set_cells(project=cast.project, by=cast.emile, cells=[SetCell(row.pk, FIRST, "fait", "")])
    with unsigned():
        Action.objects.filter(pk=row.action_id).update(retired_at=timezone.now())
    address = reverse("roadmap:planning_since", args=[cast.project.pk])
    answer = sign_in(cast.agnes).get(address, {"revision": before}).json()
    assert answer["sheets"] == {str(row.action_id): ""}


@pytest.mark.parametrize("revision", ["", "-1", "x", "²", "9" * 30])
def test_an_unreadable_revision_is_told(cast: Cast, sign_in: SignIn, revision: str) -> None:
    address = reverse("roadmap:planning_since", args=[cast.project.pk])
    response = sign_in(cast.agnes).get(address, {"revision": revision})
    assert response.status_code == HTTPStatus.BAD_REQUEST


def test_a_fresh_form_token_is_given_with_its_owner(cast: Cast, sign_in: SignIn) -> None:
    address = reverse("roadmap:planning_since", args=[cast.project.pk])
    answer = sign_in(cast.agnes).get(address, {"jeton": ""}).json()
    assert answer["user"] == cast.agnes.pk
    assert answer["csrf"]


# --- The page ---


def test_a_lead_gets_a_grid_to_write_in(cast: Cast, sign_in: SignIn, row: Objective) -> None:
    page = soup_of(sign_in(cast.agnes).get(reverse("roadmap:planning", args=[cast.project.pk])))
    assert len(page.select('table[role="grid"]')) == 1
    assert page.select("td[aria-readonly]") == []
    assert page.select(".grid-editor")[0]["data-revision"] == str(revision_of(cast))


def test_a_pilot_writes_their_own_rows_only(cast: Cast, sign_in: SignIn, row: Objective) -> None:
    other = ObjectiveFactory.create(action__project=cast.project, action__number=8)
    page = soup_of(sign_in(cast.bruno).get(reverse("roadmap:planning", args=[cast.project.pk])))
    shut = page.select(f'tr[data-objective="{other.pk}"] td[data-q]')
    assert {cell.get("aria-readonly") for cell in shut} == {"true"}
    assert page.select(f'tr[data-objective="{row.pk}"] td[aria-readonly]') == []


def test_a_reader_gets_the_grid_as_it_was(cast: Cast, sign_in: SignIn, row: Objective) -> None:
    with unsigned():
        row.action.roles.all().delete()
    page = soup_of(sign_in(cast.bruno).get(reverse("roadmap:planning", args=[cast.project.pk])))
    assert page.select('[role="grid"]') == []
    assert page.select(".grid-editor") == []
    assert len(page.select("table.grid")) == 1


def test_the_planning_costs_fifteen_queries_at_most(
    cast: Cast,
    sign_in: SignIn,
    row: Objective,
    queries: Callable[[Callable[[], object]], int],
) -> None:
    client = sign_in(cast.agnes)
    for number in range(10, 14):
        ObjectiveFactory.create(action__project=cast.project, action__number=number)
    address = reverse("roadmap:planning", args=[cast.project.pk])
    assert queries(lambda: client.get(address)) <= 15


# --- Without a grid ---


def row_sent(page: BeautifulSoup, **choices: Any) -> dict[str, Any]:
    """What a browser would send of the form, with these choices made."""
    form = page.select("main form")[0]
    sent = {
        field["name"]: field.get("value", "")
        for field in form.select("input")
        if field["name"] != "csrfmiddlewaretoken"
    }
    for select in form.select("select"):
        chosen = select.select("option[selected]")
        sent[select["name"]] = chosen[0]["value"] if chosen else ""
    return {str(name): value for name, value in sent.items()} | choices


def test_a_row_is_planned_without_javascript(cast: Cast, sign_in: SignIn, row: Objective) -> None:
    PlannedQuarterFactory.create(objective=row, quarter=FIRST)
    client = sign_in(cast.agnes)
    address = reverse("roadmap:objective_planning", args=[row.pk])
    page = soup_of(client.get(address))
    assert [legend.get_text() for legend in page.select("legend")][:2] == ["2026", "2027"]
    choices = {f"q{FIRST}": "fait", f"q{FIRST + 2}": "prevu", "note": "phase 1"}
    response = client.post(address, row_sent(page, **choices), follow=True)
    assert response.redirect_chain[0][0].endswith("#planning")
    assert kept(row) == {0: "fait", 2: "prevu"}
    row.refresh_from_db()
    assert row.planning_note == "phase 1"
    assert "Enregistré\u00a0: planning de l’objectif" in response.content.decode()


def test_a_stale_row_tells_its_quarter_and_keeps_the_rest(
    cast: Cast, sign_in: SignIn, row: Objective
) -> None:
    client = sign_in(cast.agnes)
    address = reverse("roadmap:objective_planning", args=[row.pk])
    drawn = soup_of(client.get(address))
    set_cells(project=cast.project, by=cast.emile, cells=[SetCell(row.pk, FIRST, "fait", "")])
    sent = row_sent(drawn, **{f"q{FIRST}": "decale", f"q{FIRST + 1}": "prevu"})
    page = soup_of(client.post(address, sent))
    assert kept(row) == {0: "fait", 1: "prevu"}
    told = page.select('[role="alert"]')[0].get_text()
    assert f"{cast.emile.get_full_name()} vient d’y mettre" in told
    again = row_sent(page)
    assert (again[f"q{FIRST}"], again[f"was{FIRST}"]) == ("decale", "fait")
    assert client.post(address, again).status_code == HTTPStatus.FOUND
    assert kept(row) == {0: "decale", 1: "prevu"}


def test_a_row_left_alone_overwrites_nobody(cast: Cast, sign_in: SignIn, row: Objective) -> None:
    client = sign_in(cast.agnes)
    address = reverse("roadmap:objective_planning", args=[row.pk])
    drawn = soup_of(client.get(address))
    set_cells(project=cast.project, by=cast.emile, cells=[SetCell(row.pk, FIRST, "fait", "")])
    client.post(address, row_sent(drawn))
    assert kept(row) == {0: "fait"}


@pytest.mark.parametrize(
    ("name", "value", "step"), [("decaler", "1", 1), ("decaler_fiche", "-1", -1)]
)
def test_a_move_without_javascript_is_made_once_and_one_the_other_way_too(
    cast: Cast, sign_in: SignIn, row: Objective, name: str, value: str, step: int
) -> None:
    PlannedQuarterFactory.create(objective=row, quarter=FIRST)
    client = sign_in(cast.agnes)
    address = reverse("roadmap:objective_planning", args=[row.pk])
    sent = {name: value, "token": "d" * 32, "revision": str(revision_of(cast))}
    for _ in range(2):
        client.post(address, sent)
    assert kept(row) == {step: "prevu"}
    client.post(address, sent | {name: str(-int(value)), "revision": str(revision_of(cast))})
    assert kept(row) == {0: "prevu"}


def test_a_retired_sheet_keeps_its_planning(cast: Cast, sign_in: SignIn, row: Objective) -> None:
    client = sign_in(cast.agnes)
    address = reverse("roadmap:objective_planning", args=[row.pk])
    drawn = soup_of(client.get(address))
    with unsigned():
        Action.objects.filter(pk=row.action_id).update(retired_at=timezone.now())
    response = client.post(address, row_sent(drawn, **{f"q{FIRST}": "prevu"}))
    assert "a été retirée de la feuille de route" in response.content.decode()
    assert kept(row) == {}


def test_a_narrower_window_is_asked_twice(cast: Cast, sign_in: SignIn, row: Objective) -> None:
    PlannedQuarterFactory.create(objective=row, quarter=FIRST)
    client = sign_in(cast.agnes)
    address = reverse("roadmap:planning_window", args=[cast.project.pk])
    sent = row_sent(soup_of(client.get(address)), first_quarter="2")
    page = client.post(address, sent)
    assert "1\u00a0trimestre planifié est hors de cette période" in page.content.decode()
    assert revision_of(cast) == int(cast.project.revision)
    assert cast.project.planning_first == FIRST
    response = client.post(address, {**sent, "confirme": "oui"}, follow=True)
    revision_of(cast)
    assert cast.project.planning_first == FIRST + 1
    assert kept(row) == {0: "prevu"}
    assert "hors période" in response.content.decode()


def test_a_wider_window_is_saved_at_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    address = reverse("roadmap:planning_window", args=[cast.project.pk])
    sent = row_sent(soup_of(client.get(address)), last_year="2030")
    assert client.post(address, sent).status_code == HTTPStatus.FOUND
    revision_of(cast)
    assert cast.project.planning_last == Quarter.of(2030, 4).index


def test_a_window_that_ends_before_it_starts_is_told(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    address = reverse("roadmap:planning_window", args=[cast.project.pk])
    sent = row_sent(soup_of(client.get(address)), last_year="2025")
    page = client.post(address, sent)
    assert "Le planning ne peut pas finir avant de commencer." in page.content.decode()
