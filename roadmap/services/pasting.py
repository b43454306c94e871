"""What a person pastes from Word or Excel, read as objectives; nothing is written here.

When in doubt a line stays whole in the title: a wrong label would be printed, a missing one shows.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from core.text import NBSP, clean_line, clean_paragraphs, counted, grouped

MOST_ROWS = 500
# As long as `Objective.label` holds.
LONGEST_LABEL = 30
SHOWN_EXAMPLES = 3
LONGEST_EXAMPLE = 40


class PasteRefused(Exception):
    """A list that cannot be taken; the message is a French sentence for whoever pasted it."""


@dataclass(frozen=True)
class PastedRow:
    """One objective to be: joined as `Objective.printed` does, it says what was pasted."""

    label: str
    title: str
    is_project: bool = False


@dataclass(frozen=True)
class PastedList:
    """The rows in order, and the texts of the columns that were not taken, row by row."""

    rows: tuple[PastedRow, ...]
    left_out: tuple[tuple[str, ...], ...] = ()

    @property
    def told(self) -> str:
        """What to say beside the rows: which columns were left out; empty when none was."""
        if not self.left_out:
            return ""
        texts = list(dict.fromkeys(text for row in self.left_out for text in row))
        examples = ", ".join(_quoted(text) for text in texts[:SHOWN_EXAMPLES])
        more = "…" if len(texts) > SHOWN_EXAMPLES else ""
        return (
            f"Seuls le repère et l’intitulé sont repris{NBSP}: sur"
            f" {counted(len(self.left_out), 'ligne')}, le texte des autres colonnes est laissé"
            f" de côté ({examples}{more})."
        )


# --- Signs ---------------------------------------------------------------------------------------

# Three figures at most: four are a year. A zero or three decimals make a quantity, not a rank.
LEVELS = r"\d{1,3}(?:\.[1-9]\d?){0,4}"
# A dash before figures is a range (« 10 - 15 % »), a sign stuck to figures is a time or a date.
SIGN = r"(?:[:.)](?!\d)|[–—-](?!\s*\d))"
NUMERO = r"n\s?°\s?"
NAMED = (
    rf"(?i:(?:(?:sous-)?objectif(?:\s(?:opérationnel|spécifique))?|obj\.?|O[GOS]|action|étape)"
    rf"\s*(?:{NUMERO})?|{NUMERO}){LEVELS}"
)
# « 1.5 million », « 1° trimestre »: what follows tells a quantity or a date from a rank.
NOT_COUNTED = (
    r"(?!\s*(?:[%€‰]|[–—-]\s*\d|[kM]€|(?:ETPT?|C|à|et|ou|euros?|millions?|milliards?|h|heures?|jours?|nuits?"
    r"|semaines?|mois|trimestres?|semestres?|ans?|années?|points?|places?|lits?|postes?|fois"
    r"|km)\b))"
)
MARKER = re.compile(
    "|".join(
        (
            rf"{NAMED}\s*{SIGN}",
            rf"OO\s?{LEVELS}(?=\s)",
            # 1) 1.2.3) a) iv) 1.a) (1) 1°)
            rf"\(?(?:{LEVELS}|[a-zA-Z]|(?i:[ivx]{{2,5}}))(?:\.[a-z])?[.°]?\)",
            # 1.2 and 1.2. and A.1 and 1.2 -
            rf"(?:\d{{1,3}}|[A-K]|[IVX]{{1,5}})(?:\.[1-9]\d?){{1,4}}\.?(?:\s*{SIGN})?(?=\s)"
            rf"{NOT_COUNTED}",
            r"\d{1,3}\.-?(?=\s|[^\W\d_]|[«“\"(])",
            rf"\d{{1,2}}\s?°[/.]?(?=\s|[^\W\d_]){NOT_COUNTED}",
            r"\d{1,3}/(?=\s|[A-ZÀ-Þ«“])",
            # 1 - and 1 : and 1-Créer, but neither 16-25 ans nor 3-aidants
            r"\d{1,3}(?:\s*[:–—-](?=\s+[^\s\d])|\s+[–—-](?=[^\W\d_])|[–—-](?=[A-ZÀ-Þ]))",
            r"(?:[A-K]|[IVX]{1,5})\s+[–—-](?=\s+[^\s\d])",
            # A. but neither M. Dupont nor L. 3221-1
            r"(?:[a-hA-K]|[IVX]{1,5}|[ivx]{1,5})\.(?=\s+[^\s\d])",
        )
    )
)
PROJECT = re.compile(rf"(?i:projet)(?P<rank>\s*(?:(?i:{NUMERO}))?{LEVELS})\s*(?P<sign>{SIGN}|\Z)")
# A first column that is nothing but a mark: one word with a figure, a letter, « Objectif 3 ».
LABEL_COLUMN = re.compile(
    rf"{NAMED}(?:\s*{SIGN})?|\S*\d\S*(?:\s*[:–—-])?|\(?(?:[^\W\d_]|(?i:[ivx]{{1,5}}))[.)]?"
)
# Word writes the bullets of Symbol and Wingdings in the private area U+F000.
BULLET = r"[•●○◦‣⁃·∙▪▫■□◆◇❖►▶➢➤➔→⇒✓✔✗☐☑\uf000-\uf0ff]"
BULLET_AHEAD = re.compile(rf"{BULLET}\s*|[–—*-](?:\s+|(?=[^\W\d_])|\Z)")
# Letters are bullets only in a column of their own: « o » and what Wingdings leaves of ticks.
BULLET_COLUMN = re.compile(rf"{BULLET}|[–—*o§ØüvÞ-]")
# Excel puts quotes around a cell of several lines, and doubles those within.
CELL = re.compile(r"(?:\"((?:[^\"]|\"\")*+)\"(?=[\t\n]|\Z)|[^\t\n]*)([\t\n]|\Z)")


# --- Reading -------------------------------------------------------------------------------------


def read_lines(text: str) -> PastedList:
    """The rows of a pasted text, without any query.

    `PasteRefused` when nothing is there to take, or more than `MOST_ROWS` rows.
    """
    lines = [cells for cells in _lines(clean_paragraphs(text)) if cells]
    _refuse_what_is_not_a_list(len(lines))
    read = [_read(cells) for cells in lines]
    return PastedList(
        rows=tuple(row for row, _ in read),
        left_out=tuple(tuple(others) for _, others in read if others),
    )


def _refuse_what_is_not_a_list(count: int) -> None:
    if not count:
        raise PasteRefused(
            f"Il n’y a rien à reprendre{NBSP}: collez une liste, avec un objectif par ligne."
        )
    if count > MOST_ROWS:
        raise PasteRefused(
            f"Cette liste a {counted(count, 'ligne')}, et on peut en coller {grouped(MOST_ROWS)}"
            f" à la fois{NBSP}: collez-la en plusieurs morceaux. Rien n’a été ajouté."
        )


def _lines(text: str) -> Iterator[list[str]]:
    """The filled cells of each line, bullets aside."""
    cells: list[str] = []
    for match in CELL.finditer(text):
        cells.append(_cell(match))
        if match[2] != "\t":
            yield _without_bullet([cell for cell in cells if _is_seen(cell)])
            cells = []


def _cell(match: re.Match[str]) -> str:
    """One cell on one line; quotes are Excel's own only around a cell of several lines."""
    within = match[1]
    if within is not None and re.search(r"[\t\n]", within):
        return clean_line(within.replace('""', '"'))
    return clean_line(match[0])


