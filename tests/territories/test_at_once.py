"""Two people who manage the accounts of a territory, at once: one of them at least remains."""

from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from territories.enums import Role
from territories.models import Membership
from territories.services import (
    MembershipRefused,
    change_role,
    reinstate_member,
    remove_member,
    suspend_member,
)
from tests.cast import Cast
from tests.factories import MembershipFactory
from tests.roadmap.test_at_once import at_once

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory locks whole tables"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def leads(cast: Cast) -> list[Membership]:
    """Agnès and another, who alone coordinate."""
    MembershipFactory.create(territory=cast.aubrac, role=Role.TERRITORY_LEAD)
    return list(
        Membership.objects.leading()
        .filter(territory=cast.aubrac)
        .select_related("user")
        .order_by("pk")
    )


def remaining(cast: Cast) -> int:
    return Membership.objects.leading().filter(territory=cast.aubrac).count()


def one_refused(outcomes: list[Any]) -> bool:
    return sorted(isinstance(one, MembershipRefused) for one in outcomes) == [False, True]


def test_two_last_leads_who_suspend_themselves(cast: Cast, leads: list[Membership]) -> None:
    outcomes = at_once(
        cast.aubrac,
        *(lambda own=own: suspend_member(membership=own, by=own.user) for own in leads),
    )
    assert one_refused(outcomes), outcomes
    assert remaining(cast) == 1


@pytest.mark.parametrize("how", ["suspend", "remove", "demote"])
def test_two_last_leads_who_put_each_other_out(
    cast: Cast, leads: list[Membership], how: str
) -> None:
    def act(other: Membership, by: User) -> object:
        if how == "suspend":
            return suspend_member(membership=other, by=by)
        if how == "remove":
            return remove_member(membership=other, by=by)
        return change_role(membership=other, role=Role.MEMBER, was=Role.TERRITORY_LEAD, by=by)

    first, second = leads
    outcomes = at_once(
        cast.aubrac, lambda: act(second, first.user), lambda: act(first, second.user)
    )
    assert one_refused(outcomes), outcomes
    assert remaining(cast) == 1


def test_one_member_suspended_twice(cast: Cast, leads: list[Membership]) -> None:
    bruno = Membership.objects.get(user=cast.bruno)
    outcomes = at_once(
        cast.aubrac,
        *(lambda by=lead.user: suspend_member(membership=bruno, by=by) for lead in leads),
    )
    assert one_refused(outcomes), outcomes
    reinstate_member(membership=bruno, by=cast.agnes)
    assert not Membership.objects.get(pk=bruno.pk).is_suspended
