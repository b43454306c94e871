"""Orders for papers, and the files they share; what people attach to their own things."""

import datetime as dt
import secrets
import uuid
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from core.constraints import one_of
from core.text import NBSP, counted
from documents.enums import SETTLED, DocumentState
from territories.models import Project, Territory

if TYPE_CHECKING:
    from accounts.models import User


def short_form(fingerprint: str) -> str:
    """The beginning of a fingerprint, as papers and pages print it: « 7f3a 91c2 04be »."""
    return NBSP.join(fingerprint[start : start + 4] for start in (0, 4, 8))


def size_in_words(size: int) -> str:
    """« 310 Ko », « 2,4 Mo »."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}{NBSP}Ko"
    return f"{size / 1_000_000:.1f}{NBSP}Mo".replace(".", ",")


class PrintedFileQuerySet(models.QuerySet["PrintedFile"]):
    def found(self, fingerprint: str) -> "PrintedFile | None":
        """The file of this content if it is still there: one query, one look at the storage."""
        printed = self.filter(fingerprint=fingerprint).first()
        return None if printed is None or printed.is_lost() else printed


class PrintedFile(models.Model):
    """One printed file; every order with the same fingerprint shares it (`decisions.md` 15)."""

    fingerprint = models.CharField("empreinte du contenu", max_length=64, unique=True)
    file = models.FileField("fichier", upload_to="documents/")
    size = models.PositiveIntegerField("taille en octets")
    page_count = models.PositiveIntegerField("nombre de pages", null=True, blank=True)
    printed_at = models.DateTimeField("imprimé le", default=timezone.now)

    objects = PrintedFileQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier imprimé"
        verbose_name_plural = "fichiers imprimés"

    def __str__(self) -> str:
        return self.short_fingerprint

    @property
    def short_fingerprint(self) -> str:
        """What the paper itself prints of its fingerprint."""
        return short_form(self.fingerprint)

    @property
    def extent(self) -> str:
        """« 25 pages, 310 Ko »."""
        pages = f"{counted(self.page_count, 'page')}, " if self.page_count else ""
        return f"{pages}{size_in_words(self.size)}"

    def is_lost(self) -> bool:
        """The storage no longer has it; one look at the storage."""
        return not self.file.name or not self.file.storage.exists(self.file.name)

    def read(self) -> bytes:
        """The whole file; `FileNotFoundError` when it is lost."""
        with self.file.storage.open(str(self.file.name)) as kept:
            content: bytes = kept.read()
        return content


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: "User") -> Self:
        """Papers of the territories whose current state the user reads."""
        return self.filter(project__territory__in=Territory.objects.worked_on_by(user))

    def latest_first(self) -> Self:
        return self.order_by("-ordered_at", "-pk")

    def for_list(self) -> Self:
        """With who ordered and the file: no further query a row."""
        return self.select_related("ordered_by", "printed_file", "project__territory")

    def unsettled(self) -> Self:
        """Neither ready nor failed."""
        return self.exclude(state__in=SETTLED)

    def waiting_for(self, fingerprint: str, *, project: Project, by: "User") -> Self:
        """Unsettled orders of one person for one content: what a double click finds."""
        return self.unsettled().filter(
            ordered_fingerprint=fingerprint, project=project, ordered_by=by
        )

    def claimable(self, *, at: dt.datetime) -> Self:
        """Ordered, or taken by a worker whose lease has run out."""
        return self.filter(
            Q(state=DocumentState.ORDERED) | Q(state=DocumentState.RUNNING, lease_until__lt=at)
        )

    def abandoned(self, *, at: dt.datetime) -> Self:
        """Taken by a worker that has given no sign of life for the time of its lease."""
        return self.filter(state=DocumentState.RUNNING, lease_until__lt=at)

    def forgotten(self, *, at: dt.datetime) -> Self:
        """Ordered, and the message that should have reached a worker is late or was never sent."""
        return self.filter(state=DocumentState.ORDERED).filter(
            Q(lease_until=None) | Q(lease_until__lt=at)
        )


class Document(models.Model):
    """One order for one paper: who, when, for what, and where it stands."""

    kind = models.CharField("nature", max_length=40)
    parameters = models.JSONField("choix", default=dict, blank=True)
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="documents", verbose_name="projet"
    )
    title = models.TextField("titre")
    state = models.CharField(
        "état", max_length=10, choices=DocumentState.choices, default=DocumentState.ORDERED
    )
    progress = models.PositiveSmallIntegerField(
        "avancement en %", default=0, validators=[MaxValueValidator(100)]
    )
    failure = models.TextField("raison de l’échec", blank=True)
    # What the content was when the paper was ordered: a second click finds the first order.
    ordered_fingerprint = models.CharField("empreinte à la demande", max_length=64)
    printed_file = models.ForeignKey(
        PrintedFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name="fichier",
    )
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name="demandé par",
    )
    ordered_at = models.DateTimeField("demandé le", default=timezone.now)
    settled_at = models.DateTimeField("terminé le", null=True, blank=True)
    # The worker that prints it, until when it is believed, and how many have tried. Of an order
    # that no worker has taken, `lease_until` is when its message is taken for lost.
    claim = models.CharField("ouvrier", max_length=64, blank=True)
    lease_until = models.DateTimeField("réservé jusqu’à", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        verbose_name_plural = "documents"
        constraints = [
            one_of("documents_document_known_state", "state", DocumentState, "état"),
            models.CheckConstraint(
                name="documents_document_ready_has_its_file",
                condition=~Q(state=DocumentState.READY) | Q(printed_file__isnull=False),
                violation_error_message="Un document prêt a son fichier.",
            ),
            models.CheckConstraint(
                name="documents_document_failed_says_why",
                condition=~Q(state=DocumentState.FAILED) | ~Q(failure=""),
                violation_error_message="Un échec dit pourquoi.",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-ordered_at"], name="documents_of_project"),
            models.Index(fields=["state", "lease_until"], name="documents_to_claim"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_settled(self) -> bool:
        """Nothing more will happen: ready or failed."""
        return self.state in SETTLED

    @property
    def is_ready(self) -> bool:
        return self.state == DocumentState.READY

    @property
    def has_failed(self) -> bool:
        return self.state == DocumentState.FAILED

    @property
    def progress_mark(self) -> str:
        """What a page shows of the order: the same mark, nothing to draw again."""
        return f"{self.state}-{self.progress}"

    def start(self, *, at: dt.datetime, lease: dt.timedelta) -> bool:
        """Claim the order: true for one worker only, however many try. Two queries."""
        self.claim = uuid.uuid4().hex
        is_ours = (
            Document.objects.filter(pk=self.pk)
            .claimable(at=at)
            .update(
                state=DocumentState.RUNNING,
                claim=self.claim,
                lease_until=at + lease,
                attempts=F("attempts") + 1,
            )
        )
        if is_ours:
            self.refresh_from_db(fields=["state", "lease_until", "attempts", "progress"])
        return bool(is_ours)

    def stay_alive(self, *, at: dt.datetime, lease: dt.timedelta) -> bool:
        """Prolong the claim; false when it is no longer ours. One query."""
        return self._write_if_ours(lease_until=at + lease)

    def advance(self, percent: int) -> bool:
        """Show progress, which never goes back; false when the claim is lost. One query."""
        return self._write_if_ours(progress=Greatest(F("progress"), percent))

    def finish(self, printed_file: PrintedFile) -> bool:
        """Give the order its file; false when the claim is lost. One query."""
        return self._write_if_ours(
            state=DocumentState.READY,
            printed_file=printed_file,
            progress=100,
            failure="",
            settled_at=timezone.now(),
        )

    def fail(self, sentence: str) -> bool:
        """Settle the order without a file, and say why in French. One query."""
        return self._write_if_ours(
            state=DocumentState.FAILED, failure=sentence, settled_at=timezone.now()
        )

    def order_again(self, *, published_until: dt.datetime) -> bool:
        """Put a settled order back in the queue; false when somebody already has. One query."""
        return bool(
            Document.objects.filter(pk=self.pk, state__in=SETTLED).update(
                state=DocumentState.ORDERED,
                printed_file=None,
                progress=0,
                failure="",
                settled_at=None,
                claim="",
                attempts=0,
                lease_until=published_until,
            )
        )

    def is_worth_printing_again(self) -> bool:
        """It failed, or its file is lost; a look at the storage when it is ready."""
        if self.printed_file is None:
            return self.has_failed
        return self.printed_file.is_lost()

    def _write_if_ours(self, **fields: object) -> bool:
        ours = Document.objects.filter(pk=self.pk, state=DocumentState.RUNNING, claim=self.claim)
        return bool(ours.update(**fields))


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
