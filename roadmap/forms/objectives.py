"""What is typed about the rows of a sheet: a line, a list, a « Projet », every field of one row."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.validators import MaxLengthValidator

from core.forms import NO_PATIENT, LineField, ParagraphsField
from core.text import NBSP, grouped
from journal.forms import TokenField, TracedForm
from roadmap.models import Action, Objective
from roadmap.models.objectives import LONGEST_TITLE
from roadmap.services.gestures import named
from roadmap.services.objectives import Spot
from roadmap.services.pasting import LONGEST_LABEL, PastedList, PastedRow, PasteRefused, read_lines

NO_GROUP = "aucun projet"
TITLE_ERRORS = {"required": "Écrivez l’intitulé."}
GONE_GROUP = {
    "invalid_choice": f"Ce projet a été retiré entre-temps{NBSP}: choisissez une autre place."
}
# Validators rather than `max_length`: a browser that knows the length cuts what is pasted, unsaid.
IN_TITLE = MaxLengthValidator(
    LONGEST_TITLE,
    f"Un intitulé tient {grouped(LONGEST_TITLE)} caractères, celui-ci en a %(show_value)d{NBSP}: "
    "raccourcissez-le.",
)
IN_LABEL = MaxLengthValidator(
    LONGEST_LABEL,
    f"Un repère tient {LONGEST_LABEL}{NBSP}caractères, celui-ci en a %(show_value)d{NBSP}: le "
    "raccourcir.",
)


class SpotForm(forms.Form):
    """Where rows are added, and the token by which the same sending is known again."""

    parent = forms.TypedChoiceField(
        label="Dans",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages=GONE_GROUP,
    )
    after = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    token = TokenField()

    def __init__(self, *args: Any, tops: Iterable[Objective], **kwargs: Any) -> None:
        """`tops` are the « Projet » rows of the sheet."""
        super().__init__(*args, **kwargs)
        parent = cast("forms.TypedChoiceField", self.fields["parent"])
        parent.choices = [("", NO_GROUP), *((top.pk, top.label or named(top)) for top in tops)]
        is_placed = bool(self["after"].value())
        if is_placed or len(parent.choices) == 1:
            parent.widget = forms.HiddenInput()

    @property
    def spot(self) -> Spot:
        """Where the rows go; once the form is valid."""
        return Spot(parent=self.cleaned_data["parent"], after=self.cleaned_data["after"])


class LineForm(SpotForm):
    """One objective on one line; the numbering ahead of it becomes its label."""

    title = LineField(
        label="Nouvel objectif",
        validators=[IN_TITLE],
        error_messages=TITLE_ERRORS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=f"Entrée l’ajoute et ouvre la ligne suivante. {NO_PATIENT}",
    )

    field_order = ["title", "parent"]

    @property
    def row(self) -> PastedRow:
        """The row that was typed; once the form is valid."""
        return read_lines(self.cleaned_data["title"]).rows[0]

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        try:
            read_lines(title)
        except PasteRefused as refused:
            raise forms.ValidationError(TITLE_ERRORS["required"]) from refused
        return title


class PasteForm(SpotForm):
    """A list pasted from Word or Excel."""

    lines = ParagraphsField(
        label="Liste",
        error_messages={"required": "Collez une liste, avec un objectif par ligne."},
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "true"}),
        help_text=(
            "Un objectif par ligne, copié de Word ou d’Excel. La numérotation devient le repère "
            f"imprimé, et une ligne «{NBSP}Projet{NBSP}2{NBSP}:{NBSP}…{NBSP}» ouvre un groupe. "
            f"{NO_PATIENT}"
        ),
    )

    field_order = ["lines", "parent"]

    def clean_lines(self) -> str:
        lines: str = self.cleaned_data["lines"]
        try:
            self.read = read_lines(lines)
        except PasteRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return lines

    @property
    def pasted(self) -> PastedList:
        """What the list says; once the form is valid."""
        return self.read


class GroupForm(forms.Form):
    """A « Projet » that will group objectives."""

    label = LineField(
        label="Repère imprimé",
        validators=[IN_LABEL],
        required=False,
        help_text="Imprimé devant l’intitulé du projet.",
    )
    title = LineField(
        label="Intitulé du projet",
        validators=[IN_TITLE],
        error_messages=TITLE_ERRORS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=NO_PATIENT,
    )
    token = TokenField()


class GroupField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The « Projet » of a row."""

    def label_from_instance(self, obj: Objective) -> str:
        return named(obj)


class ObjectiveForm(TracedForm):
    """Every field of one row, and how each part of the booklet prints it."""

    label = LineField(
        label="Repère imprimé",
        validators=[IN_LABEL],
        required=False,
        help_text=f"Imprimé devant l’intitulé{NBSP}: «{NBSP}3){NBSP}» ou «{NBSP}Projet 2{NBSP}».",
    )
    title = LineField(
        label="Intitulé",
        validators=[IN_TITLE],
        error_messages=TITLE_ERRORS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=(
            "Imprimé dans la partie planning du livret, et au tableau récapitulatif quand il n’y "
            f"en a pas d’autre. {NO_PATIENT}"
        ),
    )
    summary_label = LineField(
        label="Repère au récapitulatif",
        validators=[IN_LABEL],
        required=False,
        help_text=f"Seulement s’il est autre{NBSP}: vide, le repère ci-dessus est imprimé.",
    )
    summary_title = LineField(
        label="Intitulé au récapitulatif",
        validators=[IN_TITLE],
        required=False,
        error_messages=TITLE_ERRORS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=f"Seulement s’il est autre{NBSP}: vide, l’intitulé ci-dessus est imprimé.",
    )
    parent = GroupField(
        label="Rangé dans",
        queryset=Objective.objects.none(),
        required=False,
        empty_label=NO_GROUP,
        error_messages=GONE_GROUP,
    )

    class Meta:
        model = Objective
        fields = [
            "label",
            "title",
            "in_planning",
            "summary_label",
            "summary_title",
            "in_summary",
            "state",
            "parent",
            "kind",
        ]
        labels = {
            "in_planning": "Figure dans la partie planning",
            "in_summary": "Figure au tableau récapitulatif",
            "state": "État",
            "kind": "Nature",
        }
        help_texts = {
            "kind": f"Un projet groupe des objectifs{NBSP}; il n’est rangé dans aucun autre.",
        }

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tops = Objective.objects.filter(action=action, kind="projet").exclude(pk=self.instance.pk)
        parent = cast("GroupField", self.fields["parent"])
        parent.queryset = tops.order_by("position", "pk")
