"""Reading the reviews: what was asked and answered is written by its own pages, never by hand."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from core.admin import ReadOnlyAdmin
from reviews.models import Campaign, Charge, Evidence, Letter, ObjectiveUpdate, Respondent, Update


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """Rows that hang on another, only read."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: models.Model | None = None,  # noqa: ARG002
    ) -> bool:
        return False


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    """The review of one quarter."""

    list_display = ("project", "quarter", "edition", "state", "opens_on", "due_on", "led_by_name")
    list_select_related = ("project__territory",)
    list_filter = ("state", "project__territory")
    ordering = ("-quarter", "project", "pk")


class ChargeInline(ReadOnlyInline):
    model = Charge
    fields = ("update",)


@admin.register(Respondent)
class RespondentAdmin(ReadOnlyAdmin):
    """Whom a review asks, about which sheets; their links are nobody else's."""

    list_display = ("name", "email", "campaign", "person")
    list_select_related = ("campaign__project", "person")
    list_filter = ("campaign__project__territory",)
    search_fields = ("name", "email")
    ordering = ("-campaign", "name", "pk")
    inlines = (ChargeInline,)


class ObjectiveUpdateInline(ReadOnlyInline):
    model = ObjectiveUpdate
    fields = ("position", "printed", "answer", "slipped_to", "slip_reason")


class EvidenceInline(ReadOnlyInline):
    model = Evidence
    fields = ("attachment",)


@admin.register(Update)
class UpdateAdmin(ReadOnlyAdmin):
    """What is said of one sheet."""

    list_display = ("action", "campaign", "state", "status", "submitted_at", "answered_name")
    list_select_related = ("action", "campaign__project")
    list_filter = ("state", "campaign__project__territory")
    ordering = ("-campaign", "action__number", "pk")
    inlines = (ObjectiveUpdateInline, EvidenceInline)


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    """Every mail of a review, and why it left."""

    list_display = ("written_at", "campaign", "respondent", "kind", "occasion", "mail")
    list_select_related = ("campaign__project", "respondent", "mail")
    list_filter = ("kind", "campaign__project__territory")
    search_fields = ("respondent__name", "mail__to")
    ordering = ("-written_at", "-pk")
