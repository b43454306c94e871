"""What readers may choose of a paper: its parts, which sheets."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from core.text import day_in_words
from documents.kinds import PaperForm
from roadmap.enums import Status
from roadmap.exports import UNSORTED_PRIORITY, unknown_sheet, unknown_version
from roadmap.models import RoadmapVersion
from roadmap.summaries import FrozenState, PresentState, RoadmapState
from territories.models import Project


class _OfOneState(PaperForm):
    """Which state a paper prints: the present one, or one of the versions that the reader reads.

    The other choices are those of that state. Costs two queries, one more for a version.
    """

    version = forms.TypedChoiceField(
        label="État",
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text="Une version figée s’imprime telle qu’elle a été faite.",
        error_messages={
            "required": "Choisissez la version à imprimer.",
            "invalid_choice": unknown_version("%(value)s"),
        },
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        self._versions = list(self._readable_versions())
        self._reads_present = self._may_read_present()
        self.state = self._chosen_state()
        self._offer_states()

    def _readable_versions(self) -> Iterable[RoadmapVersion]:
        versions = RoadmapVersion.objects.of(self.project)
        if self.reader is not None:
            versions = versions.visible_to(self.reader)
        return versions.for_list().latest_first()

    def _may_read_present(self) -> bool:
        if self.reader is None:
            return True
        return Project.objects.visible_to(self.reader).filter(pk=self.project.pk).exists()

    def _chosen_state(self) -> RoadmapState | None:
        """That of the address or of what was sent; none when there is nothing that one reads."""
        typed = self.data.get("version") if self.is_bound else self.initial.get("version")
        chosen = [version for version in self._versions if str(version.number) == str(typed)]
        if not chosen and self._reads_present:
            return PresentState(self.project)
        latest = next(iter(chosen or self._versions), None)
        return None if latest is None else FrozenState(latest)

    def _offer_states(self) -> None:
        if not self._versions:
            del self.fields["version"]
            return
        field = cast("forms.TypedChoiceField", self.fields["version"])
        present = f"État courant, au {day_in_words(self.project.changed_on)}"
        field.required = not self._reads_present
        field.choices = [
            *([("", present)] if self._reads_present else []),
            *((version.number, version.name) for version in self._versions),
        ]

    @property
    def parameters(self) -> dict[str, Any]:
        """The present state is said by nothing: its papers are known as before any version."""
        chosen = super().parameters
        return {name: value for name, value in chosen.items() if (name, value) != PRESENT}


# The choice of no version.
PRESENT = ("version", None)


class _ChoiceOfSheets(_OfOneState):
    """Which sheets a paper prints. Everything ticked, or nothing, is everything.

    Costs the queries of its state.
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
        self._offer("priority", _priorities_of(self.state))
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
    field_order = ("version", "part", "priority", "status")

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


class FicheForm(_OfOneState):
    """One sheet, by its printed number. Costs the queries of its state."""

    number = forms.TypedChoiceField(
        label="Fiche action",
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "Choisissez la fiche à imprimer."},
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        field = cast("forms.TypedChoiceField", self.fields["number"])
        titles, version = (self.state.titles(), self.state.name) if self.state else ({}, "")
        field.error_messages["invalid_choice"] = unknown_sheet("%(value)s", version)
        field.choices = [(number, f"{number}. {title}") for number, title in titles.items()]


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
        if self.state is None or not self.state.has_axes():
            del self.fields["group"]

    def clean_group(self) -> str:
        return self.cleaned_data["group"] or "priorite"


def _priorities_of(state: RoadmapState | None) -> list[tuple[str, str]]:
    """Those under which the state has sheets."""
    found = state.priorities() if state else []
    sorted_ones = [
        (str(priority.number), f"{priority.number}. {priority.short_label}")
        for priority in found
        if priority
    ]
    unsorted = [(UNSORTED_PRIORITY, "Fiches sans priorité")] if None in found else []
    return [*sorted_ones, *unsorted]
