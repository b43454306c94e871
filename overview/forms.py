"""What readers may choose among the sheets of several territories."""

from collections.abc import Iterable
from typing import Any

from django import forms

from core.text import clean_line, fold
from overview.summaries.sheets import ORDER_LABELS
from roadmap.forms import SheetFilters
from roadmap.models import Priority
from territories.models import Project

LONGEST = 200


class EverySheetForm(SheetFilters):
    """The filters of the list of every sheet that one reads."""

    region = forms.ChoiceField(label="Région", required=False)
    territoire = forms.ChoiceField(label="Territoire", required=False)
    axe = forms.CharField(
        label="Axe",
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": "mots de l’axe"}),
    )
    pilote = forms.CharField(
        label="Pilote",
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": "nom du pilote"}),
    )
    retard = forms.ChoiceField(
        label="Retard",
        required=False,
        choices=[("", "Indifférent"), ("oui", "En retard"), ("non", "Sans retard")],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    tri = forms.ChoiceField(
        label="Trier par",
        required=False,
        choices=list(ORDER_LABELS.items()),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    field_order = ("mots", "region", "territoire", "priorite", "axe", "pilote", "retard", "tri")

    def __init__(self, *args: Any, projects: Iterable[Project], **kwargs: Any) -> None:
        """`projects` come with their place: only the priorities cost a query."""
        super().__init__(*args, **kwargs)
        territories = [project.territory for project in projects]
        regions = {territory.region.code: territory.region.name for territory in territories}
        names = sorted(((one.code, one.name) for one in territories), key=lambda one: fold(one[1]))
        priorities = [(one.number, str(one)) for one in Priority.objects.order_by("number")]
        self._offer("region", "Toutes", list(regions.items()) if len(regions) > 1 else [])
        self._offer("territoire", "Tous", names)
        self._offer("priorite", "Toutes", priorities)

    def clean_axe(self) -> str:
        return clean_line(self.cleaned_data["axe"])

    def clean_pilote(self) -> str:
        return clean_line(self.cleaned_data["pilote"])
