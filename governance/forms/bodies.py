"""What is typed of a body: what it is for, when it meets, until when."""

import datetime as dt
from typing import Any

from django import forms

from core.forms import NO_PATIENT, LineField, ParagraphsField
from core.text import NBSP
from governance.forms.fields import DayField, plain_helper
from governance.models import Body
from journal.forms import TokenField, TracedForm

LONGEST_MISSION = 5_000


class BodyForm(TracedForm):
    """A body, new or as it is. No query."""

    token = TokenField()
    name = LineField(
        label="Nom",
        max_length=160,
        error_messages={"required": "Donnez un nom à l’instance."},
    )
    theme = LineField(
        label="Thème",
        required=False,
        max_length=200,
        help_text="Pour un groupe de travail\u00a0: ce dont il s’occupe.",
    )
    mission = ParagraphsField(
        label="Missions",
        required=False,
        max_length=LONGEST_MISSION,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=f"Une proposition est écrite pour vous{NBSP}: adaptez-la. {NO_PATIENT}",
    )
    rhythm = LineField(
        label="Rythme",
        required=False,
        max_length=120,
        help_text="Par exemple «\u00a0une réunion par trimestre\u00a0».",
    )
    created_on = DayField(label="Installée le", required=False)

    class Meta:
        model = Body
        fields = ("kind", "name", "theme", "gate", "mission", "rhythm", "created_on")

    field_order = (*Meta.fields, "token", "revision")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        gate: Any = self.fields["gate"]
        gate.label = "Porte d’entrée"
        gate.choices = [("", "Aucune en particulier"), *gate.choices[1:]]
        gate.help_text = "L’une des cinq portes de la Rosace, pour un groupe de travail."


class EndBodyForm(forms.Form):
    """From which day a body sits no more."""

    on = DayField(label="Terminée le")

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        self.initial["on"] = today
        self.today = today

    def clean_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(
                f"Ce jour est à venir{NBSP}: terminez l’instance le jour venu."
            )
        return on
