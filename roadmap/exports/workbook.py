"""The roadmap as a workbook: all of it, what is seen, or a template to be filled in."""

from collections.abc import Collection, Mapping, Sequence

from documents.workbooks import Cell, ColumnShape, SheetShape, Workbook, write_workbook
from roadmap.enums import (
    CellState,
    FundingState,
    IndicatorKind,
    ObjectiveKind,
    ObjectiveState,
    RoleKind,
    Status,
)
from roadmap.models import Action
from roadmap.workbooks.attached import SheetOfFunding, SheetOfIndicators, SheetOfRoles
from roadmap.workbooks.book import Book
from roadmap.workbooks.columns import SheetResource
from roadmap.workbooks.origin import origin_sheet
from roadmap.workbooks.planning import SheetOfPlanning
from roadmap.workbooks.sheets import SheetOfActions, SheetOfObjectives
from roadmap.workbooks.widgets import NO, YES
from territories.models import Project

HELP = "Aide"
ROOM = 30
ROOM_OF_TEMPLATE = 200
HELP_WIDTHS = (18, 26, 14, 90)
ABOUT = (
    "Ce classeur se remplit, puis se renvoie dans l’application, qui montre ce qui va changer "
    "avant d’écrire quoi que ce soit.",
    "Une ligne absente du fichier n’est jamais supprimée\u00a0: retirer une fiche ou un objectif "
    "se fait dans l’application.",
    "Une ligne nouvelle s’ajoute en bas, sans clé. Une ligne qui existe garde la sienne (colonne A "
    "masquée)\u00a0: c’est elle qui fait reconnaître une fiche renumérotée.",
    "Les colonnes peuvent changer de place, pas de titre. Pas de formule\u00a0: des valeurs.",
    "Aucune donnée de patient, même anonyme.",
)


def resources_of(project: Project) -> tuple[SheetResource, ...]:
    """The sheets that are filled in, in the order of the workbook."""
    return (
        SheetOfActions(),
        SheetOfObjectives(),
        SheetOfPlanning(project.planning_quarters),
        SheetOfRoles(),
        SheetOfFunding(),
        SheetOfIndicators(),
    )


def export_workbook(project: Project) -> bytes:
    """The file of a whole roadmap. Eleven queries.

    `documents.workbooks.WorkbookRefused` when a text is longer than a cell holds.
    """
    book = Book(project)
    return _file(book, book.live, kind="tout", room=ROOM)


def export_seen(book: Book, *, only: Collection[int]) -> bytes:
    """The file of the sheets of these keys. Two queries, those of the directory."""
    actions = [action for action in book.live if action.pk in only]
    return _file(book, actions, kind="vu", room=ROOM)


def blank_workbook(project: Project) -> bytes:
    """The template of a roadmap: its lists and its help, no row. Eleven queries."""
    return _file(Book(project), [], kind="vide", room=ROOM_OF_TEMPLATE)


def _file(book: Book, actions: Sequence[Action], *, kind: str, room: int) -> bytes:
    project = book.project
    resources = resources_of(project)
    return write_workbook(
        Workbook(
            title=f"Feuille de route · PTSM {project.territory.name}",
            changed_at=project.changed_at,
            sheets=[
                help_sheet(resources),
                *(_sheet(resource, book, actions, room=room) for resource in resources),
                origin_sheet(project, kind=kind, count=len(actions)),
            ],
            lists=_lists(book),
            opens_on=SheetOfActions.name,
        )
    )


def _sheet(
    resource: SheetResource, book: Book, actions: Sequence[Action], *, room: int
) -> SheetShape:
    if isinstance(resource, SheetOfPlanning):
        rows = resource.grid(actions, book)
    else:
        rows = [resource.cells(row, book) for row in book.rows(resource.model, actions)]
    return SheetShape(
        name=resource.name,
        columns=[column.shape for column in resource.columns.values()],
        rows=rows,
        fixed_columns=resource.fixed_columns,
        room=room,
    )


def help_sheet(resources: Sequence[SheetResource]) -> SheetShape:
    """What to write where, read from the columns themselves."""
    rows = [[Cell(words, "strong", len(HELP_WIDTHS))] for words in ABOUT]
    for resource in resources:
        about = Cell(resource.about, "group", len(HELP_WIDTHS) - 1)
        rows.append([Cell(resource.name, "group"), about])
        told = set()
        for column in resource.columns.values():
            if column.help_text in told and column.width < NARROW:
                continue
            told.add(column.help_text)
            must = "obligatoire" if column.is_required and not column.has_default else ""
            rows.append(
                [Cell(""), Cell(column.title), Cell(must), Cell(column.help_text)],
            )
    titles = ("Feuille", "Colonne", "Obligatoire", "Ce qu’on y écrit")
    columns = [ColumnShape(title, width) for title, width in zip(titles, HELP_WIDTHS, strict=True)]
    return SheetShape(name=HELP, columns=columns, rows=rows)


# The quarters, which all say the same.
NARROW = 9


def _lists(book: Book) -> Mapping[str, Sequence[str]]:
    """What cells offer, by the names that the columns give."""
    choices = {
        "Avancement": Status,
        "Natures d’objectif": ObjectiveKind,
        "États d’objectif": ObjectiveState,
        "Cases du planning": CellState,
        "Rôles": RoleKind,
        "États de financement": FundingState,
        "Natures d’indicateur": IndicatorKind,
    }
    return {
        "Priorités": [str(one) for one in book.priorities.values()],
        "Axes": [str(one) for one in book.axes.values()],
        "Thèmes": [one.title for one in book.themes.values()],
        **{name: [str(label) for label in words.labels] for name, words in choices.items()},
        "Oui ou non": [YES, NO],
        "Annuaire": book.directory.all_words,
        "Organisations": book.funders.all_words,
    }


def workbook_name(project: Project, *, kind: str) -> str:
    """« feuille-de-route-53.xlsx »: what a browser saves."""
    words = {"vide": "modele", "vu": "extrait"}.get(kind, "feuille-de-route")
    return f"{words}-{project.territory.code}.xlsx"


__all__ = ["blank_workbook", "export_workbook", "resources_of", "workbook_name"]
