"""Tables: titles repeated on each page, cells over several columns and rows, light lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from documents.word.looks import (
    ACCENTS,
    CELLS,
    DEPTHS,
    NARROW_CELLS,
    STRONG_ROWS,
    TABLE_SIZES,
    CellLook,
)
from documents.word.marks import W, add
from documents.word.sheets import hair_line
from documents.word.widths import widths_of

if TYPE_CHECKING:
    from documents.word.blocks import Writer
    from documents.word.places import Place

# What the format allows.
MOST_COLUMNS = 63
PLAIN_SIZE = 18
# A longer row may go over two pages, rather than leave half of one blank.
ROW_KEPT_WHOLE = 1500
FIGURES = "CellFigure"
PADDING = 150
LONGEST_WORD = 24


@dataclass(frozen=True)
class Slot:
    """One place of the grid: the cell that begins there, or that lies over it from above."""

    element: Any
    columns: int
    is_continued: bool = False


Row = tuple[Any, bool, list[Slot]]


def write_table(writer: Writer, table: Any, place: Place) -> None:
    """A table of the page; one without a row is its caption alone."""
    caption = table.find("caption")
    words = " ".join("".join(caption.itertext()).split()) if caption is not None else ""
    if caption is not None and not _is_hidden(caption):
        writer.inside(caption, replace(place, style="Caption"))
    rows = rows_of(table)
    if not rows:
        return
    count = max(sum(slot.columns for slot in slots) for _, _, slots in rows)
    size = _size_of(table)
    alike = writer.measures(table, count)
    widths = widths_of(alike, size=size or PLAIN_SIZE, total=place.width)
    made = _begin(writer, place, widths, words)
    for row, is_head, slots in rows:
        _write_row(writer, made, (row, is_head, slots), widths, place, size)


def write_facts(writer: Writer, pairs: list[Any], place: Place, *, are_figures: bool) -> None:
    """Facts side by side: their names, and under them their values."""
    each = place.width // len(pairs)
    widths = [each] * (len(pairs) - 1) + [place.width - each * (len(pairs) - 1)]
    made = _begin(writer, place, widths, "")
    names = _row(made, is_head=True, is_whole=True)
    for (name, _), width in zip(pairs, widths, strict=True):
        cell = _cell(names, width, 1, CellLook())
        if name is not None:
            writer.inside(name, _inside(place, cell, "CellHead", width))
        _end_cell(cell, "CellHead")
    row = _row(made, is_head=False, is_whole=True)
    style = FIGURES if are_figures else "CellText"
    for (_, values), width in zip(pairs, widths, strict=True):
        cell = _cell(row, width, 1, CellLook())
        for value in values:
            writer.inside(value, _inside(place, cell, style, width, CellLook(bold=True)))
        _end_cell(cell, style)


# --- The grid ---


def rows_of(table: Any) -> list[Row]:
    """Each row, whether it is a title, and what stands in each place of the grid."""
    found: list[Row] = []
    groups = [one for one in table if one.tag in {"thead", "tbody", "tfoot"}]
    loose = [one for one in table if one.tag == "tr"]
    for group in sorted([*groups, table] if loose else groups, key=_rank):
        rows = loose if group is table else group.findall("tr")
        found += _slots_of(rows, is_head=group.tag == "thead")
    if found and not any(is_head for _, is_head, _ in found):
        first, _, slots = found[0]
        is_head = all(slot.element.tag == "th" for slot in slots) and len(found) > 1
        found[0] = (first, is_head, slots)
    return found


def _rank(group: Any) -> int:
    return {"thead": 0, "tfoot": 2}.get(group.tag, 1)


def _slots_of(rows: list[Any], *, is_head: bool) -> list[Row]:
    """The slots of the rows of one group; a cell that lies over several never leaves it."""
    above: dict[int, tuple[Slot, int]] = {}
    placed = []
    for row in rows:
        slots, above = _slots_under(row, above)
        if slots:
            placed.append((row, is_head, slots))
    return placed


def _slots_under(
    row: Any, above: dict[int, tuple[Slot, int]]
) -> tuple[list[Slot], dict[int, tuple[Slot, int]]]:
    """The slots of one row, and the cells that lie over the next one, each by its column."""
    cells = [one for one in row if one.tag in {"td", "th"}]
    slots: list[Slot] = []
    below = {}
    column = 0
    while cells or any(start >= column for start in above):
        if column in above:
            slot, rows = above[column]
            slots.append(replace(slot, is_continued=True))
        elif cells:
            slot, rows = _begun(cells.pop(0), column, above)
            slots.append(slot)
        else:
            # A hole before the cells that lie from above.
            slot, rows = Slot(row, 1), 1
            slots.append(replace(slot, is_continued=False))
        if rows > 1:
            below[column] = (slot, rows - 1)
        column += slot.columns
    return slots, below


def _begun(cell: Any, column: int, above: dict[int, tuple[Slot, int]]) -> tuple[Slot, int]:
    free = min([MOST_COLUMNS, *(start for start in above if start > column)]) - column
    columns = max(1, min(_number(cell, "colspan"), free))
    return Slot(cell, columns), _number(cell, "rowspan")


def _is_narrow(slot: Slot) -> bool:
    return bool(NARROW_CELLS.intersection(_names(slot.element)))


def _number(cell: Any, name: str) -> int:
    told = str(cell.get(name) or "1").strip()
    return max(1, int(told)) if told.isdecimal() and len(told) < 6 else 1


def titles_of(table: Any) -> list[str]:
    """The words of its titles, cell by cell."""
    return ["".join(cell.itertext()) for cell in table.findall("thead/tr/th")]


def measured(tables: list[Any], count: int) -> list[tuple[int, int]]:
    """The longest word and the longest line of each column of tables alike, in letters."""
    rows = [row for table in tables for row in rows_of(table)]
    words, lines = [1] * count, [1] * count
    for _, _, slots in rows:
        column = 0
        for slot in slots[:count]:
            if (
                slot.columns == 1
                and column < count
                and not slot.is_continued
                and slot.element.tag != "tr"
            ):
                text = " ".join(slot.element.itertext())
                longest = max((len(word) for word in text.split()), default=1)
                line = longest if _is_narrow(slot) else len(" ".join(text.split()))
                words[column] = max(words[column], min(longest, LONGEST_WORD))
                lines[column] = max(lines[column], line)
            column += slot.columns
    return list(zip(words, lines, strict=True))


# --- What is written ---


def _begin(writer: Writer, place: Place, widths: list[int], words: str) -> Any:
    if place.container is writer.body:
        is_new_page = writer.sheets.arrive()
        if writer.sheets.is_after_table() or is_new_page:
            last = hair_line(writer.body)
            if is_new_page:
                last[0].insert(0, last.makeelement(f"{W}pageBreakBefore"))
    elif len(place.container) and place.container[-1].tag == W + "tbl":
        hair_line(place.container)
    made = add(place.container, "tbl")
    marks = add(made, "tblPr")
    add(marks, "tblStyle", val="PaperTable")
    add(marks, "tblW", w=sum(widths), type="dxa")
    add(marks, "tblLayout", type="fixed")
    add(marks, "tblLook", val="0420", firstRow=1, lastRow=0, firstColumn=0, noHBand=0, noVBand=1)
    if words:
        # Read out to whoever does not see the table.
        add(marks, "tblCaption", val=words)
    grid = add(made, "tblGrid")
    for width in widths:
        add(grid, "gridCol", w=width)
    return made


def _row(made: Any, *, is_head: bool, is_whole: bool) -> Any:
    row = add(made, "tr")
    if is_head or is_whole:
        marks = add(row, "trPr")
        if is_whole:
            add(marks, "cantSplit")
        if is_head:
            add(marks, "tblHeader")
    return row


def _write_row(
    writer: Writer, made: Any, told: Row, widths: list[int], place: Place, size: int
) -> None:
    element, is_head, slots = told
    names = _names(element)
    length = sum(len(text) for text in element.itertext())
    row = _row(made, is_head=is_head, is_whole=length < ROW_KEPT_WHOLE)
    accent = next(
        (ACCENTS[name] for one in (element, element.getparent()) for name in _names(one)
         if name in ACCENTS),
        place.accent,
    )  # fmt: skip
    depth = next((DEPTHS[name] for name in names if name in DEPTHS), 0)
    column = 0
    for slot in slots:
        width = sum(widths[column : column + slot.columns])
        look = _look_of(slot, is_head=is_head, is_strong=bool(STRONG_ROWS.intersection(names)))
        cell = _cell(row, width, slot.columns, look, _merge(slot))
        style = "CellHead" if is_head else "CellText"
        if not slot.is_continued and slot.element.tag != "tr":
            within = _inside(replace(place, accent=accent), cell, style, width, look, size)
            writer.inside(slot.element, within)
        _end_cell(cell, style)
        if depth and not column:
            _indent(cell, depth)
        column += slot.columns


def _merge(slot: Slot) -> str:
    if slot.is_continued:
        return "continue"
    spans = slot.element.tag != "tr" and _number(slot.element, "rowspan") > 1
    return "restart" if spans else ""


def _cell(row: Any, width: int, columns: int, look: CellLook, merge: str = "") -> Any:
    """In the order that the format wants."""
    cell = add(row, "tc")
    marks = add(cell, "tcPr")
    add(marks, "tcW", w=width, type="dxa")
    if columns > 1:
        add(marks, "gridSpan", val=columns)
    if merge:
        add(marks, "vMerge", val=merge)
    if look.fill:
        add(marks, "shd", val="clear", color="auto", fill=look.fill)
    return cell


def _end_cell(cell: Any, style: str) -> None:
    """A cell ends with a paragraph, even when nothing is in it."""
    if cell[-1].tag != W + "p":
        last = add(cell, "p")
        add(add(last, "pPr"), "pStyle", val=style)


def _inside(
    place: Place,
    cell: Any,
    style: str,
    width: int,
    look: CellLook = CellLook(),  # noqa: B008 (it never changes)
    size: int = 0,
) -> Place:
    """Where the words of a cell fall."""
    accent = place.accent if look.takes_accent else ""
    ink = replace(
        place.ink,
        bold=look.bold,
        italic=look.italic,
        colour=look.colour or accent,
        fill="",
        size=look.size or size,
    )
    return replace(
        place,
        container=cell,
        style=style,
        ink=ink,
        align=look.align,
        width=width - PADDING,
        list_depth=-1,
        is_first=False,
    )


def _look_of(slot: Slot, *, is_head: bool, is_strong: bool) -> CellLook:
    looks = [CELLS[name] for name in _names(slot.element) if name in CELLS]
    told = CellLook()
    for one in looks:
        told = CellLook(
            fill=one.fill or told.fill,
            colour=one.colour or told.colour,
            bold=told.bold if one.bold is None else one.bold,
            italic=told.italic if one.italic is None else one.italic,
            align=one.align or told.align,
            takes_accent=one.takes_accent or told.takes_accent,
        )
    if is_head:
        # A title has the look of titles; what it stands over says how it is set.
        return CellLook(align=told.align, fill=told.fill)
    if is_strong and slot.element.tag == "th":
        return replace(told, bold=True)
    return told


def _indent(cell: Any, depth: int) -> None:
    for paragraph in cell.findall(W + "p"):
        marks = paragraph.find(W + "pPr")
        shift = marks.makeelement(f"{W}ind", {f"{W}left": str(200 * depth)})
        before = marks.find(W + "jc")
        marks.insert(len(marks) if before is None else marks.index(before), shift)


def _size_of(table: Any) -> int:
    for one in (table, table.getparent()):
        for name in _names(one):
            if name in TABLE_SIZES:
                return TABLE_SIZES[name]
    return 0


def _is_hidden(caption: Any) -> bool:
    return bool({"grid-caption", "visually-hidden"}.intersection(_names(caption)))


def _names(element: Any) -> list[str]:
    return str(element.get("class") or "").split()
