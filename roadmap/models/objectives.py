"""Operational objectives and the quarters in which they are planned."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from core.constraints import in_order, one_of
from core.fields import FoldedField, FoldedModel, QuarterField
from core.quarters import Quarter
from journal.tracing import TracedModel, TracedQuerySet
from roadmap.enums import CellState, ObjectiveKind, ObjectiveState

# Of an objective or of a sheet: above any real one, below what a page can show.
LONGEST_TITLE = 4_000

# What a row of the planning says: a state (`CellState`) by quarter, in order.
Cells = Mapping[int, str]


class CellsField(models.JSONField):
    """Cells as the base gathers them: an object whose names are quarters, or nothing."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Cells:
        gathered = super().from_db_value(value, expression, connection) or {}
        return {int(quarter): gathered[quarter] for quarter in sorted(gathered)}


class CellsOf(Subquery):
    """The cells of each row, gathered by the base in one value.

    A grid has thousands: to make a row of Python of each cost more than all the rest of its page.
    """

    template = "(SELECT jsonb_object_agg(cell.quarter, cell.state) FROM (%(subquery)s) cell)"
    output_field = CellsField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = self.template.replace("jsonb_object_agg", "json_group_object")
        return self.as_sql(compiler, connection, template=template, **extra)


class ObjectiveQuerySet(TracedQuerySet["Objective"]):
    def with_cells(self) -> Self:
        """With what they say in each quarter (`cells`): no further query."""
        cells = PlannedQuarter.objects.filter(objective=OuterRef("pk"))
        return self.annotate(cells=CellsOf(cells.values("quarter", "state")))


