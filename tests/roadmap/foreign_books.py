"""Six follow-up tables unlike one another, in the manner of those that territories keep."""

import datetime as dt
import io
from collections.abc import Callable, Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import PatternFill

BLUE, ORANGE, GREY = "FF9DC3E6", "FFF4B183", "FFD9D9D9"


def saved(book: Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def filled(sheet: Any, rows: Iterable[Iterable[Any]], *, first: int = 1) -> None:
    for number, row in enumerate(rows, start=first):
        for column, value in enumerate(row, start=1):
            if value is not None:
                sheet.cell(number, column).value = value


def paint(sheet: Any, colour: str, *places: str) -> None:
    for place in places:
        sheet[place].fill = PatternFill("solid", start_color=colour)


def day(year: int, month: int, number: int) -> dt.datetime:
    return dt.datetime(year, month, number)  # noqa: DTZ001 (as Excel gives it)


def coloured_quarters() -> bytes:
    """Years merged over quarters, axes merged down, colours for what is planned, a total."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Suivi PTSM"
    filled(
        sheet,
        [
            ["Projet territorial de santé mentale – tableau de suivi"],
            [],
            ["Axe", "N°", "Fiche action", "Pilote", "2026", None, None, None, "2027", None, "État"],
            [None, None, None, None, "T1", "T2", "T3", "T4", "T1", "T2"],
            ["Axe 1 – Repérer", "Fiche 1", "Former les aidants", "CH du Nord ; UNAFAM"],
            [None, "Fiche 2", "Créer une équipe mobile", "- ARS\n- GHT", None, "x", "COPIL"],
            ["Axe 2 – Loger", 3, "Habitat inclusif", "Mairie, service logement"],
            ["Total", None, "3 fiches"],
        ],
    )
    for place in ("A1:K1", "E3:H3", "I3:J3", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "K3:K4", "A5:A6"):
        sheet.merge_cells(place)
    for row, words in ((5, "terminé"), (6, "en cours"), (7, "à voir avec l’ARS")):
        sheet.cell(row, 11).value = words
    paint(sheet, GREY, "A3", "B3", "C3", "D3", "E3", "K3")
    paint(sheet, BLUE, "E5", "F5", "I7", "J7")
    return saved(book)


def serial_dates() -> bytes:
    """Dates as days, as serials and as words; percentages; amounts; a second sheet of lists."""
    book = Workbook()
    lists = book.active
    lists.title = "Listes"
    filled(lists, [["Statuts"], ["Fait"], ["En cours"]])
    sheet = book.create_sheet("Plan d’actions")
    filled(
        sheet,
        [
            [
                "Réf.",
                "Intitulé de l’action",
                "Objectifs opérationnels",
                "Date de début",
                "Échéance",
                "Avancement",
                "Financeur",
                "Budget (€)",
                "Commentaires",
                "Sigle interne",
            ],
            [
                "FA 3.2",
                "Pair-aidance",
                "- Recruter deux pairs\n- Les former",
                day(2026, 2, 1),
                46266,
                "réalisé",
                "ARS",
                12000,
                "Très attendu",
                "PA-1",
            ],
            [
                "FA 3.3",
                "Premiers secours",
                "Former 200 personnes",
                "3e trim. 2026",
                "fin 2026",
                "reporté",
                "ARS ; Département",
                "5 k€",
                None,
                None,
            ],
            ["FA 4.1", "Logement", None, "bientôt", None, 0.5, None, None, None, None],
        ],
    )
    return saved(book)


def doubled_numbers() -> bytes:
    """A number on several rows: merged titles, repeated titles, then another sheet altogether."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Feuil1"
    filled(
        sheet,
        [
            ["n° fiche", "Titre", "Étapes", "Responsable", "Partenaires", "Calendrier", "Statut"],
            ["n°4", "Aller vers", "Cartographier", "A. Roche", "CMP", "S1 2026", "Fait"],
            [None, None, "Ouvrir une permanence", "A. Roche", None, "T3 2026", "En cours"],
            ["n°5", "Psychoéducation", "Écrire", "B. Lang", None, "T1 2026 – T2 2026", "Fait"],
            ["n°5", "Psychoéducation", "Diffuser", "B. Lang", None, "09/2026", "À faire"],
            ["n°5", "Réhabilitation", "Ouvrir", "C. Petit", None, "2027", "Abandonné"],
        ],
    )
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:B3")
    return saved(book)


def shifted_column() -> bytes:
    """The first title stands one column before its cells, and so do those that follow."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Actions"
    filled(
        sheet,
        [
            ["N°", "Action", "Pilote", "Statut"],
            [None, 1, "Ligne d’écoute", "SAMU", "En cours"],
            [None, 2, "Annuaire", "DAC", "Terminée"],
            [None, 3, "Journée d’étude", "CH", "Non démarré"],
        ],
    )
    return saved(book)


def grouped_by_titles() -> bytes:
    """Axes as rows of their own, titles repeated by page, subtotals, hidden and blank rows."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Suivi 2026"
    head = ["N° action", "Libellé", "Porteur", "T1", "T2", "T3", "T4", "Observations"]
    filled(
        sheet,
        [
            ["Commission « santé mentale »"],
            head,
            ["AXE 1 : PRÉVENIR"],
            [1, "Semaines d’information", "CLS", "X", None, None, None, "Chaque année"],
            [2, "Sentinelles", "ARS", None, "fait", "décalé", "x", None],
            ["Sous-total axe 1", None, None, 1, 1, 1, 1],
            [],
            head,
            ["AXE 2 : SOIGNER"],
            [3, "Délais des CMP", "CH", None, None, "2 réunions", None, "=D4"],
        ],
    )
    for row in (3, 9):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=8)
    sheet.row_dimensions[5].hidden = True
    return saved(book)


