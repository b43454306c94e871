"""Orders for papers, and the files they share."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from core.constraints import one_of
from core.text import NBSP, counted
from documents.enums import SETTLED, DocumentState, Format, Standing, format_of_name
from territories.models import Project, Territory

if TYPE_CHECKING:
    from accounts.models import User


NOT_PRESENT = ~Q(standing=Standing.PRESENT)


def short_form(fingerprint: str) -> str:
    """The beginning of a fingerprint, as papers and pages print it: « 7f3a 91c2 04be »."""
    return NBSP.join(fingerprint[start : start + 4] for start in (0, 4, 8))


def size_in_words(size: int) -> str:
    """« 310 Ko », « 2,4 Mo »."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}{NBSP}Ko"
    return f"{size / 1_000_000:.1f}{NBSP}Mo".replace(".", ",")


# Choices of an order for one person: who, and the codes of the territories whose rows it gathers.
READER, PLACES = "reader", "territories"
FOR_ONE_PERSON = Q(parameters__has_key=READER)


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
    # The day of the state that it prints, as it says itself; unknown of a workbook.
    stated_on = models.DateField("état au", null=True, blank=True)

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

    @property
    def format(self) -> Format:
        """What it is opened with, by its own name."""
        return format_of_name(str(self.file.name)) or Format.PDF

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
        """Papers of the territories whose current state the user reads; official ones, for whoever
        is given a place there; all that is frozen, for who reads nationally. Of those that were
        ordered for one person, their own.
        """
        of_territory = "project__territory__in"
        there = self.filter(
            Q(**{of_territory: Territory.objects.worked_on_by(user)})
            | NOT_PRESENT & Q(**{of_territory: Territory.objects.read_nationally_by(user)})
            | Q(standing=Standing.OFFICIAL, **{of_territory: Territory.objects.visible_to(user)})
        )
        return there.filter(~FOR_ONE_PERSON | Q(ordered_by=user))

    def shared(self) -> Self:
        """Those of everybody who reads the project."""
        return self.exclude(FOR_ONE_PERSON)

    def kept_for(
        self, kind: str, *, project: Project, parameters: Mapping[str, Any], file_format: Format
    ) -> "PrintedFile | None":
        """The first file of the same paper of the same frozen state, if it is still there.

        What is frozen keeps its file: another look, a later library would print other bytes
        (`decisions.md` 15). One query, and a look at the storage.
        """
        printed = self.frozen().filter(
            kind=kind, format=file_format, project=project, state=DocumentState.READY
        )
        orders = printed.select_related("printed_file").order_by("settled_at", "pk")
        files = (order.printed_file for order in orders if order.parameters == parameters)
        return next((file for file in files if file and not file.is_lost()), None)

    def frozen(self) -> Self:
        """Those of a state that was frozen."""
        return self.filter(NOT_PRESENT)

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
    format = models.CharField("format", max_length=10, choices=Format.choices, default=Format.PDF)
    parameters = models.JSONField("choix", default=dict, blank=True)
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="documents", verbose_name="projet"
    )
    title = models.TextField("titre")
    standing = models.CharField(
        "ce qu’il montre", max_length=10, choices=Standing.choices, default=Standing.PRESENT
    )
    state = models.CharField(
        "état", max_length=10, choices=DocumentState.choices, default=DocumentState.ORDERED
    )
    progress = models.PositiveSmallIntegerField(
        "avancement en %", default=0, validators=[MaxValueValidator(100)]
    )
    # Of an archive: how many papers it holds, and how many are printed. Zero of a single paper.
    part_count = models.PositiveIntegerField("nombre de pièces", default=0)
    parts_done = models.PositiveIntegerField("pièces imprimées", default=0)
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
            one_of("documents_document_known_standing", "standing", Standing, "ce qu’il montre"),
            one_of("documents_document_known_format", "format", Format, "format"),
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
    def is_frozen(self) -> bool:
        """It prints a state that was frozen: its file is kept."""
        return self.standing != Standing.PRESENT

    @property
    def opening(self) -> str:
        """What the button that gives its file says."""
        return Format(self.format).opening

    @property
    def is_settled(self) -> bool:
        """Nothing more will happen: ready or failed."""
        return self.state in SETTLED

    @property
    def is_personal(self) -> bool:
        """Ordered by one person for themselves: nobody else sees it."""
        return READER in self.parameters

    @property
    def is_ready(self) -> bool:
        return self.state == DocumentState.READY

    @property
    def has_failed(self) -> bool:
        return self.state == DocumentState.FAILED

    @property
    def progress_mark(self) -> str:
        """What a page shows of the order: the same mark, nothing to draw again."""
        parts = f"-{self.parts_done}" if self.part_count else ""
        return f"{self.state}-{self.progress}{parts}"

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

    def advance_parts(self, done: int, count: int) -> bool:
        """Show how many papers of an archive are there; false when the claim is lost. One query."""
        return self._write_if_ours(
            parts_done=done, part_count=count, progress=Greatest(F("progress"), done * 99 // count)
        )

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
                parts_done=0,
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
