"""Whom a campaign asks, about what, and the links that let them answer."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import AccessLink
from governance.models import Person
from journal.tracing import TracedModel, TracedQuerySet
from reviews.models.campaigns import Campaign


class RespondentQuerySet(TracedQuerySet["Respondent"]):
    def reachable(self) -> Self:
        """With an address to write to."""
        return self.exclude(email="")

    def in_order(self) -> Self:
        return self.order_by("name", "pk")


class Respondent(TracedModel):
    """Somebody who answers in one campaign: a pilot, or the colleague to whom one passed it on.

    The address is that of the moment: a mail already sent is not rewritten by the directory.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="respondents", verbose_name="revue"
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="personne de l’annuaire",
    )
    name = models.CharField("nom", max_length=200)
    email = models.EmailField("adresse électronique", blank=True)
    # Who passed the sheets on, when the directory does not know this person.
    handed_by = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="désigné par",
    )
    # Every link sent before opens nothing any more.
    links_revoked_at = models.DateTimeField("liens retirés le", null=True, blank=True)

    subject_model = "reviews.campaign"
    subject_path = "campaign_id"
    sensitive = frozenset({"email"})

    objects = RespondentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "répondant"
        verbose_name_plural = "répondants"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "person"],
                condition=Q(person__isnull=False),
                name="reviews_respondent_once",
                violation_error_message="Cette personne est déjà interrogée.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Charge(TracedModel):
    """Who answers about which sheet."""

    respondent = models.ForeignKey(
        Respondent, on_delete=models.CASCADE, related_name="charges", verbose_name="répondant"
    )
    update = models.ForeignKey(
        "reviews.Update", on_delete=models.CASCADE, related_name="charges", verbose_name="réponse"
    )

    subject_model = "reviews.campaign"
    subject_path = "respondent__campaign_id"
    traced_with = ("respondent",)

    class Meta:
        verbose_name = "fiche confiée"
        verbose_name_plural = "fiches confiées"
        constraints = [
            models.UniqueConstraint(
                fields=["respondent", "update"],
                name="reviews_charge_once",
                violation_error_message="Cette fiche lui est déjà confiée.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.respondent)


class RespondentLinkQuerySet(models.QuerySet["RespondentLink"]):
    def usable(self, *, at: dt.datetime) -> Self:
        """Whose secret opens something at that moment."""
        return self.filter(link__revoked_at=None, link__expires_at__gt=at)


class RespondentLink(models.Model):
    """One secret address sent to one respondent: each mail has its own, all open the same things.

    Not traced: it is a key, made by the mail that carries it.
    """

    respondent = models.ForeignKey(
        Respondent, on_delete=models.CASCADE, related_name="links", verbose_name="répondant"
    )
    link = models.OneToOneField(
        AccessLink, on_delete=models.PROTECT, related_name="review_link", verbose_name="lien"
    )

    objects = RespondentLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "lien de réponse"
        verbose_name_plural = "liens de réponse"

    def __str__(self) -> str:
        return f"{self.respondent} · {self.link}"
