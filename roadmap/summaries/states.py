"""The state of a roadmap that is read: the present one, or one that was frozen.

Both answer the same questions, so that whatever prints or draws one does so of the other.
"""

from functools import cached_property
from typing import Protocol

from core.quarters import Quarter
from roadmap.models import Action, Axis, Priority, PriorityHeading, RoadmapVersion
from roadmap.summaries.snapshots import SCHEMA, Reader
from territories.models import FormalAct, Project

UNSORTED_LAST = 99


class VersionUnreadable(Exception):
    """A version written in a form that this code does not know; the message is in French."""


class RoadmapState(Protocol):
    """What papers and pages ask of a roadmap."""

    @property
    def project(self) -> Project:
        """With its territory, as they were called."""

    @property
    def name(self) -> str:
        """« Version 3 · Revue T4 2026 »; blank for the present state."""

    @property
    def quarter(self) -> Quarter:
        """The one in which lateness is counted."""

    @property
    def act(self) -> FormalAct | None:
        """The order in force."""

    def sheets(self) -> list[Action]:
        """The sheets in order, as `for_sheet()` gives them."""

    def sheet(self, number: int) -> Action | None:
        """The sheet of that printed number."""

    def headings(self) -> list[PriorityHeading]:
        """How the booklet words the priorities."""

    def titles(self) -> dict[int, str]:
        """The title of each sheet, by printed number, in order."""

    def priorities(self) -> list[Priority | None]:
        """Those under which there are sheets, in order; None for sheets without."""

    def has_axes(self) -> bool:
        """Whether sheets may be sorted by axis."""


class PresentState:
    """What the base says now. Each question costs its queries."""

    name = ""

    def __init__(self, project: Project) -> None:
        self.project = project

    @property
    def quarter(self) -> Quarter:
        return Quarter.on(self.project.territory.today())

    @cached_property
    def act(self) -> FormalAct | None:
        """One query."""
        return self.project.act_in_force(on=self.project.changed_on)

    def sheets(self) -> list[Action]:
        """The queries of `for_sheet()`."""
        return list(Action.objects.of(self.project).for_sheet().in_order())

    def sheet(self, number: int) -> Action | None:
        """The queries of `for_sheet()`."""
        return Action.objects.of(self.project).filter(number=number).for_sheet().first()

    def headings(self) -> list[PriorityHeading]:
        """One query."""
        found = PriorityHeading.objects.filter(project=self.project).select_related("priority")
        return list(found.order_by("priority__number"))

    def titles(self) -> dict[int, str]:
        """One query."""
        found = Action.objects.of(self.project).in_order().values_list("number", "title")
        return dict(found)

    def priorities(self) -> list[Priority | None]:
        """Two queries."""
        sheets = Action.objects.of(self.project).values("priority")
        found = list(Priority.objects.filter(pk__in=sheets).order_by("number"))
        has_unsorted = Action.objects.of(self.project).filter(priority=None).exists()
        return [*found, *([None] if has_unsorted else [])]

    def has_axes(self) -> bool:
        """One query."""
        return Axis.objects.filter(project=self.project).exists()


class FrozenState:
    """What a version holds; no query. `VersionUnreadable` when its form is not known."""

    def __init__(self, version: RoadmapVersion) -> None:
        if version.schema > SCHEMA:
            raise VersionUnreadable(
                "Cette version a été figée par une application plus récente que celle-ci, qui ne "
                "sait pas la lire."
            )
        self.name = version.name
        self._reader = Reader(version.snapshot)
        self._sheets = self._reader.sheets()

    @property
    def project(self) -> Project:
        return self._reader.project

    @property
    def quarter(self) -> Quarter:
        return Quarter(self._reader.quarter)

    @property
    def act(self) -> FormalAct | None:
        return self._reader.act

    def sheets(self) -> list[Action]:
        return list(self._sheets)

    def sheet(self, number: int) -> Action | None:
        return next((sheet for sheet in self._sheets if sheet.number == number), None)

    def headings(self) -> list[PriorityHeading]:
        return self._reader.headings()

    def titles(self) -> dict[int, str]:
        return {sheet.number: sheet.title for sheet in self._sheets}

    def priorities(self) -> list[Priority | None]:
        found = {sheet.priority for sheet in self._sheets}
        return sorted(found, key=lambda priority: priority.number if priority else UNSORTED_LAST)

    def has_axes(self) -> bool:
        return any(sheet.axis for sheet in self._sheets)
