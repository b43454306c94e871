"""Addresses of the papers."""

from django.urls import path

from documents import views
from documents.views import booklets, pins

app_name = "documents"

urlpatterns = [
    path("ptsm/<int:project_pk>/documents/", views.document_list, name="document_list"),
    path(
        "ptsm/<int:project_pk>/documents/commander/<slug:kind>/",
        views.document_order,
        name="document_order",
    ),
    path("documents/<int:pk>/", views.document_detail, name="document_detail"),
    path("documents/<int:pk>/etat/", views.document_state, name="document_state"),
    path("documents/<int:pk>/fichier/", views.document_file, name="document_file"),
    path("documents/<int:pk>/relancer/", views.document_retry, name="document_retry"),
    # The « livret en vigueur »: chosen by the lead, with its addresses.
    path("documents/<int:pk>/en-vigueur/", pins.document_pin, name="document_pin"),
    path("ptsm/<int:project_pk>/documents/livret-en-vigueur/", pins.pin_detail, name="pin_detail"),
    path(
        "ptsm/<int:project_pk>/documents/livret-en-vigueur/retirer/",
        pins.pin_remove,
        name="pin_remove",
    ),
    path(
        "ptsm/<int:project_pk>/documents/livret-en-vigueur/liens/",
        pins.pin_link_add,
        name="pin_link_add",
    ),
    path("documents/liens/<int:pk>/retirer/", pins.pin_link_revoke, name="pin_link_revoke"),
    # Opened without an account. What follows `livret/` is a secret, kept out of logs.
    path("livret/<str:token>/", booklets.booklet_open, name="booklet_open"),
    path("livret-en-vigueur/lien-inconnu/", booklets.booklet_unknown, name="booklet_unknown"),
    path("livret-en-vigueur/<int:pk>/", booklets.booklet_read, name="booklet_read"),
    path("livret-en-vigueur/<int:pk>/fichier/", booklets.booklet_file, name="booklet_file"),
]
