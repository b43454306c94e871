"""Writes a workbook: typed texts that never run, lists, fixed titles; equal contents, equal bytes.

The library loads inside the functions: a web process that writes none never pays for it.
"""

import datetime as dt
import re
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import IO, Any

from core.text import NBSP, grouped
from documents.workbooks.safety import WorkbookRefused
from documents.workbooks.shapes import (
    LONGEST_TEXT,
    Cell,
    ColumnShape,
    SheetShape,
    Workbook,
    as_kept,
)

# A text that looks like the way in which Excel writes signs: it is told so.
LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Stamps of the file itself, which would differ from one second to the next.
ANY_DAY = (1980, 1, 1, 0, 0, 0)
CORE = "docProps/core.xml"
INK, SOFT, LINE = "FF2B2A28", "FF6E6A64", "FFD9D4CB"
HEAD, GROUP, KEY, REMINDER = "FFE8E3DA", "FFF3EFE8", "FFEFEFEF", "FFF7F5F1"
# As the page draws them; each also says its word.
FILLS = {"prevu": "FFC9DDE8", "fait": "FF2F6F62", "decale": "FFF3D9A4", "note": "FFFBFAF7"}
PLAIN_LOOKS = ("text", "number", "amount", "head", "group", "key", "reminder", "strong")
ITALIC = {"note", "reminder"}


def write_workbook(workbook: Workbook) -> bytes:
    """The whole file. `WorkbookRefused` when a text is longer than a cell holds."""
    from openpyxl import Workbook as Book

    book = Book()
    book.remove(book.active)
    book.properties.title = workbook.title
    book.properties.creator = "PTSM"
    book.properties.language = "fr-FR"
    looks = looks_in(book)
    lists = _places_of(workbook)
    for shape in workbook.sheets:
        _write_sheet(book.create_sheet(shape.name), shape, looks, lists)
    if workbook.lists:
        _write_lists(book.create_sheet(workbook.lists_name), workbook.lists, looks)
    names = [shape.name for shape in workbook.sheets]
    book.active = names.index(workbook.opens_on) if workbook.opens_on in names else 0
    kept = BytesIO()
    book.save(kept)
    return settled(kept, workbook.changed_at)


# --- Looks ---


