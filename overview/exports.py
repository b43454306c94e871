"""The sheets of several territories as one workbook, to be read: a row a sheet, an objective.

Its columns are those of the workbook of one roadmap (`roadmap.workbooks`), the only one that can
be sent back; where a row comes from and its figures are added around them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from core.quarters import Quarter
from core.text import NBSP, counted, day_in_words
from documents.kinds import PaperRefused
from documents.models import PLACES, READER
from documents.workbooks import Cell, ColumnShape, LongWorkbook, SheetShape
from governance.models import Person
from overview.summaries import chosen_sheets, current_projects, quarter_of
from overview.summaries.holdings import Held, holdings_of
from roadmap.enums import PILOTING_ROLES, Status
from roadmap.models import Action, Objective
from roadmap.summaries import lateness_of, named, progress_of, rows_of
from roadmap.workbooks.book import Book
from roadmap.workbooks.columns import Column, SheetResource
from roadmap.workbooks.sheets import SheetOfActions, SheetOfObjectives
from roadmap.workbooks.widgets import BETWEEN, quarter_title
from territories.models import Project

CODE = "fiches"
ABOUT = "À lire d’abord"
PLACE = (ColumnShape("Région", 22, "reminder"), ColumnShape("Territoire", 26, "reminder"))
# What a reader of several territories has no use for: keys, and what only the booklet prints.
LEFT_OUT = {
    "key",
    "planning_title",
    "summary_label",
    "summary_title",
    "in_planning",
    "in_summary",
    "note_first",
    "note_last",
}
FIGURES = (
    ColumnShape("Pilotes", 36),
    ColumnShape("Objectifs faits", 12),
    ColumnShape("Objectifs comptés", 12),
    ColumnShape("Retard en trimestres", 12),
)
LAST_QUARTER = ColumnShape("Dernier trimestre prévu", 14)
FOR_READING = (
    "Ce classeur réunit les fiches de plusieurs territoires. Il est fait pour lire, trier et "
    "compter\u00a0: il ne se renvoie pas dans l’application.",
    "Pour écrire par Excel, exportez la feuille de route d’un territoire\u00a0: c’est elle qui "
    "peut être renvoyée.",
    "Le retard est vide quand aucun trimestre n’est prévu\u00a0; nul pour une fiche réalisée, "
    "suspendue ou abandonnée.",
)
LABELS = {
    "mots": "mots",
    "region": "région",
    "territoire": "territoire",
    "priorite": "priorité",
    "statut": "avancement",
    "axe": "axe",
    "pilote": "pilote",
    "retard": "en retard",
}
FIGURE = "number"
WIDE = 100


# --- Which sheets -------------------------------------------------------------------------------


def parameters_of(
    user: User, projects: Sequence[Project], choices: Mapping[str, str]
) -> dict[str, Any]:
    """What an order keeps: for whom, of which territories, with which filters."""
    kept = {name: value for name, value in choices.items() if name != "tri"}
    return {READER: user.pk, PLACES: [project.territory.code for project in projects], **kept}


def _projects_of(parameters: Mapping[str, Any]) -> list[Project]:
    """Those of the order that its reader still reads: two queries."""
    reader = User.objects.filter(pk=parameters[READER]).first()
    if reader is None:
        raise PaperRefused("Le compte de la personne qui demandait ce classeur n’existe plus.")
    asked = set(parameters[PLACES])
    return [one for one in current_projects(reader) if one.territory.code in asked]


def _filters_of(parameters: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if name not in {READER, PLACES}}


def sheets_context(_: Project, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the rows come from: each roadmap at its revision, and the quarters that it is there.

    Five queries at most. `PaperRefused` when the filters keep no sheet.
    """
    projects = _projects_of(parameters)
    count = chosen_sheets(projects, _filters_of(parameters)).count()
    if not count:
        raise PaperRefused("Aucune fiche ne répond à ces filtres\u00a0: il n’y a rien à exporter.")
    return {
        "count": count,
        "roadmaps": [
            [one.territory.code, one.generation, one.revision, quarter_of(one).code]
            for one in projects
        ],
    }


def sheets_title(_: Project, parameters: Mapping[str, Any]) -> str:
    return "Fiches choisies (Excel)" if _filters_of(parameters) else "Toutes les fiches (Excel)"


# --- What the workbook says ---------------------------------------------------------------------


def sheets_workbook(_: Project, parameters: Mapping[str, Any]) -> LongWorkbook:
    """One part a territory: its sheets are read, written and let go. About nine queries each."""
    projects = _projects_of(parameters)
    filters = _filters_of(parameters)
    if not projects:
        raise PaperRefused("Vous ne lisez plus aucun de ces territoires.")
    return LongWorkbook(
        title="Fiches action de plusieurs territoires",
        changed_at=max(project.changed_at for project in projects),
        sheets=[
            SheetShape(
                ABOUT,
                [ColumnShape("Ce que dit ce classeur", WIDE)],
                _about(projects, filters),
            ),
            SheetShape(SheetOfActions.name, [*PLACE, *_shapes(SheetOfActions()), *FIGURES], [], 4),
            SheetShape(
                SheetOfObjectives.name, [*PLACE, *_shapes(SheetOfObjectives()), LAST_QUARTER], [], 4
            ),
        ],
        parts=_parts(projects, filters),
        part_count=len(projects),
    )


