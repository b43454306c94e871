"""Papers and attachments seen by whoever repairs: read, and an order sent back to the press."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin import ReadOnlyAdmin
from core.text import counted
from documents.models import Attachment, Document, PrintedFile
from documents.services import retry_document


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ["title", "project__territory", "state", "attempts", "ordered_by", "ordered_at"]
    list_filter = ["state", "kind"]
    search_fields = ["title", "project__territory__name"]
    list_select_related = ["project__territory", "ordered_by"]
    ordering = ["-ordered_at", "-pk"]
    actions = ["print_again"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An order goes with its project; by one of a frozen state its file is found again."""
        is_kept = obj is not None and obj.is_frozen
        return request.user.has_perm("documents.delete_document") and not is_kept

    @admin.action(description="Imprimer à nouveau (échecs et fichiers perdus)")
    def print_again(self, request: HttpRequest, orders: QuerySet[Document]) -> None:
        again = sum(retry_document(document=order) for order in orders)
        messages.info(request, f"{counted(again, 'document')} remis en file d’impression.")


@admin.register(PrintedFile)
class PrintedFileAdmin(ReadOnlyAdmin):
    list_display = ["fingerprint_shown", "page_count", "size", "printed_at"]
    search_fields = ["fingerprint"]
    ordering = ["-printed_at", "-pk"]

    @admin.display(description="empreinte", ordering="fingerprint")
    def fingerprint_shown(self, printed: PrintedFile) -> str:
        return printed.short_fingerprint


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    """What it is and whose; the file itself is read where it hangs, by who may."""

    list_display = ["name", "media_type", "extent_shown", "author", "added_at", "unused_since"]
    search_fields = ["name", "url", "author"]
    exclude = ["file"]
    ordering = ["-added_at", "-pk"]

    @admin.display(description="taille", ordering="size")
    def extent_shown(self, attachment: Attachment) -> str:
        return attachment.extent
