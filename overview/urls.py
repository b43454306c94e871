"""Addresses of the screens that show several rooms."""

from django.urls import path

from overview import views

app_name = "overview"

urlpatterns = [
    path("", views.home, name="home"),
    path("territoires/<slug:code>/", views.territory_detail, name="territory_detail"),
]
