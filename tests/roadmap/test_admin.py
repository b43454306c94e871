"""Repairing the roadmap by hand: it opens, and papers know that something changed."""

import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client
from django.urls import reverse
from factory.django import DjangoModelFactory

from accounts.models import User
from roadmap.enums import ObjectiveKind, Status
from roadmap.models import ActionIndicator, ActionRole, Axis, FundingLine, Objective
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionIndicatorFactory,
    ActionRoleFactory,
    AxisFactory,
    FundingLineFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PersonFactory,
    PlannedQuarterFactory,
    ProjectGroupFactory,
)

SignIn = Callable[[User | None], Client]


@pytest.fixture
def repairer(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(User.objects.create_superuser("admin@exemple.fr", "un mot de passe long"))


@pytest.mark.parametrize(
    "model", ["action", "objective", "axis", "priorityheading", "priority", "theme"]
)
def test_each_list_opens(cast: Cast, repairer: Client, model: str) -> None:
    ActionFactory.create(project=cast.project)
    assert repairer.get(reverse(f"admin:roadmap_{model}_changelist")).status_code == 200


def test_a_sheet_opens_with_all_that_hangs_on_it(cast: Cast, repairer: Client) -> None:
    action = ActionFactory.create(project=cast.project)
    ObjectiveFactory.create(action=action, title="Créer un groupe")
    page = repairer.get(reverse("admin:roadmap_action_change", args=[action.pk]))
    assert "Créer un groupe" in page.text


def test_a_repair_marks_the_project_changed(cast: Cast, repairer: Client) -> None:
    axis = AxisFactory.create(project=cast.project)
    before = cast.project.revision
    repairer.post(
        reverse("admin:roadmap_axis_change", args=[axis.pk]),
        {"project": cast.project.pk, "position": 1, "label": "Axe 1", "title": "Aller vers"},
    )
    cast.project.refresh_from_db()
    assert Axis.objects.get().title == "Aller vers"
    assert cast.project.revision == before + 1


def test_deleting_an_objective_marks_its_project_changed(cast: Cast, repairer: Client) -> None:
    cell = PlannedQuarterFactory.create(objective__action__project=cast.project)
    before = cast.project.revision
    address = reverse("admin:roadmap_objective_delete", args=[cell.objective_id])
    repairer.post(address, {"post": "yes"})
    cast.project.refresh_from_db()
    assert not Objective.objects.exists()
    assert cast.project.revision == before + 1


# --- What a repair may not do: a row that no page shows, or that another territory reads ---


def refusals(row: models.Model) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        row.clean()
    return refused.value.message_dict


@pytest.mark.django_db
def test_an_objective_goes_under_a_project_of_its_own_sheet_only() -> None:
    row = ObjectiveFactory.create()
    row.parent = ProjectGroupFactory.create(action=row.action)
    row.clean()
    for elsewhere in (ProjectGroupFactory.create(), ObjectiveFactory.create(action=row.action)):
        row.parent = elsewhere
        assert refusals(row) == {
            "parent": ["Un objectif se range sous un projet de la même fiche."]
        }


@pytest.mark.django_db
def test_a_project_does_not_leave_its_own_objectives_behind() -> None:
    group = ProjectGroupFactory.create()
    ObjectiveFactory.create(action=group.action, parent=group)
    group.clean()
    for change in ({"kind": ObjectiveKind.OBJECTIVE}, {"action": ActionFactory.create()}):
        changed = Objective.objects.get(pk=group.pk)
        for name, value in change.items():
            setattr(changed, name, value)
        with pytest.raises(ValidationError, match="elle reste un projet de leur fiche"):
            changed.clean()


@pytest.mark.django_db
def test_a_sheet_is_under_an_axis_of_its_own_project_only() -> None:
    action = ActionFactory.create()
    action.axis = AxisFactory.create(project=action.project)
    action.clean()
    action.axis = AxisFactory.create()
    assert refusals(action) == {"axis": ["Cet axe est celui d’un autre projet."]}


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [ActionRoleFactory, FundingLineFactory, ActionIndicatorFactory])
def test_what_hangs_on_a_sheet_is_about_its_own_objectives_only(
    factory: type[DjangoModelFactory[ActionRole | FundingLine | ActionIndicator]],
) -> None:
    row = factory.create()
    row.objective = ObjectiveFactory.create(action=row.action)
    row.clean()
    row.objective = ObjectiveFactory.create()
    assert refusals(row) == {"objective": ["Cet objectif est celui d’une autre fiche."]}


@pytest.mark.django_db
def test_a_sheet_names_the_directory_of_its_own_territory_only() -> None:
    role, line = ActionRoleFactory.create(), FundingLineFactory.create()
    for row in (role, line):
        row.organisation = OrganisationFactory.create(territory=row.action.project.territory)
        row.clean()
        row.organisation = OrganisationFactory.create(name="CH d’ailleurs")
        assert refusals(row) == {
            "organisation": [
                "«\u00a0CH d’ailleurs\u00a0» n’est pas dans l’annuaire de ce territoire."
            ]
        }
    role.person, role.organisation = PersonFactory.create(), None
    assert list(refusals(role)) == ["person"]


def test_a_repair_of_a_whole_sheet_tells_what_it_refuses(cast: Cast, repairer: Client) -> None:
    stranger = ObjectiveFactory.create()
    typed = {"project": cast.project.pk, "number": 1, "title": "Un titre", "status": Status.RUNNING}
    address = reverse("admin:roadmap_action_add")
    for prefix in re.findall(r'name="([^"]+)-TOTAL_FORMS"', repairer.get(address).text):
        typed |= {f"{prefix}-TOTAL_FORMS": int(prefix == "roles"), f"{prefix}-INITIAL_FORMS": 0}
    typed |= {"roles-0-kind": "pilote", "roles-0-label": "CH", "roles-0-position": 1}
    for broken in ({"roles-0-objective": stranger.pk}, {"project": "", "number": ""}):
        assert repairer.post(address, typed | broken).status_code == HTTPStatus.OK
    assert "Cet objectif est celui d’une autre fiche." in (
        repairer.post(address, typed | {"roles-0-objective": stranger.pk}).text
    )
    assert repairer.post(address, typed).status_code == HTTPStatus.FOUND
    assert ActionRole.objects.get().printed == "CH"
