"""The states of an order."""

from django.db import models


class DocumentState(models.TextChoices):
    """From the order to the file (`docs/states.md`)."""

    ORDERED = "commande", "En attente"
    RUNNING = "en_cours", "En cours d’impression"
    READY = "pret", "Prêt"
    FAILED = "echec", "Échec"


SETTLED = frozenset({DocumentState.READY, DocumentState.FAILED})
