"""The styles of the file: the ones that Word and LibreOffice know by name, with our typography."""

from dataclasses import dataclass
from typing import Any

from lxml import etree

from documents.word.looks import INK, LINE, MAIN, MAIN_DARK, RULE, SANS, SERIF, SOFT
from documents.word.marks import MAIN as NAMESPACE
from documents.word.marks import W, add

LANGUAGE = "fr-FR"
# What is used where ours are not installed: by the names of Word, then by family.
FALLBACKS = {SANS: ("Calibri", "swiss"), SERIF: ("Cambria", "roman")}


@dataclass(frozen=True)
class Style:
    """One style of paragraph; sizes in half points, lengths in twentieths of a point."""

    key: str
    name: str
    based_on: str = "Normal"
    size: int = 0
    colour: str = ""
    bold: bool = False
    is_serif: bool = False
    before: int = -1
    after: int = -1
    line: int = 0
    left: int = 0
    hanging: int = 0
    level: int = -1
    stays_with_next: bool = False
    rule: str = ""
    rule_size: int = 4
    next_key: str = ""


PAIR_INDENT = 2155  # 38 mm
STYLES = (
    Style("Title", "Title", size=40, colour=MAIN_DARK, bold=True, is_serif=True, before=0,
          after=120, line=252, stays_with_next=True, next_key="Normal"),
    Style("Subtitle", "Subtitle", size=30, colour=INK, is_serif=True, before=60, after=120,
          next_key="Normal"),
    Style("Heading1", "heading 1", size=34, colour=MAIN_DARK, bold=True, is_serif=True,
          before=300, after=140, line=252, level=0, stays_with_next=True, next_key="Normal"),
    Style("Heading2", "heading 2", size=25, colour=MAIN, bold=True, is_serif=True, before=280,
          after=100, line=252, level=1, stays_with_next=True, rule=LINE, next_key="Normal"),
    Style("Heading3", "heading 3", size=22, colour=INK, bold=True, is_serif=True, before=220,
          after=60, line=252, level=2, stays_with_next=True, next_key="Normal"),
    Style("Heading4", "heading 4", size=20, colour=SOFT, bold=True, before=160, after=40,
          level=3, stays_with_next=True, next_key="Normal"),
    Style("Caption", "caption", size=18, colour=SOFT, before=120, after=60,
          stays_with_next=True),
    Style("ListParagraph", "List Paragraph", after=40),
    Style("Quote", "Quote", colour=SOFT, left=400),
    Style("Footer", "footer", size=16, colour=SOFT, before=0, after=0),
    Style("TOCHeading", "TOC Heading", based_on="Heading1"),
    Style("TOC1", "toc 1", size=23, bold=True, before=200, after=20),
    Style("TOC2", "toc 2", size=20, colour=MAIN_DARK, before=80, after=10, left=0),
    Style("TOC3", "toc 3", size=17, colour=SOFT, before=0, after=0, line=245, left=400),
    Style("PaperKind", "PTSM Nature", size=30, bold=True, before=720, after=60),
    Style("PaperFact", "PTSM Fait", size=25, colour=SOFT, after=20),
    Style("Notice", "PTSM Avertissement", size=19, colour="8A5400", bold=True, before=120,
          after=160),
    Style("Over", "PTSM Surtitre", colour=MAIN, bold=True, after=40, stays_with_next=True),
    Style("Intro", "PTSM Introduction", size=21, colour=SOFT, after=100, stays_with_next=True),
    Style("Small", "PTSM Précision", size=18, colour=SOFT, after=60, stays_with_next=True),
    Style("Pair", "PTSM Rubrique", left=PAIR_INDENT, hanging=PAIR_INDENT, after=40),
    Style("PairMore", "PTSM Rubrique, suite", left=PAIR_INDENT, after=40),
    Style("ToFillIn", "PTSM À remplir", before=70, after=0, rule=RULE),
    Style("Ask", "PTSM Question", before=40, after=40, stays_with_next=True),
    Style("Sums", "PTSM Sommes", before=60, after=60),
    Style("CellText", "PTSM Tableau", size=18, before=0, after=0, line=245),
    Style("CellHead", "PTSM Tableau, titre", based_on="CellText", size=17, colour=SOFT,
          bold=True),
    Style("CellFigure", "PTSM Tableau, chiffre", based_on="CellText", size=28, bold=True,
          is_serif=True),
)  # fmt: skip


