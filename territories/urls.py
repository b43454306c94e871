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
    path("territoires/<slug:code>/membres/<int:pk>/role/", views.member_role, name="member_role"),
    path(
        "territoires/<slug:code>/membres/<int:pk>/suspendre/",
        views.member_suspend,
        name="member_suspend",
    ),
    path(
        "territoires/<slug:code>/membres/<int:pk>/retablir/",
        views.member_reinstate,
        name="member_reinstate",
    ),
    path(
        "territoires/<slug:code>/membres/<int:pk>/retirer/",
        views.member_remove,
        name="member_remove",
    ),
]
