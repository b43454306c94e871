"""The journal is read, never rewritten."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from journal.models import Change, ChangeSet


class ChangeInline(admin.TabularInline):  # type: ignore[type-arg]
    """What the gesture did, row by row."""

    model = Change
    fields = readonly_fields = ("rank", "kind", "model", "row", "name", "field", "old", "new")
    ordering = ("rank",)
    extra = 0
    can_delete = False


@admin.register(ChangeSet)
class ChangeSetAdmin(ReadOnlyAdmin):
    """Gestures, the latest first."""

    list_display = ("at", "by_name", "words", "source", "scope", "revision")
    list_filter = ("source",)
    search_fields = ("by_name", "words")
    ordering = ("-pk",)
    inlines = (ChangeInline,)
