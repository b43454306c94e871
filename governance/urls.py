"""Addresses of the directory of a territory."""

from django.urls import path

from governance.views import people

app_name = "governance"

urlpatterns = [
    path("territoires/<slug:code>/annuaire/", people.person_list, name="person_list"),
    path("territoires/<slug:code>/annuaire/ajouter/", people.person_add, name="person_add"),
    path(
        "territoires/<slug:code>/annuaire/<int:pk>/modifier/",
        people.person_edit,
        name="person_edit",
    ),
    path(
        "territoires/<slug:code>/annuaire/<int:pk>/depart/",
        people.person_leave,
        name="person_leave",
    ),
    path(
        "territoires/<slug:code>/annuaire/<int:pk>/retour/",
        people.person_return,
        name="person_return",
    ),
]
