"""What was decided, by whom, until when: followed until it is closed."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from core.constraints import one_of
from core.fields import FoldedField, FoldedModel
from core.text import NBSP, counted, fold
from governance.enums import DecisionState
from governance.models.bodies import Body
from governance.models.directory import Person
from governance.models.meetings import AgendaItem, Meeting
from journal.tracing import TracedModel, TracedQuerySet
from territories.models import Project

if TYPE_CHECKING:
    from accounts.models import User


class DecisionQuerySet(TracedQuerySet["Decision"]):
    def visible_to(self, user: "User") -> Self:
        """Decisions of the projects whose current state the user reads."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def with_place(self) -> Self:
        """With its project, territory and région: no further query."""
        return self.select_related("project__territory__region")

    def of(self, project: Project) -> Self:
        """The register of a project, the latest number first."""
        return self.filter(project=project).order_by("-number")

    def open(self) -> Self:
        """Still to be done."""
        return self.filter(state=DecisionState.OPEN)

    def late(self, *, on: dt.date) -> Self:
        """Open past their day."""
        return self.open().filter(due_on__lt=on)

    def of_body(self, body: Body) -> Self:
        """Taken by that body, whatever the meeting."""
        return self.filter(body=body)

    def with_words(self, words: str) -> Self:
        """Whose text, responsible or result holds each of these words; a number finds its own."""
        found = self
        for word in fold(words).split():
            is_number = Q(number=int(word)) if word.isdecimal() and len(word) < 9 else Q(pk__in=[])
            found = found.filter(Q(folded__contains=word) | is_number)
        return found

    def for_list(self) -> Self:
        """With its body and meeting: no further query a row."""
        return self.select_related("body", "meeting__body", "responsible")


class Decision(FoldedModel, TracedModel):
    """One decision of one body, numbered once and for all in its project."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="decisions", verbose_name="projet"
    )
    number = models.PositiveIntegerField("numéro")
    text = models.TextField("décision")
    body = models.ForeignKey(
        Body,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="instance",
    )
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="réunion",
    )
    # Under which point of that meeting it was written.
    item = models.ForeignKey(
        AgendaItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions_taken",
        verbose_name="point de l’ordre du jour",
    )
    decided_on = models.DateField("décidée le")
    responsible = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="responsable",
    )
    # Kept when the person goes; or « le COPIL », « à désigner ».
    responsible_name = models.CharField("responsable", max_length=170, blank=True)
    due_on = models.DateField("échéance", null=True, blank=True)
    state = models.CharField(
        "état", max_length=12, choices=DecisionState.choices, default=DecisionState.OPEN
    )
    closed_on = models.DateField("close le", null=True, blank=True)
    closing_words = models.TextField("motif ou résultat", blank=True)
    folded = FoldedField(of=("text", "responsible_name", "closing_words"))

    objects = DecisionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "décision"
        verbose_name_plural = "décisions"
        constraints = [
            one_of("governance_decision_known_state", "state", DecisionState, "état"),
            models.UniqueConstraint(
                fields=["project", "number"],
                name="governance_decision_one_number",
                violation_error_message="Ce numéro de décision est déjà pris.",
            ),
            models.CheckConstraint(
                name="governance_decision_dropped_says_why",
                condition=~Q(state=DecisionState.DROPPED) | ~Q(closing_words=""),
                violation_error_message="Une décision abandonnée dit pourquoi.",
            ),
            models.CheckConstraint(
                name="governance_decision_closed_has_its_day",
                condition=Q(state=DecisionState.OPEN, closed_on=None)
                | ~Q(state=DecisionState.OPEN) & Q(closed_on__isnull=False),
                violation_error_message="Une décision close a sa date.",
            ),
        ]

    def __str__(self) -> str:
        return f"Décision {self.number}"

    @property
    def is_open(self) -> bool:
        return self.state == DecisionState.OPEN

    def days_late(self, on: dt.date) -> int:
        """How long it has been due, were it not done; zero when it is closed, or not due yet."""
        if not self.is_open or self.due_on is None:
            return 0
        return max((on - self.due_on).days, 0)

    def lateness_told(self, on: dt.date) -> str:
        """« en retard de 12 jours », nothing when it is not late."""
        days = self.days_late(on)
        return f"en retard de{NBSP}{counted(days, 'jour')}" if days else ""
