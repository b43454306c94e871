"""What each user may do, and where."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from territories.enums import LEADING_ROLES, ROLES_OF_SCOPE, Role, Scope

if TYPE_CHECKING:
    from territories.models.places import Territory


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self) -> Self:
        """Those that give their rights: a suspended one gives none. Every right asks this."""
        return self.filter(suspended_at=None)

    def suspended(self) -> Self:
        """Those that were taken away for a while."""
        return self.exclude(suspended_at=None)

    def leading(self) -> Self:
        """In force, of a role that leads, held by an account that is open."""
        return self.in_force().filter(role__in=LEADING_ROLES, user__is_active=True)

    def of_territory(self, territory: "Territory") -> Self:
        """Given in the territory itself."""
        return self.filter(scope=Scope.TERRITORY, territory=territory)

    def working_in(self, territory: "Territory") -> Self:
        """Given in the territory or, for whoever works there too, in its région."""
        return self.filter(
            Q(scope=Scope.TERRITORY, territory=territory)
            | Q(scope=Scope.REGION, region=territory.region_id)
        )

    def reaching(self, territory: Any, region: Any) -> Self:
        """Whose scope covers that territory, of that région: keys, or what leads to them."""
        return self.filter(
            Q(scope=Scope.TERRITORY, territory=territory)
            | Q(scope=Scope.REGION, region=region)
            | Q(scope=Scope.NATIONAL)
        )

    def for_list(self) -> Self:
        """With the account, its invitation and that one's mail: no further query a row."""
        return self.select_related(
            "user__invitation__link",
            "user__invitation__mail",
            "user__invitation__user",
            "suspended_by",
        ).order_by("pk")


class Membership(models.Model):
    """What one user may do in one scope."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name="utilisateur",
    )
    scope = models.CharField("portée", max_length=12, choices=Scope.choices)
    region = models.ForeignKey(
        "territories.Region",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="région",
    )
    territory = models.ForeignKey(
        "territories.Territory",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="territoire",
    )
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    created_at = models.DateTimeField("depuis le", default=timezone.now)
    suspended_at = models.DateTimeField("suspendue le", null=True, blank=True)
    suspended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="memberships_suspended",
        verbose_name="suspendue par",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "appartenance"
        verbose_name_plural = "appartenances"
        constraints = [
            models.CheckConstraint(
                name="territories_membership_scope_has_its_place",
                condition=Q(scope=Scope.NATIONAL, region=None, territory=None)
                | Q(scope=Scope.REGION, region__isnull=False, territory=None)
                | Q(scope=Scope.TERRITORY, region=None, territory__isnull=False),
                violation_error_message=(
                    "La portée demande sa région ou son territoire, rien d’autre."
                ),
            ),
            models.CheckConstraint(
                name="territories_membership_role_fits_scope",
                condition=Q(
                    *(
                        Q(scope=scope, role__in=sorted(roles))
                        for scope, roles in ROLES_OF_SCOPE.items()
                    ),
                    _connector=Q.OR,
                ),
                violation_error_message="Ce rôle n’existe pas pour cette portée.",
            ),
            models.UniqueConstraint(
                fields=["user", "territory"],
                condition=Q(scope=Scope.TERRITORY),
                name="territories_membership_one_per_territory",
                violation_error_message="Cette personne appartient déjà à ce territoire.",
            ),
            models.UniqueConstraint(
                fields=["user", "region"],
                condition=Q(scope=Scope.REGION),
                name="territories_membership_one_per_region",
                violation_error_message="Cette personne appartient déjà à cette région.",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(scope=Scope.NATIONAL),
                name="territories_membership_one_national",
                violation_error_message="Cette personne a déjà une portée nationale.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    @property
    def is_suspended(self) -> bool:
        """Whether it gives no right for now."""
        return self.suspended_at is not None
