"""Addresses of the papers."""

from django.urls import path

from documents import views

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
]
