"""Repairing the directory; sheets print these names, so their projects are marked changed."""

from django.contrib import admin
from django.db import models

from governance.models import Organisation, Person
from territories.admin import PartOfTerritoryAdmin


@admin.register(Organisation)
class OrganisationAdmin(PartOfTerritoryAdmin):
    """Structures of a territory."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    list_display = ("name", "short_name", "category", "territory")
    list_select_related = ("territory",)
    list_filter = ("category", "territory")
    search_fields = ("name", "short_name", "folded")
    autocomplete_fields = ("territory", "contact")
    ordering = ("territory__code", "name", "pk")


@admin.register(Person)
class PersonAdmin(PartOfTerritoryAdmin):
    """People of a territory, with or without an account; what they live is not for repair."""

    exclude = ("lived_experience",)

    list_display = ("last_name", "first_name", "organisation", "function", "user", "territory")
    list_select_related = ("territory", "organisation", "user")
    list_filter = ("territory", "left_on")
    search_fields = ("last_name", "first_name", "email", "folded")
    autocomplete_fields = ("territory", "organisation", "user")
    ordering = ("territory__code", "last_name", "first_name", "pk")
