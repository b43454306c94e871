"""Repairing accounts: closing one, correcting an address, revoking a link."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db import models
from django.http import HttpRequest

from accounts.models import AccessLink, Invitation, User
from accounts.services import correct_address, revoke_link
from core.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.forms import ModelForm

# What makes a repairer able to do more: only a superuser gives it.
POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")


class LowerCaseAddress:
    """Addresses are kept as sign-in looks for them."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]  # type: ignore[attr-defined]
        return email.lower()


class UserCreation(LowerCaseAddress, AdminUserCreationForm):  # type: ignore[type-arg]
    """An account made for repair: people of the territories are invited instead."""

    class Meta:
        model = User
        fields = ("email",)


class UserChange(LowerCaseAddress, UserChangeForm):  # type: ignore[type-arg]
    """An account to repair."""

    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """Accounts, known by their address."""

    form = UserChange
    add_form = UserCreation
    list_display = ("email", "first_name", "last_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    readonly_fields = ("last_login", "joined_at")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Personne", {"fields": ("first_name", "last_name")}),
        ("Accès", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("last_login", "joined_at")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "usable_password", "password1", "password2"),
            },
        ),
    )
    filter_horizontal = ("groups",)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else fields + POWERS

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser's account too: whoever changes its address or password takes its powers."""
        may_change = super().has_change_permission(request, obj)
        if obj is None or not obj.is_superuser:
            return may_change
        return may_change and request.user.is_superuser

    def save_model(
        self,
        request: HttpRequest,
        obj: User,
        form: "ModelForm[Any]",
        change: bool,  # noqa: FBT001 (Django's)
    ) -> None:
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            correct_address(user=obj)


@admin.register(AccessLink)
class AccessLinkAdmin(ReadOnlyAdmin):
    """Links sent by mail: read, and revoked."""

    list_display = ("pk", "purpose", "created_at", "expires_at", "revoked_at", "uses")
    list_filter = ("purpose",)
    exclude = ("token_hash",)
    ordering = ("-created_at", "-pk")
    actions = ("revoke",)

    @admin.action(description="Révoquer les liens choisis")
    def revoke(self, request: HttpRequest, queryset: models.QuerySet[AccessLink]) -> None:
        for link in queryset:
            revoke_link(link=link)
        self.message_user(request, "Ces liens n’ouvrent plus rien.")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Who was invited where, by whom, and whether the account was opened."""

    list_display = ("user", "place", "role", "invited_by", "sent_at", "accepted_at")
    list_select_related = ("user", "invited_by")
    search_fields = ("user__email", "place")
    ordering = ("-sent_at", "-pk")
    actions = None

    def has_delete_permission(
        self,
        request: HttpRequest,
        obj: models.Model | None = None,  # noqa: ARG002
    ) -> bool:
        """An invitation goes with its account."""
        return request.user.has_perm("accounts.delete_user")
