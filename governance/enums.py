"""Kinds of organisations, and what is said of them and of people."""

from django.db import models


class OrganisationCategory(models.TextChoices):
    """The *acteurs incontournables* of the ANAP method, tome 1 fiche 5."""

    HEALTH = "sanitaire", "Sanitaire"
    PRIMARY_CARE = "premier_recours", "Premier recours"
    MEDICO_SOCIAL = "medico_social", "Médico-social"
    SOCIAL = "social", "Social"
    HOUSING = "logement", "Logement"
    WORK = "emploi", "Emploi"
    EDUCATION = "education", "Éducation"
    JUSTICE = "justice", "Justice"
    LOCAL_AUTHORITY = "collectivite", "Collectivité"
    STATE = "etat", "État"
    INSURANCE = "assurance_maladie", "Assurance maladie"
    USERS = "usagers", "Usagers et familles"
    RESOURCE = "ressource", "Centre de ressources"
    OTHER = "autre", "Autre"


class EthicalDecision(models.TextChoices):
    """What the lead decided of an organisation that the ethical frame would exclude."""

    ACCEPTED = "associee", "Associée malgré l’avertissement"
    SET_ASIDE = "ecartee", "Écartée"


class LivedExperience(models.TextChoices):
    """What somebody may want known of themselves; never asked for, never printed."""

    CONCERNED = "concernee", "Personne concernée"
    CARER = "aidant", "Proche aidant"
