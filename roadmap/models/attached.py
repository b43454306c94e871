"""What hangs on a sheet, or on one of its objectives: roles, money, indicators."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from core.constraints import one_of
from core.fields import FoldedField, FoldedModel, QuarterField
from governance.models import Organisation, Person
from journal.tracing import TracedModel
from roadmap.enums import PILOTING_ROLES, FundingState, IndicatorKind, RoleKind
from roadmap.models.objectives import Objective


class ActionRole(FoldedModel, TracedModel):
    """Who does what on a sheet: a person, an organisation, or a free text (`decisions.md` 4)."""

    action = models.ForeignKey(
        "roadmap.Action",
        on_delete=models.CASCADE,
        related_name="roles",
        verbose_name="fiche action",
    )
    objective = models.ForeignKey(
        Objective,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="roles",
        verbose_name="objectif",
    )
    kind = models.CharField("rôle", max_length=16, choices=RoleKind.choices)
    label = models.CharField("texte imprimé", max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="action_roles",
        verbose_name="organisation",
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="action_roles",
        verbose_name="personne",
    )
    position = models.PositiveSmallIntegerField("rang", default=0)
    folded = FoldedField(of=("label",))

    subject_model = "roadmap.action"
    subject_path = "action_id"
    traced_with = ("organisation", "person")

    class Meta:
        verbose_name = "rôle"
        verbose_name_plural = "rôles"
        constraints = [
            one_of("roadmap_role_known_kind", "kind", RoleKind, "rôle"),
            models.CheckConstraint(
                name="roadmap_role_names_somebody",
                condition=~Q(label="") | Q(organisation__isnull=False) | Q(person__isnull=False),
                violation_error_message="Un rôle nomme une personne, une organisation ou un texte.",
            ),
        ]

    def __str__(self) -> str:
        return self.printed

    def clean(self) -> None:
        _refuse_strangers(self, organisation=self.organisation, person=self.person)

    @property
    def printed(self) -> str:
        """What papers print: the label when there is one. Expects organisation and person."""
        return self.label or self.holder

    @property
    def holder(self) -> str:
        """Who holds it, whatever the label printed. Expects organisation and person."""
        return str(self.person or self.organisation or self.label)

    @property
    def code(self) -> str:
        """Who holds it, for filters kept in an address: « organisation:12 »."""
        if self.person_id is not None:
            return f"personne:{self.person_id}"
        if self.organisation_id is not None:
            return f"organisation:{self.organisation_id}"
        return f"texte:{self.label}"

    @property
    def is_piloting(self) -> bool:
        """Pilot, copilot or piloting group."""
        return self.kind in PILOTING_ROLES

    @property
    def names_somebody(self) -> bool:
        """A person or an organisation, and not a text such as « à déterminer »."""
        return self.organisation_id is not None or self.person_id is not None


class FundingLine(FoldedModel, TracedModel):
    """Money for a sheet: from whom, how much, how sure."""

    action = models.ForeignKey(
        "roadmap.Action",
        on_delete=models.CASCADE,
        related_name="funding_lines",
        verbose_name="fiche action",
    )
    objective = models.ForeignKey(
        Objective,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="funding_lines",
        verbose_name="objectif",
    )
    label = models.CharField("financeur imprimé", max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="funding_lines",
        verbose_name="financeur",
    )
    source = models.CharField("enveloppe", max_length=80, blank=True)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    amount = models.DecimalField(
        "montant en euros", max_digits=12, decimal_places=2, null=True, blank=True
    )
    state = models.CharField(
        "état", max_length=10, choices=FundingState.choices, default=FundingState.CONSIDERED
    )
    position = models.PositiveSmallIntegerField("rang", default=0)
    folded = FoldedField(of=("label", "source"))

    subject_model = "roadmap.action"
    subject_path = "action_id"
    traced_with = ("organisation",)

    class Meta:
        verbose_name = "ligne de financement"
        verbose_name_plural = "lignes de financement"
        constraints = [
            one_of("roadmap_funding_known_state", "state", FundingState, "état"),
            models.CheckConstraint(
                name="roadmap_funding_amount_not_negative",
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
            models.CheckConstraint(
                name="roadmap_funding_names_a_funder",
                condition=~Q(label="") | Q(organisation__isnull=False),
                violation_error_message="Une ligne de financement nomme son financeur.",
            ),
        ]

    def __str__(self) -> str:
        return self.printed

    def clean(self) -> None:
        _refuse_strangers(self, organisation=self.organisation)

    @property
    def printed(self) -> str:
        """The funder as printed, with its envelope: « ARS (FIR) ». Expects organisation."""
        funder = self.label or str(self.organisation or "")
        return f"{funder} ({self.source})" if self.source else funder


class ActionIndicator(FoldedModel, TracedModel):
    """How a sheet will be judged: what is counted, from where, to where."""

    action = models.ForeignKey(
        "roadmap.Action",
        on_delete=models.CASCADE,
        related_name="indicators",
        verbose_name="fiche action",
    )
    objective = models.ForeignKey(
        Objective,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name="objectif",
    )
    kind = models.CharField(
        "nature", max_length=12, choices=IndicatorKind.choices, default=IndicatorKind.OUTPUT
    )
    label = models.TextField("indicateur")
    value = models.CharField("valeur actuelle", max_length=80, blank=True)
    target = models.CharField("cible", max_length=80, blank=True)
    target_quarter = QuarterField("échéance", null=True, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)
    folded = FoldedField(of=("label",))

    subject_model = "roadmap.action"
    subject_path = "action_id"

    class Meta:
        verbose_name = "indicateur de fiche"
        verbose_name_plural = "indicateurs de fiche"
        constraints = [one_of("roadmap_indicator_known_kind", "kind", IndicatorKind, "nature")]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        _refuse_strangers(self)


def _refuse_strangers(
    row: ActionRole | FundingLine | ActionIndicator, **named: Organisation | Person | None
) -> None:
    """Refuse the objective of another sheet, and whom another territory knows.

    Says nothing of the territory while the sheet has no project: its own form does.
    """
    errors = {}
    if row.objective and row.objective.action_id != row.action_id:
        errors["objective"] = "Cet objectif est celui d’une autre fiche."
    if row.action.project_id is not None:
        territory = row.action.project.territory_id
        for field, holder in named.items():
            if holder and holder.territory_id != territory:
                errors[field] = f"« {holder} » n’est pas dans l’annuaire de ce territoire."
    if errors:
        raise ValidationError(errors)
