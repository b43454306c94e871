"""The screen of the axes: order, names, second clicks, what goes while it is written."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journal.models import ChangeSet
from roadmap.models import Action, Axis
from roadmap.services.axes import remove_axis
from roadmap.views import axes as views
from tests.cast import Cast
from tests.factories import ActionFactory, AxisFactory
from tests.roadmap.test_lifecycle_pages import (
    FORBIDDEN,
    FOUND,
    NOT_FOUND,
    fill,
    in_project,
    words,
)

SignIn = Callable[[User | None], Client]


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=7, title="Développer la pair-aidance")


@pytest.fixture
def axis(cast: Cast) -> Axis:
    return AxisFactory.create(project=cast.project, title="Aller vers", position=1)


def test_axes_are_added_renamed_arranged_and_removed_without_javascript(
    cast: Cast, sign_in: SignIn, sheet: Action, axis: Axis
) -> None:
    client = sign_in(cast.agnes)
    address = in_project("axis_list", cast)
    typed = fill(client, address, label="B", title="Loger")
    for _ in range(2):
        client.post(address, typed)
    second = Axis.objects.get(title="Loger")
    assert "existe déjà" in words(client.post(address, {"title": "Loger"}))
    client.post(reverse("roadmap:axis_place", args=[second.pk]), {"rang": "1"})
    ranks = Axis.objects.order_by("position").values_list("title", flat=True)
    assert list(ranks) == ["Loger", "Aller vers"]
    rename = reverse("roadmap:axis_rename", args=[second.pk])
    client.post(rename, fill(client, rename, title="Habiter"))
    second.refresh_from_db()
    assert (second.label, second.title) == ("B", "Habiter")
    kept = ChangeSet.objects.latest("pk")
    assert kept.words == ("a renommé l’axe «\u00a0B · Loger\u00a0» en «\u00a0B · Habiter\u00a0»")
    assert "existe déjà" in words(client.post(rename, fill(client, rename, title="Aller vers")))
    response = client.post(reverse("roadmap:axis_remove", args=[second.pk]), follow=True)
    assert "L’axe est retiré." in words(response)
    assert list(Axis.objects.all()) == [axis]


def test_a_second_click_on_an_axis_that_is_gone_says_so(
    cast: Cast, sign_in: SignIn, axis: Axis
) -> None:
    client = sign_in(cast.agnes)
    remove = reverse("roadmap:axis_remove", args=[axis.pk])
    client.post(remove)
    for page in ("axis_remove", "axis_place", "axis_rename"):
        address = reverse(f"roadmap:{page}", args=[axis.pk])
        response = client.post(address, {"rang": "1", "title": "x"}, follow=True)
        assert "L’axe « Aller vers » a déjà été retiré." in words(response)
    for stranger, status in ((cast.bruno, FORBIDDEN), (cast.chloe, NOT_FOUND)):
        client.logout()
        assert sign_in(stranger).post(remove).status_code == status


def test_the_name_typed_of_an_axis_removed_meanwhile_can_make_a_new_one(
    cast: Cast, sign_in: SignIn, axis: Axis, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = reverse("roadmap:axis_rename", args=[axis.pk])
    client = sign_in(cast.agnes)
    typed = fill(client, rename, title="Aller au-devant")
    found = views._axis_to_lead

    def and_then_removed(*given: Any) -> Axis | None:
        there = found(*given)
        remove_axis(axis=axis, by=cast.emile)
        return there

    monkeypatch.setattr(views, "_axis_to_lead", and_then_removed)
    response = client.post(rename, typed)
    assert "a été retiré pendant que vous écriviez" in words(response)
    form = BeautifulSoup(response.content, "html.parser").select_one("form.panel")
    assert form is not None
    assert form["action"] == in_project("axis_list", cast)
    assert 'value="Aller au-devant"' in str(form)


def test_a_place_given_to_an_axis_is_said_with_the_way_back(
    cast: Cast, sign_in: SignIn, axis: Axis
) -> None:
    AxisFactory.create(project=cast.project, title="Loger", position=2)
    place = reverse("roadmap:axis_place", args=[axis.pk])
    response = sign_in(cast.agnes).post(place, {"rang": "2"}, follow=True)
    assert "L’axe « Aller vers » est au rang 2 sur 2. Annuler" in words(response)


def test_of_two_names_typed_at_once_both_are_shown(cast: Cast, sign_in: SignIn, axis: Axis) -> None:
    client = sign_in(cast.agnes)
    rename = reverse("roadmap:axis_rename", args=[axis.pk])
    late = fill(client, rename, title="Le mien")
    client.post(rename, fill(client, rename, title="Le leur"))
    response = client.post(rename, late)
    assert 'data-theirs="Le leur"' in response.text
    assert "Le mien" in response.text
    assert Axis.objects.get().title == "Le leur"
    revision = str(response.context["project"].revision)
    client.post(rename, {**late, "revision": revision})
    assert Axis.objects.get().title == "Le mien"


@pytest.mark.parametrize("rank", ["", "abc", "-1", "9" * 30])
def test_a_rank_that_means_nothing_breaks_nothing(
    cast: Cast, sign_in: SignIn, axis: Axis, rank: str
) -> None:
    address = reverse("roadmap:axis_place", args=[axis.pk])
    assert sign_in(cast.agnes).post(address, {"rang": rank}).status_code == FOUND
