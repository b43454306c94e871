"""In the margins of a sheet: what it was called, what is said of it, what is pinned to it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from documents.models import Attachment
from journal.tracing import TracedModel


class FormerNumber(TracedModel):
    """A number that papers printed earlier still give to a sheet."""

    action = models.ForeignKey(
        "roadmap.Action",
        on_delete=models.CASCADE,
        related_name="former_numbers",
        verbose_name="fiche action",
    )
    number = models.PositiveSmallIntegerField("ancien numéro")
    until = models.DateField("jusqu’au")

    subject_model = "roadmap.action"
    subject_path = "action_id"

    class Meta:
        verbose_name = "ancien numéro"
        verbose_name_plural = "anciens numéros"

    def __str__(self) -> str:
        return f"fiche {self.number} jusqu’au {self.until:%d/%m/%Y}"


class ActionComment(TracedModel):
    """A remark on a sheet, dated and signed, read by whoever reads the sheet."""

    action = models.ForeignKey(
        "roadmap.Action",
        on_delete=models.CASCADE,
        related_name="comments",
        verbose_name="fiche action",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="auteur",
    )
    # Kept when the account goes.
    author_name = models.CharField("signé", max_length=200)
    text = models.TextField("commentaire")
    written_at = models.DateTimeField("écrit le", default=timezone.now)

    subject_model = "roadmap.action"
    subject_path = "action_id"

    class Meta:
        verbose_name = "commentaire"
        verbose_name_plural = "commentaires"

    def __str__(self) -> str:
        # Whatever letter the name begins with: no elision.
        return f"commentaire signé {self.author_name}"


class ActionAttachment(TracedModel):
    """A file or a link pinned to a sheet."""

    action = models.ForeignKey(
        "roadmap.Action",
        on_delete=models.CASCADE,
        related_name="attachments",
        verbose_name="fiche action",
    )
    attachment = models.ForeignKey(
        Attachment,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="pièce jointe",
    )

    subject_model = "roadmap.action"
    subject_path = "action_id"
    traced_with = ("attachment",)

    class Meta:
        verbose_name = "pièce jointe à une fiche"
        verbose_name_plural = "pièces jointes aux fiches"

    def __str__(self) -> str:
        return str(self.attachment)
