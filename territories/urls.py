"""Addresses of the people of a territory."""

from django.urls import path

from territories import views

app_name = "territories"

urlpatterns = [
    path("territoires/<slug:code>/membres/", views.member_list, name="member_list"),
    path("territoires/<slug:code>/membres/inviter/", views.member_invite, name="member_invite"),
    path(
        "territoires/<slug:code>/membres/<int:pk>/renvoyer/",
        views.member_resend,
        name="member_resend",
    ),
    path(
        "territoires/<slug:code>/membres/<int:pk>/retirer/",
        views.member_remove,
        name="member_remove",
    ),
]
