"""PTSM projects, one generation after the other, and their formal acts."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from core.constraints import in_order, one_of
from core.fields import QuarterField
from core.quarters import Quarter, span
from core.text import day_in_words
from journal.tracing import TracedModel, TracedQuerySet
from territories.enums import (
    ActKind,
    Stage,
)
from territories.models.places import Territory, worked_on_by

if TYPE_CHECKING:
    from accounts.models import User


class ProjectQuerySet(TracedQuerySet["Project"]):
    def visible_to(self, user: "User") -> Self:
        """Projects whose current state the user reads."""
        return self.filter(worked_on_by(user, territory="territory"))

    def known_to(self, user: "User") -> Self:
        """Projects of every territory that the user reaches: that they exist, and no more."""
        return self.filter(territory__in=Territory.objects.visible_to(user))

    def with_place(self) -> Self:
        """With its territory and région, for pages: no further query."""
        return self.select_related("territory__region")

    def latest_first(self) -> Self:
        """The latest generation of each territory first."""
        return self.order_by("territory__code", "-generation", "-pk")

    def latest_of_each(self) -> Self:
        """The latest generation of each territory, and no other."""
        later = Project.objects.filter(
            territory=OuterRef("territory"), generation__gt=OuterRef("generation")
        )
        return self.filter(~Exists(later))

    def of(self, territory: Territory) -> Self:
        return self.filter(territory=territory).order_by("-generation", "-pk")


class Project(TracedModel):
    """One generation of a territory's PTSM. Its roadmap is its action sheets."""

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="projects", verbose_name="territoire"
    )
    generation = models.PositiveSmallIntegerField("génération", default=1)
    title = models.CharField("titre", max_length=200)
    author = models.CharField("établi par", max_length=200, blank=True)
    edition = models.CharField("édition", max_length=80, blank=True)
    source = models.TextField("source", blank=True)
    stage = models.CharField("étape", max_length=20, choices=Stage.choices, default=Stage.FRAMING)
    starts_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)
    planning_first = QuarterField("premier trimestre du planning", null=True, blank=True)
    planning_last = QuarterField("dernier trimestre du planning", null=True, blank=True)
    predecessor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name="projet précédent",
    )
    revision = models.PositiveIntegerField("révision", default=0, editable=False)
    changed_at = models.DateTimeField("modifié le", default=timezone.now, editable=False)

    objects = ProjectQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "projet territorial de santé mentale"
        verbose_name_plural = "projets territoriaux de santé mentale"
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "generation"],
                name="territories_project_one_generation",
                violation_error_message="Cette génération existe déjà pour ce territoire.",
            ),
            in_order(
                "territories_project_dates_in_order",
                "starts_on",
                "ends_on",
                "La fin du projet ne peut pas précéder son début.",
            ),
            in_order(
                "territories_project_planning_in_order",
                "planning_first",
                "planning_last",
                "Le planning ne peut pas finir avant de commencer.",
            ),
            one_of("territories_project_known_stage", "stage", Stage, "étape"),
        ]

    def __str__(self) -> str:
        return self.title

    def mark_changed(self, *, at: dt.datetime | None = None) -> int:
        """Say that something that papers print was written; gives the new revision.

        They print this date as « état au ». `territories.writing` does it for every gesture: one
        query, three when the row in hand was of an earlier revision.
        """
        self.changed_at = at or timezone.now()
        return self._revise(changed_at=self.changed_at)

    def raise_revision(self) -> int:
        """Say that something was written that no paper prints; gives the new revision.

        Screens follow the revision; papers stay those of the same day.
        """
        return self._revise()

    def _revise(self, **stamps: dt.datetime) -> int:
        present = Project.objects.filter(pk=self.pk)
        following = self.revision + 1
        # Under the lock of `writing` it always is: nothing to read again.
        if present.filter(revision=self.revision).update(revision=following, **stamps):
            self.revision = following
            return following
        present.update(revision=F("revision") + 1, **stamps)
        self.revision = present.values_list("revision", flat=True).first() or self.revision
        return self.revision

    @property
    def scope(self) -> str:
        """How the journal names the place."""
        return f"{self._meta.label_lower}:{self.pk}"

    def act_in_force(self, *, on: dt.date) -> "FormalAct | None":
        """The latest order that had made it official by that day, if any; one query."""
        orders = self.acts.filter(
            kind__in=[ActKind.PROJECT_ORDER, ActKind.REVISION], dated_on__lte=on
        )
        return orders.order_by("-dated_on", "-pk").first()

    @property
    def changed_on(self) -> dt.date:
        """The day of the last change, in the territory's own time. Expects the territory."""
        return self.territory.today(at=self.changed_at)

    @property
    def planning_quarters(self) -> tuple[Quarter, ...]:
        """The columns of the planning; none while its window is unknown."""
        if self.planning_first is None or self.planning_last is None:
            return ()
        return span(self.planning_first, self.planning_last)

    @property
    def title_and_period(self) -> str:
        """The title, with its years unless it already says them."""
        if not self.period or self.period in self.title:
            return self.title
        return f"{self.title}, {self.period}"

    @property
    def period(self) -> str:
        """« 2024-2029 », or nothing while the dates are unknown."""
        if self.starts_on is None or self.ends_on is None:
            return ""
        return f"{self.starts_on.year}-{self.ends_on.year}"


class FormalAct(models.Model):
    """An act that makes the project official: order, opinion, signature, publication."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="acts", verbose_name="projet"
    )
    kind = models.CharField("nature", max_length=20, choices=ActKind.choices)
    dated_on = models.DateField("date")
    reference = models.CharField("référence", max_length=200, blank=True)

    class Meta:
        verbose_name = "acte"
        verbose_name_plural = "actes"
        constraints = [one_of("territories_act_known_kind", "kind", ActKind, "nature")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.dated_on:%d/%m/%Y}"

    @property
    def short_name(self) -> str:
        """« Arrêté du 3 mars 2026 », « Révision du 2 mai 2027 »: an order, on papers."""
        name = "Révision" if self.kind == ActKind.REVISION else "Arrêté"
        return f"{name} du {day_in_words(self.dated_on)}"
