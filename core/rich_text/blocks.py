"""What a rich text is made of, and its HTML."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlsplit

from django.utils.html import escape

# Kinds of blocks, named after what they become.
PARAGRAPH, TITLE, SUBTITLE, BULLET, NUMBER = "p", "h3", "h4", "ul", "ol"
LISTS = {BULLET, NUMBER}
SCHEMES = {"http", "https", "mailto"}
BLANKS = re.compile(r"[ \t\n\r\f]+")


@dataclass(frozen=True)
class Run:
    """Words of one look."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""

    def looks_like(self, other: "Run") -> bool:
        """Whether both are written in the same way."""
        return replace(self, text="") == replace(other, text="")


@dataclass(frozen=True)
class Block:
    """A paragraph, a title, or one item of a list: neighbours of one kind make one list."""

    kind: str
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """Its words without their looks."""
        return "".join(run.text for run in self.runs)


def block_of(kind: str, runs: Iterable[Run]) -> Block | None:
    """A block in its one form: blanks made single, none at its ends, equal looks joined.

    Nothing when no word is left. A title has no bold of its own.
    """
    joined: list[Run] = []
    for each in runs:
        run = replace(each, bold=False) if kind in {TITLE, SUBTITLE} else each
        text = BLANKS.sub(" ", run.text)
        if not joined or joined[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        if not text:
            continue
        if joined and joined[-1].looks_like(run):
            joined[-1] = replace(run, text=joined[-1].text + text)
        else:
            joined.append(replace(run, text=text))
    _strip(joined, 0, str.lstrip)
    _strip(joined, -1, str.rstrip)
    return Block(kind, tuple(joined)) if joined else None


def _strip(runs: list[Run], end: int, strip: Callable[[str], str]) -> None:
    """No blank at that end, be it unbreakable."""
    while runs:
        kept = strip(runs[end].text)
        if kept:
            runs[end] = replace(runs[end], text=kept)
            return
        runs.pop(end)


def is_safe_link(href: str) -> bool:
    """Whether a link leads to a page or to a mailbox, and hides nothing."""
    if any(char.isspace() or ord(char) < 32 for char in href):
        return False
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return parts.scheme.lower() in SCHEMES and bool(parts.netloc or parts.path)


def as_html(blocks: Iterable[Block]) -> str:
    """The HTML that is kept, shown and printed: semantic tags, no attribute but `href`."""
    pieces: list[str] = []
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        if kind in LISTS:
            items = "".join(f"<li>{_inside(block)}</li>" for block in group)
            pieces.append(f"<{kind}>{items}</{kind}>")
        else:
            pieces += [f"<{kind}>{_inside(block)}</{kind}>" for block in group]
    return "".join(pieces)


def _inside(block: Block) -> str:
    return "".join(_linked(runs, href) for href, runs in _by_link(block.runs))


def _by_link(runs: Iterable[Run]) -> Iterator[tuple[str, list[Run]]]:
    for href, group in groupby(runs, key=lambda run: run.href):
        yield href, list(group)


def _linked(runs: list[Run], href: str) -> str:
    words = "".join(_styled(run) for run in runs)
    return f'<a href="{escape(href)}">{words}</a>' if href else words


def _styled(run: Run) -> str:
    words: str = escape(run.text)
    if run.italic:
        words = f"<em>{words}</em>"
    return f"<strong>{words}</strong>" if run.bold else words
