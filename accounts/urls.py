"""Addresses of the doors.

allauth looks its own views up by names without a namespace: `account_urlpatterns` is included
beside `urlpatterns`, and holds only what the application uses of allauth.
"""

from django.urls import path, re_path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("invitation/", views.invitation_accept, name="invitation_accept"),
    path("invitation/<str:token>/", views.invitation_open, name="invitation_open"),
    path("demonstration/courriels/", views.demo_mail_list, name="demo_mail_list"),
]

account_urlpatterns = [
    path("compte/connexion/", views.sign_in, name="account_login"),
    path("compte/deconnexion/", views.sign_out, name="account_logout"),
    path("compte/ferme/", views.account_closed, name="account_inactive"),
    path("compte/inscription/", views.sign_up_closed, name="account_signup"),
    path("compte/mot-de-passe/", views.password_change, name="account_change_password"),
    path("compte/mot-de-passe/oublie/", views.password_forgotten, name="account_reset_password"),
    path(
        "compte/mot-de-passe/oublie/envoye/",
        views.password_link_sent,
        name="account_reset_password_done",
    ),
    path(
        "compte/mot-de-passe/nouveau/fait/",
        views.password_chosen,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^compte/mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        views.password_choose,
        name="account_reset_password_from_key",
    ),
    path("admin/login/", views.admin_sign_in, name="admin_sign_in"),
    path(
        "admin/password_change/",
        views.admin_password_change,
        name="admin_password_change",
    ),
]
