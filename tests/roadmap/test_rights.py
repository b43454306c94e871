"""Who writes which sheet: one rule, asked of one sheet or of all, and no role that says more."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from roadmap.enums import ANSWERING_ROLES, RoleKind
from roadmap.models import Action
from roadmap.permissions import (
    can_comment_sheet,
    can_lead_roadmap,
    can_remove_comment,
    can_write_sheet,
    can_write_which,
)
from roadmap.services.margins import comment_on_sheet
from territories.enums import Role, Scope
from territories.models import Membership
from tests.cast import Cast, make_pilot
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    MembershipFactory,
    PersonFactory,
    ProjectFactory,
    TerritoryFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheets(cast: Cast) -> list[Action]:
    return [ActionFactory.create(project=cast.project, number=number) for number in (3, 4)]


def written_by(user: User, sheets: list[Action]) -> set[int]:
    """By the rule of one sheet, which the rule of all must repeat."""
    one_by_one = {sheet.number for sheet in sheets if can_write_sheet(user, sheet)}
    theirs = can_write_which(user, sheets[0].project)
    assert {sheet.number for sheet in sheets if sheet.pk in theirs} == one_by_one
    return one_by_one


def test_each_role_writes_what_it_says(cast: Cast, sheets: list[Action]) -> None:
    pilot = make_pilot(UserFactory.create(), sheets[0])
    assert written_by(cast.agnes, sheets) == written_by(cast.emile, sheets) == {3, 4}
    assert written_by(pilot, sheets) == {3}
    for name in ("bruno", "gael", "chloe", "denis"):
        assert written_by(getattr(cast, name), sheets) == set()


@pytest.mark.parametrize("role", [Role.MEMBER, Role.GUEST])
def test_naming_an_account_pilot_does_not_give_it_the_role(
    cast: Cast, sheets: list[Action], role: Role
) -> None:
    user = make_pilot(UserFactory.create(), sheets[0])
    Membership.objects.filter(user=user).update(role=role)
    assert written_by(user, sheets) == set()


def test_regional_reader_named_pilot_still_reads(cast: Cast, sheets: list[Action]) -> None:
    reader = MembershipFactory.create(
        scope=Scope.REGION, region=cast.aubrac.region, territory=None, role=Role.REGIONAL_READER
    ).user
    person = PersonFactory.create(territory=cast.aubrac, user=reader)
    ActionRoleFactory.create(action=sheets[0], person=person)
    assert can_comment_sheet(reader, sheets[0])
    assert written_by(reader, sheets) == set()


@pytest.mark.parametrize("kind", sorted(set(RoleKind) - ANSWERING_ROLES))
def test_partner_in_person_writes_nothing(cast: Cast, sheets: list[Action], kind: RoleKind) -> None:
    user = MembershipFactory.create(territory=cast.aubrac, role=Role.PILOT).user
    person = PersonFactory.create(territory=cast.aubrac, user=user)
    ActionRoleFactory.create(action=sheets[0], person=person, kind=kind)
    assert written_by(user, sheets) == set()


def test_pilot_of_one_territory_is_nobody_in_another(cast: Cast, sheets: list[Action]) -> None:
    there = ActionFactory.create(project=cast.elsewhere)
    user = make_pilot(UserFactory.create(), there)
    person = PersonFactory.create(territory=cast.aubrac, user=user)
    ActionRoleFactory.create(action=sheets[0], person=person)
    assert written_by(user, sheets) == set()
    MembershipFactory.create(user=user, territory=cast.aubrac, role=Role.MEMBER)
    assert written_by(user, sheets) == set()
    assert written_by(user, [there]) == {there.number}


def test_regional_lead_writes_in_every_territory_of_the_region_and_no_other(cast: Cast) -> None:
    beside = ProjectFactory.create(territory=TerritoryFactory.create(region=cast.aubrac.region))
    assert can_lead_roadmap(cast.emile, beside)
    assert not can_lead_roadmap(cast.agnes, beside)
    assert not can_lead_roadmap(cast.emile, cast.elsewhere)


def test_comment_is_removed_by_its_author_or_whoever_leads(
    cast: Cast, sheets: list[Action]
) -> None:
    comment_on_sheet(action=sheets[0], text="Vu", by=cast.bruno)
    comment = sheets[0].comments.get()
    pilot = make_pilot(UserFactory.create(), sheets[0])
    may = {
        user: can_remove_comment(user, comment)
        for user in (cast.agnes, cast.emile, cast.bruno, pilot)
    }
    assert list(may.values()) == [True, True, True, False]
    for user, allowed in may.items():
        leads = can_lead_roadmap(user, cast.project)
        assert can_remove_comment(user, comment, leads=leads) is allowed


def test_lead_is_told_that_a_member_named_pilot_only_reads(
    cast: Cast, sheets: list[Action], sign_in: Callable[[User | None], Client]
) -> None:
    PersonFactory.create(
        territory=cast.aubrac, user=cast.bruno, first_name="Bruno", last_name="Durand"
    )
    client = sign_in(cast.agnes)
    where = reverse("roadmap:attached_add", args=[sheets[0].pk, "roles"])
    typed = {"who": "Bruno Durand", "kind": RoleKind.PILOT}
    told = client.post(where, typed, follow=True).text
    assert "Bruno Durand ne peut pas encore écrire la fiche" in told
    Membership.objects.filter(user=cast.bruno).update(role=Role.PILOT)
    told = client.post(where, typed | {"kind": RoleKind.COPILOT}, follow=True).text
    assert "Ajouté" in told
    assert "ne peut pas encore" not in told
