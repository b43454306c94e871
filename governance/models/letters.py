"""The framing letter: its versions, their parts, and what the framing phase must settle."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

from core.constraints import one_of
from documents.models import Attachment
from governance.enums import FramingMeans, LetterPart, LetterState, PartState
from journal.tracing import TracedModel, TracedQuerySet
from territories.models import Project

if TYPE_CHECKING:
    from accounts.models import User


class FramingLetterQuerySet(TracedQuerySet["FramingLetter"]):
    def visible_to(self, user: "User") -> Self:
        """Letters of the projects whose current state the user reads."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def with_place(self) -> Self:
        """With its project, territory, région and scan: no further query."""
        return self.select_related("project__territory__region", "scan")

    def of(self, project: Project) -> Self:
        """The versions of a project's letter, the latest first."""
        return self.filter(project=project).order_by("-number")


class FramingLetter(TracedModel):
    """One version of the letter that opens the process: written, proposed, then signed.

    A signed one never changes; a proposed one goes back to its writing with a reason.
    """

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="framing_letters", verbose_name="projet"
    )
    number = models.PositiveSmallIntegerField("version")
    state = models.CharField(
        "état", max_length=12, choices=LetterState.choices, default=LetterState.DRAFT
    )
    proposed_on = models.DateField("proposée le", null=True, blank=True)
    signed_on = models.DateField("signée le", null=True, blank=True)
    signed_at = models.CharField("signée à", max_length=120, blank=True)
    scan = models.ForeignKey(
        Attachment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signed_letters",
        verbose_name="exemplaire signé",
    )
    # What the application knew of the territory and its bodies on the day it was proposed.
    facts = models.JSONField("état figé", null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField("révision", default=0, editable=False)

    objects = FramingLetterQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "lettre de cadrage"
        verbose_name_plural = "lettres de cadrage"
        constraints = [
            one_of("governance_letter_known_state", "state", LetterState, "état"),
            models.UniqueConstraint(
                fields=["project", "number"],
                name="governance_letter_one_number",
                violation_error_message="Cette version de la lettre existe déjà.",
            ),
            models.CheckConstraint(
                name="governance_letter_signed_says_when",
                condition=Q(state=LetterState.SIGNED, signed_on__isnull=False, scan__isnull=False)
                & ~Q(signed_at="")
                | ~Q(state=LetterState.SIGNED) & Q(signed_on=None, scan=None, signed_at=""),
                violation_error_message="Une lettre signée a sa date, son lieu et son exemplaire.",
            ),
            models.CheckConstraint(
                name="governance_letter_proposed_is_frozen",
                condition=Q(state=LetterState.DRAFT, facts=None, proposed_on=None)
                | ~Q(state=LetterState.DRAFT)
                & Q(facts__isnull=False)
                & Q(proposed_on__isnull=False),
                violation_error_message="Une lettre proposée garde ce qu’elle dit.",
            ),
        ]

    def __str__(self) -> str:
        return f"Lettre de cadrage, version {self.number}"

    @property
    def scope(self) -> str:
        """How the journal names the place."""
        return f"{self._meta.label_lower}:{self.pk}"

    @property
    def is_draft(self) -> bool:
        """Whether it can still be written."""
        return self.state == LetterState.DRAFT

    @property
    def is_signed(self) -> bool:
        """Whether it will never change again."""
        return self.state == LetterState.SIGNED

    def revise(self) -> int:
        """Say that something was written in it; gives the new revision. Two queries."""
        rows: models.QuerySet[Any] = FramingLetter.objects.filter(pk=self.pk)
        rows.update(revision=F("revision") + 1)
        kept = rows.values_list("revision", flat=True).first()
        self.revision = self.revision if kept is None else kept
        return self.revision


class LetterSectionQuerySet(TracedQuerySet["LetterSection"]):
    def waiting(self) -> Self:
        """Those that nobody has read yet."""
        return self.filter(state=PartState.TO_READ)


class LetterSection(TracedModel):
    """One part of one version: a rich text, and lines when the part has a list of its own.

    Lines are one a row, their columns parted by « | »: commitments, signatories, steps, or the
    duration in months. History, conflicts and comparisons read them as they are.
    """

    letter = models.ForeignKey(
        FramingLetter, on_delete=models.CASCADE, related_name="sections", verbose_name="lettre"
    )
    part = models.CharField("partie", max_length=16, choices=LetterPart.choices)
    state = models.CharField(
        "état", max_length=12, choices=PartState.choices, default=PartState.TO_READ
    )
    text = models.TextField("texte", blank=True)
    lines = models.TextField("lignes", blank=True)

    subject_model = "governance.framingletter"
    subject_path = "letter_id"

    objects = LetterSectionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "partie de la lettre"
        verbose_name_plural = "parties de la lettre"
        constraints = [
            one_of("governance_section_known_part", "part", LetterPart, "partie"),
            one_of("governance_section_known_state", "state", PartState, "état"),
            models.UniqueConstraint(
                fields=["letter", "part"],
                name="governance_section_once",
                violation_error_message="Cette partie est déjà dans la lettre.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_part_display()

    @property
    def rows(self) -> list[list[str]]:
        """Its lines, cut in columns."""
        return [[cell.strip() for cell in line.split("|")] for line in self.lines.splitlines()]


class FramingCheckQuerySet(TracedQuerySet["FramingCheck"]):
    def of(self, project: Project) -> Self:
        """What was followed for a project."""
        return self.filter(project=project).order_by("pk")


class FramingCheck(TracedModel):
    """One thing that the framing phase must settle, followed for the project."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="framing_checks", verbose_name="projet"
    )
    means = models.CharField("moyen", max_length=16, choices=FramingMeans.choices)
    is_done = models.BooleanField("réuni", default=False)
    note = models.CharField("précision", max_length=300, blank=True)

    objects = FramingCheckQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "moyen du cadrage"
        verbose_name_plural = "moyens du cadrage"
        constraints = [
            one_of("governance_check_known_means", "means", FramingMeans, "moyen"),
            models.UniqueConstraint(
                fields=["project", "means"],
                name="governance_check_once",
                violation_error_message="Ce moyen est déjà suivi.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_means_display()