def looks_in(book: Any) -> dict[str, Any]:
    """The style of each look, made once: a cell takes it by its number."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

    thin = Border(*(Side(style="thin", color=LINE) for _ in range(4)))
    sheet = book.create_sheet("looks")
    made = {}
    fills = {"head": HEAD, "group": GROUP, "key": KEY, "reminder": REMINDER, **FILLS}
    for look in (*PLAIN_LOOKS, *FILLS):
        cell = WriteOnlyCell(sheet)
        is_centred = look in FILLS or look == "number"
        cell.font = Font(
            name="Calibri",
            size=11,
            bold=look in {"head", "group", "strong"},
            italic=look in ITALIC,
            color="FFFFFFFF" if look == "fait" else SOFT if look in {"key", "reminder"} else INK,
        )
        cell.alignment = Alignment(
            wrap_text=True,
            vertical="center" if look in {"head", "group", *FILLS} else "top",
            horizontal="center" if is_centred else None,
        )
        cell.border = thin if look != "strong" else Border()
        cell.fill = (
            PatternFill("solid", start_color=fills[look]) if look in fills else PatternFill()
        )
        cell.number_format = {"number": "0", "amount": "#,##0.00", "key": "0"}.get(look, "@")
        cell.protection = Protection(locked=look in {"head", "group", "key"})
        made[look] = cell._style
    book.remove(sheet)
    return made


# --- Sheets ---


def _write_sheet(
    sheet: Any, shape: SheetShape, looks: Mapping[str, Any], lists: Mapping[str, str]
) -> None:
    from openpyxl.utils import get_column_letter

    for rank, column in enumerate(shape.columns, start=1):
        _put(sheet, 1, rank, Cell(column.title, "head"), looks)
        dimension = sheet.column_dimensions[get_column_letter(rank)]
        dimension.width = column.width
        dimension.hidden = column.is_hidden
    for number, row in enumerate(shape.rows, start=2):
        _write_row(sheet, number, row, looks)
    filled = len(shape.rows) + 1
    for number in range(filled + 1, filled + shape.room + 1):
        for rank, column in enumerate(shape.columns, start=1):
            sheet.cell(number, rank)._style = looks[column.look]
    sheet.freeze_panes = f"{get_column_letter(shape.fixed_columns + 1)}2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if filled + shape.room > 1:
        _offer_lists(sheet, shape.columns, lists, last=filled + shape.room)


def _write_row(sheet: Any, number: int, row: Sequence[Cell], looks: Mapping[str, Any]) -> None:
    rank = 1
    for cell in row:
        _put(sheet, number, rank, cell, looks)
        if cell.span > 1:
            for under in range(rank + 1, rank + cell.span):
                sheet.cell(number, under)._style = looks[cell.look]
            sheet.merge_cells(
                start_row=number, end_row=number, start_column=rank, end_column=rank + cell.span - 1
            )
        rank += cell.span


def _put(sheet: Any, number: int, rank: int, cell: Cell, looks: Mapping[str, Any]) -> None:
    kept = sheet.cell(number, rank)
    kept._style = looks[cell.look]
    if cell.value is None or cell.value == "":
        return
    if isinstance(cell.value, str):
        # Said to be a text: « =1+1 » stays one.
        kept.value = " "
        kept._value = text_in_cell(cell.value, sheet.title, number)
        kept.data_type = "s"
    else:
        kept.value = cell.value


def text_in_cell(value: str, sheet: str, number: int) -> str:
    """A text as the file keeps it; `WorkbookRefused` names its place when it is too long."""
    text = LOOKS_ESCAPED.sub("_x005F_", as_kept(value))
    if len(text) > LONGEST_TEXT:
        raise WorkbookRefused(
            f"La feuille «{NBSP}{sheet}{NBSP}», ligne{NBSP}{number}, porterait un texte de "
            f"{grouped(len(text))} caractères, et une cellule en tient "
            f"{grouped(LONGEST_TEXT)}\u00a0: raccourcissez-le d’abord dans l’application."
        )
    return text


# --- Lists ---


def _places_of(workbook: Workbook) -> dict[str, str]:
    """Where the words of each list stand, as a rule of Excel names them."""
    from openpyxl.utils import get_column_letter, quote_sheetname

    sheet = quote_sheetname(workbook.lists_name)
    places = {}
    for rank, (name, words) in enumerate(workbook.lists.items(), start=1):
        letter = get_column_letter(rank)
        places[name] = f"{sheet}!${letter}$2:${letter}${max(len(words), 1) + 1}"
    return places


def _offer_lists(
    sheet: Any, columns: Sequence[ColumnShape], lists: Mapping[str, str], *, last: int
) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    offered: dict[tuple[str, bool], Any] = {}
    for rank, column in enumerate(columns, start=1):
        if column.choices not in lists:
            continue
        key = (column.choices, column.is_free)
        if key not in offered:
            offered[key] = DataValidation(
                type="list",
                formula1=lists[column.choices],
                allow_blank=True,
                showErrorMessage=not column.is_free,
                errorTitle="Choix inconnu",
                error="Choisissez dans la liste.",
            )
            sheet.add_data_validation(offered[key])
        letter = get_column_letter(rank)
        offered[key].add(f"{letter}2:{letter}{last}")


def _write_lists(sheet: Any, lists: Mapping[str, Sequence[str]], looks: Mapping[str, Any]) -> None:
    from openpyxl.utils import get_column_letter

    for rank, (name, words) in enumerate(lists.items(), start=1):
        _put(sheet, 1, rank, Cell(name, "head"), looks)
        sheet.column_dimensions[get_column_letter(rank)].width = 40
        for number, word in enumerate(words, start=2):
            _put(sheet, number, rank, Cell(word), looks)
    sheet.freeze_panes = "A2"


# --- The same bytes ---


def settled(source: IO[bytes], changed_at: dt.datetime) -> bytes:
    """The same file with the day of what it says, and none of when it was written."""
    day = changed_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    kept = BytesIO()
    with (
        zipfile.ZipFile(source) as written,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in written.infolist():
            stamped = zipfile.ZipInfo(part.filename, ANY_DAY)
            stamped.compress_type = zipfile.ZIP_DEFLATED
            with written.open(part) as read, target.open(stamped, "w") as put:
                if part.filename == CORE:
                    put.write(re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", day, read.read()))
                else:
                    shutil.copyfileobj(read, put)
    return kept.getvalue()
