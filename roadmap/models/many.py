"""The sheets of many roadmaps at once: the base works out what a country is too long to load."""

from typing import Any, Self

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from core.text import fold
from journal.tracing import Row, TracedQuerySet
from roadmap.enums import ENDED, PILOTING_ROLES, STATUSES_NEVER_LATE, CellState
from roadmap.models.attached import ActionRole
from roadmap.models.objectives import LAST_PLANNED, Objective, PlannedQuarter


class SheetsOfManyRoadmaps(TracedQuerySet[Row]):
    """What the list of every sheet asks, whatever the number of territories."""

    def for_rows(self) -> Self:
        """With what a row says of a sheet, pilots and figures: two queries more.

        Its objectives hold what the figures count, and no cell: `Objective.last_planned`.
        """
        counted: QuerySet[Any] = Objective.objects.only("action", "parent", "kind", "state")
        return self.select_related("priority").prefetch_related(
            Prefetch("objectives", counted.annotate(**LAST_PLANNED).order_by("pk")),
            _pilots(),
        )

    def for_workbook(self) -> Self:
        """With what a workbook of many roadmaps says of a sheet: four queries more."""
        rows: QuerySet[Any] = Objective.objects.annotate(**LAST_PLANNED)
        return self.prefetch_related(
            "secondary_priorities",
            "themes",
            Prefetch("objectives", rows.order_by("position", "pk")),
            _pilots(),
        ).order_by("number", "pk")

    def late_on(self, quarter: int) -> Self:
        """Those whose lateness is above zero in that quarter (`summaries.lateness_of`)."""
        return self.filter(is_late(quarter))

    def piloted_by_named(self, words: str) -> Self:
        """With one piloting role whose holder or text bears every word, accents and case aside."""
        roles = ActionRole.objects.filter(action=OuterRef("pk"), kind__in=PILOTING_ROLES)
        for word in fold(words).split():
            roles = roles.filter(
                Q(folded__contains=word)
                | Q(organisation__folded__contains=word)
                | Q(person__folded__contains=word)
            )
        return self.filter(Exists(roles))


def _pilots() -> Any:
    """Their piloting roles, in printing order."""
    roles = ActionRole.objects.filter(kind__in=PILOTING_ROLES)
    named = roles.select_related("organisation", "person")
    return Prefetch("roles", named.order_by("position", "pk"))


def is_late(quarter: int) -> Q:
    """A leaf not ended, planned, whose last planned quarter is before that one.

    Asked as « planned, and nothing from that quarter on »: the base stops at the first cell.
    """
    cells = PlannedQuarter.objects.filter(objective=OuterRef("pk"))
    kept = cells.exclude(state=CellState.SLIPPED)
    late = (
        Objective.objects.filter(action=OuterRef("pk"))
        .exclude(state__in=sorted(ENDED))
        .filter(
            ~Exists(Objective.objects.filter(parent=OuterRef("pk"))),
            ~Exists(kept.filter(quarter__gte=quarter)),
            Exists(cells),
            Exists(kept) | ~Exists(cells.filter(quarter__gte=quarter)),
        )
    )
    return ~Q(status__in=sorted(STATUSES_NEVER_LATE)) & Q(Exists(late))
