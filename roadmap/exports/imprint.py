"""What every paper says of itself: whose it is, in which version, at which date."""

from dataclasses import dataclass

from core.quarters import Quarter
from core.text import day_in_words, fold
from roadmap.summaries import RoadmapState
from territories.models import FormalAct, Project

GENERIC_TITLE = fold("Projet territorial de santé mentale")


@dataclass(frozen=True)
class Imprint:
    """The cover, the head of a page and its foot, in printed words."""

    # What the file is called, in its properties and on its first page.
    title: str
    kind: str
    territory: str
    is_fictional: bool
    # The project's own title; blank when it only says what the cover says already.
    project: str
    author: str
    edition: str
    # « Version 3 · Revue T4 2026 » of a state that was frozen, blank for the present one.
    frozen: str
    # « Arrêté du 12 mars 2024 », blank before any order, or when the version is called so.
    version: str
    reference: str
    # The last change: « 22 novembre 2026 », and the same for the file's properties.
    stated_on: str
    stated_iso: str

    @property
    def foot(self) -> str:
        """« PTSM Mayenne · Livret synthétique · État au 22 novembre 2026 »."""
        words = ["PTSM " + self.territory, self.kind, self.frozen, f"État au {self.stated_on}"]
        return " · ".join(word for word in words if word)


def imprint_of(state: RoadmapState, *, kind: str, title: str) -> Imprint:
    """One query for the order in force of the present state, one more without its place."""
    project, act = state.project, state.act
    territory = project.territory
    stated_on = project.changed_on
    return Imprint(
        title=title,
        kind=kind,
        territory=territory.name,
        is_fictional=territory.is_fictional,
        project="" if fold(project.title) == GENERIC_TITLE else project.title,
        author=project.author,
        edition=project.edition,
        frozen=state.name,
        version=_version(act, state),
        reference=act.reference if act else "",
        stated_on=day_in_words(stated_on),
        stated_iso=stated_on.isoformat(),
    )


def _version(act: FormalAct | None, state: RoadmapState) -> str:
    """The order in force, unless the version is called by it."""
    return "" if act is None or state.name.endswith(act.short_name) else act.short_name


def quarter_stated(project: Project) -> Quarter:
    """The quarter of the last change: what a paper without lateness marks as current."""
    return Quarter.on(project.changed_on)
