"""The states of a mail."""

from django.db import models


class MailState(models.TextChoices):
    """From the order to the answer of the mail server (`decisions.md` 21)."""

    WAITING = "a_envoyer", "À envoyer"
    SENDING = "en_cours", "En cours d’envoi"
    SENT = "envoye", "Envoyé"
    REFUSED = "refuse", "Refusé"
    UNCERTAIN = "incertain", "Envoi incertain"
