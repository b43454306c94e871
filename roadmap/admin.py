"""Repairing the roadmap; what is repaired here is printed, so the project is marked changed."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from roadmap.models import (
    Action,
    ActionIndicator,
    ActionRole,
    ActionTheme,
    Axis,
    FundingLine,
    Objective,
    PlannedQuarter,
    Priority,
    PriorityHeading,
    SecondaryPriority,
    Theme,
)
from territories.admin import PartOfProjectAdmin
from territories.models import Project


class PartOfRoadmapAdmin(PartOfProjectAdmin):
    """Repairs what one project holds."""

    def projects_of(self, obj: Any) -> Iterable[Project]:
        return [obj.project]


class ObjectiveInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Objective
    fields = ("position", "kind", "parent", "label", "title", "state", "in_summary", "in_planning")
    raw_id_fields = ("parent",)
    show_change_link = True
    extra = 0


class ActionRoleInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ActionRole
    raw_id_fields = ("objective", "organisation", "person")
    extra = 0


class FundingLineInline(admin.TabularInline):  # type: ignore[type-arg]
    model = FundingLine
    raw_id_fields = ("objective", "organisation")
    extra = 0


class ActionIndicatorInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ActionIndicator
    raw_id_fields = ("objective",)
    extra = 0


class SecondaryPriorityInline(admin.TabularInline):  # type: ignore[type-arg]
    model = SecondaryPriority
    extra = 0


class ActionThemeInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ActionTheme
    extra = 0


@admin.register(Action)
class ActionAdmin(PartOfRoadmapAdmin):
    """A sheet and all that hangs on it."""

    list_display = ("number", "title", "project", "priority", "status")
    list_select_related = ("project__territory", "priority")
    list_filter = ("project__territory", "priority", "status")
    search_fields = ("number", "folded")
    ordering = ("project", "number", "pk")
    autocomplete_fields = ("project",)
    raw_id_fields = ("axis",)
    inlines = (
        SecondaryPriorityInline,
        ActionThemeInline,
        ObjectiveInline,
        ActionRoleInline,
        FundingLineInline,
        ActionIndicatorInline,
    )


class PlannedQuarterInline(admin.TabularInline):  # type: ignore[type-arg]
    model = PlannedQuarter
    extra = 0


@admin.register(Objective)
class ObjectiveAdmin(PartOfRoadmapAdmin):
    """A row of a sheet and its quarters."""

    list_display = ("title", "action", "state")
    list_select_related = ("action",)
    list_filter = ("action__project__territory", "state")
    search_fields = ("folded",)
    ordering = ("action__project", "action__number", "position", "pk")
    raw_id_fields = ("action", "parent")
    inlines = (PlannedQuarterInline,)

    def projects_of(self, obj: Objective) -> Iterable[Project]:
        return [obj.action.project]


@admin.register(Axis)
class AxisAdmin(PartOfRoadmapAdmin):
    """A local axis."""

    list_display = ("label", "title", "project", "position")
    list_filter = ("project__territory",)
    list_select_related = ("project__territory",)
    search_fields = ("title",)
    ordering = ("project", "position", "pk")


@admin.register(PriorityHeading)
class PriorityHeadingAdmin(PartOfRoadmapAdmin):
    """How one booklet words a priority."""

    list_display = ("priority", "project", "title")
    list_filter = ("project__territory",)
    list_select_related = ("priority", "project__territory")
    ordering = ("project", "priority__number", "pk")


@admin.register(Priority)
class PriorityAdmin(ReadOnlyAdmin):
    """The six priorities of the decree."""

    list_display = ("number", "short_label", "article")
    ordering = ("number",)


@admin.register(Theme)
class ThemeAdmin(ReadOnlyAdmin):
    """The five themes of the ANAP."""

    list_display = ("position", "title")
    ordering = ("position",)
