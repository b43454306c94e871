"""Repairing territories and their projects; what hangs on a project says that it changed."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse

from journal.enums import Source
from journal.recording import gesture, gesture_under_way
from territories.models import (
    Department,
    FormalAct,
    Membership,
    Project,
    Region,
    Territory,
    TerritoryPart,
)

if TYPE_CHECKING:
    from django.forms import BaseModelFormSet, ModelForm


class TracedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Repairs rows that the journal traces: one screen sent is one gesture."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._in_a_gesture(request, super().changeform_view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._in_a_gesture(request, super().delete_view, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._in_a_gesture(request, super().changelist_view, *args, **kwargs)

    def _in_a_gesture(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        words = f"a réparé\u00a0: {self.opts.verbose_name}"
        with gesture(by=request.user, source=Source.ADMIN, words=words):  # type: ignore[arg-type]
            return view(request, *args, **kwargs)


class PartOfProjectAdmin(TracedAdmin):
    """Repairs a row that papers print: its projects are marked changed in the same transaction.

    A room says by `projects_of` which ones; inlines count as their parent.
    """

    def projects_of(self, obj: Any) -> Iterable[Project]:
        """The projects whose papers print that row."""
        raise NotImplementedError

    def save_model(
        self,
        request: HttpRequest,
        obj: models.Model,
        form: "ModelForm[Any]",
        change: bool,  # noqa: FBT001 (Django's)
    ) -> None:
        before = list(self.projects_of(type(obj)._default_manager.get(pk=obj.pk))) if change else []
        super().save_model(request, obj, form, change)
        _concern([*before, *self.projects_of(obj)])

    def save_formset(
        self,
        request: HttpRequest,
        form: "ModelForm[Any]",
        formset: "BaseModelFormSet[Any, Any]",
        change: bool,  # noqa: FBT001 (Django's)
    ) -> None:
        super().save_formset(request, form, formset, change)
        _concern(self.projects_of(form.instance))

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        _concern(self.projects_of(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        _concern(project for obj in queryset for project in self.projects_of(obj))
        super().delete_queryset(request, queryset)


def _concern(projects: Iterable[Project]) -> None:
    """The gesture under way changed these: each will be marked, once, traced row or not."""
    for project in projects:
        gesture_under_way().concerns(project.scope, project.mark_changed, whatever_happens=True)


class PartOfTerritoryAdmin(PartOfProjectAdmin):
    """Repairs what belongs to a territory, and is printed by each of its projects."""

    def projects_of(self, obj: Any) -> Iterable[Project]:
        return Project.objects.of(obj.territory)


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("code", "name", "ars_name")
    search_fields = ("code", "name")
    ordering = ("code",)


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("code", "name", "region", "population")
    list_select_related = ("region",)
    list_filter = ("region",)
    search_fields = ("code", "name")
    ordering = ("code",)


class TerritoryPartInline(admin.TabularInline):  # type: ignore[type-arg]
    model = TerritoryPart
    autocomplete_fields = ("department",)
    extra = 0


@admin.register(Territory)
class TerritoryAdmin(PartOfProjectAdmin):
    """Its name and extent are printed by its projects."""

    list_display = ("code", "name", "region", "time_zone", "is_fictional")
    list_select_related = ("region",)
    list_filter = ("region", "is_fictional")
    search_fields = ("code", "name")
    ordering = ("code",)
    inlines = (TerritoryPartInline,)

    def projects_of(self, obj: Territory) -> Iterable[Project]:
        return Project.objects.of(obj)


class FormalActInline(admin.TabularInline):  # type: ignore[type-arg]
    model = FormalAct
    extra = 0


@admin.register(Project)
class ProjectAdmin(PartOfProjectAdmin):
    """One generation, with its formal acts."""

    list_display = ("title", "territory", "generation", "stage", "starts_on", "ends_on", "revision")
    list_select_related = ("territory",)
    list_filter = ("stage", "territory__region")
    search_fields = ("title", "territory__name", "territory__code")
    autocomplete_fields = ("territory", "predecessor")
    readonly_fields = ("revision", "changed_at")
    ordering = ("territory__code", "-generation", "pk")
    inlines = (FormalActInline,)

    def projects_of(self, obj: Project) -> Iterable[Project]:
        return [obj]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Who may do what; the application's own page sends the invitations."""

    list_display = ("user", "role", "scope", "territory", "region", "created_at", "suspended_at")
    list_select_related = ("user", "territory", "region")
    list_filter = ("scope", "role")
    search_fields = ("user__email", "user__last_name", "territory__name")
    autocomplete_fields = ("user", "territory", "region", "suspended_by")
    ordering = ("pk",)
