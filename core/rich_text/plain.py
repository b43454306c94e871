r"""A rich text typed in a plain field, with simple conventions.

« # Titre », « ## Sous-titre », « - puce », « 1. numéro », `**gras**`, `*italique*`,
`[mots](https://adresse)`. A backslash takes a sign as it is. Writing blocks and reading them again
gives the same blocks.
"""

import re
from collections.abc import Iterable, Iterator

from core.rich_text.blocks import (
    BULLET,
    NUMBER,
    PARAGRAPH,
    SUBTITLE,
    TITLE,
    Block,
    Run,
    block_of,
    is_safe_link,
)
from core.text import clean_paragraphs

HOW = (
    "Une ligne est un paragraphe. Au début d’une ligne\u00a0: «\u00a0#\u00a0» et une espace font "
    "un titre, «\u00a0##\u00a0» un sous-titre, «\u00a0-\u00a0» une puce, «\u00a01.\u00a0» un "
    "numéro. **gras**, *italique*, [mots du lien](https://adresse)."
)
STARTS = (
    (re.compile(r"##\s+"), SUBTITLE),
    (re.compile(r"#\s+"), TITLE),
    (re.compile(r"[-•–]\s+"), BULLET),
    (re.compile(r"\d{1,3}[.)]\s+"), NUMBER),
)
MARKS = {TITLE: "# ", SUBTITLE: "## ", BULLET: "- ", NUMBER: "1. ", PARAGRAPH: ""}
SPECIAL = re.compile(r"([\\*\[\]])")
# What would be taken for the mark of a line.
LOOKS_LIKE_A_MARK = re.compile(r"(?=[-•–#]|\d{1,3}[.)])")
TOKEN = re.compile(
    r"\\(?P<escaped>[\\*\[\]#•–.)\d-])"
    r"|(?P<bold>\*\*)|(?P<italic>\*)"
    r"|\[(?P<words>(?:\\.|[^\\\[\]])+)\]\((?P<href>[^()\s]+)\)"
)


def blocks_of_plain(typed: str) -> list[Block]:
    """The blocks of a text typed with the conventions; every word stays."""
    blocks = (_block(line.strip(" \t")) for line in clean_paragraphs(typed).split("\n"))
    return [block for block in blocks if block is not None]


def _block(line: str) -> Block | None:
    for pattern, kind in STARTS:
        found = pattern.match(line)
        if found:
            return block_of(kind, _runs(line[found.end() :]))
    return block_of(PARAGRAPH, _runs(line))


def _runs(text: str, *, href: str = "") -> list[Run]:
    """A mark that nothing closes is a sign like another."""
    tokens = list(_tokens(text, in_link=bool(href)))
    unclosed = {
        mark: max((rank for rank, each in enumerate(tokens) if each[0] == mark), default=-1)
        for mark in ("bold", "italic")
        if sum(kind == mark for kind, _, _ in tokens) % 2
    }
    look = {"bold": False, "italic": False}
    runs: list[Run] = []
    for rank, (kind, words, link) in enumerate(tokens):
        if kind == "link":
            runs += [
                Run(run.text, run.bold or look["bold"], run.italic or look["italic"], link)
                for run in _runs(words, href=link)
            ]
        elif kind in look and unclosed.get(kind) != rank:
            look[kind] = not look[kind]
        else:
            runs.append(Run(words, look["bold"], look["italic"]))
    return runs


def _tokens(text: str, *, in_link: bool) -> Iterator[tuple[str, str, str]]:
    """Kind, words, address."""
    at = 0
    for found in TOKEN.finditer(text):
        if found.start() > at:
            yield "words", text[at : found.start()], ""
        at = found.end()
        if found["escaped"]:
            yield "words", found["escaped"], ""
        elif found["href"]:
            is_link = not in_link and is_safe_link(found["href"])
            yield ("link", found["words"], found["href"]) if is_link else ("words", found[0], "")
        else:
            yield ("bold" if found["bold"] else "italic"), found[0], ""
    if at < len(text):
        yield "words", text[at:], ""


def as_plain(blocks: Iterable[Block]) -> str:
    """The same text with the conventions, one block a line, parted so that it reads well."""
    lines: list[str] = []
    before = ""
    for block in blocks:
        if before and not (before == block.kind and block.kind in {BULLET, NUMBER}):
            lines.append("")
        lines.append(MARKS[block.kind] + _line(block))
        before = block.kind
    return "\n".join(lines)


def _line(block: Block) -> str:
    pieces: list[str] = []
    bold = italic = False
    for run in block.runs:
        if run.href:
            # The looks of a link are written inside of it.
            pieces.append(_toggles(bold, italic))
            bold = italic = False
            inside = _toggles(run.bold, run.italic)
            pieces.append(f"[{inside}{_escaped(run.text)}{inside}]({run.href})")
            continue
        pieces.append(_toggles(bold != run.bold, italic != run.italic))
        bold, italic = run.bold, run.italic
        pieces.append(_escaped(run.text))
    pieces.append(_toggles(bold, italic))
    line = "".join(pieces)
    return f"\\{line}" if LOOKS_LIKE_A_MARK.match(line) and block.kind == PARAGRAPH else line


def _toggles(bold: bool, italic: bool) -> str:  # noqa: FBT001 (two marks, in their order)
    return ("**" if bold else "") + ("*" if italic else "")


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)
