"""Declares the room to Django."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "overview"
    verbose_name = "Vue d’ensemble"
