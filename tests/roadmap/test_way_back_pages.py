"""The way back on screen: what an undo and its undo say, and where they lead."""

from collections.abc import Callable
from http import HTTPStatus

from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.text import NBSP
from journal.models import ChangeSet
from roadmap.models import Action, Objective
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast, make_pilot
from tests.factories import ActionFactory, ObjectiveFactory
from tests.roadmap.test_history_pages import address, made, made_last, sheet, soup_of, words

SignIn = Callable[[User | None], Client]
# Fixtures of the history's own pages.
__all__ = ["made", "sheet"]


def test_a_sheet_that_goes_with_its_making_leaves_no_dead_end(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    where = reverse("roadmap:sheet_new", args=[cast.project.pk])
    client.post(where, {"number": "30", "title": "Loger"})
    its_page = reverse("roadmap:action_detail", args=[Action.objects.get(number=30).pk])
    for asked in ("", its_page, f"{its_page}historique/?page=1"):
        way_back = reverse("roadmap:take_back", args=[made_last().pk])
        response = client.post(way_back, {"next": asked}, follow=True)
        assert response.status_code == HTTPStatus.OK
        assert response.redirect_chain[0][0] == address("project_history", made_last(), sheet)
        assert f"a créé la fiche{NBSP}30" in response.text
        client.post(reverse("roadmap:take_back", args=[made_last().pk]))


def test_a_long_gesture_is_offered_to_those_who_may_take_it_back(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    """Also when the page tells its first changes only: one that it does not tell may be refused."""
    make_pilot(cast.bruno, sheet)
    other = ActionFactory.create(project=cast.project, number=4)
    rows = {}
    for name, last in (("theirs", sheet), ("half theirs", other), ("the project", cast.project)):
        with writing(cast.project, by=cast.agnes, words=f"a touché {name}") as gesture:
            Objective.objects.bulk_create(
                Objective(action=sheet, title=f"Ligne {rank}", position=rank) for rank in range(30)
            )
            if isinstance(last, Project):
                Project.objects.filter(pk=last.pk).update(title="Autre titre")
            else:
                ObjectiveFactory.create(action=last)
        assert gesture.changeset is not None
        rows[name] = gesture.changeset.pk
    listing = reverse("roadmap:project_history", args=[cast.project.pk])
    for person_name, offered in (("agnes", {"theirs", "half theirs"}), ("bruno", {"theirs"})):
        client = sign_in(cast.named(person_name))
        links = {str(link["href"]).split("?")[0] for link in soup_of(client, listing).select("a")}
        addresses = {name: reverse("roadmap:take_back", args=[pk]) for name, pk in rows.items()}
        assert {name for name, where in addresses.items() if where in links} == offered
        for name, where in addresses.items():
            expected = HTTPStatus.OK if name in offered else HTTPStatus.FORBIDDEN
            assert client.get(where).status_code == expected


def response_main(response: object) -> Tag:
    found = BeautifulSoup(response.content, "html.parser").select_one(".alert")  # type: ignore[attr-defined]
    assert found is not None
    return found


def test_an_undo_and_its_undo_say_what_they_do(
    cast: Cast, sign_in: SignIn, sheet: Action, made: ChangeSet
) -> None:
    client = sign_in(cast.agnes)
    gesture, listing = "Agnes Durand a réécrit la fiche 3", address("sheet_history", made, sheet)
    expected = [
        (f"C’est annulé : {gesture}. Rétablir", f"a annulé ce geste : {gesture}", "Rétablir"),
        (f"C’est rétabli : {gesture}. Annuler", f"a rétabli ce geste : {gesture}", "Annuler"),
    ]
    for said, told, offered in expected * 2:
        way_back = reverse("roadmap:take_back", args=[made_last().pk])
        response = client.post(way_back, follow=True)
        assert words(response_main(response)) == said
        assert made_last().words.replace(NBSP, " ") == told
        link = soup_of(client, listing).select_one("a.gesture-undo")
        assert link is not None
        assert words(link).startswith(offered)
