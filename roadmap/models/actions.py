"""Action sheets."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Prefetch, Q, Subquery, When

from core.constraints import one_of
from core.fields import FoldedField, FoldedModel, QuarterField
from core.quarters import Quarter
from core.text import NBSP, day_in_words, fold, listed
from journal.tracing import TracedModel
from roadmap.enums import (
    ANSWERING_ROLES,
    PILOTING_ROLES,
    STATUSES_WITH_REASON,
    Status,
    Weather,
)
from roadmap.models.attached import ActionIndicator, ActionRole, FundingLine
from roadmap.models.many import SheetsOfManyRoadmaps
from roadmap.models.objectives import Objective
from roadmap.models.reference import Axis, Priority, Theme
from roadmap.models.sorting import ActionTheme, SecondaryPriority
from territories.models import Project, worked_on_by

if TYPE_CHECKING:
    from accounts.models import User

# Above those that people give, below what the column holds.
FIRST_FREE_NUMBER = 20_000
NAMED_BY_NUMBER = re.compile(r"\bfiche (?:action )?(?:n[o°]? ?)?([0-9]{1,5})\b")


class ActionQuerySet(SheetsOfManyRoadmaps["Action"]):
    def visible_to(self, user: "User") -> Self:
        """Sheets of the projects whose current state the user reads."""
        return self.filter(worked_on_by(user, territory="project__territory"))

    def live(self) -> Self:
        """Those that are in their roadmap: what was retired is not."""
        return self.filter(retired_at=None)

    def of(self, project: Project) -> Self:
        """The roadmap of a project: what was retired is not in it."""
        return self.live().filter(project=project)

    def retired_from(self, project: Project) -> Self:
        """The sheets taken out of that roadmap, the latest first."""
        return self.filter(project=project).exclude(retired_at=None).order_by("-retired_at", "-pk")

    def renumber(self, numbers: Mapping[int, int]) -> None:
        """Give these sheets, by key, these numbers, in two passes: numbers are unique.

        Two queries a sheet.
        """
        self.model.make_room(numbers, {"number"})
        for key, number in numbers.items():
            for sheet in self.filter(pk=key):
                sheet.number = number
                sheet.save(update_fields=["number"])

    def in_order(self) -> Self:
        """By printed number."""
        return self.order_by("number", "pk")

    def for_counts(self) -> Self:
        """With what a summary of the roadmap counts: two queries."""
        objectives = Objective.objects.with_cells().order_by("position", "pk")
        return self.prefetch_related(Prefetch("objectives", objectives))

    def for_grid(self) -> Self:
        """With what the grid draws: two queries."""
        return self.for_counts().select_related("priority")

    def for_list(self) -> Self:
        """With what the list says of a sheet, and its filters: four queries."""
        roles = ActionRole.objects.select_related("organisation", "person", "objective")
        return (
            self.for_grid()
            .select_related("axis")
            .prefetch_related(
                Prefetch("themes", Theme.objects.order_by("position")),
                Prefetch("roles", roles.order_by("position", "pk")),
            )
        )

    def for_sheet(self) -> Self:
        """With all that its page and the papers say of a sheet: seven queries.

        What hangs on the sheet comes in printing order.
        """
        lines = FundingLine.objects.select_related("organisation", "objective")
        indicators = ActionIndicator.objects.select_related("objective")
        return self.for_list().prefetch_related(
            Prefetch("secondary_priorities", Priority.objects.order_by("number")),
            Prefetch("funding_lines", lines.order_by("position", "pk")),
            Prefetch("indicators", indicators.order_by("position", "pk")),
        )

    def for_choice(self, *, first: Project) -> Self:
        """With their place, by territory and project, that one first: no further query."""
        is_there = Case(
            When(project=first, then=0),
            When(project__territory=first.territory_id, then=1),
            default=2,
        )
        return (
            self.with_place()
            .select_related("priority")
            .order_by(
                is_there,
                "project__territory__name",
                "-project__generation",
                "project",
                "number",
                "pk",
            )
        )

    def with_place(self) -> Self:
        """With its project, territory and région, for pages: no further query."""
        return self.select_related("project__territory__region")

    def answered_by(self, user: "User") -> Self:
        """Those that the user, still there, pilots or copilots in person (`decisions.md` 4)."""
        held = Q(roles__kind__in=ANSWERING_ROLES, roles__person__left_on=None)
        return self.filter(held, roles__person__user_id=user.pk).distinct()

    def neighbours_of(self, action: "Action") -> tuple["Action | None", "Action | None"]:
        """The sheets before and after this one in its project: one query."""
        sheets = self.of(action.project)
        before = sheets.filter(number__lt=action.number).order_by("-number").values("number")
        after = sheets.filter(number__gt=action.number).order_by("number").values("number")
        beside = Q(number=Subquery(before[:1])) | Q(number=Subquery(after[:1]))
        found = {
            sheet.number < action.number: sheet
            for sheet in sheets.filter(beside).only("pk", "number", "title")
        }
        return found.get(True), found.get(False)

    def with_status(self, status: str) -> Self:
        return self.filter(status=status)

    def under_priority(self, number: int) -> Self:
        """Whose main priority is this one."""
        return self.filter(priority__number=number)

    def planned_in(self, quarter: int) -> Self:
        """With at least one objective planned in that quarter."""
        return self.filter(objectives__planned_quarters__quarter=quarter).distinct()

    def piloted_by(self, code: str) -> Self:
        """With a piloting role held by that person, organisation or text (`ActionRole.code`)."""
        kind, _, key = code.partition(":")
        holder = {
            "personne": Q(roles__person_id=key),
            "organisation": Q(roles__person=None, roles__organisation_id=key),
            "texte": Q(roles__person=None, roles__organisation=None, roles__label=key),
        }[kind]
        return self.filter(holder, roles__kind__in=PILOTING_ROLES).distinct()

    def narrowed_to(self, choices: Mapping[str, str]) -> Self:
        """Those that the filters of the list keep (`roadmap.forms.FilterForm`)."""
        narrowing: dict[str, Callable[[Self, str], Self]] = {
            "mots": lambda kept, words: kept.matching(words),
            "priorite": lambda kept, number: kept.under_priority(int(number)),
            "axe": lambda kept, pk: kept.filter(axis_id=pk),
            "theme": lambda kept, pk: kept.filter(themes=pk),
            "pilote": lambda kept, code: kept.piloted_by(code),
            "trimestre": lambda kept, code: kept.planned_in(Quarter.parse(code).index),
            "statut": lambda kept, status: kept.with_status(status),
        }
        kept = self
        for name, narrow in narrowing.items():
            if choices.get(name):
                kept = narrow(kept, choices[name])
        return kept

    def matching(self, words: str) -> Self:
        """Every word found, accents and case aside, in the sheet or what hangs on it.

        « fiche 12 » is the sheet of that number, those that papers still call so, and those that
        speak of it.
        """
        found = self
        folded = fold(words)
        for named in NAMED_BY_NUMBER.finditer(folded):
            found = found.filter(_called(int(named[1])))
        for word in NAMED_BY_NUMBER.sub(" ", folded).split():
            found = found.filter(
                Q(folded__contains=word)
                | Q(pk__in=_sheets_with("objectives", "folded", word))
                | Q(pk__in=_sheets_with("roles", "folded", word))
                | Q(pk__in=_sheets_with("roles", "organisation__folded", word))
                | Q(pk__in=_sheets_with("roles", "person__folded", word))
                | Q(pk__in=_sheets_with("funding_lines", "folded", word))
                | Q(pk__in=_sheets_with("funding_lines", "organisation__folded", word))
                | Q(pk__in=_sheets_with("indicators", "folded", word))
            )
        return found


def _called(number: int) -> Q:
    """Of that number now or before; or whose text names it."""
    formerly = Action.objects.filter(former_numbers__number=number).values("pk")
    told = rf"(^|[^a-z])fiche {number}($|[^0-9])"
    return Q(number=number) | Q(pk__in=formerly) | Q(folded__regex=told)


def _sheets_with(relation: str, column: str, word: str) -> models.QuerySet["Action", Any]:
    return Action.objects.filter(**{f"{relation}__{column}__contains": word}).values("pk")


class Action(FoldedModel, TracedModel):
    """One fiche action of a project's roadmap."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="actions", verbose_name="projet"
    )
    number = models.PositiveSmallIntegerField("numéro", validators=[MinValueValidator(1)])
    title = models.TextField("titre")
    planning_title = models.TextField("titre dans la partie planning", blank=True)
    priority = models.ForeignKey(
        Priority,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name="priorité du décret",
    )
    secondary_priorities = models.ManyToManyField(
        Priority,
        blank=True,
        through=SecondaryPriority,
        related_name="secondary_actions",
        verbose_name="priorités secondaires",
    )
    axis = models.ForeignKey(
        Axis,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name="axe local",
    )
    themes = models.ManyToManyField(
        Theme,
        blank=True,
        through=ActionTheme,
        related_name="actions",
        verbose_name="thèmes de l’ANAP",
    )
    need = models.TextField("constat ou besoin", blank=True)
    aim = models.TextField("objectif de l’action", blank=True)
    audience = models.TextField("public concerné", blank=True)
    area = models.TextField("territoire d’application", blank=True)
    method = models.TextField("méthode", blank=True)
    means = models.TextField("moyens", blank=True)
    remarks = models.TextField("remarques", blank=True)
    status = models.CharField(
        "avancement", max_length=16, choices=Status.choices, default=Status.NOT_STARTED
    )
    status_reason = models.TextField("motif", blank=True)
    # Written by the closing of a review (`roadmap.services.reviewed`), never typed.
    weather = models.CharField("météo", max_length=12, choices=Weather.choices, blank=True)
    reviewed_quarter = QuarterField("dernière revue", null=True, blank=True)
    retired_at = models.DateTimeField("retirée le", null=True, blank=True)
    retired_reason = models.TextField("motif du retrait", blank=True)
    folded = FoldedField(
        of=(
            "number",
            "title",
            "planning_title",
            "need",
            "aim",
            "audience",
            "area",
            "method",
            "means",
            "remarks",
            "status_reason",
        )
    )

    objects = ActionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "fiche action"
        verbose_name_plural = "fiches action"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"],
                condition=Q(retired_at=None),
                name="roadmap_action_one_number",
                violation_error_message="Ce numéro est déjà celui d’une autre fiche.",
            ),
            one_of("roadmap_action_known_status", "status", Status, "avancement"),
            models.CheckConstraint(
                name="roadmap_action_known_weather",
                condition=Q(weather="") | Q(weather__in=Weather.values),
                violation_error_message="Ce choix n’existe pas pour « météo ».",
            ),
            models.CheckConstraint(
                name="roadmap_action_stop_has_reason",
                condition=~Q(status__in=sorted(STATUSES_WITH_REASON)) | ~Q(status_reason=""),
                violation_error_message=(
                    "Une fiche suspendue ou abandonnée dit pourquoi : remplir le motif."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def clean(self) -> None:
        if self.axis and self.axis.project_id != self.project_id:
            raise ValidationError({"axis": "Cet axe est celui d’un autre projet."})

    @classmethod
    def make_room(cls, keys: Iterable[int], columns: set[str]) -> None:
        """Sheets that exchange their numbers pass through numbers that no sheet has."""
        if "number" in columns:
            for free, key in enumerate(sorted(keys), start=FIRST_FREE_NUMBER):
                cls.objects.filter(pk=key).update(number=free)

    @property
    def is_retired(self) -> bool:
        """Taken out of the roadmap; everything on it is kept."""
        return self.retired_at is not None

    @property
    def retired_on(self) -> dt.date | None:
        """The day of its retirement, in the territory's own time. Expects the place."""
        return self.project.territory.today(at=self.retired_at) if self.retired_at else None

    @property
    def formerly(self) -> str:
        """« Anciennement fiche 12 (jusqu’au 3 mars 2026) », or nothing. One query at most."""
        formerly = sorted(self.former_numbers.all(), key=lambda one: (one.until, one.pk))
        told = [
            f"fiche{NBSP}{former.number} (jusqu’au {day_in_words(former.until)})"
            for former in reversed(formerly)
            if former.number != self.number
        ]
        return f"Anciennement {listed(told)}" if told else ""

    @property
    def title_in_planning(self) -> str:
        """The title that the planning part prints."""
        return self.planning_title or self.title
