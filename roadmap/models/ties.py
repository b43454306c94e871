"""What meetings say of the sheets: the tie belongs to the roadmap, which knows both."""

from django.db import models

from governance.models import AgendaItem, Decision
from journal.tracing import TracedModel


class AgendaSheet(TracedModel):
    """A sheet that an agenda item is about. Written in the meeting, as the item is."""

    item = models.ForeignKey(
        AgendaItem,
        on_delete=models.CASCADE,
        related_name="sheet_ties",
        verbose_name="point de l’ordre du jour",
    )
    action = models.ForeignKey(
        "roadmap.Action",
        on_delete=models.CASCADE,
        related_name="agenda_ties",
        verbose_name="fiche action",
    )

    subject_model = "governance.meeting"
    subject_path = "item__meeting_id"
    traced_with = ("item", "action")

    class Meta:
        verbose_name = "fiche d’un point"
        verbose_name_plural = "fiches des points"
        constraints = [
            models.UniqueConstraint(
                fields=["item", "action"],
                name="roadmap_agenda_sheet_once",
                violation_error_message="Cette fiche est déjà rattachée à ce point.",
            )
        ]

    def __str__(self) -> str:
        return f"fiche {self.action.number} pour «\u00a0{self.item}\u00a0»"


class DecisionSheet(TracedModel):
    """A sheet that a decision is about. Written in the project, as the decision is."""

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="sheet_ties", verbose_name="décision"
    )
    action = models.ForeignKey(
        "roadmap.Action",
        on_delete=models.CASCADE,
        related_name="decision_ties",
        verbose_name="fiche action",
    )

    subject_model = "governance.decision"
    subject_path = "decision_id"
    traced_with = ("decision", "action")

    class Meta:
        verbose_name = "fiche d’une décision"
        verbose_name_plural = "fiches des décisions"
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "action"],
                name="roadmap_decision_sheet_once",
                violation_error_message="Cette fiche est déjà rattachée à cette décision.",
            )
        ]

    def __str__(self) -> str:
        return f"fiche {self.action.number} pour la décision {self.decision.number}"
