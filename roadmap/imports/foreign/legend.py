"""The colours of a calendar: which say something, and what a legend says that they mean."""

import colorsys
import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass

from core.text import NBSP, fold
from documents.workbooks import ForeignSheet
from roadmap.enums import CellState
from roadmap.imports.foreign.mapping import Mapping, letter_of, shown_text
from roadmap.imports.foreign.words import cell_state_of

COLOUR = "colour"
LONGEST_WORDS = 40
LEGEND = re.compile(r"(?:legende|couleurs?|code couleur)\b")


@dataclass(frozen=True)
class LegendEntry:
    """What is written on a colour, or right beside it, away from the calendar."""

    state: str
    words: str
    row: int
    column: int


def colour_of_cell(sheet: ForeignSheet, mapping: Mapping, row: int, column: int) -> str:
    """The colour of a cell, unless the whole row wears it: then it plans nothing."""
    colour = sheet.colour(row, column)
    if not colour:
        return ""
    others = [each for each, guess in mapping.columns.items() if not guess.quarters]
    return "" if any(sheet.colour(row, each) == colour for each in others) else colour


def read_legend(sheet: ForeignSheet, mapping: Mapping) -> AnyMapping[str, LegendEntry]:
    """What the sheet itself says of its colours: « réalisé » on green, or right of a green cell.

    A legend stands above the titles, or on a row that says nothing else.
    """
    found: dict[str, LegendEntry] = {}
    is_legend: dict[int, bool] = {}
    for (row, column), colour in sorted(sheet.colours.items()):
        if row not in is_legend:
            is_legend[row] = row not in mapping.header and _says_colours(sheet, mapping, row)
        if not is_legend[row] or colour in found:
            continue
        for place in (column, column + 1):
            text = shown_text(sheet.cells.get((row, place)))
            state = _state_in(text)
            if state and (place == column or not sheet.colour(row, place)):
                found[colour] = LegendEntry(state, text, row, place)
                break
    return found


def _says_colours(sheet: ForeignSheet, mapping: Mapping, row: int) -> bool:
    if row < mapping.first_row:
        return True
    values = (sheet.cells.get((row, column)) for column in range(1, sheet.width + 1))
    texts = [text for value in values if (text := shown_text(value))]
    return bool(texts) and all(_state_in(text) or LEGEND.match(fold(text)) for text in texts)


def _state_in(text: str) -> str:
    """Nothing for « x », which says the same on every colour."""
    return (cell_state_of(text) or "") if 2 < len(text) < LONGEST_WORDS else ""


def meaning_of_colour(legend: AnyMapping[str, LegendEntry], colour: str) -> tuple[str, str]:
    """What a colour is taken for, and why: planned, unless a legend says otherwise."""
    entry = legend.get(colour)
    if entry is None:
        return CellState.PLANNED, ""
    return (
        entry.state,
        f"«{NBSP}{entry.words}{NBSP}» sur cette couleur en {letter_of(entry.column)}{entry.row}",
    )


# --- How a colour is called ---------------------------------------------------------------------

HUES = (
    (15, "rouge"),
    (40, "orange"),
    (70, "jaune"),
    (165, "vert"),
    (195, "turquoise"),
    (255, "bleu"),
    (290, "violet"),
    (345, "rose"),
    (361, "rouge"),
)
PALE, DARK = 0.72, 0.3
# Office's own, for workbooks that name a theme and no colour.
THEME = {
    "theme4": "4472C4",
    "theme5": "ED7D31",
    "theme6": "A5A5A5",
    "theme7": "FFC000",
    "theme8": "5B9BD5",
    "theme9": "70AD47",
}


def shade_of(colour: str) -> str:
    """« 9DC3E6 », to be painted; blank for a theme that is not known."""
    return THEME.get(colour, "") if colour.startswith("theme") else colour


def colour_name(colour: str) -> str:
    """« bleu clair »: for whoever does not see it."""
    shade = shade_of(colour)
    if not shade:
        return f"couleur{NBSP}{colour.removeprefix('theme')} du thème"
    red, green, blue = (int(shade[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, light, _ = colorsys.rgb_to_hls(red, green, blue)
    name = next(name for limit, name in HUES if hue * 360 < limit)
    return name + (" clair" if light > PALE else " foncé" if light < DARK else "")
