"""Where a gesture comes from, and what it did to a row."""

from django.db import models


class Source(models.TextChoices):
    """Where a gesture was made."""

    PAGE = "page", "À l’écran"
    COMMAND = "commande", "Chargement"
    ADMIN = "reparation", "Réparation"
    IMPORT = "import", "Import d’un classeur"
    UNDO = "annulation", "Annulation"
    LINK = "lien", "Lien reçu par courriel"
    CLOCK = "horloge", "Horloge"


class ChangeKind(models.TextChoices):
    """What a gesture did to one row."""

    ADDED = "ajout", "Ajout"
    CHANGED = "modification", "Modification"
    REMOVED = "retrait", "Retrait"
