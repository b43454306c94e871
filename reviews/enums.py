"""The words of the review."""

from django.db import models


class CampaignState(models.TextChoices):
    """Where a campaign stands; a closed one never changes again."""

    DRAFT = "brouillon", "En préparation"
    OPENING = "ouverture", "Ouverture programmée"
    OPEN = "ouverte", "Ouverte"
    CLOSED = "cloturee", "Clôturée"


# One at a time in a project: the letters are about to leave, or answers are expected.
RUNNING_STATES = frozenset({CampaignState.OPENING, CampaignState.OPEN})


class UpdateState(models.TextChoices):
    """Where the answer about one sheet stands."""

    TO_FILL = "a_remplir", "À remplir"
    DRAFT = "brouillon", "Commencée"
    SUBMITTED = "recue", "Reçue"
    RETURNED = "renvoyee", "Renvoyée"
    VALIDATED = "validee", "Validée"


# Something is still expected of whoever answers.
SILENT_STATES = frozenset({UpdateState.TO_FILL, UpdateState.DRAFT, UpdateState.RETURNED})
# The answer was given: it is read, and printed, as such.
ANSWERED_STATES = frozenset({UpdateState.SUBMITTED, UpdateState.VALIDATED})


class Outcome(models.TextChoices):
    """What came of the question about one sheet, once the campaign is closed."""

    VALIDATED = "validee", "Validée"
    RECEIVED = "recue", "Reçue, non validée"
    SILENT = "sans_reponse", "Sans réponse"


class Kept(models.TextChoices):
    """Which one stands when the sheet was written while its answer was awaited."""

    SHEET = "fiche", "Garder la fiche telle qu’elle est"
    ANSWER = "reponse", "Prendre la réponse"


class ObjectiveAnswer(models.TextChoices):
    """What is said of one objective."""

    DONE = "fait", "Fait"
    RUNNING = "en_cours", "En cours"
    TODO = "pas_commence", "Pas commencé"
    SLIPPED = "decale", "Décalé"


class AnsweredFrom(models.TextChoices):
    """How an answer came in."""

    LINK = "lien", "Lien reçu par courriel"
    ACCOUNT = "compte", "Compte"
    LEAD = "coordination", "Saisie par la coordination"


class LetterKind(models.TextChoices):
    """Why a mail of the campaign left."""

    OPENING = "ouverture", "Demande de réponse"
    REMINDER = "relance", "Relance"
    RECEIPT = "accuse", "Accusé de réception"
    RETURNED = "renvoi", "Réponse renvoyée"
    HANDED_OVER = "transmission", "Fiche transmise"
    NEW_LINK = "nouveau_lien", "Nouveau lien"
    EXTENDED = "delai", "Délai supplémentaire"
    TO_LEAD = "coordination", "Mot à la coordination"
    TEST = "essai", "Essai"
