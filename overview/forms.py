"""What readers may choose among the sheets of several territories."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms

from core.text import NBSP, clean_line, fold
from documents.kinds import PaperForm
from governance.forms.fields import DayField, PersonNameField, offer_directory, plain_helper
from governance.models import Person
from journal.forms import TokenField
from overview.summaries.holdings import Held, Holdings, people_who_hold
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


@dataclass(frozen=True)
class HandoverLine:
    """One thing that is held, with its two controls."""

    held: Held
    who: forms.BoundField
    keeps: forms.BoundField


class HandoverForm(forms.Form):
    """Who takes on what somebody held: one person for all, or line by line.

    One query for the names offered, one for each name typed.
    """

    token = TokenField()
    successor = PersonNameField(
        label="Qui prend la suite",
        required=False,
        help_text="Un nom de l’annuaire\u00a0: il prend toutes les lignes, sauf choix contraire.",
    )
    on = DayField(
        label="Dernier jour de la personne qui part",
        help_text="Les mandats finissent ce jour-là\u00a0; les suivants commencent le lendemain.",
    )

    def __init__(self, *args: Any, holdings: Holdings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        self.holdings = holdings
        self.initial["on"] = holdings.person.left_on or holdings.project.territory.today()
        for line in holdings.lines:
            self.fields[f"qui-{line.key}"] = PersonNameField(
                label=f"Qui prend {line.words}", required=False
            )
            self.fields[f"garder-{line.key}"] = forms.BooleanField(
                label="Ne pas réassigner", required=False
            )
        names = ["successor", *(f"qui-{line.key}" for line in holdings.lines)]
        offer_directory(self, holdings.project.territory, *names)
        for name in names[1:]:
            self.fields[name].widget.attrs["class"] = "form-control form-control-sm"

    @property
    def offered(self) -> list[str]:
        """The names that the lists under the fields offer. One query."""
        field: Any = self.fields["successor"]
        names: list[str] = field.offered
        return names

    @property
    def groups(self) -> list[tuple[str, list[HandoverLine]]]:
        """The lines under the titles of the page."""
        return [
            (title, [self._line(held) for held in found]) for title, found in self.holdings.groups
        ]

    def _line(self, held: Held) -> HandoverLine:
        return HandoverLine(held, self[f"qui-{held.key}"], self[f"garder-{held.key}"])

    @property
    def choices(self) -> dict[str, Person | None]:
        """Who takes what, once valid; nobody where it is not passed on."""
        cleaned = self.cleaned_data
        return {
            line.key: None
            if cleaned.get(f"garder-{line.key}")
            else cleaned.get(f"qui-{line.key}") or cleaned.get("successor")
            for line in self.holdings.lines
        }

    @property
    def day(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("successor", *(f"qui-{line.key}" for line in self.holdings.lines)):
            self._refuse(name, cleaned.get(name))
        if not self.errors and not any(self.choices.values()):
            self.add_error(
                "successor",
                f"Nommez qui prend la suite, ou quelqu’un sur au moins une ligne{NBSP}: rien ne "
                "serait passé.",
            )
        return cleaned

    def _refuse(self, name: str, person: Person | None) -> None:
        if person is None:
            return
        if person.pk == self.holdings.person.pk:
            self.add_error(name, f"{person} est la personne qui part.")
        elif person.left_on is not None:
            self.add_error(name, f"{person} est déjà partie{NBSP}: nommez quelqu’un d’autre.")


class HandoverPaperForm(PaperForm):
    """Of whom the paper speaks: whoever holds something in the project. One query."""

    personne = forms.ChoiceField(
        label="Personne",
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={
            "required": "Choisissez une personne.",
            "invalid_choice": "Cette personne ne tient rien dans ce projet.",
        },
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        field: Any = self.fields["personne"]
        field.choices = [(str(one.pk), str(one)) for one in people_who_hold(project)]
        if not field.choices:
            self.hint = "Personne ne tient encore rien dans ce projet."
