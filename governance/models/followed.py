"""The communication plan and the prerequisites: lines that the lead follows until they are done."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from core.constraints import one_of
from governance.enums import FollowedList, FollowedState
from governance.models.directory import Person
from journal.tracing import TracedModel, TracedQuerySet
from territories.models import Project

if TYPE_CHECKING:
    from accounts.models import User

OPEN_STATES = (FollowedState.TO_DO, FollowedState.DOING)


class FollowedLineQuerySet(TracedQuerySet["FollowedLine"]):
    def visible_to(self, user: "User") -> Self:
        """Lines of the projects whose current state the user reads."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def of(self, project: Project, which: FollowedList) -> Self:
        """One list of a project, in the order that its lead gave it."""
        return self.filter(project=project, listed=which).order_by("rank", "pk")

    def with_place(self) -> Self:
        """With its project, territory and région: no further query."""
        return self.select_related("project__territory__region")

    def for_list(self) -> Self:
        """With who answers for each: no further query a row."""
        return self.select_related("responsible")

    def unfinished(self) -> Self:
        """Still to be done."""
        return self.filter(state__in=OPEN_STATES)

    def late(self, *, on: dt.date) -> Self:
        """Still to be done, and their date is past."""
        return self.unfinished().filter(due_on__lt=on)

    def by_date(self) -> Self:
        """What comes first, first; what has no date comes last."""
        return self.order_by(F("due_on").asc(nulls_last=True), "rank", "pk")


class FollowedLine(TracedModel):
    """One line of the communication plan, or one prerequisite."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="followed_lines", verbose_name="projet"
    )
    listed = models.CharField("liste", max_length=20, choices=FollowedList.choices)
    rank = models.PositiveIntegerField("rang", default=0)
    # The message of the plan, or what must be there before one starts.
    words = models.TextField("message ou prérequis", max_length=1000)
    audience = models.CharField("public visé", max_length=200, blank=True)
    medium = models.CharField("support", max_length=200, blank=True)
    due_on = models.DateField("échéance", null=True, blank=True)
    responsible = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="followed_lines",
        verbose_name="personne responsable",
    )
    # Kept when the person goes; or « l’équipe projet », « à désigner ».
    responsible_name = models.CharField("responsable", max_length=170, blank=True)
    state = models.CharField(
        "état", max_length=12, choices=FollowedState.choices, default=FollowedState.TO_DO
    )
    remark = models.TextField("remarque", max_length=1000, blank=True)

    objects = FollowedLineQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "ligne à suivre"
        verbose_name_plural = "lignes à suivre"
        constraints = [
            one_of("governance_followedline_known_state", "state", FollowedState, "état"),
            one_of("governance_followedline_known_list", "listed", FollowedList, "liste"),
            models.CheckConstraint(
                name="governance_followedline_dropped_says_why",
                condition=~Q(state=FollowedState.DROPPED) | ~Q(remark=""),
                violation_error_message="Une ligne abandonnée dit pourquoi dans sa remarque.",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "listed", "rank"], name="governance_followed_order"),
        ]

    def __str__(self) -> str:
        return self.words if len(self.words) <= 80 else f"{self.words[:79]}…"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def days_late(self, *, on: dt.date) -> int:
        """In days, zero when it is not late, done, dropped or without a date."""
        if self.due_on is None or not self.is_open:
            return 0
        return max((on - self.due_on).days, 0)