def styles_part() -> bytes:
    """The whole part of the styles."""
    root = etree.Element(W + "styles", nsmap={"w": NAMESPACE})
    _put_defaults(root)
    normal = add(root, "style", type="paragraph", default=1, styleId="Normal")
    add(normal, "name", val="Normal")
    add(normal, "qFormat")
    letter = add(root, "style", type="character", default=1, styleId="DefaultParagraphFont")
    add(letter, "name", val="Default Paragraph Font")
    for style in STYLES:
        _put_style(root, style)
    link = add(root, "style", type="character", styleId="Hyperlink")
    add(link, "name", val="Hyperlink")
    marks = add(link, "rPr")
    add(marks, "color", val=MAIN)
    add(marks, "u", val="single")
    _put_tables(root)
    return _as_bytes(root)


def _put_defaults(root: Any) -> None:
    defaults = add(root, "docDefaults")
    marks = add(add(defaults, "rPrDefault"), "rPr")
    add(marks, "rFonts", ascii=SANS, hAnsi=SANS, eastAsia=SANS, cs=SANS)
    add(marks, "color", val=INK)
    add(marks, "sz", val=20)
    add(marks, "szCs", val=20)
    add(marks, "lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi="ar-SA")
    lines = add(add(defaults, "pPrDefault"), "pPr")
    add(lines, "spacing", before=0, after=100, line=276, lineRule="auto")


def _put_style(root: Any, style: Style) -> None:
    own = {} if not style.name.startswith("PTSM") else {"customStyle": "1"}
    made = add(root, "style", type="paragraph", styleId=style.key, **own)
    add(made, "name", val=style.name)
    add(made, "basedOn", val=style.based_on)
    if style.next_key:
        add(made, "next", val=style.next_key)
    add(made, "uiPriority", val=9)
    add(made, "qFormat")
    _put_lines(add(made, "pPr"), style)
    _put_letters(add(made, "rPr"), style)


def _put_lines(marks: Any, style: Style) -> None:
    """In the order that the format wants."""
    if style.stays_with_next:
        add(marks, "keepNext")
        add(marks, "keepLines")
    if style.rule:
        border = add(marks, "pBdr")
        add(border, "bottom", val="single", sz=style.rule_size, space=3, color=style.rule)
        if style.key == "ToFillIn":
            # Lines to write on follow one another: each keeps its own.
            add(border, "between", val="single", sz=style.rule_size, space=3, color=style.rule)
    spacing = {"before": style.before, "after": style.after, "line": style.line or -1}
    told = {name: value for name, value in spacing.items() if value >= 0}
    if told:
        add(marks, "spacing", **told, **({"lineRule": "auto"} if style.line else {}))
    if style.left:
        add(marks, "ind", left=style.left, hanging=style.hanging)
    if style.key == "Sums":
        add(marks, "jc", val="right")
    if style.level >= 0:
        add(marks, "outlineLvl", val=style.level)


def _put_letters(marks: Any, style: Style) -> None:
    if style.is_serif:
        add(marks, "rFonts", ascii=SERIF, hAnsi=SERIF, eastAsia=SERIF, cs=SERIF)
    if style.bold:
        add(marks, "b")
    if style.colour:
        add(marks, "color", val=style.colour)
    if style.size:
        add(marks, "sz", val=style.size)
        add(marks, "szCs", val=style.size)


def _put_tables(root: Any) -> None:
    """Light lines under the rows, a stronger one under the titles."""
    plain = add(root, "style", type="table", default=1, styleId="TableNormal")
    add(plain, "name", val="Normal Table")
    _put_margins(add(plain, "tblPr"), 0)
    made = add(root, "style", type="table", styleId="PaperTable", customStyle=1)
    add(made, "name", val="PTSM Tableau à filets")
    add(made, "basedOn", val="TableNormal")
    marks = add(made, "tblPr")
    borders = add(marks, "tblBorders")
    add(borders, "top", val="single", sz=4, space=0, color=LINE)
    add(borders, "bottom", val="single", sz=4, space=0, color=LINE)
    add(borders, "insideH", val="single", sz=4, space=0, color=LINE)
    _put_margins(marks, 70)
    first = add(made, "tblStylePr", type="firstRow")
    cell = add(add(first, "tcPr"), "tcBorders")
    add(cell, "bottom", val="single", sz=6, space=0, color=RULE)


def _put_margins(marks: Any, width: int) -> None:
    margins = add(marks, "tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        add(margins, side, w=width if side in {"left", "right"} else width // 2, type="dxa")


# --- Lists ---

BULLETS, NUMBERS = 1, 2
LEVELS = 9
# How far each level of a list goes in.
STEP = 340
SIGNS = ("•", "–", "◦")
FIGURES = ("decimal", "lowerLetter", "lowerRoman")


def numbering_part(starts: list[tuple[bool, int]]) -> bytes:
    """The part of the lists: for each of them, whether it is numbered, and from what."""
    root = etree.Element(W + "numbering", nsmap={"w": NAMESPACE})
    for key in (BULLETS, NUMBERS):
        kind = add(root, "abstractNum", abstractNumId=key)
        add(kind, "multiLevelType", val="hybridMultilevel")
        for level in range(LEVELS):
            _put_level(kind, key, level)
    for rank, (is_numbered, start) in enumerate(starts, start=1):
        made = add(root, "num", numId=rank)
        add(made, "abstractNumId", val=NUMBERS if is_numbered else BULLETS)
        if is_numbered:
            for level in range(LEVELS):
                again = add(made, "lvlOverride", ilvl=level)
                add(again, "startOverride", val=start)
    return _as_bytes(root)


def _put_level(kind: Any, key: int, level: int) -> None:
    made = add(kind, "lvl", ilvl=level)
    add(made, "start", val=1)
    is_numbered = key == NUMBERS
    add(made, "numFmt", val=FIGURES[level % len(FIGURES)] if is_numbered else "bullet")
    add(made, "lvlText", val=f"%{level + 1}." if is_numbered else SIGNS[level % len(SIGNS)])
    add(made, "lvlJc", val="left")
    add(add(made, "pPr"), "ind", left=STEP * (level + 1), hanging=STEP)


# --- Letters ---


def fonts_part() -> bytes:
    """The part of the fonts: what to use where ours are not installed."""
    root = etree.Element(W + "fonts", nsmap={"w": NAMESPACE})
    for name, (other, family) in FALLBACKS.items():
        font = add(root, "font", name=name)
        add(font, "altName", val=other)
        add(font, "family", val=family)
        add(font, "pitch", val="variable")
    return _as_bytes(root)


def settings_part() -> bytes:
    """The part of the settings: the language, and today's rules of layout."""
    root = etree.Element(W + "settings", nsmap={"w": NAMESPACE})
    add(root, "zoom", percent=100)
    add(root, "defaultTabStop", val=708)
    add(root, "characterSpacingControl", val="doNotCompress")
    compat = add(root, "compat")
    add(
        compat,
        "compatSetting",
        name="compatibilityMode",
        uri="http://schemas.microsoft.com/office/word",
        val=15,
    )
    add(root, "themeFontLang", val=LANGUAGE)
    add(root, "decimalSymbol", val=",")
    add(root, "listSeparator", val=";")
    return _as_bytes(root)


def _as_bytes(root: Any) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
