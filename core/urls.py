"""Addresses that belong to no room, most of them open to anybody."""

from django.urls import path

from core import guide, views

app_name = "core"

urlpatterns = [
    path("mentions-legales/", views.legal, name="legal"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("plan-du-site/", views.site_map, name="site_map"),
    path("contact/", views.contact, name="contact"),
    path("aide/", views.help_page, {"slug": guide.FIRST_PAGE}, name="help"),
    path("aide/<slug:slug>/", views.help_page, name="help_page"),
    path("texte-riche/", views.rich_text_clean, name="rich_text_clean"),
    path("sante/", views.health, name="health"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("robots.txt", views.robots_txt, name="robots_txt"),
]
