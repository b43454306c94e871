"""What is typed of decisions: as they are written, closed, opened again, looked for."""

import datetime as dt
from typing import Any, cast

from django import forms

from core.forms import NO_PATIENT, LineField, ParagraphsField
from core.text import NBSP
from governance.enums import DecisionState
from governance.forms.minutes import at_most, plain_helper
from governance.models import Body, Decision, Person
from governance.services.decisions import Decided
from journal.forms import TokenField, TracedForm
from territories.models import Project

LONGEST_DECISION = 4_000
LONGEST_CLOSING = 2_000
NAMES_OFFERED = 300
LATE = "retard"
BAD_DAY = {"invalid": "Écrivez une date comme 03/03/2026."}


def day_field(label: str, *, required: bool = False, **more: Any) -> forms.DateField:
    """A day, chosen or typed."""
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        error_messages=BAD_DAY,
        **more,
    )


def names_offered(project: Project) -> list[str]:
    """Who may be named without typing it all; one query, the directory may be long."""
    people = Person.objects.of(project.territory).filter(left_on=None)
    return [str(person) for person in people.only("first_name", "last_name")[:NAMES_OFFERED]]


class DecisionForm(TracedForm):
    """A decision, as it is taken or corrected. Its body is asked when no meeting tells it."""

    token = TokenField()
    text = ParagraphsField(
        label="Décision",
        validators=[at_most(LONGEST_DECISION, "Cette décision")],
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages={"required": "Écrivez la décision."},
        help_text=NO_PATIENT,
    )
    responsible_name = LineField(
        label="Responsable (facultatif)",
        required=False,
        max_length=170,
        widget=forms.TextInput(attrs={"class": "form-control", "list": "noms"}),
        help_text=f"Une personne, ou des mots comme «{NBSP}à désigner{NBSP}».",
    )
    due_on = day_field("Échéance (facultatif)")
    decided_on = day_field("Décidée le", required=True)

    class Meta:
        model = Decision
        fields = ["text", "responsible_name", "due_on", "body", "decided_on"]

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        if self.instance.meeting_id or self.instance.pk:
            # The meeting says both.
            del self.fields["body"], self.fields["decided_on"]
            return
        body = cast("Any", self.fields["body"])
        body.queryset = Body.objects.of(project)
        body.empty_label = "Sans instance"
        body.required = False
        body.widget.attrs["class"] = "form-select"

    def clean_decided_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["decided_on"]
        if day > self.instance.project.territory.today():
            raise forms.ValidationError("Cette date est à venir.")
        return day

    @property
    def decided(self) -> Decided:
        """What was typed, once valid."""
        given = self.cleaned_data
        return Decided(
            text=given["text"],
            responsible=given["responsible_name"],
            due_on=given["due_on"],
            body=given.get("body"),
        )


class CloseForm(forms.Form):
    """How a decision ends."""

    state = forms.ChoiceField(
        label="Cette décision est",
        choices=[
            (DecisionState.DONE.value, "faite"),
            (DecisionState.DROPPED.value, "abandonnée"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si la décision est faite ou abandonnée."},
    )
    words = ParagraphsField(
        label="Résultat, ou motif de l’abandon",
        required=False,
        validators=[at_most(LONGEST_CLOSING, "Ce texte")],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Obligatoire pour un abandon. {NO_PATIENT}",
    )
    on = day_field("Le", required=True)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        self.today = today
        self.helper = plain_helper()

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError("Cette date est à venir.")
        return day

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("state") == DecisionState.DROPPED and not given.get("words"):
            self.add_error("words", "Dites pourquoi cette décision est abandonnée.")
        return given


class ReopenForm(forms.Form):
    """Why a decision is followed again."""

    reason = LineField(
        label="Motif",
        max_length=300,
        error_messages={"required": "Dites pourquoi cette décision est rouverte."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class RegisterFilterForm(forms.Form):
    """Which decisions are shown; kept in the address."""

    mots = LineField(label="Chercher", required=False, max_length=100)
    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Toutes"), *DecisionState.choices, (LATE, "En retard")],
    )
    instance = forms.ModelChoiceField(
        label="Instance", queryset=Body.objects.none(), required=False, empty_label="Toutes"
    )
    responsable = forms.ChoiceField(label="Responsable", required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        """Two queries: the bodies, and who is responsible of something."""
        super().__init__(*args, **kwargs)
        cast("Any", self.fields["instance"]).queryset = Body.objects.of(project)
        rows = Decision.objects.of(project).exclude(responsible_name="").order_by()
        names = sorted(set(rows.values_list("responsible_name", flat=True)))
        field = cast("forms.ChoiceField", self.fields["responsable"])
        field.choices = [("", "Tous"), *((name, name) for name in names)]
        for one in self.fields.values():
            is_select = isinstance(one.widget, forms.Select)
            one.widget.attrs["class"] = "form-select" if is_select else "form-control"

    @property
    def choices_made(self) -> dict[str, str]:
        """What narrows the register, as the address says it."""
        given = self.cleaned_data
        body = given.get("instance")
        made = {
            "mots": given.get("mots", ""),
            "etat": given.get("etat", ""),
            "instance": str(body.pk) if body else "",
            "responsable": given.get("responsable", ""),
        }
        return {name: value for name, value in made.items() if value}
