"""Addresses of the directory of a territory."""

from django.urls import path, register_converter

from governance.views import exchange, merging, organisations, people

DIRECTORY = "territoires/<slug:code>/annuaire"
ORGANISATIONS = f"{DIRECTORY}/organisations"


class KindOfEntry:
    """What of a directory may be double."""

    regex = "personnes|organisations"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(KindOfEntry, "kind")

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
    path(f"{DIRECTORY}/<int:pk>/", people.person_detail, name="person_detail"),
    path(f"{DIRECTORY}/<int:pk>/retirer/", people.person_remove, name="person_remove"),
    path(f"{ORGANISATIONS}/", organisations.organisation_list, name="organisation_list"),
    path(f"{ORGANISATIONS}/ajouter/", organisations.organisation_add, name="organisation_add"),
    path(
        f"{ORGANISATIONS}/<int:pk>/",
        organisations.organisation_detail,
        name="organisation_detail",
    ),
    path(
        f"{ORGANISATIONS}/<int:pk>/modifier/",
        organisations.organisation_edit,
        name="organisation_edit",
    ),
    path(
        f"{ORGANISATIONS}/<int:pk>/fermeture/",
        organisations.organisation_close,
        name="organisation_close",
    ),
    path(
        f"{ORGANISATIONS}/<int:pk>/retour/",
        organisations.organisation_reopen,
        name="organisation_reopen",
    ),
    path(
        f"{ORGANISATIONS}/<int:pk>/retirer/",
        organisations.organisation_remove,
        name="organisation_remove",
    ),
    path(
        f"{ORGANISATIONS}/<int:pk>/cadre-ethique/",
        organisations.organisation_ethics,
        name="organisation_ethics",
    ),
    path(f"{DIRECTORY}/excel/", exchange.directory_workbook, name="directory_workbook"),
    path(f"{DIRECTORY}/excel/telecharger/", exchange.directory_download, name="directory_download"),
    path(f"{DIRECTORY}/excel/<int:pk>/", exchange.directory_preview, name="directory_preview"),
    path(f"{DIRECTORY}/doublons/<kind:kind>/", merging.duplicate_list, name="duplicate_list"),
    path(
        f"{DIRECTORY}/doublons/<kind:kind>/<int:pk>/",
        merging.duplicate_find,
        name="duplicate_find",
    ),
    path(
        f"{DIRECTORY}/doublons/<kind:kind>/<int:pk>/<int:other>/",
        merging.duplicate_merge,
        name="duplicate_merge",
    ),
]
