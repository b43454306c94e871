"""The words of one paragraph: spaces as a page reads them, looks, links, ends of lines."""

import re
from dataclasses import dataclass, replace
from typing import Any

from documents.word.looks import SERIF, Look
from documents.word.marks import R, add, as_held, put_text

# What a page takes for one space; the unbreakable ones are none of these.
BLANKS = re.compile("[ \t\n\r\f]+")
TURN = "\n"


@dataclass(frozen=True)
class Ink:
    """How some words look, all told."""

    # Nothing: as the style of the paragraph says.
    bold: bool | None = None
    italic: bool | None = None
    is_underlined: bool = False
    is_struck: bool = False
    raised: str = ""
    size: int = 0
    colour: str = ""
    fill: str = ""
    is_serif: bool = False

    def under(self, look: Look, accent: str) -> "Ink":
        """The same, with what a class or a tag changes of it."""
        colour = accent if look.takes_accent and accent else look.colour
        return replace(
            self,
            bold=self.bold if look.bold is None else look.bold,
            italic=self.italic if look.italic is None else look.italic,
            size=look.size or self.size,
            colour=colour or self.colour,
            fill=look.fill or self.fill,
            is_serif=look.is_serif or self.is_serif,
        )


PLAIN = Ink()


class Line:
    """What is gathered of a paragraph until a block ends it."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, Ink, str]] = []

    def write(self, text: str, ink: Ink, link: str = "") -> None:
        """Some words; a run of blanks is one space, and none at the start of a line."""
        words = BLANKS.sub(" ", as_held(text))
        if words[:1] == " " and self._ends_blank():
            words = words[1:]
        if words:
            self.pieces.append((words, ink, link))

    def turn(self) -> None:
        """The end of a line inside the paragraph."""
        self._trim()
        self.pieces.append((TURN, PLAIN, ""))

    def turn_once(self) -> None:
        """The same, unless a line starts here already."""
        if self.pieces and self.pieces[-1][0] != TURN:
            self.turn()

    def taken(self) -> list[tuple[str, Ink, str]]:
        """The pieces, without the blanks and the ends of lines at both ends; begins again."""
        self._trim()
        while self.pieces and self.pieces[-1][0] == TURN:
            self.pieces.pop()
            self._trim()
        taken, self.pieces = self.pieces, []
        while taken and taken[0][0] == TURN:
            taken = taken[1:]
        return taken

    def _ends_blank(self) -> bool:
        return not self.pieces or self.pieces[-1][0][-1:] in {" ", TURN}

    def _trim(self) -> None:
        while self.pieces and self.pieces[-1][0] == " ":
            self.pieces.pop()
        if self.pieces:
            text, ink, link = self.pieces[-1]
            self.pieces[-1] = (text.rstrip(" "), ink, link) if text != TURN else self.pieces[-1]


def put_line(paragraph: Any, pieces: list[tuple[str, Ink, str]], address: Any) -> None:
    """Write the pieces; `address` gives the attribute that a link is known by, or none."""
    parent, last = paragraph, ""
    for text, ink, link in pieces:
        if link != last:
            known = address(link) if link else None
            parent = paragraph if known is None else add(paragraph, "hyperlink")
            if known is not None:
                parent.set(*known)
            last = link
        is_outside = parent is not paragraph and parent.get(R + "id") is not None
        _put_run(parent, text, ink, style="Hyperlink" if is_outside else "")


def _put_run(parent: Any, text: str, ink: Ink, *, style: str) -> None:
    run = add(parent, "r")
    if style or ink != PLAIN:
        _put_ink(add(run, "rPr"), ink, style)
    if text == TURN:
        add(run, "br")
    else:
        put_text(run, text)


def _put_ink(marks: Any, ink: Ink, style: str) -> None:
    """In the order that the format wants."""
    if style:
        add(marks, "rStyle", val=style)
    if ink.is_serif:
        add(marks, "rFonts", ascii=SERIF, hAnsi=SERIF, cs=SERIF)
    for is_on, tag in ((ink.bold, "b"), (ink.italic, "i"), (ink.is_struck or None, "strike")):
        if is_on is not None:
            add(marks, tag, val=int(is_on))
    for value, tag in (
        (ink.colour, "color"),
        (ink.size, "sz"),
        (ink.size, "szCs"),
        ("single" if ink.is_underlined else "", "u"),
    ):
        if value:
            add(marks, tag, val=value)
    _put_ground(marks, ink)


def _put_ground(marks: Any, ink: Ink) -> None:
    if ink.fill:
        add(marks, "shd", val="clear", color="auto", fill=ink.fill)
    if ink.raised:
        add(marks, "vertAlign", val=ink.raised)
