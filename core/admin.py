"""The words of the administration itself; rows that it only reads, mails among them."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from core.models import Mail

admin.site.site_header = "PTSM – réparation"
admin.site.site_title = "PTSM – réparation"
admin.site.index_title = "À n’utiliser que pour réparer"


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Facts that the application writes, or the law: nobody rewrites them by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: models.Model | None = None,  # noqa: ARG002
    ) -> bool:
        return False

    def has_delete_permission(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: models.Model | None = None,  # noqa: ARG002
    ) -> bool:
        return False


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """Every mail and the server's answer; a mail is a fact, and facts are only read."""

    list_display = ("created_at", "to", "subject", "state", "attempts", "settled_at", "refusal")
    list_filter = ("state",)
    search_fields = ("to", "subject")
    # A text that waits holds a secret link, which is nobody else's.
    exclude = ("body", "calendar")
    ordering = ("-created_at", "-pk")
