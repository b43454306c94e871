"""What every paper says of itself: whose it is, in which version, at which date."""

from dataclasses import dataclass

from core.quarters import Quarter
from core.text import day_in_words, fold
from territories.enums import ActKind
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
    # « Arrêté du 12 mars 2024 », blank before any order.
    version: str
    reference: str
    # The last change: « 22 novembre 2026 », and the same for the file's properties.
    stated_on: str
    stated_iso: str

    @property
    def foot(self) -> str:
        """« PTSM Mayenne · Livret synthétique · État au 22 novembre 2026 »."""
        return f"PTSM {self.territory} · {self.kind} · État au {self.stated_on}"


def imprint_of(project: Project, *, kind: str, title: str) -> Imprint:
    """One query for the order in force, one more when the territory is not loaded."""
    territory = project.territory
    stated_on = project.changed_on
    act = project.act_in_force(on=stated_on)
    return Imprint(
        title=title,
        kind=kind,
        territory=territory.name,
        is_fictional=territory.is_fictional,
        project="" if fold(project.title) == GENERIC_TITLE else project.title,
        author=project.author,
        edition=project.edition,
        version=_version(act) if act else "",
        reference=act.reference if act else "",
        stated_on=day_in_words(stated_on),
        stated_iso=stated_on.isoformat(),
    )


def quarter_stated(project: Project) -> Quarter:
    """The quarter of the last change: what a paper without lateness marks as current."""
    return Quarter.on(project.changed_on)


def _version(act: FormalAct) -> str:
    name = "Révision" if act.kind == ActKind.REVISION else "Arrêté"
    return f"{name} du {day_in_words(act.dated_on)}"
