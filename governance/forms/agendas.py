"""What is typed of an agenda."""

from typing import Any

from django import forms

from core.forms import NO_PATIENT, LineField
from governance.forms.fields import plain_helper
from governance.models import AgendaItem
from journal.forms import TokenField, TracedForm

LONGEST_MINUTES = 600
WRONG_MINUTES = f"Donnez un nombre de minutes, de 1 à {LONGEST_MINUTES}."


class _Item(forms.Form):
    """What an item says."""

    title = LineField(
        label="Point",
        max_length=250,
        help_text=NO_PATIENT,
        error_messages={"required": "Dites de quoi il s’agit."},
    )
    minutes = forms.IntegerField(
        label="Durée en minutes",
        required=False,
        min_value=1,
        max_value=LONGEST_MINUTES,
        error_messages={
            "invalid": WRONG_MINUTES,
            "min_value": WRONG_MINUTES,
            "max_value": WRONG_MINUTES,
        },
    )
    speaker = LineField(label="Intervenant", required=False, max_length=170)


class NewItemForm(_Item):
    """One item more, at the end."""

    token = TokenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    @property
    def item(self) -> AgendaItem:
        """The item as typed, not kept."""
        typed = self.cleaned_data
        return AgendaItem(title=typed["title"], minutes=typed["minutes"], speaker=typed["speaker"])


class ItemForm(TracedForm, _Item):
    """An item that changes."""

    class Meta:
        model = AgendaItem
        fields = ("title", "minutes", "speaker")

    field_order = ("title", "minutes", "speaker", "revision")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
