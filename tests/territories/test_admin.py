"""Repairing what a project prints says that the project changed."""

import pytest
from django.test import Client

from accounts.models import User
from territories.models import Project
from tests.cast import Cast
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def repairer(client: Client) -> Client:
    user = User.objects.create_superuser("repair@exemple.fr", "correct cheval pile agrafe")
    client.force_login(user)
    return client


def revision(project: Project) -> int:
    return Project.objects.values_list("revision", flat=True).get(pk=project.pk)


NO_INLINE = {
    f"{prefix}-{name}": value
    for prefix in ("parts", "acts")
    for name, value in {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}.items()
}


def test_name_of_a_territory_is_printed_by_its_projects(repairer: Client, cast: Cast) -> None:
    response = repairer.post(
        f"/admin/territories/territory/{cast.aubrac.pk}/change/",
        NO_INLINE
        | {
            "code": "aubrac",
            "name": "Grand Aubrac",
            "region": str(cast.aubrac.region_id),
            "time_zone": "Europe/Paris",
        },
    )
    assert response.status_code == 302
    assert (revision(cast.project), revision(cast.elsewhere)) == (1, 0)


def test_act_of_a_project_marks_it(repairer: Client, cast: Cast) -> None:
    repairer.post(
        f"/admin/territories/project/{cast.project.pk}/change/",
        {
            "territory": str(cast.aubrac.pk),
            "generation": "1",
            "title": cast.project.title,
            "stage": cast.project.stage,
            "acts-TOTAL_FORMS": "1",
            "acts-INITIAL_FORMS": "0",
            "acts-0-kind": "arrete_ptsm",
            "acts-0-dated_on": "01/03/2024",
            "acts-0-project": str(cast.project.pk),
        },
    )
    assert cast.project.acts.count() == 1
    assert revision(cast.project) >= 1


def test_directory_marks_the_projects_that_print_it(repairer: Client, cast: Cast) -> None:
    add = {"territory": str(cast.aubrac.pk), "name": "CH de l’Aubrac", "category": "sanitaire"}
    repairer.post("/admin/governance/organisation/add/", add)
    assert revision(cast.project) == 1
    moved = OrganisationFactory.create(territory=cast.aubrac)
    repairer.post(
        f"/admin/governance/organisation/{moved.pk}/change/",
        {
            "territory": str(cast.elsewhere.territory_id),
            "name": moved.name,
            "category": moved.category,
        },
    )
    assert (revision(cast.project), revision(cast.elsewhere)) == (2, 1)
    repairer.post(f"/admin/governance/organisation/{moved.pk}/delete/", {"post": "yes"})
    assert revision(cast.elsewhere) == 2
    gone = OrganisationFactory.create(territory=cast.elsewhere.territory)
    repairer.post(
        "/admin/governance/organisation/",
        {"action": "delete_selected", "_selected_action": [str(gone.pk)], "post": "yes"},
    )
    assert revision(cast.elsewhere) == 3
