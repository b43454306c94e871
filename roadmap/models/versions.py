"""States of a roadmap that were frozen: numbered, dated, never written again."""

from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.constraints import one_of
from core.text import NBSP
from journal.tracing import TracedModel, TracedQuerySet
from roadmap.enums import VersionKind
from territories.models import FormalAct, Project, Territory

if TYPE_CHECKING:
    from accounts.models import User


class VersionFrozen(Exception):
    """A version was about to be written again, or removed; the message is a French sentence."""


def _refuse() -> NoReturn:
    raise VersionFrozen(
        f"Une version figée ne se modifie pas et ne se supprime pas{NBSP}: elle s’imprime et se "
        "compare telle qu’elle a été faite."
    )


class RoadmapVersionQuerySet(TracedQuerySet["RoadmapVersion"]):
    def visible_to(self, user: "User") -> Self:
        """Those that the user reads (`decisions.md` 20).

        Every version, for who works on the territory; official ones, for its guests; every
        version of every territory, for national readers.
        """
        of_territory = "project__territory__in"
        return self.filter(
            Q(**{of_territory: Territory.objects.worked_on_by(user)})
            | Q(**{of_territory: Territory.objects.read_nationally_by(user)})
            | Q(**{of_territory: Territory.objects.visible_to(user)}, kind=VersionKind.OFFICIAL)
        )

    def of(self, project: Project) -> Self:
        return self.filter(project=project)

    def official(self) -> Self:
        """Those that an order made."""
        return self.filter(kind=VersionKind.OFFICIAL)

    def latest_first(self) -> Self:
        """By number, of one project or of several."""
        return self.order_by("project", "-number")

    def latest_generation_first(self) -> Self:
        """By territory: its latest project, and the latest version of each, first."""
        return self.order_by("project__territory", "-project__generation", "-project", "-number")

    def for_list(self) -> Self:
        """Without what they hold, which is heavy; with their act: no further query a row."""
        return self.defer("snapshot").select_related("act")

    def with_place(self) -> Self:
        """With project, territory and région, for pages: no further query."""
        return self.select_related("project__territory__region", "act")

    def update(self, **fields: Any) -> int:  # noqa: ARG002
        _refuse()

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> Any:  # noqa: ARG002
        """Versions are made one by one, by `roadmap.services.versions`."""
        _refuse()

    def delete(self) -> tuple[int, dict[str, int]]:
        _refuse()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class RoadmapVersion(TracedModel):
    """A roadmap as it was at one moment, to be printed and compared again years later.

    `snapshot` holds all that papers say, in the form that `roadmap.summaries.snapshots` writes and
    reads; `schema` numbers that form. Made once (`roadmap.services.versions.freeze`), then read.
    """

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="versions", verbose_name="projet"
    )
    number = models.PositiveSmallIntegerField("numéro", validators=[MinValueValidator(1)])
    kind = models.CharField("nature", max_length=12, choices=VersionKind.choices)
    label = models.CharField("nom", max_length=120)
    dated_on = models.DateField("datée du")
    reason = models.TextField("motif", blank=True)
    act = models.ForeignKey(
        FormalAct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
        verbose_name="acte",
    )
    made_at = models.DateTimeField("figée le", default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="figée par",
    )
    # Kept when the account goes.
    made_by_name = models.CharField("auteur", max_length=200, blank=True)
    schema = models.PositiveSmallIntegerField("forme du contenu")
    # Not for the journal: a version is added once, and is its own memory.
    snapshot = models.JSONField("contenu", editable=False)

    subject_model = "territories.project"
    subject_path = "project_id"

    objects = RoadmapVersionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "version figée"
        verbose_name_plural = "versions figées"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"],
                name="roadmap_version_one_number",
                violation_error_message="Ce numéro est déjà celui d’une autre version.",
            ),
            one_of("roadmap_version_known_kind", "kind", VersionKind, "nature"),
            models.CheckConstraint(
                name="roadmap_version_official_has_its_act",
                condition=Q(kind=VersionKind.OFFICIAL, act__isnull=False)
                | Q(kind=VersionKind.REVIEW, act__isnull=True),
                violation_error_message=(
                    "Une version officielle nomme l’acte qui l’a faite, une revue n’en a pas."
                ),
            ),
            models.CheckConstraint(
                name="roadmap_version_has_its_name",
                condition=~Q(label="") & Q(number__gte=1) & Q(schema__gte=1),
                violation_error_message="Une version a un numéro, un nom et une forme.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """Written once: a version that is already there is refused."""
        if not self._state.adding or options.get("force_update") or options.get("update_fields"):
            _refuse()
        # Even under a key that a version has already.
        super().save(*args, **{**options, "force_insert": True})

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:  # noqa: ARG002
        _refuse()

    @property
    def name(self) -> str:
        """« Version 3 · Revue T4 2026 »: how pages and papers call it."""
        return f"Version{NBSP}{self.number} · {self.label}"

    @property
    def is_official(self) -> bool:
        """Made by an order: guests read it."""
        return self.kind == VersionKind.OFFICIAL