def without_numbers() -> bytes:
    """Neither number nor axis; months in columns; two remarks; a sentence under the table."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Tableau de bord"
    filled(
        sheet,
        [
            [
                "Actions",
                "Priorité",
                "Public cible",
                "Co-pilote",
                day(2026, 1, 1),
                day(2026, 5, 1),
                "sept. 2026",
                "Bilan",
                "Freins",
                "Indicateurs",
            ],
            [
                "Accès aux droits",
                "Priorité 5",
                "Adultes",
                "GEM",
                "x",
                None,
                "x",
                "Lancé",
                "Locaux",
                "Nombre de dossiers ; Délai moyen",
            ],
            ["Santé des jeunes", "hors décret", "Jeunes", None, None, "x", None, "", "Effectifs"],
            [None, None, None, None, None, None, None, None, "Suite sans titre"],
        ],
    )
    return saved(book)


def table(*rows: Iterable[Any]) -> bytes:
    """One sheet of these rows."""
    book = Workbook()
    filled(book.active, rows)
    return saved(book)


def two_tables(
    *, titles: tuple[str, str, str] = ("N°", "Action", "Responsable"), filled_rows: int = 2
) -> bytes:
    """The table, then an older one under a title, its columns in another order."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Suivi"
    if not filled_rows:
        return saved(book)
    rows = [(number, f"Fiche {number}", "CH") for number in range(2, filled_rows + 1)]
    filled(sheet, [titles, (1, "Loger", "ARS"), *rows])
    archives = book.create_sheet("Archives")
    filled(archives, [["Ce qui a été fait"], [titles[1], titles[2]], ["Semaines", "CLS"]])
    return saved(book)


def legend_below() -> bytes:
    """Quarters of three colours, which the last row tells."""
    book = Workbook()
    sheet = book.active
    filled(
        sheet,
        [
            ["N°", "Action", "T1 2026", "T2 2026", "T3 2026"],
            [1, "Loger"],
            [2, "Soigner"],
            [],
            ["Légende", "Réalisé", "Prévu", None, "Reporté"],
        ],
    )
    paint(sheet, "FFC6E0B4", "C2", "B5")
    paint(sheet, BLUE, "D2", "D3", "C5")
    paint(sheet, "FFF8CBAD", "E3", "E5")
    return saved(book)


BOOKS: dict[str, Callable[[], bytes]] = {
    maker.__name__: maker
    for maker in (
        coloured_quarters,
        serial_dates,
        doubled_numbers,
        shifted_column,
        grouped_by_titles,
        without_numbers,
    )
}
