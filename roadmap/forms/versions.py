"""What people type to make a version official, and choose to compare two states."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django import forms

from core.forms import NO_PATIENT, LineField, ParagraphsField
from core.text import NBSP, day_in_words
from journal.forms import TokenField
from roadmap.forms.lifecycle import plain_helper
from roadmap.models import RoadmapVersion
from territories.enums import ActKind
from territories.models import FormalAct, Project

ORDERS = [(kind.value, kind.label) for kind in (ActKind.PROJECT_ORDER, ActKind.REVISION)]
# Before the law that makes these projects: a slip of the keyboard.
FIRST_DAY = dt.date(2016, 1, 26)
PRESENT = "courant"


class OfficialVersionForm(forms.Form):
    """The order that makes the present state official. No query."""

    token = TokenField()
    kind = forms.ChoiceField(
        label="Acte",
        choices=ORDERS,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites quel acte rend cette version officielle.",
            "invalid_choice": "Une version officielle vient d’un arrêté du PTSM ou d’une révision.",
        },
    )
    dated_on = forms.DateField(
        label="Date de l’acte",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "required": "Donnez la date de l’acte.",
            "invalid": f"Une date s’écrit jour, mois, année{NBSP}: 03/03/2026.",
        },
    )
    reference = LineField(
        label="Référence",
        required=False,
        max_length=200,
        help_text="Celle de l’arrêté, telle que les documents l’impriment.",
    )
    reason = ParagraphsField(
        label="Motif",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Pourquoi cette version{NBSP}: les lecteurs le verront. {NO_PATIENT}",
    )

    def __init__(self, *args: Any, project: Project, act: FormalAct | None, **kwargs: Any) -> None:
        """`act` is the order in force, when no version keeps what it made official."""
        offered: dict[str, Any] = {"kind": ActKind.PROJECT_ORDER.value}
        if act is not None:
            offered = {"kind": act.kind, "dated_on": act.dated_on, "reference": act.reference}
        super().__init__(*args, **{"initial": offered, **kwargs})
        self._today = project.territory.today()
        self.helper = plain_helper()

    def clean_dated_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["dated_on"]
        if day > self._today:
            raise forms.ValidationError(
                f"Cet acte est à venir{NBSP}: une version devient officielle une fois l’acte pris."
            )
        if day < FIRST_DAY:
            raise forms.ValidationError(
                "Les projets territoriaux de santé mentale n’existaient pas avant le "
                f"{day_in_words(FIRST_DAY)}."
            )
        return day


class ComparisonForm(forms.Form):
    """Which two states to compare: versions that the reader reads, and the present one if read."""

    de = forms.ChoiceField(label="De")
    a = forms.ChoiceField(label="À")

    def __init__(
        self,
        *args: Any,
        versions: Sequence[RoadmapVersion],
        reads_present: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(version.number), version.name) for version in versions]
        for name in ("de", "a"):
            field = cast("forms.ChoiceField", self.fields[name])
            offered = [(PRESENT, "État courant"), *choices] if reads_present else choices
            field.choices = offered
            field.widget.attrs["class"] = "form-select"
            field.error_messages["invalid_choice"] = "Vous ne lisez pas cette version."
            field.error_messages["required"] = "Choisissez deux états à comparer."
        ends = [PRESENT] if reads_present else []
        ends += [code for code, _ in choices]
        if len(ends) > 1:
            self.initial = {"de": ends[1], "a": ends[0]}
