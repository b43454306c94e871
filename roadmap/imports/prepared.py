"""A PTSM prepared in a file: put into the base once, never over somebody's work.

The base is described in the words of the file (`roadmap.services`) and compared: the same, nothing
is written; something else, only an explicit order replaces it.
"""

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

from core.text import NARROW_NBSP as THIN
from core.text import NBSP, counted, listed
from journal.enums import Source
from journal.recording import gesture
from roadmap.enums import ObjectiveKind
from roadmap.imports.directory import DirectoryDraft, write_directory
from roadmap.services import RoadmapDraft, RoadmapRefused, describe_roadmap, write_roadmap
from territories.imports import (
    ActDraft,
    ProjectDraft,
    TerritoryDraft,
    describe_project,
    open_territory,
    write_project,
)
from territories.models import Project


class Outcome(Enum):
    """What loading did, in the reader's words."""

    CREATED = "feuille de route chargée"
    UNCHANGED = "feuille de route déjà chargée, rien n’a changé"
    RENEWED = "feuille de route remise à la date du jour"
    REPLACED = "feuille de route remplacée"


class RoadmapEdited(RoadmapRefused):
    """The base holds something that the file never said: somebody's work."""

    def __init__(self, territory: str) -> None:
        super().__init__(
            f"{territory}{NBSP}: la feuille de route a été modifiée dans l’application, elle est "
            "laissée telle quelle (l’option --force la remplace)."
        )


@dataclass(frozen=True)
class PreparedProject:
    """A territory, the first generation of its PTSM, its roadmap, and who its roles name."""

    territory: TerritoryDraft
    project: ProjectDraft
    roadmap: RoadmapDraft
    directory: DirectoryDraft = field(default_factory=DirectoryDraft)


@dataclass(frozen=True)
class Loaded:
    """The project as it stands in the base, and what was done for it."""

    project: Project
    outcome: Outcome
    prepared: PreparedProject

    def __str__(self) -> str:
        return (
            f"{self.prepared.territory.name}{NBSP}: {self.outcome.value} "
            f"({summed_up(self.prepared.roadmap)})."
        )


def summed_up(roadmap: RoadmapDraft) -> str:
    """« 30 fiches action, soit 4, 11, 3, 5, 4 et 3 par priorité ; … »."""
    projects = sum(row.kind == ObjectiveKind.PROJECT for row in roadmap.rows)
    plannings = sum(any(row.in_planning for row in sheet.rows) for sheet in roadmap.sheets)
    by_priority = Counter(sheet.priority for sheet in roadmap.sheets if sheet.priority)
    per_priority = listed([str(by_priority[number]) for number in sorted(by_priority)])
    return (
        f"{counted(len(roadmap.sheets), 'fiche')} action, soit {per_priority} par priorité{THIN}; "
        f"{counted(len(roadmap.rows) - projects, 'objectif')} et {counted(projects, 'projet')}"
        f"{THIN}; {counted(plannings, 'planning')}"
    )


def standing(prepared: PreparedProject, *, earlier: Iterable[PreparedProject] = ()) -> Outcome:
    """What loading would do to the base; `REPLACED` means over something else.

    `earlier` are states that the same file once gave and that may be renewed without loss.
    """
    project = Project.objects.filter(**_first_generation(prepared)).first()
    if project is None:
        return Outcome.CREATED
    kept = _acts_of_versions(project)
    held = (_but(describe_project(project), kept), describe_roadmap(project))
    if held == (_but(prepared.project, kept), prepared.roadmap):
        return Outcome.UNCHANGED
    if any(held == (_but(state.project, kept), state.roadmap) for state in earlier):
        return Outcome.RENEWED
    return Outcome.REPLACED


def _acts_of_versions(project: Project) -> frozenset[ActDraft]:
    """The acts that made a version: they stay, whatever the file says of acts."""
    acts = project.acts.filter(versions__isnull=False)
    return frozenset(ActDraft(act.kind, act.dated_on, act.reference) for act in acts)


def _but(project: ProjectDraft, acts: Container[ActDraft]) -> ProjectDraft:
    return replace(project, acts=tuple(act for act in project.acts if act not in acts))


def load(
    prepared: PreparedProject,
    *,
    earlier: Iterable[PreparedProject] = (),
    force: bool = False,
) -> Loaded:
    """Make the base hold the prepared project, in one gesture of nobody's.

    Raises `RoadmapEdited` when the base holds something else and `force` is not given.
    """
    with gesture(by=None, source=Source.COMMAND, words="a chargé la feuille de route"):
        return _load(prepared, earlier=earlier, force=force)


def _load(prepared: PreparedProject, *, earlier: Iterable[PreparedProject], force: bool) -> Loaded:
    # Held while it is compared: what somebody writes meanwhile would be lost.
    held = Project.objects.select_for_update(of=("self",))
    held.filter(**_first_generation(prepared)).first()
    outcome = standing(prepared, earlier=earlier)
    if outcome is Outcome.REPLACED and not force:
        raise RoadmapEdited(prepared.territory.name)
    if outcome is Outcome.UNCHANGED:
        return Loaded(Project.objects.get(**_first_generation(prepared)), outcome, prepared)
    territory = open_territory(prepared.territory)
    write_directory(territory=territory, directory=prepared.directory)
    project = write_project(territory=territory, draft=prepared.project)
    write_roadmap(project=project, roadmap=prepared.roadmap)
    return Loaded(project, outcome, prepared)


def _first_generation(prepared: PreparedProject) -> dict[str, object]:
    return {"territory__code": prepared.territory.code, "generation": 1}
