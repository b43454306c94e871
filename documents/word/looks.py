"""What the classes of a paper mean in Word: `paper.css` and `report.css`, told to another engine.

A class that is not here changes nothing: its words are written in the style of where they are.
Sizes are in half points, lengths in twentieths of a point; a colour always comes beside a word.
"""

from dataclasses import dataclass

INK, SOFT, LINE, RULE = "1B2A3A", "52606D", "DCD8CF", "8A8578"
MAIN, MAIN_DARK, MAIN_PALE, NOW = "0B5C6B", "084652", "E3F0F1", "C8782A"
TODO, DOING, DONE, HELD, DROPPED = "5F6B76", "1F5F9E", "27693F", "8A5400", "A0382A"
HELD_PALE, PAPER, WHITE = "FDF1DC", "F7F5F0", "FFFFFF"
SANS, SERIF = "Source Sans 3", "Source Serif 4"

# Of whatever is inside: headings and numbers take the colour of their priority.
ACCENTS = {
    "priority-1": "0B5C6B",
    "priority-2": "5B4A9E",
    "priority-3": "4D6412",
    "priority-4": "9C2F5F",
    "priority-5": "74471F",
    "priority-6": "3D4F6E",
}


@dataclass(frozen=True)
class Look:
    """How words inside a paragraph look, and what stands before and after them."""

    bold: bool | None = None
    italic: bool | None = None
    size: int = 0
    colour: str = ""
    fill: str = ""
    is_serif: bool = False
    takes_accent: bool = False
    # On lines of its own, as a block of the stylesheet is.
    is_line: bool = False
    before: str = ""
    after: str = ""


WORDS = {
    "cover-over": Look(size=26, colour=SOFT, is_line=True),
    "cover-place": Look(size=80, is_line=True),
    # Inside a title of one line: « Objectif 1 · Repérage précoce ».
    "in-line/mark": Look(after=" ·"),
    "group-count": Look(bold=False, size=18, colour=SOFT),
    "own": Look(bold=False, size=17, colour=SOFT, is_line=True),
    "again": Look(bold=False, colour=SOFT),
    "grid-remark": Look(italic=True, size=16, colour=SOFT, is_line=True),
    "missing": Look(italic=True),
    "why": Look(is_line=True),
    "label": Look(),
    "fact": Look(before="· "),
    "tick": Look(before="☐\u00a0"),
    "key": Look(before=" "),
    "is-fait": Look(bold=True, colour=WHITE, fill=MAIN),
    "is-prevu": Look(colour=MAIN_DARK, fill=MAIN_PALE),
    "is-decale": Look(colour=HELD, fill=HELD_PALE),
    "is-current": Look(bold=True, colour=NOW),
    "status-non_commencee": Look(bold=True, colour=TODO),
    "status-en_cours": Look(bold=True, colour=DOING),
    "status-realisee": Look(bold=True, colour=DONE),
    "status-suspendue": Look(bold=True, colour=HELD),
    "status-abandonnee": Look(bold=True, colour=DROPPED),
}
TAGS = {
    "b": Look(bold=True),
    "strong": Look(bold=True),
    "i": Look(italic=True),
    "em": Look(italic=True),
    "cite": Look(italic=True),
    "small": Look(size=17),
}


@dataclass(frozen=True)
class CellLook:
    """How a cell of a table looks."""

    fill: str = ""
    colour: str = ""
    bold: bool | None = None
    italic: bool | None = None
    align: str = ""
    size: int = 0
    takes_accent: bool = False


CELLS = {
    "is-fait": CellLook(fill=MAIN, colour=WHITE, bold=True),
    "is-prevu": CellLook(fill=MAIN_PALE, colour=MAIN_DARK),
    "is-decale": CellLook(fill=HELD_PALE, colour=HELD),
    "is-text": CellLook(fill=PAPER, colour=SOFT, italic=True),
    "is-current": CellLook(fill=HELD_PALE, bold=True),
    "cell": CellLook(align="center"),
    "grid-quarter": CellLook(align="center"),
    "box-column": CellLook(align="center"),
    "amount": CellLook(align="right"),
    "number": CellLook(align="right", bold=True, takes_accent=True),
    "title": CellLook(bold=True),
    "orientation": CellLook(bold=True, takes_accent=True),
    "state-a_faire": CellLook(colour=TODO),
    "state-en_cours": CellLook(colour=DOING),
    "state-fait": CellLook(colour=DONE, bold=True),
    "state-abandonne": CellLook(colour=DROPPED),
}
# The text of a table: in what holds it, or on itself. Otherwise that of its style.
TABLE_SIZES = {"is-roomy": 16, "is-medium": 15, "is-narrow": 13, "counts": 16}

# The style of a paragraph, by its class; the first one that is known.
PARAGRAPHS = {
    "cover-project": "Subtitle",
    "cover-kind": "PaperKind",
    "cover-count": "PaperFact",
    "cover-choices": "PaperFact",
    "cover-fictional": "Notice",
    "fictional": "Notice",
    "masthead": "Masthead",
    "over": "Over",
    "second-title": "Intro",
    "intro": "Intro",
    "lead": "Intro",
    "note": "Intro",
    "who": "Small",
    "legend": "Small",
    "remarks": "Small",
    "standing": "Small",
    "correction": "Notice",
    "is-part": "TOC1",
    "is-priority": "TOC2",
    "is-sheet": "TOC3",
    "entry": "TOC2",
    "sums": "Sums",
    "ask": "Ask",
    "boxes": "Ask",
    "send-back": "Ask",
    "write": "ToFillIn",
    "signed": "ToFillIn",
}
HEADINGS = {"h1": "Title", "h2": "Heading1", "h3": "Heading2", "h4": "Heading3", "h5": "Heading4"}
HEADINGS["h6"] = "Heading4"

# Pages.
ON_NEW_PAGE = {"part", "contents"}
WIDE = "wide"
PAGE_AFTER = {"cover", "blank"}
# A line of choices, of names: what stands between its children.
SEPARATED = {"masthead"}
# Facts side by side: a line of names over a line of values.
SIDE_BY_SIDE = {"facts", "totals"}
# Cells as wide as their longest word, no more.
NARROW_CELLS = {"grid-quarter", "cell", "box-column", "number"}
# Rows of a table that stand out.
STRONG_ROWS = {"is-project", "grid-sheet"}
DEPTHS = {"depth-1": 1, "depth-2": 2, "depth-3": 3}
# What a page shows by other means, or to other engines: never written.
LEFT_OUT = {"grid-caption", "visually-hidden"}
