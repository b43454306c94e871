"""Walks the page of a paper and writes its blocks: headings, paragraphs, lists, names and values.

Whatever the tag, no word is lost: what is not known is written as a plain paragraph.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from documents.word import tables
from documents.word.lines import PLAIN, Line, put_line
from documents.word.looks import (
    HEADINGS,
    MAIN,
    ON_NEW_PAGE,
    PAGE_AFTER,
    PARAGRAPHS,
    SEPARATED,
    SIDE_BY_SIDE,
    TAGS,
    WIDE,
    WORDS,
    Look,
)
from documents.word.marks import R, W, add
from documents.word.places import (
    BLOCKS,
    DEEPEST_LIST,
    Place,
    by_letter,
    classes_of,
    is_left_out,
    keys_of,
    outside_address,
    pairs_of,
    style_of,
    targets,
    under,
)
from documents.word.sheets import Sheets
from documents.word.styles import PAIR_INDENT, STEP


class Writer:
    """Writes one page into the body of a file."""

    def __init__(self, body: Any, on_block: Callable[[], None]) -> None:
        self.body = body
        self.on_block = on_block
        self.sheets = Sheets(body)
        self.outside: list[str] = []
        # For each list, whether it is numbered, and from what.
        self.lists: list[tuple[bool, int]] = []
        self.anchors: dict[str, str] = {}
        self._awaiting: list[str] = []
        self._measured: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        self._bookmarks = 0

    def write(self, page: Any) -> None:
        """The whole page."""
        for rank, target in enumerate(dict.fromkeys(targets(page)), start=1):
            self.anchors[target] = f"ancre_{rank}"
        self.inside(page, Place(self.body, width=self.sheets.width))
        self.sheets.end()

    # --- Blocks ---

    def inside(self, element: Any, place: Place) -> None:
        """What an element holds: its blocks, and the words between them as paragraphs."""
        line = Line()
        self._mark(element)
        between = SEPARATED.intersection(classes_of(element))
        line.write(element.text or "", place.ink, place.link)
        for child in element:
            if not is_left_out(child):
                if between and line.pieces:
                    line.write(" · ", place.ink)
                if child.tag in BLOCKS:
                    place = self._end(line, place)
                    self._block(child, place)
                    place = replace(place, is_first=False)
                else:
                    self.words(child, line, place)
            line.write(child.tail or "", place.ink, place.link)
        self._end(line, place)

    def _end(self, line: Line, place: Place) -> Place:
        """What was gathered becomes a paragraph; an item has borne its sign."""
        pieces = line.taken()
        if not pieces:
            return place
        self.paragraph(pieces, place)
        return replace(place, is_first=False)

    def _block(self, element: Any, place: Place) -> None:
        self.on_block()
        names = classes_of(element)
        place = under(names, place)
        is_wide = WIDE in names and place.container is self.body
        if is_wide:
            self.sheets.turn(is_wide=True)
            place = replace(place, width=self.sheets.width)
        elif ON_NEW_PAGE.intersection(names):
            self.sheets.break_before()
        self._by_tag(element, names, place)
        if is_wide:
            self.sheets.turn(is_wide=False)
        if PAGE_AFTER.intersection(names):
            self.sheets.break_before()

    def _by_tag(self, element: Any, names: list[str], place: Place) -> None:
        tag = element.tag
        if tag in HEADINGS:
            self._heading(element, place)
        elif tag == "table":
            self._mark(element)
            tables.write_table(self, element, place)
        elif tag in {"ul", "ol"}:
            self._list(element, place)
        elif tag == "dl":
            self._pairs(element, names, place)
        elif tag == "nav":
            self._contents(element, place)
        elif tag == "hr":
            self.empty(place, "ToFillIn")
        else:
            self._plain(element, names, place)

    def _plain(self, element: Any, names: list[str], place: Place) -> None:
        # The last one says the most: « entry is-sheet ».
        style = next((PARAGRAPHS[name] for name in reversed(names) if name in PARAGRAPHS), "")
        if element.tag == "blockquote":
            style = "Quote"
        elif element.tag in {"caption", "figcaption"}:
            style = "Caption"
        if style and place.style not in {"CellText", "CellHead"}:
            place = replace(place, style=style)
        if style == "ToFillIn" and not len(element) and not (element.text or "").strip():
            self.empty(place, style)
        elif element.tag == "pre":
            self._verbatim(element, place)
        else:
            self.inside(element, place)

    def _heading(self, element: Any, place: Place) -> None:
        style = HEADINGS[element.tag]
        accent = place.accent if style in {"Heading1", "Heading2"} else ""
        ink = replace(PLAIN, colour=accent)
        if place.list_depth >= 0 or place.container is not self.body:
            # Inside a cell or an item, a title is a strong line: the plan of the file stays whole.
            style, ink = place.style, replace(place.ink, bold=True)
        self.inside(element, replace(place, style=style, ink=ink))

    def _verbatim(self, element: Any, place: Place) -> None:
        line = Line()
        for words in "".join(element.itertext()).split("\n"):
            line.turn_once()
            line.write(words, place.ink)
        self._end(line, place)

    # --- Lists ---

    def _list(self, element: Any, place: Place) -> None:
        """Each list is one of its own, so that the numbers of the next begin again."""
        start = str(element.get("start") or "1")
        is_numbered = element.tag == "ol"
        self.lists.append((is_numbered, int(start) if start.isdigit() else 1))
        depth = min(place.list_depth + 1, DEEPEST_LIST)
        within = replace(place, list_rank=len(self.lists), list_depth=depth)
        if place.style == "Normal":
            within = replace(within, style="ListParagraph")
        for child in element:
            if is_left_out(child):
                continue
            if child.tag in {"ul", "ol"}:
                self._list(child, within)
            else:
                self._item(child, within)

    def _item(self, element: Any, place: Place) -> None:
        place = under(classes_of(element), replace(place, is_first=True))
        self.inside(element, place)

    # --- Names and values ---

    def _pairs(self, element: Any, names: list[str], place: Place) -> None:
        pairs = list(pairs_of(element))
        if SIDE_BY_SIDE.intersection(names) and pairs:
            tables.write_facts(self, pairs, place, are_figures="totals" in names)
            return
        for name, values in pairs:
            self._pair(name, values, place)

    def _pair(self, name: Any, values: list[Any], place: Place) -> None:
        """The name, then a tabulation and its first value; the others under it."""
        line = Line()
        if name is not None:
            inner = replace(place, ink=place.ink.under(Look(colour="52606D", bold=True), ""))
            self._gather(name, line, inner)
        style = "Pair" if name is not None else "PairMore"
        pieces = line.taken()
        if not values:
            self.paragraph(pieces, replace(place, style=style))
        for value in values:
            within = replace(place, style=style)
            if pieces:
                self._after_name(pieces, value, within)
            else:
                self.inside(value, replace(place, style="PairMore"))
            pieces, style = [], "PairMore"

    def _after_name(self, name: list[Any], value: Any, place: Place) -> None:
        """The first words of a value go on the line of its name; its blocks follow."""
        before = len(place.container)
        self.inside(value, replace(place, style="PairMore"))
        first = place.container[before] if len(place.container) > before else None
        if first is None or first.tag != W + "p":
            self.paragraph(name, place, at=before)
            return
        styled = first.find(f"{W}pPr/{W}pStyle")
        is_item = first.find(f"{W}pPr/{W}numPr") is not None
        if not is_item and styled is not None and styled.get(W + "val") == "PairMore":
            self._lead(first, name)
        else:
            self.paragraph(name, place, at=before)

    def _lead(self, paragraph: Any, name: list[Any]) -> None:
        paragraph.find(f"{W}pPr/{W}pStyle").set(W + "val", "Pair")
        at = 1
        scratch = paragraph.makeelement(W + "p")
        put_line(scratch, name, self.address)
        add(add(scratch, "r"), "tab")
        for run in list(scratch):
            paragraph.insert(at, run)
            at += 1

    # --- Contents ---

    def _contents(self, element: Any, place: Place) -> None:
        """A table of contents that the reader may bring up to date, its entries already there."""
        before = len(self.body)
        self.inside(element, place)
        entries = [
            paragraph
            for paragraph in self.body[before:]
            if paragraph.tag == W + "p" and style_of(paragraph).startswith("TOC")
        ]
        if place.container is not self.body or not entries:
            return
        start = [element.makeelement(W + "r") for _ in range(3)]
        add(start[0], "fldChar", fldCharType="begin")
        told = add(start[1], "instrText")
        told.text = ' TOC \\o "1-3" \\h \\z \\u '
        add(start[2], "fldChar", fldCharType="separate")
        at = 1 if entries[0].find(W + "pPr") is not None else 0
        for rank, run in enumerate(start):
            entries[0].insert(at + rank, run)
        add(add(entries[-1], "r"), "fldChar", fldCharType="end")

    def measures(self, table: Any, count: int) -> list[tuple[int, int]]:
        """The columns of a table, measured with those of its kind, so that they stand alike.

        Of a kind are the tables with the same class and the same titles.
        """
        kind = _kind_of(table, count)
        if kind not in self._measured:
            alike = [table]
            if kind[0]:
                every = table.getroottree().iter("table")
                alike = [one for one in every if _kind_of(one, count) == kind]
            self._measured[kind] = tables.measured(alike, count)
        return self._measured[kind]

    # --- Words ---

    def words(self, element: Any, line: Line, place: Place) -> None:
        """An element inside a line, and what it holds; a block in it ends nothing but a line."""
        if element.tag == "br":
            line.turn()
            return
        if element.tag == "img":
            line.write(str(element.get("alt") or ""), replace(place.ink, italic=True), place.link)
            return
        looks = [WORDS[name] for name in keys_of(element) if name in WORDS]
        if element.tag in TAGS:
            looks.append(TAGS[element.tag])
        for look in looks:
            place = replace(place, ink=place.ink.under(look, place.accent))
        place = replace(place, ink=by_letter(element.tag, place.ink))
        if element.tag == "a":
            place = replace(place, link=str(element.get("href") or "").strip())
        is_line = any(look.is_line for look in looks) or element.tag in BLOCKS
        self._word(element, line, place, looks, is_line=is_line)

    def _word(
        self, element: Any, line: Line, place: Place, looks: list[Look], *, is_line: bool
    ) -> None:
        if is_line:
            line.turn_once()
        for look in looks:
            line.write(look.before, place.ink, place.link)
        self._gather(element, line, place)
        for look in looks:
            line.write(look.after, place.ink, place.link)
        if is_line:
            line.turn_once()

    def _gather(self, element: Any, line: Line, place: Place) -> None:
        self._mark(element)
        line.write(element.text or "", place.ink, place.link)
        for child in element:
            if not is_left_out(child):
                self.words(child, line, place)
            line.write(child.tail or "", place.ink, place.link)

    # --- Paragraphs ---

    def paragraph(self, pieces: list[Any], place: Place, *, at: int | None = None) -> Any:
        """One paragraph, with what waited for one: a new page, the places that links lead to."""
        is_on_page = place.container is self.body
        is_new_page = is_on_page and self.sheets.arrive()
        is_after_table = is_on_page and self.sheets.is_after_table()
        made = add(place.container, "p")
        if at is not None:
            place.container.insert(at, made)
        is_name = place.is_in_cover and place.style == "Title"
        before = 3600 if is_name else 0
        if is_after_table and place.style in {"Normal", "ListParagraph", "Pair"}:
            before = 140
        self._put_marks(add(made, "pPr"), place, before, is_new_page=is_new_page)
        names, self._awaiting = self._awaiting, []
        for name in names:
            self._bookmarks += 1
            add(made, "bookmarkStart", id=self._bookmarks, name=name)
            add(made, "bookmarkEnd", id=self._bookmarks)
        put_line(made, pieces, self.address)
        return made

    def empty(self, place: Place, style: str) -> Any:
        """A paragraph without words: a line to write on, what stands between two tables."""
        return self.paragraph([], replace(place, style=style))

    def _put_marks(self, marks: Any, place: Place, before: int, *, is_new_page: bool) -> None:
        """In the order that the format wants."""
        if place.style != "Normal":
            add(marks, "pStyle", val=place.style)
        if is_new_page:
            add(marks, "pageBreakBefore")
        if place.list_depth >= 0 and place.is_first:
            numbered = add(marks, "numPr")
            add(numbered, "ilvl", val=place.list_depth)
            add(numbered, "numId", val=place.list_rank)
        if place.is_in_cover and place.style == "Title":
            border = add(marks, "pBdr")
            add(border, "top", val="single", sz=48, space=16, color=MAIN)
        if before:
            add(marks, "spacing", before=before)
        if place.list_depth >= 0:
            self._put_indent(marks, place)
        if place.align:
            add(marks, "jc", val=place.align)

    def _put_indent(self, marks: Any, place: Place) -> None:
        """An item goes in by its depth, from where the words around it stand."""
        around = PAIR_INDENT if place.style.startswith("Pair") else 0
        if not place.is_first:
            add(marks, "ind", left=around + STEP * (place.list_depth + 1))
        elif around:
            add(marks, "ind", left=around + STEP * (place.list_depth + 1), hanging=STEP)

    def address(self, link: str) -> tuple[str, str] | None:
        """How the file knows a link: a place inside it, or a page of the web; nothing else."""
        if link.startswith("#"):
            name = self.anchors.get(link[1:])
            return (W + "anchor", name) if name else None
        outside = outside_address(link)
        if not outside:
            return None
        if outside not in self.outside:
            self.outside.append(outside)
        return R + "id", f"lien{self.outside.index(outside) + 1}"

    def _mark(self, element: Any) -> None:
        name = self.anchors.get(str(element.get("id") or ""))
        if name and name not in self._awaiting:
            self._awaiting.append(name)


def _kind_of(table: Any, count: int) -> tuple[str, ...]:
    return (str(table.get("class") or ""), *tables.titles_of(table), str(count))
