"""Addresses of the directory of a territory."""

from django.urls import path

from governance import views

app_name = "governance"

urlpatterns = [
    path("territoires/<slug:code>/annuaire/", views.person_list, name="person_list"),
    path("territoires/<slug:code>/annuaire/ajouter/", views.person_add, name="person_add"),
    path(
        "territoires/<slug:code>/annuaire/<int:pk>/modifier/",
        views.person_edit,
        name="person_edit",
    ),
    path(
        "territoires/<slug:code>/annuaire/<int:pk>/depart/",
        views.person_leave,
        name="person_leave",
    ),
    path(
        "territoires/<slug:code>/annuaire/<int:pk>/retour/",
        views.person_return,
        name="person_return",
    ),
]
