"""Addresses of the screens that show several rooms."""

from django.urls import path

from overview.views import handover, pages, sheets

app_name = "overview"

urlpatterns = [
    path("", pages.home, name="home"),
    path("fiches/", sheets.sheet_list, name="sheet_list"),
    path("fiches/excel/", sheets.sheet_export, name="sheet_export"),
    path("territoires/<slug:code>/", pages.territory_detail, name="territory_detail"),
    path(
        "territoires/<slug:code>/annuaire/<int:pk>/passer-la-main/",
        handover.handover,
        name="handover",
    ),
    path(
        "territoires/<slug:code>/annuaire/<int:pk>/reprise/",
        handover.handover_summary,
        name="handover_summary",
    ),
]
