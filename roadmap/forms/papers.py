"""What readers may choose of a paper: its parts, which sheets."""

from typing import Any, cast

from django import forms

from documents.kinds import PaperForm
from roadmap.enums import Status
from roadmap.exports import UNSORTED_PRIORITY, unknown_sheet
from roadmap.models import Action
from territories.models import Project


class _ChoiceOfSheets(PaperForm):
    """Which sheets a paper prints. Everything ticked, or nothing, is everything.

    Costs one query.
    """

    hint = "Dans une liste où rien n’est coché, tout est imprimé."
    priority = forms.MultipleChoiceField(
        label="Priorités du décret",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Ce projet n’a pas de fiche sous la priorité %(value)s."},
    )
    status = forms.MultipleChoiceField(
        label="Avancement",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=Status.choices,
        error_messages={"invalid_choice": "« %(value)s » n’est pas un avancement connu."},
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        self._offered: dict[str, list[str]] = {}
        self._offer("priority", _priorities_of(project))
        self._offer("status", Status.choices)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = cast("forms.MultipleChoiceField", self.fields[name])
        self._offered[name] = [code for code, _ in choices]
        field.choices = choices
        field.initial = self._offered[name]

    def _chosen(self, name: str) -> list[str]:
        """Nothing rather than everything, so that the two are one order and one file."""
        chosen = [code for code in self._offered[name] if code in self.cleaned_data[name]]
        return [] if chosen == self._offered[name] else chosen

    def clean_priority(self) -> list[str]:
        return self._chosen("priority")

    def clean_status(self) -> list[str]:
        return self._chosen("status")


class LivretForm(_ChoiceOfSheets):
    """The booklet: its parts, and which sheets."""

    part = forms.MultipleChoiceField(
        label="Parties",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Le livret a deux parties, 1 et 2."},
    )
    field_order = ("part", "priority", "status")

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        self._offer(
            "part",
            [
                ("1", "Partie 1 : tableaux récapitulatifs par objectif du décret"),
                ("2", "Partie 2 : plannings prévisionnels"),
            ],
        )

    def clean_part(self) -> list[str]:
        return self._chosen("part")


class FicheForm(PaperForm):
    """One sheet, by its printed number. Costs one query."""

    number = forms.TypedChoiceField(
        label="Fiche action",
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={
            "required": "Choisissez la fiche à imprimer.",
            "invalid_choice": unknown_sheet("%(value)s"),
        },
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        field = cast("forms.TypedChoiceField", self.fields["number"])
        sheets = Action.objects.of(project).in_order().values_list("number", "title")
        field.choices = [(number, f"{number}. {title}") for number, title in sheets]


class SyntheseForm(_ChoiceOfSheets):
    """The summary table: which sheets, and under what."""

    group = forms.ChoiceField(
        label="Regrouper les fiches",
        required=False,
        widget=forms.RadioSelect,
        choices=[("priorite", "Par priorité du décret"), ("axe", "Par axe local")],
        initial="priorite",
        error_messages={"invalid_choice": "Les fiches se regroupent par priorité ou par axe."},
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        if not project.axes.exists():
            del self.fields["group"]

    def clean_group(self) -> str:
        return self.cleaned_data["group"] or "priorite"


def _priorities_of(project: Project) -> list[tuple[str, str]]:
    """Those under which the project has sheets; one query."""
    found = (
        Action.objects.of(project)
        .order_by("priority__number")
        .values_list("priority__number", "priority__short_label")
        .distinct()
    )
    sorted_ones = [(str(number), f"{number}. {label}") for number, label in found if number]
    unsorted = [(UNSORTED_PRIORITY, "Fiches sans priorité")] if (None, None) in found else []
    return [*sorted_ones, *unsorted]
