"""Rows that belong to no subject: the mails of the whole house."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.constraints import one_of
from core.enums import MailState


class MailQuerySet(models.QuerySet["Mail"]):
    def waiting(self) -> Self:
        """Ordered and not yet taken by a worker."""
        return self.filter(state=MailState.WAITING)

    def due(self, *, at: dt.datetime, waits: tuple[dt.timedelta, ...]) -> Self:
        """Waiting and to be tried at that moment; `waits[n - 1]` follows the nth failed try.

        A mail never tried is left a moment to the worker that was told of it.
        """
        is_due = Q(attempts=0, created_at__lt=at - waits[0])
        for tries, wait in enumerate(waits, start=1):
            is_due |= Q(attempts=tries, claimed_at__lt=at - wait)
        return self.waiting().filter(is_due)

    def forgotten(self, *, at: dt.datetime, after: dt.timedelta) -> Self:
        """Taken by a worker that never said what the mail server answered."""
        return self.filter(state=MailState.SENDING, claimed_at__lt=at - after)


class Mail(models.Model):
    """One message to one person, kept from its order to the mail server's answer."""

    to = models.EmailField("destinataire")
    reply_to = models.EmailField("réponse à", blank=True)
    subject = models.CharField("objet", max_length=200)
    body = models.TextField("texte")
    # An event for the reader’s calendar, whole (`core.calendars`): forgotten with the text.
    calendar = models.TextField("événement d’agenda", blank=True)
    state = models.CharField(
        "état", max_length=12, choices=MailState.choices, default=MailState.WAITING
    )
    refusal = models.TextField("réponse du serveur de courriel", blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    created_at = models.DateTimeField("demandé le", default=timezone.now)
    claimed_at = models.DateTimeField("pris en charge le", null=True, blank=True)
    settled_at = models.DateTimeField("terminé le", null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        constraints = [one_of("core_mail_known_state", "state", MailState, "état")]
        indexes = [models.Index(fields=["state", "created_at"], name="core_mail_to_send")]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
