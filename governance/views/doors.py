"""Who enters the directory of a territory, and what is drawn around its pages."""

from django.shortcuts import get_object_or_404

from core.http import SignedInRequest, require
from governance.models import Organisation, Person
from governance.permissions import can_manage_people, can_see_people
from territories.models import Project, Territory


def territory_to_read(request: SignedInRequest, code: str) -> Territory:
    """A territory whose directory this person reads. Two queries."""
    territory = get_object_or_404(Territory.objects.visible_to(request.user), code=code)
    require(can_see_people(request.user, territory))
    return territory


def territory_to_keep(request: SignedInRequest, code: str) -> Territory:
    """A territory whose directory this person keeps. Two queries."""
    territory = get_object_or_404(Territory.objects.visible_to(request.user), code=code)
    require(can_manage_people(request.user, territory))
    return territory


def person_of(territory: Territory, pk: int) -> Person:
    """Somebody of a directory that was entered. One query."""
    person = get_object_or_404(Person.objects.of(territory).for_list(), pk=pk)
    person.territory = territory
    return person


def person_to_keep(request: SignedInRequest, code: str, pk: int) -> tuple[Territory, Person]:
    """Somebody of a directory that this person keeps. Three queries."""
    territory = territory_to_keep(request, code)
    return territory, person_of(territory, pk)


def organisation_of(territory: Territory, pk: int) -> Organisation:
    """A structure of a directory that was entered. One query."""
    rows = Organisation.objects.of(territory).select_related("contact")
    organisation = get_object_or_404(rows, pk=pk)
    organisation.territory = territory
    return organisation


def directory_page(territory: Territory) -> dict[str, object]:
    """What the navigation shows around these pages; one query."""
    project = Project.objects.of(territory).first()
    return {"territory": territory, "project": project, "section": "members"}
