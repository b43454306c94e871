"""Addresses of the register of decisions."""

from django.urls import path

from governance.views import decisions

urlpatterns = [
    path("ptsm/<int:project_pk>/decisions/", decisions.decision_list, name="decision_list"),
    path(
        "ptsm/<int:project_pk>/decisions/classeur/",
        decisions.decision_export,
        name="decision_export",
    ),
    path("ptsm/<int:project_pk>/decisions/nouvelle/", decisions.decision_add, name="decision_add"),
    path("decisions/<int:pk>/", decisions.decision_detail, name="decision_detail"),
    path("decisions/<int:pk>/modifier/", decisions.decision_edit, name="decision_edit"),
    path("decisions/<int:pk>/clore/", decisions.decision_close, name="decision_close"),
    path("decisions/<int:pk>/rouvrir/", decisions.decision_reopen, name="decision_reopen"),
]
