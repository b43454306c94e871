"""The words of the method: statuses, states, roles, money, indicators."""

from django.db import models


class Status(models.TextChoices):
    """Where a sheet stands, in the words of the ANAP's follow-up table."""

    NOT_STARTED = "non_commencee", "Non commencée"
    RUNNING = "en_cours", "En cours"
    DONE = "realisee", "Réalisée"
    SUSPENDED = "suspendue", "Suspendue"
    DROPPED = "abandonnee", "Abandonnée"


STATUSES_WITH_REASON = frozenset({Status.SUSPENDED, Status.DROPPED})
STATUSES_NEVER_LATE = frozenset({Status.DONE, Status.SUSPENDED, Status.DROPPED})


class Weather(models.TextChoices):
    """How the work goes, in words that tell what is needed; said by a review, never typed here."""

    SECURED = "securises", "Objectifs sécurisés"
    REACHABLE = "atteignables", "Objectifs atteignables"
    SUPPORT = "appuis", "Appuis nécessaires"
    COMPROMISED = "compromis", "Objectifs compromis"


class ObjectiveKind(models.TextChoices):
    """A plain objective, or a « Projet N » that groups some (`decisions.md` 3)."""

    OBJECTIVE = "objectif", "Objectif opérationnel"
    PROJECT = "projet", "Projet"


class ObjectiveState(models.TextChoices):
    """Where an objective stands (`decisions.md` 6)."""

    TODO = "a_faire", "À faire"
    RUNNING = "en_cours", "En cours"
    DONE = "fait", "Fait"
    DROPPED = "abandonne", "Abandonné"


ENDED = frozenset({ObjectiveState.DONE, ObjectiveState.DROPPED})


class CellState(models.TextChoices):
    """What a quarter of the planning says."""

    PLANNED = "prevu", "prévu"
    DONE = "fait", "fait"
    SLIPPED = "decale", "décalé"


class RoleKind(models.TextChoices):
    """Who answers for a sheet, and with whom."""

    PILOT = "pilote", "Pilote"
    COPILOT = "copilote", "Copilote"
    PILOT_GROUP = "groupe_pilote", "Groupe pilote"
    PARTNER = "partenaire", "Partenaire"
    FUNDER = "financeur", "Financeur"


PILOTING_ROLES = frozenset({RoleKind.PILOT, RoleKind.COPILOT, RoleKind.PILOT_GROUP})
# Only a person in one of these answers the review and may write the sheet (`decisions.md` 4, 20).
ANSWERING_ROLES = frozenset({RoleKind.PILOT, RoleKind.COPILOT})


class FundingState(models.TextChoices):
    """How sure the money is."""

    CONSIDERED = "envisage", "Envisagé"
    ASKED = "demande", "Demandé"
    GRANTED = "acquis", "Acquis"
    REFUSED = "refuse", "Refusé"


class IndicatorKind(models.TextChoices):
    """What an indicator measures, in the ANAP's vocabulary."""

    OUTPUT = "realisation", "Réalisation"
    RESULT = "resultat", "Résultat"
    IMPACT = "impact", "Impact"


class VersionKind(models.TextChoices):
    """What froze a version (`decisions.md` 17)."""

    REVIEW = "revue", "Revue"
    OFFICIAL = "officielle", "Version officielle"
