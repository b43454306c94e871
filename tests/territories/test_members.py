"""The people of a territory: who sees them, who invites, who leaves."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, User
from core.enums import MailState
from core.models import Mail
from territories.enums import Role, Scope
from territories.models import Membership
from territories.permissions import can_manage_members, can_see_members
from territories.services import (
    MembershipRefused,
    Seat,
    give_seat,
    invite_member,
    remove_member,
    resend_invitation,
)
from tests.cast import Cast
from tests.factories import MembershipFactory, RegionFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/territoires/aubrac/membres/"
INVITE = f"{LIST}inviter/"
SignIn = Callable[[User | None], Client]


def typed(email: str = "zoe@exemple.fr", role: str = Role.MEMBER) -> dict[str, str]:
    return {"email": email, "role": role}


def waiting(cast: Cast, email: str = "zoe@exemple.fr") -> Membership:
    """Somebody invited an hour ago, who has not come yet."""
    with time_machine.travel(timezone.now() - dt.timedelta(hours=1), tick=False):
        return invite_member(territory=cast.aubrac, email=email, role=Role.MEMBER, by=cast.agnes)


def words(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- Doors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "sees", "manages"),
    [
        ("personne", 302, 302),
        ("chloe", 404, 404),
        ("denis", 403, 403),
        ("gael", 403, 403),
        ("bruno", 200, 403),
        ("agnes", 200, 200),
        ("emile", 200, 200),
    ],
)
def test_doors(cast: Cast, sign_in: SignIn, who: str, sees: int, manages: int) -> None:
    member = waiting(cast)
    client = sign_in(cast.named(who))
    assert client.get(LIST).status_code == sees
    assert client.get(INVITE).status_code == manages
    assert client.get(f"{LIST}{member.pk}/retirer/").status_code == manages
    done = 302 if manages == 200 else manages
    assert client.post(INVITE, typed("autre@exemple.fr")).status_code == done
    assert client.post(f"{LIST}{member.pk}/renvoyer/").status_code == done
    assert client.post(f"{LIST}{member.pk}/retirer/").status_code == done
    assert Membership.objects.filter(pk=member.pk).exists() is (manages != 200)


def test_rules_say_who_sees_and_who_manages(cast: Cast) -> None:
    people = ("agnes", "bruno", "gael", "chloe", "denis", "emile")
    sees = {name for name in people if can_see_members(getattr(cast, name), cast.aubrac)}
    manages = {name for name in people if can_manage_members(getattr(cast, name), cast.aubrac)}
    assert sees == {"agnes", "bruno", "emile"}
    assert manages == {"agnes", "emile"}


def test_members_of_elsewhere_are_not_reached_from_here(cast: Cast, sign_in: SignIn) -> None:
    elsewhere = Membership.objects.get(user=cast.chloe)
    client = sign_in(cast.agnes)
    for act in ("retirer", "renvoyer"):
        assert client.post(f"{LIST}{elsewhere.pk}/{act}/").status_code == 404
    assert client.get("/territoires/nulle-part/membres/").status_code == 404
    assert client.get(f"{LIST}99999999999999999999/retirer/").status_code == 404


# --- The list -----------------------------------------------------------------------------------


def test_member_reads_names_and_no_address(cast: Cast, sign_in: SignIn) -> None:
    waiting(cast)
    page = sign_in(cast.bruno).get(LIST).content.decode()
    assert "Agnes Durand" in page
    assert "Emile Durand" in page
    assert "Personne invitée" in page
    assert "@exemple.fr" not in page
    assert "Inviter une personne" not in page


def test_lead_reads_addresses_accounts_and_visits(cast: Cast, sign_in: SignIn) -> None:
    waiting(cast)
    UserFactory.create()
    page = sign_in(cast.agnes).get(LIST).content.decode()
    assert "bruno@exemple.fr" in page
    assert "Compte ouvert" in page
    assert "Invitation en attente" in page
    assert "Jamais" in page
    assert "5\u00a0personnes" in page
    assert "Gérée par la région" in page
    assert "chloe@exemple.fr" not in page


def test_lead_is_told_of_an_expired_invitation(cast: Cast, sign_in: SignIn) -> None:
    waiting(cast)
    client = sign_in(cast.agnes)
    with time_machine.travel(timezone.now() + dt.timedelta(days=14), tick=False):
        client.force_login(cast.agnes)
        assert "Invitation expirée" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("state", "refusal", "told"),
    [
        (MailState.REFUSED, "550 Inconnue", "Courriel\u00a0: refusé. 550 Inconnue"),
        (MailState.UNCERTAIN, "Interrompu.", "Courriel\u00a0: envoi incertain. Interrompu."),
        (MailState.WAITING, "En panne.", "Courriel\u00a0: à envoyer. En panne."),
        (MailState.WAITING, "", ""),
        (MailState.SENT, "", ""),
    ],
)
def test_lead_is_told_of_a_mail_that_did_not_leave(
    cast: Cast, sign_in: SignIn, state: MailState, refusal: str, told: str
) -> None:
    waiting(cast)
    Mail.objects.update(state=state, refusal=refusal)
    page = sign_in(cast.agnes).get(LIST).content.decode()
    assert told in page
    assert ("Courriel\u00a0:" in page) is bool(told)


def test_list_costs_the_same_for_one_and_for_many(
    cast: Cast, sign_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = sign_in(cast.agnes)
    client.get(LIST)
    few = queries(lambda: client.get(LIST))
    for number in range(5):
        waiting(cast, f"nouveau{number}@exemple.fr")
        MembershipFactory.create(territory=cast.aubrac)
    assert queries(lambda: client.get(LIST)) == few
    assert few <= 15


# --- Inviting -----------------------------------------------------------------------------------


def test_lead_invites_in_their_own_name(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.agnes).post(INVITE, typed("Zoe@Exemple.fr", Role.PILOT))
    assert response.headers["Location"] == LIST
    assert words(response) == ["Un courriel part vers zoe@exemple.fr."]
    membership = Membership.objects.get(user__email="zoe@exemple.fr")
    assert (membership.role, membership.territory) == (Role.PILOT, cast.aubrac)
    mail = Mail.objects.get()
    assert (mail.to, mail.reply_to) == ("zoe@exemple.fr", "agnes@exemple.fr")
    assert mail.subject == "Invitation : PTSM – Aubrac"
    assert "Agnes Durand vous invite" in mail.body
    assert "«\u00a0Pilote de fiche action\u00a0»" in mail.body


def test_lead_invites_sixty_people_an_hour(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    for _ in range(60):
        assert client.post(INVITE, typed("faute")).status_code == 200
    assert client.post(INVITE, typed()).status_code == 429
    assert client.get(INVITE).status_code == 200
    assert not Membership.objects.filter(user__email="zoe@exemple.fr").exists()


def test_member_of_elsewhere_is_added_without_a_new_account(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.agnes).post(INVITE, typed("CHLOE@exemple.fr"))
    assert Membership.objects.filter(user=cast.chloe).count() == 2
    assert Mail.objects.get().subject == "Vous avez accès à : PTSM – Aubrac"
    assert not Invitation.objects.exists()


def test_second_invitation_of_a_member_is_refused(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    page = client.post(INVITE, typed("Bruno@exemple.fr", Role.PILOT)).content.decode()
    assert "bruno@exemple.fr a déjà sa place ici, avec le rôle «\u00a0Membre\u00a0»." in page
    waiting(cast)
    page = client.post(INVITE, typed()).content.decode()
    assert "renvoyez l’invitation depuis la liste" in page
    assert Mail.objects.count() == 1


def test_closed_account_is_not_invited(cast: Cast, sign_in: SignIn) -> None:
    UserFactory.create(email="zoe@exemple.fr", is_active=False)
    page = sign_in(cast.agnes).post(INVITE, typed()).content.decode()
    assert "a été fermé" in page
    assert not Membership.objects.filter(user__email="zoe@exemple.fr").exists()


@pytest.mark.parametrize(
    "email",
    [
        "",
        "zoe",
        "zoe@exemple.fr\nBcc: tous@exemple.fr",
        "nul\x00@exemple.fr",
        "😀@exemple.fr",
        "a" * 290 + "@exemple.fr",
        "\u202ezoe@exemple.fr",
    ],
)
def test_odd_address_gets_a_french_sentence(cast: Cast, sign_in: SignIn, email: str) -> None:
    response = sign_in(cast.agnes).post(INVITE, typed(email))
    assert response.status_code == 200
    assert "À corriger" in response.content.decode()
    assert not Mail.objects.exists()


@pytest.mark.parametrize("role", ["", "pilotage_regional", "lecteur_national", "\x00"])
def test_role_of_another_scope_is_refused(cast: Cast, sign_in: SignIn, role: str) -> None:
    response = sign_in(cast.agnes).post(INVITE, typed(role=role))
    assert response.status_code == 200
    assert not Mail.objects.exists()
    if role:
        with pytest.raises((MembershipRefused, ValueError)):
            invite_member(
                territory=cast.aubrac, email="zoe@exemple.fr", role=Role(role), by=cast.agnes
            )


def test_regional_and_national_seats(cast: Cast) -> None:
    region = RegionFactory.create(name="Grand Sud")
    regional = give_seat(
        seat=Seat(role=Role.REGIONAL_LEAD, region=region), email="r@exemple.fr", by=None
    )
    national = give_seat(seat=Seat(role=Role.NATIONAL_READER), email="n@exemple.fr", by=None)
    assert (regional.scope, regional.region) == (Scope.REGION, region)
    assert national.scope == Scope.NATIONAL
    body = Mail.objects.get(to="r@exemple.fr").body
    assert "L’administration de l’application PTSM vous invite" in body
    assert "PTSM de la région Grand Sud" in body
    with pytest.raises(MembershipRefused):
        give_seat(seat=Seat(role=Role.NATIONAL_READER), email="n@exemple.fr", by=None)


# --- Sending again, leaving ---------------------------------------------------------------------


def test_invitation_is_sent_again_with_a_new_link(cast: Cast, sign_in: SignIn) -> None:
    membership = waiting(cast)
    former = Invitation.objects.get().link
    response = sign_in(cast.emile).post(f"{LIST}{membership.pk}/renvoyer/")
    assert words(response) == ["Une nouvelle invitation part vers zoe@exemple.fr."]
    former.refresh_from_db()
    assert not former.is_usable()
    assert Invitation.objects.get().link.is_usable()
    assert Mail.objects.latest("pk").reply_to == "emile@exemple.fr"


def test_second_click_sends_nothing(cast: Cast) -> None:
    membership = waiting(cast)
    resend_invitation(membership=membership, by=cast.agnes)
    membership = Membership.objects.get(pk=membership.pk)
    with pytest.raises(MembershipRefused, match="attendez une minute"):
        resend_invitation(membership=membership, by=cast.agnes)
    assert Mail.objects.count() == 2


def test_open_account_has_no_invitation_to_send(cast: Cast, sign_in: SignIn) -> None:
    membership = Membership.objects.get(user=cast.bruno)
    response = sign_in(cast.agnes).post(f"{LIST}{membership.pk}/renvoyer/")
    assert words(response) == ["Ce compte est ouvert\u00a0: il n’y a plus d’invitation à envoyer."]


def test_member_leaves_once_confirmed(cast: Cast, sign_in: SignIn) -> None:
    membership = Membership.objects.get(user=cast.bruno)
    client = sign_in(cast.agnes)
    page = client.get(f"{LIST}{membership.pk}/retirer/").content.decode()
    assert "Retirer l’accès de Bruno Durand" in page
    assert Membership.objects.filter(pk=membership.pk).exists()
    client.post(f"{LIST}{membership.pk}/retirer/")
    assert not Membership.objects.filter(pk=membership.pk).exists()
    client.force_login(cast.bruno)
    assert client.get(LIST).status_code == 404


def test_invitation_to_the_wrong_address_is_taken_back(cast: Cast) -> None:
    membership = waiting(cast)
    remove_member(membership=membership, by=cast.agnes)
    assert not Invitation.objects.get().link.is_usable()


def test_invitation_that_still_leads_somewhere_stays(cast: Cast) -> None:
    membership = waiting(cast)
    invite_member(
        territory=cast.elsewhere.territory, email="zoe@exemple.fr", role=Role.MEMBER, by=cast.chloe
    )
    remove_member(membership=membership, by=cast.agnes)
    assert Invitation.objects.get().link.is_usable()


def test_lead_does_not_remove_themselves(cast: Cast, sign_in: SignIn) -> None:
    membership = Membership.objects.get(user=cast.agnes)
    response = sign_in(cast.agnes).post(f"{LIST}{membership.pk}/retirer/")
    assert "votre propre accès" in words(response)[0]
    assert Membership.objects.filter(pk=membership.pk).exists()
