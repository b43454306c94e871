"""Every mail of a campaign, sent or failed."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.constraints import one_of
from core.models import Mail
from reviews.enums import LetterKind
from reviews.models.campaigns import Campaign
from reviews.models.respondents import Respondent


class LetterQuerySet(models.QuerySet["Letter"]):
    def for_list(self) -> Self:
        """With the mail and whom it is for, the latest first: no further query a row."""
        return self.select_related("mail", "respondent").order_by("-written_at", "-pk")


class Letter(models.Model):
    """One mail to one person, and why it left.

    `occasion` tells apart those of one kind (« J-14 », the key of an answer): the base refuses
    that the same person be written to twice for one occasion, however many clocks tick. Not
    traced: it is itself the trace of what left.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="letters", verbose_name="revue"
    )
    respondent = models.ForeignKey(
        Respondent,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name="répondant",
    )
    kind = models.CharField("nature", max_length=12, choices=LetterKind.choices)
    occasion = models.CharField("occasion", max_length=80, blank=True)
    mail = models.OneToOneField(
        Mail, on_delete=models.PROTECT, related_name="review_letter", verbose_name="courriel"
    )
    written_at = models.DateTimeField("écrit le", default=timezone.now)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel de revue"
        verbose_name_plural = "courriels de revue"
        constraints = [
            one_of("reviews_letter_known_kind", "kind", LetterKind, "nature"),
            models.UniqueConstraint(
                fields=["respondent", "kind", "occasion"],
                condition=Q(respondent__isnull=False) & ~Q(occasion=""),
                name="reviews_letter_once",
                violation_error_message="Ce courriel est déjà parti.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.mail}"
