"""Regions, départements, and the territories that they make up."""

import datetime as dt
import zoneinfo
from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from territories.enums import (
    LEADING_ROLES,
    PILOTING_ROLES,
    WORKING_ROLES,
    Role,
    Scope,
)
from territories.models.memberships import Membership

if TYPE_CHECKING:
    from accounts.models import User


class Region(models.Model):
    """A région and its agence régionale de santé."""

    code = models.CharField("code", max_length=12, unique=True)
    name = models.CharField("nom", max_length=80)
    ars_name = models.CharField("agence régionale de santé", max_length=120)

    class Meta:
        verbose_name = "région"
        verbose_name_plural = "régions"

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A département, with what the official geographic code says of it."""

    code = models.CharField("code", max_length=12, unique=True)
    name = models.CharField("nom", max_length=80)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="departments", verbose_name="région"
    )
    chef_lieu = models.CharField("chef-lieu", max_length=80, blank=True)
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)
    municipality_count = models.PositiveIntegerField("nombre de communes", null=True, blank=True)

    class Meta:
        verbose_name = "département"
        verbose_name_plural = "départements"

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


def reached_by(user: "User", roles: Collection[Role], *, territory: str = "") -> Exists:
    """Whether one of these roles, in force, reaches the territory that this path leads to.

    Without a path, the rows asked are territories.
    """
    key, region = (territory, f"{territory}__region") if territory else ("pk", "region")
    given = Membership.objects.in_force().filter(user_id=user.pk, role__in=roles)
    return Exists(given.reaching(OuterRef(key), OuterRef(region)))


def worked_on_by(user: "User", *, territory: str = "") -> Exists:
    """Whether the user reads the current state of that territory: the same path."""
    return reached_by(user, WORKING_ROLES, territory=territory)


class TerritoryQuerySet(models.QuerySet["Territory"]):
    def visible_to(self, user: "User") -> Self:
        """Every territory that a membership in force of the user reaches, whatever the role."""
        return self.filter(reached_by(user, Role))

    def worked_on_by(self, user: "User") -> Self:
        """Those whose current state the user reads; guests read official versions only."""
        return self.filter(worked_on_by(user))

    def read_nationally_by(self, user: "User") -> Self:
        """Those of the whole country, for who reads closed campaigns everywhere; else none."""
        return self.filter(reached_by(user, {Role.NATIONAL_READER}))

    def led_by(self, user: "User") -> Self:
        """Those that the user leads, from the territory or from its region."""
        return self.filter(reached_by(user, LEADING_ROLES))

    def piloted_by(self, user: "User") -> Self:
        """Those where the user writes the sheets that they pilot in person."""
        return self.filter(reached_by(user, PILOTING_ROLES))

    def suspended_for(self, user: "User") -> Self:
        """Those where the user had a place that was suspended."""
        suspended = Membership.objects.suspended().filter(user_id=user.pk, scope=Scope.TERRITORY)
        return self.filter(pk__in=suspended.values("territory")).order_by("name", "pk")

    def for_list(self) -> Self:
        """With region and départements, for lists and the territory's own page: two queries."""
        return self.select_related("region").prefetch_related("parts__department")


def known_time_zone(name: str) -> None:
    """Refuse a time zone that the machine does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"« {name} » n’est pas un fuseau horaire connu.")


class Territory(models.Model):
    """The ground of one PTSM: whole or part of one or several départements of one région."""

    code = models.CharField(
        "code",
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z-]*$", "Lettres, chiffres et tirets.")],
    )
    name = models.CharField("nom", max_length=120)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="territories", verbose_name="région"
    )
    time_zone = models.CharField(
        "fuseau horaire", max_length=40, default="Europe/Paris", validators=[known_time_zone]
    )
    is_fictional = models.BooleanField("territoire fictif", default=False)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        verbose_name_plural = "territoires"

    def __str__(self) -> str:
        return self.name

    def accounts(self) -> "models.QuerySet[User]":
        """The accounts that have a place there, or in its région, in force; by name."""
        places = Membership.objects.in_force().working_in(self).values("user")
        users: models.QuerySet[User] = get_user_model()._default_manager.filter(pk__in=places)
        return users.order_by("last_name", "first_name", "pk")

    def place_of(self, user: "User | None") -> Membership | None:
        """The place in force that an account was given in the territory itself; one query."""
        if user is None:
            return None
        return Membership.objects.in_force().of_territory(self).filter(user=user).first()

    def today(self, *, at: dt.datetime | None = None) -> dt.date:
        """The day it is there: overseas départements live in their own time."""
        return timezone.localdate(at, timezone=zoneinfo.ZoneInfo(self.time_zone))


class TerritoryPart(models.Model):
    """A département, or a part of one, that a territory covers."""

    territory = models.ForeignKey(
        Territory, on_delete=models.CASCADE, related_name="parts", verbose_name="territoire"
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="territory_parts",
        verbose_name="département",
    )
    is_whole = models.BooleanField("département entier", default=True)
    extent = models.CharField("étendue", max_length=200, blank=True)

    class Meta:
        verbose_name = "étendue d’un territoire"
        verbose_name_plural = "étendue des territoires"
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "department"], name="territories_part_once"
            ),
        ]

    def __str__(self) -> str:
        return self.department.name if self.is_whole else f"{self.department.name} (en partie)"
