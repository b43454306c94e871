"""Giving people their place in a territory, in a région or in the country, and taking it back."""

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import invite, withdraw_invitation
from core.text import NBSP
from territories.enums import ROLES_OF_SCOPE, Role, Scope
from territories.models import Membership, Region, Territory

logger = logging.getLogger(__name__)

# A second click on « Renvoyer » is the same wish as the first.
RESEND_AFTER = dt.timedelta(minutes=1)


class MembershipRefused(Exception):
    """What cannot be given or taken back, in a French sentence."""


@dataclass(frozen=True)
class Seat:
    """A role and where it holds: in a territory, in a région or, with neither, everywhere."""

    role: Role
    territory: Territory | None = None
    region: Region | None = None

    @property
    def scope(self) -> Scope:
        if self.territory is not None:
            return Scope.TERRITORY
        return Scope.NATIONAL if self.region is None else Scope.REGION

    @property
    def place(self) -> str:
        """As mails name it."""
        if self.territory is not None:
            return f"PTSM – {self.territory.name}"
        if self.region is not None:
            return f"PTSM de la région {self.region.name}"
        return "PTSM – lecture nationale"


def invite_member(*, territory: Territory, email: str, role: Role, by: User | None) -> Membership:
    """Give a role in a territory; raises `MembershipRefused` or `accounts`' `AccountClosed`."""
    return give_seat(seat=Seat(role=role, territory=territory), email=email, by=by)


@transaction.atomic
def give_seat(*, seat: Seat, email: str, by: User | None) -> Membership:
    """Give a role to the person of that address, who is told by mail.

    Whoever has no account is invited to open one. Raises `MembershipRefused` or `AccountClosed`.
    """
    if seat.role not in ROLES_OF_SCOPE[seat.scope]:
        raise MembershipRefused(f"Le rôle « {seat.role.label} » n’existe pas pour cette portée.")
    places = {"scope": seat.scope, "territory": seat.territory, "region": seat.region}
    known = Membership.objects.filter(**places, user__email__iexact=email.strip())
    present = known.select_related("user").first()
    if present is not None:
        raise MembershipRefused(_already_there(present))
    user = invite(email=email, invited_by=by, place=seat.place, role=seat.role.label)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(user=user, role=seat.role, **places)
    except IntegrityError as refusal:
        # Somebody else has just given it.
        raise MembershipRefused(f"{user.email} vient d’être ajouté par ailleurs.") from refusal
    logger.info("Membership %s given by %s", membership.pk, by.pk if by else "command")
    return membership


def _already_there(present: Membership) -> str:
    role = present.get_role_display()
    sentence = f"{present.user.email} a déjà sa place ici, avec le rôle «{NBSP}{role}{NBSP}»."
    if present.user.is_active:
        return sentence
    return f"{sentence} Son compte n’est pas ouvert{NBSP}: renvoyez l’invitation depuis la liste."


@transaction.atomic
def resend_invitation(*, membership: Membership, by: User) -> None:
    """Send a new link to somebody who has not opened their account; the former one stops.

    Raises `MembershipRefused` when there is nothing to send again.
    """
    user = membership.user
    if user.is_active:
        raise MembershipRefused("Ce compte est ouvert : il n’y a plus d’invitation à envoyer.")
    invitation = getattr(user, "invitation", None)
    if invitation is not None and invitation.sent_at > timezone.now() - RESEND_AFTER:
        raise MembershipRefused("L’invitation vient de partir : attendez une minute.")
    seat = Seat(
        role=Role(membership.role), territory=membership.territory, region=membership.region
    )
    invite(email=user.email, invited_by=by, place=seat.place, role=seat.role.label)


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """Take a place back; an invitation that leads nowhere any more is withdrawn.

    Raises `MembershipRefused` for one's own: a territory keeps somebody to manage it.
    """
    user = membership.user
    if user == by:
        raise MembershipRefused(
            "Vous ne pouvez pas retirer votre propre accès : demandez-le à une autre personne qui"
            " gère les comptes."
        )
    logger.info("Membership %s of account %s taken back by %s", membership.pk, user.pk, by.pk)
    membership.delete()
    if not user.is_active and not Membership.objects.filter(user=user).exists():
        withdraw_invitation(user=user)
