"""What people type of the local axes."""

from typing import Any

from django import forms

from core.forms import LineField
from journal.forms import TokenField, TracedForm
from roadmap.forms.lifecycle import plain_helper
from roadmap.models import Axis

MISSING_TITLE = {"required": "Donnez un intitulé à l’axe."}


def _label() -> LineField:
    return LineField(
        label="Repère imprimé",
        required=False,
        max_length=30,
        help_text="Facultatif\u00a0: «\u00a0Axe 1\u00a0», «\u00a0A\u00a0»…",
    )


def _title() -> LineField:
    return LineField(label="Intitulé", max_length=300, error_messages=MISSING_TITLE)


class NewAxisForm(forms.Form):
    """A new axis, after the others."""

    token = TokenField()
    label = _label()
    title = _title()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class AxisForm(TracedForm):
    """The names of an axis."""

    label = _label()
    title = _title()

    class Meta:
        model = Axis
        fields = ("label", "title")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
