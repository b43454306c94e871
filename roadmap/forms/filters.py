"""What readers may choose in the list of sheets."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from core.text import clean_line, fold
from roadmap.enums import Status
from roadmap.models import Action, Theme
from territories.models import Project


def _rank(theme: Theme) -> int:
    return theme.position


class SheetFilters(forms.Form):
    """The filters that every list of sheets offers, kept in the address: their names are French.

    A choice that does not exist is told and left aside; the others still apply.
    """

    mots = forms.CharField(
        label="Rechercher",
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "placeholder": "titre, objectif, pilote…",
                "type": "search",
                "class": "form-control",
            }
        ),
    )
    priorite = forms.ChoiceField(label="Priorité", required=False)
    statut = forms.ChoiceField(
        label="Avancement", required=False, widget=forms.HiddenInput, choices=Status.choices
    )

    def _offer(self, name: str, anything: str, choices: list[tuple[Any, str]]) -> None:
        """Fill a list, and drop the filter that would leave nothing to choose."""
        if not choices:
            del self.fields[name]
            return
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = [("", anything), *((str(code), words) for code, words in choices)]
        field.widget.attrs["class"] = "form-select"

    def clean_mots(self) -> str:
        return clean_line(self.cleaned_data["mots"])

    @property
    def choices_made(self) -> dict[str, str]:
        """The filters that apply, the wrong ones left aside."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class FilterForm(SheetFilters):
    """The filters of the list of one roadmap, whose choices are what its sheets hold."""

    axe = forms.ChoiceField(label="Axe", required=False)
    theme = forms.ChoiceField(label="Thème", required=False)
    pilote = forms.ChoiceField(label="Pilote", required=False)
    trimestre = forms.ChoiceField(label="Trimestre", required=False)
    par = forms.ChoiceField(
        label="Grouper par",
        required=False,
        widget=forms.HiddenInput,
        choices=[("priorite", "Priorités"), ("axe", "Axes")],
    )

    def __init__(self, *args: Any, project: Project, actions: Iterable[Action], **kwargs: Any):
        """`actions` come from `for_list()`: the choices are what these sheets hold, no query."""
        super().__init__(*args, **kwargs)
        sheets = list(actions)
        priorities = {sheet.priority.number: sheet.priority for sheet in sheets if sheet.priority}
        axes = {sheet.axis.pk: sheet.axis for sheet in sheets if sheet.axis}
        themes = {theme.pk: theme for sheet in sheets for theme in sheet.themes.all()}
        self._offer("priorite", "Toutes", [(n, str(priorities[n])) for n in sorted(priorities)])
        self._offer(
            "axe",
            "Tous",
            [(axis.pk, str(axis)) for axis in sorted(axes.values(), key=lambda a: a.position)],
        )
        self._offer(
            "theme",
            "Tous",
            [(theme.pk, str(theme)) for theme in sorted(themes.values(), key=_rank)],
        )
        pilots = {
            role.code: role.holder
            for sheet in sheets
            for role in sheet.roles.all()
            if role.is_piloting
        }
        self._offer("pilote", "Tous", sorted(pilots.items(), key=lambda pilot: fold(pilot[1])))
        self._offer(
            "trimestre",
            "Tous",
            [(quarter.code, str(quarter)) for quarter in project.planning_quarters],
        )