class Objective(FoldedModel, TracedModel):
    """One row of a sheet: an objectif opérationnel, or a « Projet N » that groups some.

    Two wordings, since booklets print one in the recapitulative table and another in the
    planning (`decisions.md` 2): `summary_*` when part 1 differs, `title` and `label` otherwise.
    """

    action = models.ForeignKey(
        "roadmap.Action",
        on_delete=models.CASCADE,
        related_name="objectives",
        verbose_name="fiche action",
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="projet",
    )
    kind = models.CharField(
        "nature", max_length=10, choices=ObjectiveKind.choices, default=ObjectiveKind.OBJECTIVE
    )
    position = models.PositiveSmallIntegerField("rang", default=0)
    label = models.CharField("repère imprimé", max_length=30, blank=True)
    title = models.TextField("intitulé")
    summary_label = models.CharField("repère au récapitulatif", max_length=30, blank=True)
    summary_title = models.TextField("intitulé au récapitulatif", blank=True)
    in_summary = models.BooleanField("figure au récapitulatif", default=True)
    in_planning = models.BooleanField("figure au planning", default=True)
    state = models.CharField(
        "état", max_length=10, choices=ObjectiveState.choices, default=ObjectiveState.TODO
    )
    planning_note = models.CharField("texte sur les trimestres", max_length=300, blank=True)
    note_first = QuarterField("premier trimestre du texte", null=True, blank=True)
    note_last = QuarterField("dernier trimestre du texte", null=True, blank=True)
    folded = FoldedField(of=("title", "summary_title", "planning_note"))

    objects = ObjectiveQuerySet.as_manager()  # type: ignore[misc]

    subject_model = "roadmap.action"
    subject_path = "action_id"

    class Meta:
        verbose_name = "objectif opérationnel"
        verbose_name_plural = "objectifs opérationnels"
        constraints = [
            one_of("roadmap_objective_known_kind", "kind", ObjectiveKind, "nature"),
            one_of("roadmap_objective_known_state", "state", ObjectiveState, "état"),
            models.CheckConstraint(
                name="roadmap_objective_project_on_top",
                condition=Q(kind=ObjectiveKind.OBJECTIVE) | Q(parent=None),
                violation_error_message="Un projet ne peut pas être rangé sous un autre projet.",
            ),
            models.CheckConstraint(
                name="roadmap_objective_not_its_own_parent",
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                violation_error_message="Un objectif ne peut pas être rangé sous lui-même.",
            ),
            in_order(
                "roadmap_objective_note_in_order",
                "note_first",
                "note_last",
                "Le texte ne peut pas finir avant de commencer.",
            ),
        ]

    def __str__(self) -> str:
        return self.printed

    def clean(self) -> None:
        """Refuse what no list of the sheet would show; up to two queries."""
        if self.parent and (not self.parent.is_project or self.parent.action_id != self.action_id):
            raise ValidationError(
                {"parent": "Un objectif se range sous un projet de la même fiche."}
            )
        if self.pk and self._leaves_its_own():
            raise ValidationError(
                "Cette ligne groupe des objectifs : elle reste un projet de leur fiche."
            )

    def _leaves_its_own(self) -> bool:
        """Whether rows grouped here would be left on another sheet, or under no « Projet »."""
        left = (
            self.children.exclude(action=self.action_id) if self.is_project else self.children.all()
        )
        return left.exists()

    @cached_property
    def cells(self) -> Cells:
        """What it says in each quarter; one query, none when loaded `with_cells()`."""
        cells = self.planned_quarters.order_by("quarter")
        return dict(cells.values_list("quarter", "state"))

    @property
    def is_project(self) -> bool:
        """A « Projet N » row."""
        return self.kind == ObjectiveKind.PROJECT

    @cached_property
    def last_planned(self) -> int | None:
        """The last quarter planned; one marked « décalé » counts when no other replaced it.

        No query when loaded `with_cells()`, nor by `LAST_PLANNED`, which says it without them.
        """
        kept = [quarter for quarter, state in self.cells.items() if state != CellState.SLIPPED]
        return max(kept or self.cells, default=None)

    @property
    def printed(self) -> str:
        """As the planning prints it: « 1) Créer… », « Projet 2 : Travail… »."""
        return self._with_label(self.label, self.title)

    @property
    def printed_in_summary(self) -> str:
        """As the recapitulative table prints it."""
        return self._with_label(self.label_in_summary, self.title_in_summary)

    @property
    def title_in_summary(self) -> str:
        return self.summary_title or self.title

    @property
    def label_in_summary(self) -> str:
        return self.summary_label or self.label

    def _with_label(self, label: str, title: str) -> str:
        if not label:
            return title
        return f"{label} : {title}" if self.is_project else f"{label} {title}"


# `Objective.last_planned`, worked out by the base: `annotate(**LAST_PLANNED)`.
LAST_PLANNED = {
    "last_planned": Coalesce(
        Max("planned_quarters__quarter", filter=~Q(planned_quarters__state=CellState.SLIPPED)),
        Max("planned_quarters__quarter"),
    )
}


class PlannedQuarter(TracedModel):
    """One cell of the planning: an objective is planned, done or slipped in a quarter."""

    objective = models.ForeignKey(
        Objective,
        on_delete=models.CASCADE,
        related_name="planned_quarters",
        verbose_name="objectif",
    )
    quarter = QuarterField("trimestre")
    state = models.CharField(
        "état", max_length=10, choices=CellState.choices, default=CellState.PLANNED
    )

    subject_model = "roadmap.action"
    subject_path = "objective__action_id"
    traced_with = ("objective",)

    class Meta:
        verbose_name = "trimestre prévu"
        verbose_name_plural = "trimestres prévus"
        constraints = [
            models.UniqueConstraint(
                fields=["objective", "quarter"],
                name="roadmap_cell_once",
                violation_error_message="Ce trimestre est déjà prévu pour cet objectif.",
            ),
            one_of("roadmap_cell_known_state", "state", CellState, "état"),
        ]

    def __str__(self) -> str:
        return f"{Quarter(self.quarter)} {self.get_state_display()}"
