"""Giving people their place in a territory, in a région or in the country, suspending it, taking
it back.

Whoever manages the accounts of a territory changes them alone: the territory is locked, and their
own right is asked again under the lock. So one person at least is left to manage it, whatever two
of them do to each other at once.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import invite, withdraw_invitation
from core.models import Mail
from core.text import NBSP, counted
from territories.enums import LEADING_ROLES, ROLES_OF_SCOPE, Role, Scope
from territories.models import Membership, Project, Region, Territory
from territories.permissions import can_manage_members

logger = logging.getLogger(__name__)

# A second click on « Renvoyer » is the same wish as the first.
RESEND_AFTER = dt.timedelta(minutes=1)
# Beyond, the address is wrong or the mails are filtered: one more changes nothing.
MAILS_A_DAY = 5


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
    if present.is_suspended:
        return f"{sentence} Son accès est suspendu{NBSP}: rétablissez-le depuis la liste."
    if present.user.is_active:
        return sentence
    return f"{sentence} Son compte n’est pas ouvert{NBSP}: renvoyez l’invitation depuis la liste."


@transaction.atomic
def resend_invitation(*, membership: Membership, by: User) -> None:
    """Send a new link to somebody who has not opened their account; the former one stops.

    Raises `MembershipRefused` when there is nothing to send again, or when enough was sent.
    """
    present = _alone_with(membership, by=by)
    user = present.user
    if user.is_active:
        raise MembershipRefused("Ce compte est ouvert : il n’y a plus d’invitation à envoyer.")
    if present.is_suspended:
        raise MembershipRefused(
            f"L’accès de {user.email} est suspendu{NBSP}: rétablissez-le, puis renvoyez"
            " l’invitation."
        )
    invitation = getattr(user, "invitation", None)
    if invitation is not None and invitation.sent_at > timezone.now() - RESEND_AFTER:
        raise MembershipRefused("L’invitation vient de partir : attendez une minute.")
    since_yesterday = timezone.now() - dt.timedelta(days=1)
    if Mail.objects.filter(to=user.email, created_at__gt=since_yesterday).count() >= MAILS_A_DAY:
        raise MembershipRefused(
            f"{counted(MAILS_A_DAY, 'courriel')} sont déjà partis vers {user.email} depuis"
            f" hier{NBSP}: vérifiez"
            " l’adresse et les courriels indésirables, ou attendez demain."
        )
    seat = Seat(role=Role(present.role), territory=present.territory, region=present.region)
    invite(email=user.email, invited_by=by, place=seat.place, role=seat.role.label)


@transaction.atomic
def change_role(*, membership: Membership, role: Role, was: Role, by: User) -> Membership:
    """Give another role of the territory to a member who had that one.

    Raises `MembershipRefused` for one's own role, and when somebody else changed it meanwhile.
    """
    present = _alone_with(membership, by=by)
    if role not in ROLES_OF_SCOPE[Scope.TERRITORY]:
        raise MembershipRefused(f"Le rôle « {role.label} » n’existe pas pour cette portée.")
    if present.user_id == by.pk:
        raise MembershipRefused(
            "Vous ne pouvez pas changer votre propre rôle : demandez-le à une autre personne qui"
            " gère les comptes."
        )
    if present.role not in {was, role}:
        raise MembershipRefused(
            f"Quelqu’un d’autre vient de changer ce rôle{NBSP}: c’est maintenant"
            f" «{NBSP}{present.get_role_display()}{NBSP}». Changez-le encore s’il le faut."
        )
    present.role = role
    present.save(update_fields=["role"])
    logger.info("Membership %s made %s by %s", present.pk, role.value, by.pk)
    return present


@transaction.atomic
def suspend_member(*, membership: Membership, by: User) -> None:
    """Take a place away for a while: it gives no right from now on, open sessions included.

    Raises `MembershipRefused` for the last person who coordinates, when it is oneself.
    """
    present = _alone_with(membership, by=by)
    if present.is_suspended:
        raise MembershipRefused(f"L’accès de {_named(present)} est déjà suspendu.")
    if present.user_id == by.pk and present.role in LEADING_ROLES and _is_last_lead(present):
        raise MembershipRefused(
            "Vous êtes la dernière personne à coordonner ce territoire : invitez-en une autre avant"
            " de suspendre votre accès."
        )
    present.suspended_at, present.suspended_by = timezone.now(), by
    present.save(update_fields=["suspended_at", "suspended_by"])
    logger.info("Membership %s suspended by %s", present.pk, by.pk)
    _withdraw_if_useless(present.user)


@transaction.atomic
def reinstate_member(*, membership: Membership, by: User) -> None:
    """Give back a place that was suspended, with its role. Raises `MembershipRefused`."""
    present = _alone_with(membership, by=by)
    if not present.is_suspended:
        raise MembershipRefused(f"L’accès de {_named(present)} n’est pas suspendu.")
    present.suspended_at = present.suspended_by = None
    present.save(update_fields=["suspended_at", "suspended_by"])
    logger.info("Membership %s reinstated by %s", present.pk, by.pk)


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """Take a place back; an invitation that leads nowhere any more is withdrawn.

    Raises `MembershipRefused` for one's own: a territory keeps somebody to manage it.
    """
    present = _alone_with(membership, by=by)
    user = present.user
    if user == by:
        raise MembershipRefused(
            "Vous ne pouvez pas retirer votre propre accès : demandez-le à une autre personne qui"
            " gère les comptes."
        )
    logger.info("Membership %s of account %s taken back by %s", present.pk, user.pk, by.pk)
    present.delete()
    _withdraw_if_useless(user)


def _alone_with(membership: Membership, *, by: User) -> Membership:
    """The membership of a territory as it is now, while nobody else changes one there.

    Raises `MembershipRefused` when it is gone, or when its author manages nothing there any more.
    """
    territories = Territory.objects.select_for_update(no_key=True)
    territory = territories.get(pk=membership.territory_id or 0)
    if not can_manage_members(by, territory):
        raise MembershipRefused(
            f"Votre accès vient de changer{NBSP}: vous ne gérez plus les comptes de ce territoire."
        )
    members = Membership.objects.of_territory(territory)
    known = members.select_related("user__invitation", "territory", "region")
    present = known.filter(pk=membership.pk).first()
    if present is None:
        raise MembershipRefused("Cette personne n’avait déjà plus accès au territoire.")
    return present


def _is_last_lead(membership: Membership) -> bool:
    leads = Membership.objects.leading().filter(territory=membership.territory_id)
    return not leads.exclude(pk=membership.pk).exists()


def _withdraw_if_useless(user: User) -> None:
    """An invitation that leads nowhere any more opens nothing."""
    if not user.is_active and not Membership.objects.in_force().filter(user=user).exists():
        withdraw_invitation(user=user)


def _named(membership: Membership) -> str:
    """As whoever manages the accounts knows them."""
    user = membership.user
    return user.get_full_name() if user.is_active else user.email


# --- What a command names ---

CODES_SHOWN = 10


class TerritoryUnknown(Exception):
    """No territory, or no project, of that code; the message is a French sentence."""


def project_of_code(code: str) -> Project:
    """The latest project of the territory that a command names, with its place. Two queries.

    `TerritoryUnknown` when there is none, with the codes that there are.
    """
    if not code:
        raise TerritoryUnknown("Indiquer le territoire, par exemple « --territory 53 ».")
    territory = Territory.objects.filter(code=code).first()
    if territory is None:
        codes = Territory.objects.order_by("code").values_list("code", flat=True)[:CODES_SHOWN]
        known = f" ; codes connus : {', '.join(codes)}" if codes else ""
        raise TerritoryUnknown(f"Aucun territoire n’a le code « {code} »{known}.")
    project = Project.objects.of(territory).with_place().first()
    if project is None:
        raise TerritoryUnknown(f"Le territoire « {territory} » n’a pas encore de projet.")
    return project
