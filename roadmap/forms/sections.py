"""What is typed in the parts of a sheet, each written in place."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.validators import MaxLengthValidator

from core.forms import NO_PATIENT, LineField, ParagraphsField
from core.text import NBSP, grouped
from journal.forms import TracedForm
from roadmap.enums import STATUSES_WITH_REASON
from roadmap.models import Action, Axis, Priority, Theme
from roadmap.models.objectives import LONGEST_TITLE

LONGEST_TEXT = 20_000
LONGEST_AXIS = 300


def at_most(length: int, what: str) -> MaxLengthValidator:
    """Says how long it is rather than cut what is pasted, as a browser that knew would."""
    return MaxLengthValidator(
        length,
        f"{what} tient {grouped(length)} caractères, le vôtre en a %(show_value)d{NBSP}: "
        "raccourcissez-le, rien n’est perdu.",
    )


def paragraphs(label: str, help_text: str = "") -> ParagraphsField:
    """A text of the sheet."""
    return ParagraphsField(
        label=label,
        required=False,
        validators=[at_most(LONGEST_TEXT, "Ce texte")],
        help_text=f"{help_text} {NO_PATIENT}".strip(),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SectionForm(TracedForm):
    """One part of a sheet; `leads` tells whether this person composes the roadmap."""

    def __init__(self, *args: Any, leads: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leads = leads

    @property
    def links(self) -> dict[str, set[int]]:
        """What is ticked among several, by the name of the relation; once the form is valid."""
        return {}

    @property
    def new_axis(self) -> str:
        """An axis to be made; once the form is valid."""
        return ""

    @property
    def columns(self) -> list[str]:
        """What it writes of the sheet itself."""
        return list(self._columns())


class IdentityForm(SectionForm):
    """How the sheet is called."""

    title = LineField(
        label="Titre",
        validators=[at_most(LONGEST_TITLE, "Un titre")],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NO_PATIENT,
        error_messages={"required": "Donnez un titre à la fiche."},
    )
    planning_title = LineField(
        label="Titre dans la partie planning",
        required=False,
        validators=[at_most(LONGEST_TITLE, "Un titre")],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=f"Seulement s’il est autre{NBSP}: vide, le titre ci-dessus est imprimé.",
    )

    class Meta:
        model = Action
        fields = ["title", "planning_title"]


class SortingForm(SectionForm):
    """Under what the sheet is sorted. Costs four queries."""

    priority = forms.ModelChoiceField(
        label="Priorité du décret",
        queryset=Priority.objects.order_by("number"),
        required=False,
        empty_label="À choisir plus tard",
    )
    secondary_priorities = forms.ModelMultipleChoiceField(
        label="Autres priorités",
        queryset=Priority.objects.order_by("number"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    axis = forms.ModelChoiceField(
        label="Axe local",
        queryset=Axis.objects.none(),
        required=False,
        empty_label="Aucun",
        error_messages={
            "invalid_choice": f"Cet axe a été retiré entre-temps{NBSP}: choisissez-en un autre."
        },
    )
    new_axis_title = LineField(
        label="Ou un nouvel axe",
        required=False,
        validators=[at_most(LONGEST_AXIS, "Un intitulé d’axe")],
        help_text="Son intitulé. Il s’ajoute aux axes du projet et la fiche y est rangée.",
    )
    themes = forms.ModelMultipleChoiceField(
        label="Thèmes de l’ANAP",
        queryset=Theme.objects.order_by("position"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Action
        fields = ["priority", "axis"]

    field_order = ["priority", "secondary_priorities", "axis", "new_axis_title", "themes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        axis = cast("forms.ModelChoiceField[Axis]", self.fields["axis"])
        axis.queryset = Axis.objects.filter(project=self.instance.project_id).order_by(
            "position", "pk"
        )
        if not self.leads:
            for name in ("priority", "secondary_priorities", "new_axis_title"):
                del self.fields[name]
        for name in ("themes", "secondary_priorities"):
            if name in self.fields and not self.is_bound:
                self.initial[name] = [one.pk for one in getattr(self.instance, name).all()]

    @property
    def links(self) -> dict[str, set[int]]:
        return {
            name: {one.pk for one in self.cleaned_data[name]}
            for name in ("themes", "secondary_priorities")
            if name in self.cleaned_data
        }

    @property
    def new_axis(self) -> str:
        return str(self.cleaned_data.get("new_axis_title", ""))


class WhyForm(SectionForm):
    """Why there is a sheet, and for whom."""

    need = paragraphs("Constat ou besoin")
    aim = paragraphs("Objectif de l’action")
    audience = paragraphs("Public concerné")
    area = paragraphs("Territoire d’application")

    class Meta:
        model = Action
        fields = ["need", "aim", "audience", "area"]


class HowForm(SectionForm):
    """How it will be done."""

    method = paragraphs("Méthode")
    means = paragraphs("Moyens")

    class Meta:
        model = Action
        fields = ["method", "means"]


class RemarksForm(SectionForm):
    """What else there is to say."""

    remarks = paragraphs("Remarques")

    class Meta:
        model = Action
        fields = ["remarks"]


class StatusForm(SectionForm):
    """Where the sheet stands; a stop says why."""

    status_reason = paragraphs(
        "Motif",
        "Obligatoire pour une fiche suspendue ou abandonnée. Effacez-le quand il ne vaut plus.",
    )

    class Meta:
        model = Action
        fields = ["status", "status_reason"]
        labels = {"status": "Avancement"}

    field_order = ["status", "status_reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_stopped = cleaned.get("status") in STATUSES_WITH_REASON
        if is_stopped and not cleaned.get("status_reason") and "status_reason" not in self.errors:
            self.add_error(
                "status_reason",
                f"Une fiche suspendue ou abandonnée dit pourquoi{NBSP}: remplissez le motif.",
            )
        return cleaned


SECTIONS: Mapping[str, type[SectionForm]] = {
    "identite": IdentityForm,
    "classement": SortingForm,
    "pourquoi": WhyForm,
    "comment": HowForm,
    "remarques": RemarksForm,
    "avancement": StatusForm,
}
