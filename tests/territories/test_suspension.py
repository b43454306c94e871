"""Changing a role in place, suspending an access, giving it back: at once, and never alone."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, User
from core.models import Mail
from documents.models import Document
from journal.models import ChangeSet
from roadmap.models import Action
from territories.enums import Role, Scope
from territories.models import Membership, Project, Territory
from territories.services import (
    MAILS_A_DAY,
    MembershipRefused,
    change_role,
    invite_member,
    reinstate_member,
    remove_member,
    resend_invitation,
    suspend_member,
)
from territories.writing import writing
from tests.cast import Cast
from tests.factories import ActionFactory, MembershipFactory, UserFactory
from tests.french import faults
from tests.house import ROOT, named, packages, python_files

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
LIST = "/territoires/aubrac/membres/"


def place(cast: Cast, user: User) -> Membership:
    return Membership.objects.get(user=user, territory=cast.aubrac)


def second_lead(cast: Cast, **fields: Any) -> Membership:
    return MembershipFactory.create(territory=cast.aubrac, role=Role.TERRITORY_LEAD, **fields)


def words(response: Any) -> str:
    said = " ".join(str(message) for message in get_messages(response.wsgi_request))
    assert faults(said) == []
    return said


def waiting(cast: Cast, hours: int = 1) -> Membership:
    """Somebody invited some time ago, who has not come yet."""
    with time_machine.travel(timezone.now() - dt.timedelta(hours=hours), tick=False):
        return invite_member(
            territory=cast.aubrac, email="zoe@exemple.fr", role=Role.MEMBER, by=cast.agnes
        )


# --- Suspending -----------------------------------------------------------------------------------


def test_suspended_member_is_out_at_once_with_the_session_open(cast: Cast, sign_in: SignIn) -> None:
    sheet = ActionFactory.create(project=cast.project)
    addresses = [
        LIST,
        reverse("overview:territory_detail", args=["aubrac"]),
        reverse("roadmap:action_list", args=[cast.project.pk]),
        reverse("roadmap:action_detail", args=[sheet.pk]),
        reverse("documents:document_list", args=[cast.project.pk]),
    ]
    bruno = sign_in(cast.bruno)
    assert {bruno.get(address).status_code for address in addresses} == {200}
    suspend_member(membership=place(cast, cast.bruno), by=cast.agnes)
    assert {bruno.get(address).status_code for address in addresses} == {404}
    comment = reverse("roadmap:comment_add", args=[sheet.pk])
    assert bruno.post(comment, {"text": "Encore"}).status_code == 404
    home = bruno.get(reverse("overview:home")).text
    assert "Votre accès à «\u00a0Aubrac\u00a0» est suspendu" in home
    assert "Aucun autre territoire" in home
    reinstate_member(membership=place(cast, cast.bruno), by=cast.agnes)
    assert {bruno.get(address).status_code for address in addresses} == {200}
    assert "est suspendu" not in bruno.get(reverse("overview:home")).text


@pytest.mark.parametrize("role", Role)
def test_no_role_gives_anything_once_suspended(cast: Cast, role: Role) -> None:
    scope = {
        Role.NATIONAL_READER: Scope.NATIONAL,
        Role.REGIONAL_LEAD: Scope.REGION,
        Role.REGIONAL_READER: Scope.REGION,
    }.get(role, Scope.TERRITORY)
    membership = MembershipFactory.create(
        role=role,
        scope=scope,
        region=cast.aubrac.region if scope == Scope.REGION else None,
        territory=cast.aubrac if scope == Scope.TERRITORY else None,
    )
    user = membership.user
    assert Territory.objects.visible_to(user).filter(pk=cast.aubrac.pk).exists()
    Membership.objects.filter(pk=membership.pk).update(suspended_at=timezone.now())
    everything = Territory.objects
    for reached in (everything.visible_to, everything.worked_on_by, everything.led_by):
        assert not reached(user).exists()
    assert not everything.piloted_by(user).exists()
    for rows in (Project.objects, Action.objects, Document.objects):
        assert not rows.visible_to(user).exists()


def test_suspended_member_keeps_name_role_and_other_territories(cast: Cast) -> None:
    sheet = ActionFactory.create(project=cast.project)
    with writing(cast.project, by=cast.bruno, words="a écrit la fiche"):
        sheet.need = "Loin"
        sheet.save(update_fields=["need"])
    MembershipFactory.create(user=cast.bruno, territory=cast.elsewhere.territory)
    suspend_member(membership=place(cast, cast.bruno), by=cast.emile)
    assert ChangeSet.objects.latest_first()[0].by_name == "Bruno Durand"
    kept = place(cast, cast.bruno)
    assert (kept.role, kept.suspended_by) == (Role.MEMBER, cast.emile)
    assert list(Territory.objects.visible_to(cast.bruno)) == [cast.elsewhere.territory]


def test_suspension_is_confirmed_then_said_and_shown(cast: Cast, sign_in: SignIn) -> None:
    membership = place(cast, cast.bruno)
    client = sign_in(cast.agnes)
    where = f"{LIST}{membership.pk}/suspendre/"
    page = client.get(where).text
    assert "Suspendre l’accès de Bruno Durand\u00a0?" in page
    assert "même si elle est connectée" in page
    assert not place(cast, cast.bruno).is_suspended
    response = client.post(where)
    assert "L’accès de Bruno Durand est suspendu." in words(response)
    page = client.get(LIST).text
    assert "Accès suspendu" in page
    assert "aujourd’hui par Agnes Durand" in page
    assert (
        "Bruno Durand"
        not in sign_in(MembershipFactory.create(territory=cast.aubrac).user).get(LIST).text
    )
    client = sign_in(cast.agnes)
    assert "est déjà suspendu" in words(client.post(where))
    back = f"{LIST}{membership.pk}/retablir/"
    assert client.get(back).status_code == 302
    assert "est rétabli, avec le rôle «\u00a0Membre\u00a0»." in words(client.post(back))
    assert "n’est pas suspendu" in words(client.post(back))


def test_suspended_lead_manages_nothing_any_more(cast: Cast, sign_in: SignIn) -> None:
    lead = second_lead(cast)
    client = sign_in(lead.user)
    assert client.get(LIST).status_code == 200
    suspend_member(membership=lead, by=cast.agnes)
    assert client.get(LIST).status_code == 404
    with pytest.raises(MembershipRefused, match="Votre accès vient de changer"):
        suspend_member(membership=place(cast, cast.bruno), by=lead.user)


def test_last_lead_does_not_suspend_themselves(cast: Cast, sign_in: SignIn) -> None:
    own = f"{LIST}{place(cast, cast.agnes).pk}/suspendre/"
    client = sign_in(cast.agnes)
    assert "Suspendre votre propre accès\u00a0?" in client.get(own).text
    response = client.post(own, follow=True)
    assert "la dernière personne à coordonner ce territoire" in response.text
    assert not place(cast, cast.agnes).is_suspended
    # An account that is not open, or is suspended, coordinates nothing.
    second_lead(cast, user=UserFactory.create(is_active=False))
    second_lead(cast, suspended_at=timezone.now())
    with pytest.raises(MembershipRefused, match="la dernière personne"):
        suspend_member(membership=place(cast, cast.agnes), by=cast.agnes)


def test_lead_among_two_suspends_themselves_and_is_led_home(cast: Cast, sign_in: SignIn) -> None:
    second_lead(cast)
    client = sign_in(cast.agnes)
    response = client.post(f"{LIST}{place(cast, cast.agnes).pk}/suspendre/", follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert "Votre accès à «\u00a0Aubrac\u00a0» est suspendu." in response.text


def test_region_may_suspend_the_only_coordination(cast: Cast) -> None:
    suspend_member(membership=place(cast, cast.agnes), by=cast.emile)
    assert place(cast, cast.agnes).is_suspended


def test_seats_of_the_region_are_not_changed_from_a_territory(cast: Cast, sign_in: SignIn) -> None:
    regional = Membership.objects.get(user=cast.emile)
    client = sign_in(cast.agnes)
    for act in ("role", "suspendre", "retablir", "retirer", "renvoyer"):
        assert client.post(f"{LIST}{regional.pk}/{act}/").status_code == 404


def test_suspended_seat_is_not_given_twice(cast: Cast, sign_in: SignIn) -> None:
    suspend_member(membership=place(cast, cast.bruno), by=cast.agnes)
    typed = {"email": "bruno@exemple.fr", "role": Role.MEMBER}
    page = sign_in(cast.agnes).post(f"{LIST}inviter/", typed).text
    assert "Son accès est suspendu\u00a0: rétablissez-le depuis la liste." in page


def test_invitation_that_leads_to_a_suspended_place_opens_nothing(
    cast: Cast, sign_in: SignIn
) -> None:
    membership = waiting(cast)
    suspend_member(membership=membership, by=cast.agnes)
    assert not Invitation.objects.get().link.is_usable()
    with pytest.raises(MembershipRefused, match="rétablissez-le, puis renvoyez"):
        resend_invitation(membership=membership, by=cast.agnes)
    client = sign_in(cast.agnes)
    said = words(client.post(f"{LIST}{membership.pk}/retablir/"))
    assert said.endswith("renvoyez-lui maintenant son invitation.")
    client.post(f"{LIST}{membership.pk}/renvoyer/")
    assert Invitation.objects.get().link.is_usable()


def test_what_is_gone_is_said(cast: Cast) -> None:
    membership = place(cast, cast.bruno)
    Membership.objects.filter(pk=membership.pk).delete()
    for act in (suspend_member, reinstate_member, remove_member, resend_invitation):
        with pytest.raises(MembershipRefused, match="n’avait déjà plus accès"):
            act(membership=membership, by=cast.agnes)


# --- Sending again --------------------------------------------------------------------------------


def test_expired_invitation_is_sent_again(cast: Cast, sign_in: SignIn) -> None:
    membership = waiting(cast, hours=24 * 20)
    client = sign_in(cast.agnes)
    assert "Invitation expirée" in client.get(LIST).text
    assert "envoyée il y a 20\u00a0jours" in client.get(LIST).text
    said = words(client.post(f"{LIST}{membership.pk}/renvoyer/"))
    assert said == "Une nouvelle invitation part vers zoe@exemple.fr."
    assert "Invitation en attente" in client.get(LIST).text
    assert "envoyée aujourd’hui" in client.get(LIST).text


def test_nobody_receives_more_than_five_mails_a_day(cast: Cast, sign_in: SignIn) -> None:
    membership = waiting(cast, hours=20)
    for hours in range(MAILS_A_DAY - 1, 0, -1):
        with time_machine.travel(timezone.now() - dt.timedelta(hours=hours), tick=False):
            resend_invitation(membership=membership, by=cast.agnes)
    assert Mail.objects.count() == MAILS_A_DAY
    said = words(sign_in(cast.agnes).post(f"{LIST}{membership.pk}/renvoyer/"))
    assert "5\u00a0courriels sont déjà partis vers zoe@exemple.fr" in said
    with time_machine.travel(timezone.now() + dt.timedelta(hours=5), tick=False):
        resend_invitation(membership=membership, by=cast.agnes)


def test_sending_again_counts_among_the_invitations_of_the_hour(
    cast: Cast, sign_in: SignIn
) -> None:
    membership = waiting(cast)
    client = sign_in(cast.agnes)
    met = [client.post(f"{LIST}{membership.pk}/renvoyer/").status_code for _ in range(61)]
    assert met == [302] * 60 + [429]


# --- Roles, in place ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.TERRITORY_LEAD, Role.PILOT, Role.GUEST])
def test_role_is_changed_in_place(cast: Cast, sign_in: SignIn, role: Role) -> None:
    membership = place(cast, cast.bruno)
    where = f"{LIST}{membership.pk}/role/"
    client = sign_in(cast.agnes)
    assert client.get(where).headers["Location"] == LIST
    said = words(client.post(where, {"role": role, "was": Role.MEMBER}))
    assert said.startswith(f"Bruno Durand a maintenant le rôle «\u00a0{role.label}\u00a0»\u00a0: ")
    assert place(cast, cast.bruno).role == role


@pytest.mark.parametrize("role", ["", "pilotage_regional", "lecteur_national", "roi", "\x00"])
def test_role_of_another_scope_is_refused(cast: Cast, sign_in: SignIn, role: str) -> None:
    where = f"{LIST}{place(cast, cast.bruno).pk}/role/"
    said = words(sign_in(cast.agnes).post(where, {"role": role, "was": Role.MEMBER}))
    assert said == "Choisissez un rôle dans la liste\u00a0: rien n’a été changé."
    assert place(cast, cast.bruno).role == Role.MEMBER


def test_role_that_somebody_else_changed_meanwhile_is_said(cast: Cast) -> None:
    membership = place(cast, cast.bruno)
    change_role(membership=membership, role=Role.GUEST, was=Role.MEMBER, by=cast.emile)
    with pytest.raises(MembershipRefused, match="c’est maintenant «\u00a0Invité\u00a0»"):
        change_role(membership=membership, role=Role.PILOT, was=Role.MEMBER, by=cast.agnes)
    change_role(membership=membership, role=Role.GUEST, was=Role.MEMBER, by=cast.agnes)


def test_nobody_changes_their_own_role(cast: Cast) -> None:
    with pytest.raises(MembershipRefused, match="votre propre rôle"):
        change_role(
            membership=place(cast, cast.agnes),
            role=Role.MEMBER,
            was=Role.TERRITORY_LEAD,
            by=cast.agnes,
        )


def test_regional_role_is_not_given_in_a_territory(cast: Cast) -> None:
    with pytest.raises(MembershipRefused, match="n’existe pas pour cette portée"):
        change_role(
            membership=place(cast, cast.bruno),
            role=Role.REGIONAL_LEAD,
            was=Role.MEMBER,
            by=cast.agnes,
        )


# --- Who came when --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "aujourd’hui"),
        (1, "hier"),
        (12, "il y a 12\u00a0jours"),
        (40, "le 3\u00a0mars\u00a02026"),
    ],
)
def test_lead_reads_who_came_when(cast: Cast, sign_in: SignIn, days: int, said: str) -> None:
    with time_machine.travel(dt.datetime(2026, 4, 12, 10, tzinfo=dt.UTC), tick=False):
        client = sign_in(cast.agnes)
        User.objects.filter(pk=cast.bruno.pk).update(
            last_login=timezone.now() - dt.timedelta(days=days)
        )
        assert said in client.get(LIST).text


# --- One place where rights are asked -------------------------------------------------------------


def test_every_right_asks_for_memberships_in_one_place() -> None:
    """Suspended ones are left out there: whoever asks elsewhere would forget to."""
    asking = {
        named(path)
        for path in python_files(*packages())
        if re.search(
            r"\bMembership\.objects|\.memberships\.\w+\(", path.read_text(encoding="utf-8")
        )
    }
    writing_them = {
        "overview/imports.py",
        "territories/models/places.py",
        "territories/services.py",
        "territories/views.py",
    }
    assert asking == writing_them
    places = (ROOT / "territories/models/places.py").read_text(encoding="utf-8")
    rights = re.findall(r"Membership\.objects\.(\w+)\(\)", places)
    assert sorted(rights) == ["in_force", "in_force", "in_force", "suspended"]
