"""What people attach to their own things, and the workbooks that they send."""

import secrets
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from documents.models.papers import size_in_words
from territories.models import Project


def unguessable_path(attachment: "Attachment", name: str) -> str:  # noqa: ARG001
    """Where an attached file is kept: nothing of the name that its owner gave it."""
    return f"attachments/{secrets.token_hex(16)}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def used(self) -> Self:
        """Those that a row of an upper room hangs somewhere, retired rows included."""
        return self.filter(self._hangs_somewhere())

    def unused(self) -> Self:
        """Those that nothing points to."""
        return self.filter(~self._hangs_somewhere())

    def _hangs_somewhere(self) -> Q:
        hangs = Q(pk__in=[])
        for relation in self._hangers():
            rows = relation.related_model._base_manager
            hangs |= Q(Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))
        return hangs

    def _hangers(self) -> list[models.ManyToOneRel]:
        """The foreign keys to this table, those that have no way back included."""
        fields = self.model._meta.get_fields(include_hidden=True)
        return [field for field in fields if isinstance(field, models.ManyToOneRel)]


class Attachment(models.Model):
    """A file or a link that somebody added; never changed (`decisions.md` 9).

    An upper room hangs it on its own things by a foreign key (`on_delete=PROTECT`) and answers for
    who may read it. Taken down, it stays a while: undo can put it back (`sweep_attachments`).
    """

    file = models.FileField("fichier", upload_to=unguessable_path, blank=True)
    url = models.CharField("adresse", max_length=2000, blank=True)
    name = models.CharField("nom", max_length=150)
    media_type = models.CharField("type du fichier", max_length=100, blank=True)
    size = models.PositiveIntegerField("taille en octets", default=0)
    sha256 = models.CharField("empreinte du fichier", max_length=64, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name="ajouté par",
    )
    # What pages say once the account is gone.
    author = models.CharField("nom de l’auteur", max_length=170)
    added_at = models.DateTimeField("ajouté le", default=timezone.now)
    unused_since = models.DateTimeField("sans usage depuis", null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        constraints = [
            models.CheckConstraint(
                name="documents_attachment_file_or_link",
                condition=Q(url="", size__gt=0) & ~Q(file="") & ~Q(media_type="") & ~Q(sha256="")
                | Q(file="", size=0, media_type="", sha256="") & ~Q(url=""),
                violation_error_message="Une pièce jointe est un fichier ou un lien, pas les deux.",
            ),
            models.CheckConstraint(
                name="documents_attachment_link_leads_to_a_page",
                condition=Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://"),
                violation_error_message="Un lien commence par https:// ou http://.",
            ),
            models.CheckConstraint(
                name="documents_attachment_has_a_name",
                condition=~Q(name=""),
                violation_error_message="Une pièce jointe a un nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_link(self) -> bool:
        """It leads to a page elsewhere: nothing is kept here."""
        return bool(self.url)

    @property
    def is_lost(self) -> bool:
        """The storage does not have its file any more. One look at the storage."""
        return bool(self.file) and not self.file.storage.exists(self.file.name or "")

    @property
    def extent(self) -> str:
        """« 310 Ko »; nothing for a link."""
        return "" if self.is_link else size_in_words(self.size)

    @property
    def site(self) -> str:
        """Where a link leads, to be read before it is followed: « sante.gouv.fr »."""
        return urlsplit(self.url).hostname or ""


class SentWorkbook(models.Model):
    """A workbook that somebody sent, kept a day between its preview and its import."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="+", verbose_name="projet"
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="par"
    )
    name = models.CharField("nom", max_length=150)
    contents = models.BinaryField("contenu")
    row_count = models.PositiveIntegerField("nombre de lignes", default=0)
    choices = models.JSONField("choix", default=dict, blank=True)
    ordered_at = models.DateTimeField("demandé le", null=True)
    progress = models.PositiveSmallIntegerField("avancement en %", default=0)
    failure = models.TextField("raison de l’échec", blank=True)
    sent_at = models.DateTimeField("envoyé le", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "classeur envoyé"
        verbose_name_plural = "classeurs envoyés"

    def __str__(self) -> str:
        return self.name
