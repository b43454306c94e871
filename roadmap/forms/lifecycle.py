"""What people type to make a sheet, to number it, to take it out."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms

from core.forms import NO_PATIENT, LineField, ParagraphsField
from journal.forms import TokenField
from roadmap.models import Action, Axis, Priority
from roadmap.models.objectives import LONGEST_TITLE
from roadmap.services.numbering import HIGHEST_NUMBER, TakenNumber, Way, free_number
from territories.models import Project


def plain_helper() -> FormHelper:
    """Crispy draws the fields and what is wrong with them; the page draws the form."""
    helper = FormHelper()
    helper.form_tag = False
    helper.label_class = "fw-semibold"
    return helper


class NumberField(forms.IntegerField):
    """The number of a sheet."""

    def __init__(self, **kwargs: Any) -> None:
        bounds = f"Un numéro de fiche va de 1 à {HIGHEST_NUMBER}."
        super().__init__(
            label="Numéro",
            min_value=1,
            max_value=HIGHEST_NUMBER,
            widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "number-field"}),
            error_messages={
                "required": "Donnez un numéro à la fiche.",
                "invalid": "Un numéro de fiche s’écrit en chiffres.",
                "min_value": bounds,
                "max_value": bounds,
            },
            **kwargs,
        )


class NewSheetForm(forms.Form):
    """A new sheet: its number, its title, where it stands. Costs three queries."""

    token = TokenField()
    number = NumberField()
    title = LineField(
        label="Titre",
        max_length=LONGEST_TITLE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NO_PATIENT,
        error_messages={"required": "Donnez un titre à la fiche."},
    )
    same_title = forms.BooleanField(
        label="Créer une autre fiche du même titre", required=False, widget=forms.HiddenInput
    )
    priority = forms.ModelChoiceField(
        label="Priorité du décret",
        queryset=Priority.objects.order_by("number"),
        required=False,
        empty_label="À choisir plus tard",
    )
    axis = forms.ModelChoiceField(
        label="Axe local",
        queryset=Axis.objects.none(),
        required=False,
        empty_label="À choisir plus tard",
    )

    def __init__(self, *args: Any, project: Project, source: Action | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        cast("forms.ModelChoiceField[Axis]", self.fields["axis"]).queryset = Axis.objects.filter(
            project=project
        ).order_by("position", "pk")
        if not self.is_bound:
            self.initial["number"] = free_number(project)
            if source is not None:
                self._start_from(source, project)

    def ask_same_title(self, refusal: str) -> None:
        """Another sheet bears that title: say so, and offer to mean it."""
        self.add_error("title", refusal)
        self.fields["same_title"].widget = forms.CheckboxInput()

    def _start_from(self, source: Action, project: Project) -> None:
        self.initial["title"] = source.title
        self.initial["priority"] = source.priority_id
        if source.project_id == project.pk:
            self.initial["axis"] = source.axis_id


class SourceForm(forms.Form):
    """Words of the sheet to start from, kept in the address."""

    mots = LineField(
        label="Chercher une fiche",
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "titre, objectif, «\u00a0fiche\u00a012\u00a0»…"}
        ),
    )


class NumberForm(forms.Form):
    """Another number for a sheet; when it is taken, what becomes of the one that has it."""

    number = NumberField()
    way = forms.ChoiceField(
        label="Ce numéro est pris", required=False, widget=forms.RadioSelect, choices=Way.choices
    )
    seen_echanger = forms.CharField(required=False, widget=forms.HiddenInput)
    seen_inserer = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    @property
    def seen(self) -> str:
        """What the page announced of the way chosen."""
        way = self.cleaned_data["way"]
        return self.cleaned_data[f"seen_{way}"] if way else ""

    def forget_ways(self) -> None:
        """The number is free, or not known yet: there is nothing to choose."""
        for name in ("way", "seen_echanger", "seen_inserer"):
            del self.fields[name]

    def offer_ways(self, taken: TakenNumber) -> None:
        """Show both ways as they are now, whatever was announced before; none is chosen."""
        plans = {Way.EXCHANGE: taken.exchange, Way.INSERT: taken.insert}
        offered = {way: plan for way, plan in plans.items() if plan}
        codes = {f"seen_{way.value}": plan.code for way, plan in offered.items()}
        self.data = {"number": self.data.get("number"), **codes}
        cast("forms.ChoiceField", self.fields["way"]).choices = [
            (way.value, f"{way.label}\u00a0: {plan.shifted_words}") for way, plan in offered.items()
        ]


class RetireForm(forms.Form):
    """Why a sheet leaves the roadmap."""

    reason = ParagraphsField(
        label="Motif du retrait",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Les lecteurs de la fiche le liront. {NO_PATIENT}",
        error_messages={"required": "Dites pourquoi la fiche est retirée\u00a0: on le demandera."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
