"""What is typed of the communication plan and of the prerequisites."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import Q

from core.forms import NO_PATIENT, LineField, ParagraphsField
from core.text import NBSP
from governance.enums import FollowedList, FollowedState
from governance.models import FollowedLine, Person
from journal.forms import TokenField, TracedForm


class LineForm(TracedForm):
    """One line of one of the lists. One query when drawn."""

    words = ParagraphsField(
        label="Message",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez ce que cette ligne suit."},
    )
    audience = LineField(
        label="Public visé", required=False, max_length=200, help_text="À qui l’on s’adresse."
    )
    medium = LineField(
        label="Support",
        required=False,
        max_length=200,
        help_text="Lettre, réunion, site, affiche, article…",
    )
    due_on = forms.DateField(
        label="Échéance",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "invalid": f"Écrivez une date, par exemple 23/11/2026{NBSP}: jour, mois, année."
        },
    )
    responsible_name = LineField(
        label="Responsable, tel qu’on le nomme",
        required=False,
        max_length=170,
        help_text=(
            "Par exemple «\u00a0l’équipe projet\u00a0». Laissez vide pour reprendre le nom choisi."
        ),
    )
    remark = ParagraphsField(
        label="Remarque",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=f"Ce qui manque, ou pourquoi la ligne est abandonnée. {NO_PATIENT}",
    )
    token = TokenField()

    class Meta:
        model = FollowedLine
        fields = (
            "words",
            "audience",
            "medium",
            "due_on",
            "responsible",
            "responsible_name",
            "state",
            "remark",
        )

    def __init__(self, *args: Any, which: FollowedList, project: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.label_class = "fw-semibold"
        if which == FollowedList.PREREQUISITES:
            self.fields["words"].label = "Prérequis"
            del self.fields["audience"], self.fields["medium"]
        responsible = cast("Any", self.fields["responsible"])
        there = Q(left_on=None) | Q(pk=self.instance.responsible_id)
        responsible.queryset = Person.objects.of(project.territory).filter(there)
        responsible.empty_label = "Personne de l’annuaire"
        responsible.label = "Responsable"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        person = cleaned.get("responsible")
        # The name that was kept goes with the person, unless another was typed.
        is_typed = "responsible_name" in self.changed_data and cleaned.get("responsible_name")
        if person is not None and not is_typed and "responsible" in self.changed_data:
            cleaned["responsible_name"] = str(person)
        if cleaned.get("state") == FollowedState.DROPPED and not cleaned.get("remark"):
            self.add_error("remark", "Dites ici pourquoi cette ligne est abandonnée.")
        return cleaned


class FollowedFilterForm(forms.Form):
    """The filters of a list, kept in the address: their names are French."""

    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *FollowedState.choices]
    )
    retard = forms.ChoiceField(
        label="Échéance", required=False, choices=[("", "Toutes"), ("oui", "En retard")]
    )
    ordre = forms.ChoiceField(
        label="Ordre", required=False, choices=[("", "De la liste"), ("date", "Par échéance")]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    @property
    def choices_made(self) -> dict[str, str]:
        """The filters that apply, the wrong ones left aside."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
