"""`manage.py invite`: the first person of a territory, of a région, or a national reader."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from accounts.models import User
from accounts.services import AccountClosed
from core.commands import FrenchCommand
from core.text import NBSP
from territories.enums import ROLES_OF_SCOPE, Role, Scope
from territories.models import Region, Territory
from territories.permissions import can_manage_members
from territories.services import MembershipRefused, Seat, give_seat

ADDRESS_LENGTH = 254
ONE_PLACE = "Indiquer une portée, et une seule : --territory CODE, --region CODE ou --national."


class Command(FrenchCommand):
    """Parses, gives the seat, says so."""

    help = "Invite une personne dans un territoire, dans une région, ou en lecture nationale."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", nargs="?", default="", help="adresse de la personne")
        parser.add_argument("--territory", metavar="CODE", default="", help="code du territoire")
        parser.add_argument("--region", metavar="CODE", default="", help="code de la région")
        parser.add_argument("--national", action="store_true", help="lecture nationale")
        parser.add_argument("--role", default="", help=f"rôle : {', '.join(Role.values)}")
        parser.add_argument(
            "--by", metavar="EMAIL", default="", help="compte au nom duquel on invite"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        email = _address(options["email"])
        seat = _seat(options)
        try:
            membership = give_seat(seat=seat, email=email, by=_inviter(options["by"], seat))
        except (MembershipRefused, AccountClosed) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{membership.user.email} : « {seat.role.label} », {seat.place}. Un courriel part."
        )


def _address(typed: str) -> str:
    try:
        validate_email(typed)
    except ValidationError as refusal:
        raise CommandError(
            f"«{NBSP}{typed}{NBSP}» n’est pas une adresse électronique."
        ) from refusal
    if len(typed) > ADDRESS_LENGTH:
        raise CommandError(f"Cette adresse dépasse {ADDRESS_LENGTH} signes.")
    return typed


def _seat(options: dict[str, Any]) -> Seat:
    """The place and the role asked for, or a sentence that says what is wrong."""
    asked = [bool(options["territory"]), bool(options["region"]), bool(options["national"])]
    if sum(asked) != 1:
        raise CommandError(ONE_PLACE)
    if options["territory"]:
        territory = Territory.objects.filter(code=options["territory"]).first()
        if territory is None:
            raise CommandError(
                f"Aucun territoire n’a le code «{NBSP}{options['territory']}{NBSP}»."
            )
        return Seat(role=_role(options["role"], Scope.TERRITORY), territory=territory)
    if options["region"]:
        region = Region.objects.filter(code=options["region"]).first()
        if region is None:
            raise CommandError(f"Aucune région n’a le code «{NBSP}{options['region']}{NBSP}».")
        return Seat(role=_role(options["role"], Scope.REGION), region=region)
    return Seat(role=_role(options["role"] or Role.NATIONAL_READER, Scope.NATIONAL))


def _role(typed: str, scope: Scope) -> Role:
    possible = sorted(ROLES_OF_SCOPE[scope])
    if typed not in possible:
        raise CommandError(
            f"Indiquer un rôle de la portée {scope.label.lower()} avec --role :"
            f" {', '.join(possible)}."
        )
    return Role(typed)


def _inviter(email: str, seat: Seat) -> User | None:
    """In whose name, when the command says so: of somebody who could invite there."""
    if not email:
        return None
    inviter = User.objects.filter(email__iexact=email, is_active=True).first()
    if inviter is None:
        raise CommandError(f"Aucun compte ouvert n’a l’adresse «{NBSP}{email}{NBSP}».")
    if seat.territory is not None and not can_manage_members(inviter, seat.territory):
        raise CommandError(
            f"{inviter.email} ne gère pas les comptes de «{NBSP}{seat.territory.name}{NBSP}»."
        )
    return inviter
