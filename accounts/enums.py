"""What a signed link may open, and where an invitation stands."""

from django.db import models


class LinkPurpose(models.TextChoices):
    """One purpose a link: it opens nothing else (`decisions.md` 14)."""

    INVITATION = "invitation", "Invitation"
    REVIEW = "revue", "Réponse à une revue"
    MEETING = "reunion", "Réponse à une convocation"
    CALENDAR = "agenda", "Agenda à suivre"
    ENGAGEMENT = "engagement", "Lettre d’engagement"
    BOOKLET = "livret", "Livret en vigueur"


class InvitationState(models.TextChoices):
    """Where an invitation stands; computed, never kept."""

    OPEN = "en_attente", "En attente"
    ACCEPTED = "acceptee", "Acceptée"
    EXPIRED = "expiree", "Expirée"
    REVOKED = "revoquee", "Retirée ou remplacée"
