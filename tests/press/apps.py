"""Offers « essai » to the press, only in the processes that install this room."""

from django.apps import AppConfig

from documents.kinds import register


class PressConfig(AppConfig):
    name = "tests.press"
    label = "tests_press"

    def ready(self) -> None:
        # No model can be imported before every room is declared.
        from tests.press.kinds import ESSAI  # noqa: PLC0415

        register(ESSAI)
