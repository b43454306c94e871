"""The directory as a workbook: all of it, or a template to be filled in."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max
from django.utils import timezone

from core.text import NBSP
from documents.workbooks import Cell, ColumnShape, SheetShape, Workbook, write_workbook
from governance.enums import OrganisationCategory
from governance.models import Organisation, Person
from governance.summaries.history import scope_of
from governance.workbooks.origin import origin_sheet
from governance.workbooks.sheets import (
    CATEGORIES,
    ORGANISATIONS,
    SheetOfPeople,
    SheetResource,
    sheets_of,
)
from journal.models import ChangeSet
from territories.models import Territory

HELP = "Aide"
ROOM, ROOM_OF_TEMPLATE = 30, 200
HELP_WIDTHS = (18, 26, 14, 90)
ABOUT = (
    "Ce classeur se remplit, puis se renvoie dans l’application, qui montre ce qui va changer "
    "avant d’écrire quoi que ce soit.",
    f"Une ligne absente du fichier n’est jamais supprimée{NBSP}: retirer quelqu’un se fait dans "
    "l’application.",
    "Une ligne nouvelle s’ajoute en bas, sans clé. Une ligne qui existe garde la sienne (colonne A "
    "masquée).",
    f"Les colonnes peuvent changer de place, pas de titre. Pas de formule{NBSP}: des valeurs.",
    "Aucune donnée de patient, même anonyme.",
)


def export_directory(territory: Territory, *, with_contacts: bool) -> bytes:
    """The file of a whole directory; how to reach people is for who keeps it. Three queries.

    `documents.workbooks.WorkbookRefused` when a text is longer than a cell holds.
    """
    organisations = list(Organisation.objects.of(territory))
    people = list(Person.objects.of(territory).for_list())
    return _file(territory, organisations, people, with_contacts=with_contacts, room=ROOM)


def blank_directory(territory: Territory) -> bytes:
    """The template of a directory: its lists and its help, no row. Two queries.

    The organisations that are there are offered in the cells of people.
    """
    return _file(territory, [], [], with_contacts=True, room=ROOM_OF_TEMPLATE)


def _file(
    territory: Territory,
    organisations: Sequence[Organisation],
    people: Sequence[Person],
    *,
    with_contacts: bool,
    room: int,
) -> bytes:
    sheets = sheets_of(with_contacts=with_contacts)
    offered = organisations or list(Organisation.objects.of(territory).open())
    told = ChangeSet.objects.of(scope_of(territory)).aggregate(last=Max("pk"), at=Max("at"))
    return write_workbook(
        Workbook(
            title=f"Annuaire · PTSM {territory.name}",
            changed_at=told["at"] or timezone.now().replace(hour=0, minute=0, second=0),
            sheets=[
                _help(sheets),
                *(
                    _sheet(sheet, rows, room=room)
                    for sheet, rows in zip(sheets, (organisations, people), strict=True)
                ),
                origin_sheet(territory, after=told["last"] or 0),
            ],
            lists={
                CATEGORIES: [str(label) for label in OrganisationCategory.labels],
                ORGANISATIONS: [one.name for one in offered if one.closed_on is None],
            },
            opens_on=SheetOfPeople.name,
        )
    )


def _sheet(sheet: SheetResource, rows: Iterable[Any], *, room: int) -> SheetShape:
    return SheetShape(
        name=sheet.name,
        columns=[column.shape for column in sheet.columns.values()],
        rows=[sheet.cells(row) for row in rows],
        fixed_columns=3,
        room=room,
    )


def _help(sheets: Sequence[SheetResource]) -> SheetShape:
    """What to write where, read from the columns themselves."""
    rows = [[Cell(words, "strong", len(HELP_WIDTHS))] for words in ABOUT]
    for sheet in sheets:
        rows.append([Cell(sheet.name, "group"), Cell(sheet.about, "group", len(HELP_WIDTHS) - 1)])
        rows += [
            [
                Cell(""),
                Cell(column.title),
                Cell("obligatoire" if column.is_required else ""),
                Cell(column.help_text),
            ]
            for column in sheet.columns.values()
        ]
    titles = ("Feuille", "Colonne", "Obligatoire", "Ce qu’on y écrit")
    columns = [ColumnShape(title, width) for title, width in zip(titles, HELP_WIDTHS, strict=True)]
    return SheetShape(name=HELP, columns=columns, rows=rows)


def workbook_name(territory: Territory, *, is_blank: bool = False) -> str:
    """« annuaire-53.xlsx »: what a browser saves."""
    return f"{'modele-annuaire' if is_blank else 'annuaire'}-{territory.code}.xlsx"