def _is_seen(cell: str) -> bool:
    """Whether a reader would see anything: a byte order mark alone is a blank."""
    return any(unicodedata.category(char) not in {"Cf", "Zs"} for char in cell)


def _without_bullet(cells: list[str]) -> list[str]:
    if len(cells) > 1 and BULLET_COLUMN.fullmatch(cells[0]):
        return cells[1:]
    if not cells:
        return []
    bullet = BULLET_AHEAD.match(cells[0])
    first = cells[0][bullet.end() :] if bullet else cells[0]
    return [first, *cells[1:]] if _is_seen(first) else cells[1:]


def _read(cells: list[str]) -> tuple[PastedRow, list[str]]:
    """The row that the cells make, and the cells left out."""
    first, *others = cells
    if others and len(first) <= LONGEST_LABEL:
        project = PROJECT.fullmatch(first)
        if project:
            return PastedRow(_project_label(project), others[0], is_project=True), others[1:]
        if LABEL_COLUMN.fullmatch(first):
            return PastedRow(first, others[0]), others[1:]
    return _read_line(first), others


def _read_line(line: str) -> PastedRow:
    """A line of text: a « Projet N », a numbered line, or a title alone."""
    project = PROJECT.match(line)
    if project:
        title = line[project.end() :].strip()
        label = _project_label(project)
        if not title or len(label) > LONGEST_LABEL:
            return PastedRow("", line, is_project=True)
        return PastedRow(label, title, is_project=True)
    marker = MARKER.match(line)
    if marker and marker.end() <= LONGEST_LABEL:
        title = line[marker.end() :].strip()
        if _is_seen(title):
            return PastedRow(marker[0], title)
    return PastedRow("", line)


def _project_label(project: re.Match[str]) -> str:
    """« Projet 2 », however it was typed: its colon is printed by the row itself."""
    return f"Projet {project['rank'].strip()}"


def _quoted(text: str) -> str:
    shown = text if len(text) <= LONGEST_EXAMPLE else f"{text[:LONGEST_EXAMPLE].rstrip()}…"
    return f"«{NBSP}{shown}{NBSP}»"
