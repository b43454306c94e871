"""Under what a sheet is sorted, besides its main priority."""

from django.db import models

from journal.tracing import TracedModel
from roadmap.models.reference import Priority, Theme


class SecondaryPriority(TracedModel):
    """A priority of the decree that a sheet serves too."""

    action = models.ForeignKey(
        "roadmap.Action",
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name="fiche action",
    )
    priority = models.ForeignKey(
        Priority, on_delete=models.CASCADE, related_name="+", verbose_name="priorité secondaire"
    )

    subject_model = "roadmap.action"
    subject_path = "action_id"
    traced_with = ("priority",)

    class Meta:
        verbose_name = "priorité secondaire"
        verbose_name_plural = "priorités secondaires"
        constraints = [
            models.UniqueConstraint(
                fields=["action", "priority"],
                name="roadmap_secondary_once",
                violation_error_message="Cette priorité est déjà sur la fiche.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.priority)


class ActionTheme(TracedModel):
    """A theme of the ANAP under which a sheet is sorted."""

    action = models.ForeignKey(
        "roadmap.Action",
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name="fiche action",
    )
    theme = models.ForeignKey(
        Theme, on_delete=models.CASCADE, related_name="+", verbose_name="thème de l’ANAP"
    )

    subject_model = "roadmap.action"
    subject_path = "action_id"
    traced_with = ("theme",)

    class Meta:
        verbose_name = "thème de fiche"
        verbose_name_plural = "thèmes de fiche"
        constraints = [
            models.UniqueConstraint(
                fields=["action", "theme"],
                name="roadmap_theme_once",
                violation_error_message="Ce thème est déjà sur la fiche.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.theme)
