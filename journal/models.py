"""The journal itself: gestures, and what each did to which row."""

from typing import Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.constraints import one_of
from journal.enums import ChangeKind, Source


class ChangeSetQuerySet(models.QuerySet["ChangeSet"]):
    def of(self, scope: str) -> Self:
        """What was done in one place: a project, say."""
        return self.filter(scope=scope)

    def latest_first(self) -> Self:
        return self.order_by("-pk")

    def about(self, subject: str) -> Self:
        """The gestures that touched one thing, whatever the row: a sheet, say."""
        touched = Change.objects.filter(subject=subject).values("changeset")
        return self.filter(pk__in=touched)

    def for_reading(self) -> Self:
        """With their changes in order and whether they were taken back: three queries."""
        return self.select_related("undoes").prefetch_related(
            models.Prefetch("changes", Change.objects.order_by("rank")), "undone_by"
        )


class ChangeSet(models.Model):
    """One gesture: who, when, from where, why, and all that it changed at once."""

    at = models.DateTimeField("le", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="par",
    )
    # Kept when the account goes.
    by_name = models.CharField("nom", max_length=200, blank=True)
    source = models.CharField("origine", max_length=12, choices=Source.choices)
    # What was done, after the name of whoever did: « a retiré la fiche 12 ».
    words = models.TextField("geste", blank=True)
    # The place that it belongs to, in a word that the upper rooms choose, and its revision then.
    scope = models.CharField("lieu", max_length=80, blank=True)
    revision = models.PositiveIntegerField("révision", null=True)
    # Made by the page: the same gesture sent twice is one.
    token = models.CharField("jeton", max_length=64, blank=True)
    undoes = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        related_name="undone_by",
        verbose_name="annule",
    )

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        verbose_name = "geste"
        verbose_name_plural = "gestes"
        constraints = [
            one_of("journal_changeset_known_source", "source", Source, "origine"),
            models.UniqueConstraint(
                fields=["scope", "token"],
                condition=~Q(token=""),
                name="journal_changeset_once",
                violation_error_message="Ce geste est déjà enregistré.",
            ),
        ]
        indexes = [models.Index(F("scope"), F("revision"), name="journal_changeset_since")]

    def __str__(self) -> str:
        return f"{self.by_name or self.get_source_display()} {self.words}".strip()


class ChangeQuerySet(models.QuerySet["Change"]):
    def to_row(self, model: str, row: int) -> Self:
        """What happened to one row."""
        return self.filter(model=model, row=row)

    def since(self, revision: int) -> Self:
        """Made after that revision of their place."""
        return self.filter(changeset__revision__gt=revision)


class Change(models.Model):
    """What one gesture did to one row: one line a field, or the whole row added or removed."""

    changeset = models.ForeignKey(
        ChangeSet, on_delete=models.CASCADE, related_name="changes", verbose_name="geste"
    )
    rank = models.PositiveIntegerField("rang")
    kind = models.CharField("nature", max_length=12, choices=ChangeKind.choices)
    model = models.CharField("modèle", max_length=80)
    row = models.BigIntegerField("ligne")
    # How the row was called then.
    name = models.CharField("nom", max_length=300, blank=True)
    # The thing that people know, to which the row belongs: « roadmap.action:12 ».
    subject = models.CharField("objet", max_length=80, blank=True)
    # Blank when the row was added or removed: `new` or `old` then holds all its fields.
    field = models.CharField("champ", max_length=80, blank=True)
    old = models.JSONField("avant", null=True, encoder=DjangoJSONEncoder)
    new = models.JSONField("après", null=True, encoder=DjangoJSONEncoder)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "changement"
        verbose_name_plural = "changements"
        constraints = [one_of("journal_change_known_kind", "kind", ChangeKind, "nature")]
        indexes = [
            models.Index(fields=["model", "row", "field"], name="journal_change_of_row"),
            models.Index(fields=["subject"], name="journal_change_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.name}"

    @property
    def values_before(self) -> dict[str, Any]:
        """What the gesture found, by column; nothing where there was no row."""
        return {self.field: self.old} if self.field else dict(self.old or {})

    @property
    def values_after(self) -> dict[str, Any]:
        """What the gesture left, by column; nothing where there is no row any more."""
        return {self.field: self.new} if self.field else dict(self.new or {})
