"""What a workbook says of itself: whose roadmap it is, and in which state it was exported."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.text import NBSP
from documents.workbooks import Cell, ColumnShape, SheetShape, WorkbookRefused
from roadmap.workbooks.widgets import quarter_title, read_quarter, text_of
from territories.models import Project

NAME = "Origine"
# Raised when a workbook of before could not be read any more.
FORMAT = 1
COLUMNS = ("Ce que dit ce fichier", "Valeur")
KINDS = {"tout": "toute la feuille de route", "vu": "les fiches affichées", "vide": "modèle vide"}
CODE, GENERATION, REVISION = "Code du territoire", "Génération du projet", "Révision"
FIRST, LAST, VERSION = "Premier trimestre", "Dernier trimestre", "Format"


@dataclass(frozen=True)
class Origin:
    """Read back from a workbook that was sent."""

    territory: str
    generation: int
    revision: int
    quarters: tuple[int, int] | None


def origin_sheet(project: Project, *, kind: str, count: int) -> SheetShape:
    """To be left as it is: it tells what has changed in the application since."""
    quarters = (project.planning_first, project.planning_last)
    is_known = None not in quarters
    lines: Sequence[tuple[str, Any]] = (
        ("Territoire", project.territory.name),
        (CODE, project.territory.code),
        ("Projet", project.title_and_period),
        (GENERATION, project.generation),
        ("Contenu", KINDS[kind]),
        ("Fiches", count),
        ("État au", f"{project.changed_on:%d/%m/%Y}"),
        (REVISION, project.revision),
        (FIRST, quarter_title(quarters[0]) if is_known and quarters[0] else ""),
        (LAST, quarter_title(quarters[1]) if is_known and quarters[1] else ""),
        (VERSION, FORMAT),
    )
    return SheetShape(
        name=NAME,
        columns=[ColumnShape(COLUMNS[0], 30, "reminder"), ColumnShape(COLUMNS[1], 60, "reminder")],
        rows=[[Cell(words, "reminder"), Cell(value, "reminder")] for words, value in lines],
    )


def read_origin(lines: Sequence[Sequence[Any]]) -> Origin:
    """What the sheet says. `WorkbookRefused` when it was changed, or comes from elsewhere."""
    said: dict[str, Any] = {text_of(line[0]): line[1] if len(line) > 1 else None for line in lines}
    try:
        version = int(said[VERSION])
        ends = [text_of(said.get(name)) for name in (FIRST, LAST)]
        origin = Origin(
            territory=text_of(said[CODE]),
            generation=int(said[GENERATION]),
            revision=int(said[REVISION]),
            quarters=(read_quarter(ends[0]), read_quarter(ends[1])) if all(ends) else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WorkbookRefused(UNREADABLE) from error
    if version != FORMAT:
        raise WorkbookRefused(
            f"Ce fichier est au format {version}, et l’application lit le format {FORMAT}{NBSP}: "
            "exportez de nouveau la feuille de route, puis reportez-y vos modifications."
        )
    if origin.revision < 0 or (origin.quarters and origin.quarters[0] > origin.quarters[1]):
        raise WorkbookRefused(UNREADABLE)
    return origin


UNREADABLE = (
    f"La feuille «{NBSP}{NAME}{NBSP}», qui dit d’où vient ce fichier, a été modifiée{NBSP}: "
    "repartez d’un export ou d’un modèle, et laissez-la telle quelle."
)
MISSING = (
    f"Il manque la feuille «{NBSP}{NAME}{NBSP}», qui dit d’où vient un fichier{NBSP}: partez d’un "
    f"export ou d’un modèle vide de ce territoire. Votre propre tableau de suivi se lit par «{NBSP}"
    f"Importer un classeur d’une autre forme{NBSP}», sur la page Excel."
)


def check_origin(origin: Origin, project: Project) -> None:
    """A file goes back to the roadmap that it comes from, and to no other: `WorkbookRefused`."""
    territory = project.territory
    if origin.territory != territory.code:
        raise WorkbookRefused(
            f"Ce fichier a été exporté d’un autre territoire (code «{NBSP}{origin.territory}"
            f"{NBSP}»), et non de «{NBSP}{territory.name}{NBSP}» ({territory.code}){NBSP}: rien "
            "n’est importé. Exportez la feuille de route de ce territoire-ci, ou son modèle vide."
        )
    if origin.generation != project.generation:
        raise WorkbookRefused(
            f"Ce fichier vient d’un autre projet du même territoire (génération "
            f"{origin.generation}, et celui-ci est de génération {project.generation}){NBSP}: rien "
            "n’est importé."
        )
    if origin.revision > project.revision:
        raise WorkbookRefused(
            "Ce fichier dit venir d’un état de la feuille de route qui n’existe pas ici"
            f"{NBSP}: il vient d’une autre installation. Exportez de nouveau depuis celle-ci."
        )
