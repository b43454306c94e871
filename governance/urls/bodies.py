"""Addresses of the bodies of a project, of who sits there, and of the first page of governance."""

from django.urls import path

from governance.views import bodies, home, seats

urlpatterns = [
    path("ptsm/<int:project_pk>/gouvernance/", home.governance_home, name="governance_home"),
    path(
        "ptsm/<int:project_pk>/gouvernance/composition/",
        home.composition_list,
        name="composition_list",
    ),
    path(
        "ptsm/<int:project_pk>/gouvernance/composition/excel/",
        home.composition_export,
        name="composition_export",
    ),
    path("ptsm/<int:project_pk>/gouvernance/instances/", bodies.body_list, name="body_list"),
    path("ptsm/<int:project_pk>/gouvernance/instances/ajouter/", bodies.body_add, name="body_add"),
    path("instances/<int:pk>/", bodies.body_detail, name="body_detail"),
    path("instances/<int:pk>/modifier/", bodies.body_edit, name="body_edit"),
    path("instances/<int:pk>/rang/", bodies.body_place, name="body_place"),
    path("instances/<int:pk>/terminer/", bodies.body_end, name="body_end"),
    path("instances/<int:pk>/reprendre/", bodies.body_bring_back, name="body_bring_back"),
    path("instances/<int:pk>/sieges/ajouter/", seats.seat_add, name="seat_add"),
    path("instances/<int:pk>/sieges/annuaire/", seats.seat_add_many, name="seat_add_many"),
    path("sieges/<int:pk>/modifier/", seats.seat_edit, name="seat_edit"),
    path("sieges/<int:pk>/terminer/", seats.seat_end, name="seat_end"),
    path("sieges/<int:pk>/remplacer/", seats.seat_replace, name="seat_replace"),
]