def _about(projects: Sequence[Project], filters: Mapping[str, str]) -> list[list[Cell]]:
    count = chosen_sheets(projects, filters).count()
    latest = max(projects, key=lambda project: project.changed_at)
    told = [
        *FOR_READING,
        f"Dernière modification de ces feuilles de route{NBSP}: {day_in_words(latest.changed_on)}.",
        f"{counted(count, 'fiche action', 'fiches action')}, "
        f"{counted(len(projects), 'territoire lu', 'territoires lus')}.",
        f"Filtres{NBSP}: {_words_of(filters, projects) or 'aucun'}.",
        "Aucune donnée de patient n’a sa place dans ces textes.",
    ]
    return [[Cell(words)] for words in told]


def _words_of(filters: Mapping[str, str], projects: Sequence[Project]) -> str:
    """« région : Occitanie ; avancement : En cours »."""
    places = [project.territory for project in projects]
    names = {
        "region": {place.region.code: place.region.name for place in places},
        "territoire": {place.code: place.name for place in places},
        "statut": {status.value: str(status.label) for status in Status},
    }
    return BETWEEN.join(
        f"{LABELS[name]}{NBSP}: {names.get(name, {}).get(value, value)}"
        for name, value in filters.items()
    )


def _columns(resource: SheetResource) -> list[Column]:
    return [column for name, column in resource.columns.items() if name not in LEFT_OUT]


def _shapes(resource: SheetResource) -> list[ColumnShape]:
    return [column.shape for column in _columns(resource)]


def _parts(
    projects: Sequence[Project], filters: Mapping[str, str]
) -> Iterator[dict[str, list[list[Cell]]]]:
    actions, objectives = _columns(SheetOfActions()), _columns(SheetOfObjectives())
    for project in projects:
        sheets = list(chosen_sheets([project], filters).for_workbook())
        book = Book(project, actions=sheets)
        territory = project.territory
        place = [Cell(territory.region.name, "reminder"), Cell(territory.name, "reminder")]
        on = quarter_of(project)
        yield {
            SheetOfActions.name: [
                [*place, *_cells(actions, sheet, book), *_figures(sheet, on)] for sheet in sheets
            ],
            SheetOfObjectives.name: [
                [*place, *_cells(objectives, row, book), _last_quarter(row)]
                for sheet in sheets
                for row in rows_of(sheet)
            ],
        }


def _cells(columns: Sequence[Column], row: Any, book: Book) -> list[Cell]:
    return [Cell(column.shown(column.get_value(row), book), column.look) for column in columns]


def _figures(sheet: Action, on: Quarter) -> list[Cell]:
    progress = progress_of(sheet)
    return [
        Cell(BETWEEN.join(named(sheet, PILOTING_ROLES))),
        Cell(progress.done, FIGURE),
        Cell(progress.total, FIGURE),
        Cell(lateness_of(sheet, on=on).quarters, FIGURE),
    ]


def _last_quarter(row: Objective) -> Cell:
    return Cell("" if row.last_planned is None else quarter_title(row.last_planned))


# --- What somebody holds ------------------------------------------------------------------------

HANDOVER = "reprise"
HANDOVER_KIND = "Point de reprise"


@dataclass(frozen=True)
class HandoverImprint:
    """The head of a page and its foot, in printed words."""

    title: str
    territory: str
    is_fictional: bool
    author: str
    stated_on: str
    stated_iso: str

    @property
    def foot(self) -> str:
        """« PTSM Mayenne · Point de reprise · au 22 novembre 2026 »."""
        return f"PTSM {self.territory} · {HANDOVER_KIND} · au {self.stated_on}"


@dataclass(frozen=True)
class PrintedHeld:
    """One thing that somebody holds."""

    words: str
    more: str
    deadline: str
    is_late: bool
    news: str


@dataclass(frozen=True)
class HandoverPaper:
    """All that somebody holds in a project."""

    imprint: HandoverImprint
    person: str
    about: str
    groups: tuple[tuple[str, tuple[PrintedHeld, ...]], ...]


def _person_of(project: Project, parameters: Mapping[str, Any]) -> Person:
    people = Person.objects.of(project.territory).select_related("organisation")
    person = people.filter(pk=int(parameters.get("personne") or 0)).first()
    if person is None:
        raise PaperRefused("Choisissez une personne de l’annuaire.")
    return person


def handover_title(project: Project, parameters: Mapping[str, Any]) -> str:
    """« Point de reprise de Marie Roy · PTSM Mayenne »."""
    person = _person_of(project, parameters)
    return f"{HANDOVER_KIND}{NBSP}: {person} · PTSM {project.territory.name}"


def handover_context(project: Project, parameters: Mapping[str, Any]) -> dict[str, HandoverPaper]:
    """What that person holds today, with the last news; about a dozen queries.

    `PaperRefused` when they hold nothing.
    """
    person = _person_of(project, parameters)
    holdings = holdings_of(person, project, with_news=True)
    if not holdings.lines:
        raise PaperRefused(f"{person} ne tient rien dans ce projet{NBSP}: rien à imprimer.")
    today = project.territory.today()
    paper = HandoverPaper(
        imprint=HandoverImprint(
            title=handover_title(project, parameters),
            territory=project.territory.name,
            is_fictional=project.territory.is_fictional,
            author=project.author,
            stated_on=day_in_words(today),
            stated_iso=today.isoformat(),
        ),
        person=str(person),
        about=", ".join(filter(None, [person.function, str(person.organisation or "")])),
        groups=tuple(
            (title, tuple(_printed_held(line) for line in lines))
            for title, lines in holdings.groups
        ),
    )
    return {"paper": paper}


def _printed_held(line: Held) -> PrintedHeld:
    return PrintedHeld(line.words, line.more, line.deadline, line.is_late, line.news)
