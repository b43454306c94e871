"""What the reader chose to print, and how the cover says it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from core.text import NBSP, listed
from documents.enums import Standing
from documents.kinds import PaperRefused
from roadmap.enums import Status
from roadmap.models import Action, Priority, RoadmapVersion
from roadmap.summaries import FrozenState, PresentState, RoadmapState, VersionUnreadable
from territories.models import Project

UNSORTED_PRIORITY = "sans"
PARTS = {"1": "tableaux récapitulatifs", "2": "plannings"}


@dataclass(frozen=True)
class Selection:
    """Parts, priorities and statuses to keep; an empty choice keeps everything."""

    parts: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()

    @classmethod
    def of(cls, choices: Mapping[str, Any]) -> Self:
        """From the cleaned form, or from what an order kept of it."""
        return cls(
            parts=_codes(choices.get("part")),
            priorities=_codes(choices.get("priority")),
            statuses=_codes(choices.get("status")),
        )

    def has_part(self, part: str) -> bool:
        return not self.parts or part in self.parts

    def keeps(self, action: Action) -> bool:
        """Whether this sheet is printed. Expects its priority."""
        code = str(action.priority.number) if action.priority else UNSORTED_PRIORITY
        return (not self.priorities or code in self.priorities) and (
            not self.statuses or action.status in self.statuses
        )

    def keeps_whole(self, priority: Priority) -> bool:
        """Whether every sheet of this priority is printed."""
        return not self.statuses and (
            not self.priorities or str(priority.number) in self.priorities
        )

    @property
    def words(self) -> str:
        """« Priorités 1 et 3 · avancement : En cours », or nothing when everything is kept."""
        told = (
            _part_words(self.parts),
            _priority_words(self.priorities),
            _status_words(self.statuses),
        )
        joined = f"{NBSP}· ".join(words for words in told if words)
        return joined[:1].upper() + joined[1:]


def chosen_state(project: Project, choices: Mapping[str, Any]) -> RoadmapState:
    """The present state, or that of the version whose number was chosen; one query, or none.

    `PaperRefused` when there is no such version.
    """
    number = choices.get("version")
    if not number:
        return PresentState(project)
    version = RoadmapVersion.objects.of(project).filter(number=number).first()
    if version is None:
        raise PaperRefused(unknown_version(number))
    try:
        return FrozenState(version)
    except VersionUnreadable as unreadable:
        raise PaperRefused(str(unreadable)) from unreadable


def unknown_version(number: object) -> str:
    """The sentence of a number that no version of the project has, or none that one reads."""
    return f"La version {number} n’existe pas dans ce projet."


def standing_of(project: Project, choices: Mapping[str, Any]) -> Standing:
    """Whether the state chosen is the present one, frozen, or official; one query, or none."""
    number = choices.get("version")
    if not number:
        return Standing.PRESENT
    official = RoadmapVersion.objects.of(project).official().filter(number=number)
    return Standing.OFFICIAL if official.exists() else Standing.FROZEN


def chosen_sheets(state: RoadmapState, selection: Selection) -> tuple[list[Action], int]:
    """The sheets to print, in order, and how many the state has.

    `PaperRefused` when the choices keep none. The queries of `sheets()`.
    """
    everything = state.sheets()
    if not everything:
        raise PaperRefused("Ce projet n’a encore aucune fiche action à imprimer.")
    kept = [action for action in everything if selection.keeps(action)]
    if not kept:
        raise PaperRefused(
            f"Aucune fiche action ne répond à ces choix ({selection.words}) : il n’y a rien "
            "à imprimer."
        )
    return kept, len(everything)


def title_of(kind: str, project: Project, choices: Mapping[str, Any]) -> str:
    """« Livret synthétique · PTSM Mayenne », with the version and the choices made.

    One query for a version.
    """
    words = [kind, f"PTSM {project.territory.name}"]
    if number := choices.get("version"):
        words += [
            v.name for v in RoadmapVersion.objects.of(project).filter(number=number).for_list()
        ]
    return " · ".join(filter(None, [*words, Selection.of(choices).words]))


def _codes(values: Iterable[Any] | None) -> tuple[str, ...]:
    return tuple(sorted({str(value) for value in values or ()}))


def _part_words(parts: tuple[str, ...]) -> str:
    if len(parts) != 1:
        return ""
    return f"Partie{NBSP}{parts[0]} seulement ({PARTS[parts[0]]})"


def _priority_words(priorities: tuple[str, ...]) -> str:
    numbers = [code for code in priorities if code != UNSORTED_PRIORITY]
    words = f"priorité{'s' if len(numbers) > 1 else ''}{NBSP}{listed(numbers)}" if numbers else ""
    if len(numbers) < len(priorities):
        words = f"{words} et fiches sans priorité" if words else "fiches sans priorité"
    return words


def _status_words(statuses: tuple[str, ...]) -> str:
    labels = [str(status.label) for status in Status if status in statuses]
    return f"avancement{NBSP}: {listed(labels)}" if labels else ""
