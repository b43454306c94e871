"""The states of an order, and of what it prints."""

from django.db import models


class DocumentState(models.TextChoices):
    """From the order to the file (`docs/states.md`)."""

    ORDERED = "commande", "En attente"
    RUNNING = "en_cours", "En cours d’impression"
    READY = "pret", "Prêt"
    FAILED = "echec", "Échec"


class Standing(models.TextChoices):
    """What a paper shows of its project: the present state, or one that was frozen.

    Who may read the paper follows from it.
    """

    PRESENT = "courant", "État courant"
    FROZEN = "fige", "État figé"
    OFFICIAL = "officiel", "État officiel"


SETTLED = frozenset({DocumentState.READY, DocumentState.FAILED})
