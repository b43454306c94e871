"""Root addresses: each room declares its own."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from accounts.urls import account_urlpatterns

handler500 = "core.views.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    # Before the administration: its own sign-in page is closed, ours counts failures.
    path("", include(account_urlpatterns)),
    path("", include("territories.urls")),
    path("", include("governance.urls")),
    path("", include("documents.urls")),
    path("", include("roadmap.urls")),
    path("", include("reviews.urls")),
    path("", include("overview.urls")),
    path("admin/", admin.site.urls),
]
