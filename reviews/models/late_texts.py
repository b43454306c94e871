"""What was still being typed when a campaign was closed."""

from typing import Self

from django.db import models
from django.utils import timezone

from reviews.models.campaigns import Campaign
from reviews.models.respondents import Respondent
from reviews.models.updates import Update


class LateTextQuerySet(models.QuerySet["LateText"]):
    def of(self, campaign: Campaign) -> Self:
        """Those of one campaign, by number of sheet; one query, sheets included."""
        theirs = self.filter(update__campaign=campaign).select_related("update__action")
        return theirs.order_by("update__action__number", "written_at", "pk")

    def in_order(self) -> Self:
        """As they came."""
        return self.order_by("written_at", "pk")


class LateText(models.Model):
    """The last words of an answer, refused because its campaign had just been closed.

    No part of the frozen answer, which does not change: kept beside it, so that whoever leads the
    review reads them. One a person and a sheet: the latest. Not traced: it is itself the trace.
    """

    update = models.ForeignKey(
        Update, on_delete=models.CASCADE, related_name="late_texts", verbose_name="réponse"
    )
    respondent = models.ForeignKey(
        Respondent,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="répondant",
    )
    signed = models.CharField("signé", max_length=400)
    text = models.TextField("texte")
    written_at = models.DateTimeField("arrivé le", default=timezone.now)

    objects = LateTextQuerySet.as_manager()

    class Meta:
        verbose_name = "mot arrivé après la clôture"
        verbose_name_plural = "mots arrivés après la clôture"
        constraints = [
            models.UniqueConstraint(
                fields=["update", "signed"],
                name="reviews_late_text_once",
                violation_error_message="Ce mot est déjà gardé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signed} · {self.update}"
