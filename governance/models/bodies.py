"""Who steers: the bodies of a project, and who sits there from when to when."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from core.constraints import in_order, one_of
from governance.enums import BodyKind, Capacity, Gate, SeatRole
from governance.models.directory import Organisation, Person
from journal.tracing import TracedModel, TracedQuerySet
from territories.models import Project

if TYPE_CHECKING:
    from accounts.models import User


class BodyQuerySet(TracedQuerySet["Body"]):
    def visible_to(self, user: "User") -> Self:
        """Bodies of the projects whose current state the user reads."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def with_place(self) -> Self:
        """With its project, territory and région: no further query."""
        return self.select_related("project__territory__region")

    def of(self, project: Project) -> Self:
        """The bodies of a project, in the order that its lead gave them; ended ones last."""
        return self.filter(project=project).order_by(
            models.F("ended_on").desc(nulls_first=True), "rank", "pk"
        )

    def sitting(self, *, on: dt.date) -> Self:
        """Not ended by that day."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on))


class Body(TracedModel):
    """A COPIL, a work group, a plénière: what it is for, how often it meets."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="bodies", verbose_name="projet"
    )
    kind = models.CharField(
        "type d’instance", max_length=20, choices=BodyKind.choices, default=BodyKind.GROUP
    )
    name = models.CharField("nom", max_length=160)
    rank = models.PositiveSmallIntegerField("rang", default=0, editable=False)
    theme = models.CharField("thème", max_length=200, blank=True)
    gate = models.CharField("porte d’entrée", max_length=20, choices=Gate.choices, blank=True)
    mission = models.TextField("missions", blank=True)
    rhythm = models.CharField("rythme", max_length=120, blank=True)
    created_on = models.DateField("installée le", null=True, blank=True)
    ended_on = models.DateField("terminée le", null=True, blank=True)

    objects = BodyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "instance"
        verbose_name_plural = "instances"
        constraints = [
            one_of("governance_body_known_kind", "kind", BodyKind, "type d’instance"),
            models.CheckConstraint(
                name="governance_body_known_gate",
                condition=Q(gate="") | Q(gate__in=Gate.values),
                violation_error_message="Ce choix n’existe pas pour «\u00a0porte d’entrée\u00a0».",
            ),
            models.UniqueConstraint(
                fields=["project", "name"],
                name="governance_body_one_name",
                violation_error_message="Une instance porte déjà ce nom.",
            ),
            in_order(
                "governance_body_dates_in_order",
                "created_on",
                "ended_on",
                "Une instance ne peut pas finir avant son installation.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def described(self) -> str:
        """« Groupe de travail, logement »: what its name does not say already."""
        kind = str(self.get_kind_display())
        said = [] if kind == self.name else [kind]
        return ", ".join([*said, *([self.theme] if self.theme else [])])

    @property
    def is_presided(self) -> bool:
        """Somebody presides over it; groups and teams are led."""
        led = {BodyKind.TEAM, BodyKind.GROUP, BodyKind.PILOTS, BodyKind.OTHER}
        return self.kind not in led


class SeatQuerySet(TracedQuerySet["Seat"]):
    def visible_to(self, user: "User") -> Self:
        """Seats of the bodies that the user reads."""
        return self.filter(body__in=Body.objects.visible_to(user))

    def on(self, day: dt.date) -> Self:
        """The composition of that day: begun, and not over."""
        begun = Q(starts_on=None) | Q(starts_on__lte=day)
        return self.filter(begun, Q(ends_on=None) | Q(ends_on__gte=day))

    def in_order(self) -> Self:
        """As a composition is read: by rank, then by arrival."""
        return self.order_by("rank", "starts_on", "pk")

    def with_people(self) -> Self:
        """With who sits, for whom, and who replaces them: no further query."""
        return self.select_related(
            "person__organisation", "organisation", "substitute__organisation"
        )


class Seat(TracedModel):
    """A place in a body: who holds it, for whom, from when to when.

    One that nobody holds is vacant. Whoever leaves ends their seat; it stays readable, and prints
    the name that it kept.
    """

    body = models.ForeignKey(
        Body, on_delete=models.CASCADE, related_name="seats", verbose_name="instance"
    )
    role = models.CharField(
        "rôle", max_length=20, choices=SeatRole.choices, default=SeatRole.MEMBER
    )
    capacity = models.CharField(
        "qualité", max_length=20, choices=Capacity.choices, default=Capacity.OTHER
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name="personne",
    )
    # Kept when the person goes from the directory: papers of the past print it.
    person_name = models.CharField("nom gardé", max_length=170, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name="organisation",
    )
    organisation_name = models.CharField("organisation gardée", max_length=200, blank=True)
    substitute = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="seats_as_substitute",
        verbose_name="suppléant",
    )
    substitute_name = models.CharField("nom du suppléant gardé", max_length=170, blank=True)
    rank = models.PositiveSmallIntegerField("rang", default=0, editable=False)
    starts_on = models.DateField("depuis le", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    subject_model = "governance.body"
    subject_path = "body_id"

    objects = SeatQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "siège"
        verbose_name_plural = "sièges"
        constraints = [
            one_of("governance_seat_known_role", "role", SeatRole, "rôle"),
            one_of("governance_seat_known_capacity", "capacity", Capacity, "qualité"),
            in_order(
                "governance_seat_dates_in_order",
                "starts_on",
                "ends_on",
                "Un siège ne peut pas finir avant de commencer.",
            ),
        ]

    def __str__(self) -> str:
        who = self.person_name or "siège vacant"
        return f"{who} ({self.organisation_name})" if self.organisation_name else who

    @property
    def is_vacant(self) -> bool:
        """Nobody was ever named there."""
        return not self.person_id and not self.person_name
