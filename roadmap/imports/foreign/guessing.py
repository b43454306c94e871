"""Guesses how a sheet is to be read: its header, what each column holds, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.text import NBSP, fold
from documents.workbooks import ForeignSheet, WorkbookRefused
from roadmap.imports.foreign.mapping import Guess, Mapping, header_text, shown_text
from roadmap.imports.foreign.quarters import Span, read_span, read_year
from roadmap.imports.foreign.words import (
    FIELDS,
    announced_by,
    is_total,
    number_of,
    status_of,
)

DEEPEST_HEADER = 60
MOST_HEADER_ROWS = 3
LONGEST_TITLE_OF_COLUMN = 120
LEAST = 0.3
# « Année 2026 ».
LONGEST_YEAR = 12
# What is read to see whether the cells of a column are what its title announces.
SAMPLE = 60
NO_TABLE = (
    "Aucun tableau de suivi n’a été reconnu dans ce classeur\u00a0: il faut une ligne de titres où "
    "l’on trouve au moins celui de l’action, et un autre. Dites-les dans un fichier de "
    "correspondance (--mapping)."
)


def guess_mapping(sheets: Sequence[ForeignSheet]) -> Mapping:
    """The best reading of a workbook. `WorkbookRefused` when no sheet looks like a table."""
    found = []
    for sheet in sheets:
        mapping = guess_sheet(sheet)
        if mapping is not None:
            known = sum(bool(guess.field or guess.quarters) for guess in mapping.columns.values())
            rows = _rows_below(sheet, mapping.first_row)
            found.append((not sheet.is_hidden, rows * known, mapping))
    if not found:
        raise WorkbookRefused(NO_TABLE)
    return max(found, key=lambda each: each[:2])[2]


def guess_sheet(sheet: ForeignSheet) -> Mapping | None:
    """The best reading of one sheet, if it has a header at all."""
    best: tuple[float, Mapping] | None = None
    # Titles that are repeated, page after page, are those of the first page.
    seen: set[tuple[str, ...]] = set()
    for first in range(1, min(sheet.height, DEEPEST_HEADER) + 1):
        if any(sheet.anchor(first, column)[0] < first for column in _filled(sheet, first)):
            # It goes on with merged cells: titles begin above.
            continue
        for count in range(1, MOST_HEADER_ROWS + 1):
            header = tuple(range(first, first + count))
            if count > 1 and not _goes_on(sheet, header):
                break
            if count < MOST_HEADER_ROWS and _is_cut(sheet, header):
                continue
            mapping = guess_columns(sheet, header)
            titles = tuple(fold(guess.header) for guess in mapping.columns.values())
            if titles in seen:
                continue
            seen.add(titles)
            score = _score(mapping)
            if score and (best is None or score > best[0]):
                best = (score, mapping)
    return best[1] if best else None


def _rows_below(sheet: ForeignSheet, first: int) -> int:
    return len({row for row, _ in sheet.cells if row >= first})


def _score(mapping: Mapping) -> float:
    known = [guess for guess in mapping.columns.values() if guess.field or guess.quarters]
    if len(known) < 2 or mapping.column_of("title") is None:
        return 0.0
    # A row of quarters weighs no more than a few words; one row of titles is better than two.
    words = sum(guess.score for guess in known if guess.field)
    quarters = min(3.0, sum(1 / len(guess.quarters) for guess in known if guess.quarters) / 2)
    return words + quarters - len(mapping.header) / 10


def _goes_on(sheet: ForeignSheet, header: tuple[int, ...]) -> bool:
    """Whether a row goes on with the titles above: details under a merged one, or times."""
    first, last = header[0], header[-1]
    anchors = {sheet.anchor(first, column) for column in _filled(sheet, first)}
    if len(anchors) < 2:
        return False
    own = [column for column in _filled(sheet, last) if sheet.anchor(last, column)[0] == last]
    return bool(own) and all(_is_detail(sheet, last, column) for column in own)


def _is_cut(sheet: ForeignSheet, header: tuple[int, ...]) -> bool:
    """Whether titles are merged with the row below: it is one of theirs."""
    following = header[-1] + 1
    anchors = (sheet.anchor(following, column) for column in _filled(sheet, following))
    return any(header[0] <= row < following for row, _ in anchors)


def _is_detail(sheet: ForeignSheet, row: int, column: int) -> bool:
    text = shown_text(sheet.value(row, column))
    if len(text) > LONGEST_TITLE_OF_COLUMN:
        return False
    above = sheet.anchor(row - 1, column)
    is_under_group = above in sheet.cells and sheet.anchor(row - 1, column + 1) == above
    is_under_group = is_under_group or (above[1] < column and above in sheet.cells)
    is_time = bool(read_span(sheet.value(row, column), year=2000))
    is_title = above not in sheet.cells and bool(announced_by(text))
    return is_under_group or is_time or is_title


def _filled(sheet: ForeignSheet, row: int) -> list[int]:
    return [
        column for column in range(1, sheet.width + 1) if sheet.anchor(row, column) in sheet.cells
    ]


# --- Columns ------------------------------------------------------------------------------------


def guess_columns(sheet: ForeignSheet, header: tuple[int, ...]) -> Mapping:
    """What each column under these titles is taken for, and why."""
    titles = {
        column: text
        for column in range(1, sheet.width + 1)
        if (text := header_text(sheet, header, column)) and len(text) <= LONGEST_TITLE_OF_COLUMN
    }
    moved = _shifted(sheet, header[-1] + 1, titles)
    quarters = _quarters(sheet, header, titles)
    guesses = {
        column: Guess(
            column,
            titles[column],
            quarters=span,
            score=1.0,
            reason=f"«{NBSP}{titles[column]}{NBSP}» est une période",
        )
        for column, span in quarters.items()
    }
    others = {column: text for column, text in moved.items() if column not in quarters}
    guesses |= {guess.column: guess for guess in _fields(sheet, header[-1] + 1, others, titles)}
    guesses |= _without_title(sheet, header[-1] + 1, guesses)
    return Mapping(sheet.name, header, dict(sorted(guesses.items())))


def _fields(
    sheet: ForeignSheet, first: int, moved: dict[int, str], titles: dict[int, str]
) -> Iterable[Guess]:
    """The surest pairs first; what holds one value goes to one column."""
    offers = sorted(
        (
            (-score - _bonus(code, _sample(sheet, first, column)), column, code, words)
            for column, text in moved.items()
            for score, code, words in _offers(sheet, first, column, text)
        ),
    )
    taken: dict[int, Guess] = {}
    used: set[tuple[str, int]] = set()
    for worth, column, code, words in offers:
        # An amount may have one column a year.
        year = (read_year(moved[column]) or 0) if code == "amount" else 0
        is_used = (code, year) in used and not FIELDS[code].is_many
        if column in taken or -worth < LEAST or is_used:
            continue
        used.add((code, year))
        reason = f"«{NBSP}{words}{NBSP}» dans le titre «{NBSP}{moved[column]}{NBSP}»"
        if titles.get(column) != moved[column]:
            reason += ", écrit une colonne à côté"
        score = round(min(-worth, 1.0), 2)
        taken[column] = Guess(column, moved[column], code, (), score, reason, year)
    for column, text in moved.items():
        if column not in taken:
            taken[column] = Guess(column, text, reason="aucun mot connu dans le titre")
    return _with_title(taken)


def _offers(
    sheet: ForeignSheet, first: int, column: int, title: str
) -> list[tuple[float, str, str]]:
    """What a title announces; « Fiche » over « Fiche 1 », « Fiche 2 » is a number."""
    offers = announced_by(title)
    if any(code == "title" for _, code, _ in offers) and _are_numbers(sheet, first, column):
        return [(score, "number", words) for score, code, words in offers if code == "title"]
    return offers


def _are_numbers(sheet: ForeignSheet, first: int, column: int) -> bool:
    texts = _sample(sheet, first, column)
    return bool(texts) and all(number_of(text) or is_total(text) for text in texts)


def _without_title(sheet: ForeignSheet, first: int, guesses: dict[int, Guess]) -> dict[int, Guess]:
    """A first column of numbers that nobody named, when no other is that of the numbers."""
    column = min(guesses, default=1) - 1
    known = {guess.field for guess in guesses.values()}
    if column < 1 or "number" in known or "title" not in known:
        return {}
    if not _are_numbers(sheet, first, column):
        return {}
    return {column: Guess(column, "", field="number", score=0.5, reason="rien que des numéros")}


def _with_title(taken: dict[int, Guess]) -> Iterable[Guess]:
    """A table of which each row is an objective only: these are its sheets."""
    if not any(guess.field == "title" for guess in taken.values()):
        for code in ("objective", "aim"):
            first = next((one for one in taken.values() if one.field == code), None)
            if first is not None:
                reason = f"{first.reason}, et aucune colonne n’est celle du titre"
                taken[first.column] = replace(first, field="title", reason=reason)
                break
    return taken.values()


def _sample(sheet: ForeignSheet, first: int, column: int) -> list[str]:
    rows = range(first, min(first + SAMPLE, sheet.height + 1))
    texts = (shown_text(sheet.cells.get((row, column))) for row in rows)
    return [text for text in texts if text]


def _is_blank(sheet: ForeignSheet, first: int, column: int) -> bool:
    """Whether there is no sample of a column, without reading it."""
    rows = range(first, min(first + SAMPLE, sheet.height + 1))
    return not any((row, column) in sheet.cells for row in rows)


def _bonus(code: str, texts: list[str]) -> float:
    """How far the cells of a column are what its title announces, between -0.5 and 0.3."""
    if not texts:
        return -0.2
    return (_fit(code, texts) - 0.5) * 0.6 if code in CHECKED else 0.0


CHECKED = {
    "number",
    "status",
    *("start", "end", "period"),
    "title",
    "objective",
    *("pilot", "copilot"),
}


def _fit(code: str, texts: list[str]) -> float:
    if code == "number":
        good = [text for text in texts if number_of(text) or len(text) < 9]
    elif code == "status":
        good = [text for text in texts if status_of(text)]
        return max(0.35, len(good) / len(texts))
    elif code in {"start", "end", "period"}:
        good = [text for text in texts if read_span(text, year=2000)]
        return max(0.35, len(good) / len(texts))
    else:
        # Titles are words, and so are people.
        good = [text for text in texts if number_of(text) is None and any(map(str.isalpha, text))]
    return len(good) / len(texts)


def _shifted(sheet: ForeignSheet, first: int, titles: dict[int, str]) -> dict[int, str]:
    """Titles over the cells that they are about, when cells begin one column further."""
    moved = dict(titles)
    for column in sorted(titles):
        if column not in moved or not _is_blank(sheet, first, column):
            continue
        block = _block(sheet, first, titles, column)
        if block and (len(block) == 1 or _is_better(sheet, first, titles, block)):
            for each in block:
                moved.pop(each, None)
            moved |= {each + 1: titles[each] for each in block}
            break
    return moved


def _block(
    sheet: ForeignSheet, first: int, titles: dict[int, str], column: int
) -> list[int] | None:
    """The titles from one that stands over nothing to the last before cells without title."""
    block = [column]
    while block[-1] + 1 in titles:
        block.append(block[-1] + 1)
    return None if _is_blank(sheet, first, block[-1] + 1) else block


def _is_better(
    sheet: ForeignSheet, first: int, titles: dict[int, str], block: Sequence[int]
) -> bool:
    def worth(shift: int) -> float:
        return sum(
            max(
                (
                    score + 3 * _bonus(code, _sample(sheet, first, column + shift))
                    for score, code, _ in announced_by(titles[column])
                ),
                default=0.0,
            )
            for column in block
        )

    return worth(1) > worth(0)


# --- Quarters -----------------------------------------------------------------------------------


def _quarters(
    sheet: ForeignSheet, header: tuple[int, ...], titles: dict[int, str]
) -> dict[int, Span]:
    """The columns of a calendar: « T3 2026 », or « T3 » under « 2026 », or under no year at all."""
    found: dict[int, Span] = {}
    year, last = _year_around(sheet, header[0]), -1
    for column in titles:
        values = [sheet.value(row, column) for row in header]
        if _is_money(values):
            continue
        own = next((read_year(shown_text(value)) for value in values if _is_year(value)), None)
        own = own or _year_over(sheet, header, column)
        span = _span_of(values, own or year)
        if span and own is None and not _says_year(values) and span[0] <= last:
            # « T1 » after « T4 »: the year after.
            year = (year or 0) + 1
            span = _span_of(values, year)
        if span:
            found[column], last = span, span[0]
    return found if len(found) > 1 else {}


def _year_over(sheet: ForeignSheet, header: tuple[int, ...], column: int) -> int | None:
    """The year over a column, or the last one to its left in the same row."""
    for row in range(header[-1] - 1, max(0, header[0] - 3), -1):
        for place in range(column, 0, -1):
            value = sheet.value(row, place)
            if value is not None and len(shown_text(value)) < LONGEST_YEAR and _is_year(value):
                return read_year(shown_text(value))
            if value is not None and sheet.anchor(row, place)[1] != column:
                break
    return None


def _is_money(values: Sequence[object]) -> bool:
    """« Budget » over « 2026 » and « 2027 » is no calendar."""
    offers = [announced_by(shown_text(value)) for value in values]
    return any(offer and offer[0][1] in {"amount", "funder"} for offer in offers)


def _is_year(value: object) -> bool:
    text = fold(shown_text(value))
    return read_year(text) is not None and len(text) < 30


def _says_year(values: Sequence[object]) -> bool:
    return any(read_year(shown_text(value)) for value in values)


def _span_of(values: Sequence[object], year: int | None) -> Span:
    """The shortest time that the titles of a column tell."""
    spans = [read_span(value, year=year) for value in values if not isinstance(value, int)]
    spans += [read_span(value) for value in values if type(value) is int and value < 2100]
    together = " ".join(dict.fromkeys(shown_text(value) for value in values if value is not None))
    known = [span for span in (*spans, read_span(together, year=year)) if span]
    return min(known, key=len, default=())


def _year_around(sheet: ForeignSheet, row: int) -> int | None:
    """The year of the table, when its title or the name of the sheet tells one."""
    above = [
        shown_text(value)
        for place, value in sheet.cells.items()
        if place[0] <= row and (not isinstance(value, str) or "20" in value or "19" in value)
    ]
    for text in [*above, sheet.name]:
        if year := read_year(text):
            return year
    return None


__all__ = ["guess_columns", "guess_mapping", "guess_sheet"]
