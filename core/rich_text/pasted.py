"""What a browser or a word processor gives: cleaned by an allow-list, its words never lost.

nh3 reads HTML as browsers do and lets through the tags below, without script, style nor picture;
what it gives is then read into blocks. Word writes its lists as paragraphs that say so in their
style: they are lists again.
"""

import re
from html.parser import HTMLParser

import nh3

from core.rich_text.blocks import (
    BULLET,
    NUMBER,
    PARAGRAPH,
    SCHEMES,
    SUBTITLE,
    TITLE,
    Block,
    Run,
    block_of,
    is_safe_link,
)
from core.text import clean_paragraphs

TITLES = {"h1": TITLE, "h2": TITLE, "h3": TITLE, "h4": SUBTITLE, "h5": SUBTITLE, "h6": SUBTITLE}
LIST_TAGS = {"ul": BULLET, "ol": NUMBER}
BOLD, ITALIC = {"b", "strong"}, {"i", "em"}
# They part words: a new block begins and ends with them.
PARTING = {"p", "div", "blockquote", "pre", "section", "article", "header", "footer", "dl", "dt"}
PARTING |= {"dd", "table", "caption", "tr", "figure", "figcaption", "address", "hr", "br", "center"}
KEPT_TAGS = {*TITLES, *LIST_TAGS, *BOLD, *ITALIC, *PARTING, "li", "a", "td", "th"}
# Their contents are no words.
EMPTIED = {"script", "style", "title", "template", "noscript"}
WORD_LIST = re.compile(r"mso-list\s*:\s*l|MsoListParagraph|MsoListBullet|MsoListNumber", re.I)
# What Word draws before an item, and which a list draws by itself.
WORD_NUMBER = re.compile(r"\A\s*(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s*[\s\u00a0]+", re.I)
WORD_BULLET = re.compile("\\A\\s*[·•▪◦§Øoü\uf0b7\uf0a7\uf0d8\u2013-][\\s\u00a0]+")


def blocks_of_html(pasted: str) -> list[Block]:
    """The blocks of some HTML, whatever it holds; two megabytes of Word take less than a second."""
    allowed = nh3.clean(
        pasted.replace("\0", ""),
        tags=KEPT_TAGS,
        clean_content_tags=EMPTIED,
        attributes={"a": {"href"}, "p": {"class", "style"}},
        url_schemes=SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    reader = _Reader()
    reader.feed(allowed)
    reader.close()
    reader.finish()
    return reader.blocks


class _Reader(HTMLParser):
    """Reads what nh3 let through, which is well formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._runs: list[Run] = []
        self._lists: list[str] = []
        self._title = ""
        self._from_word = False
        self._bold = self._italic = 0
        self._href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in BOLD:
            self._bold += 1
        elif tag in ITALIC:
            self._italic += 1
        elif tag == "a":
            # Brackets end an address that is typed without JavaScript.
            href = given.get("href", "").replace("(", "%28").replace(")", "%29")
            self._href = href if is_safe_link(href) else ""
        elif tag in {"td", "th"}:
            self._runs.append(Run(" "))
        else:
            self._begin(tag, given)

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        self.finish()
        if tag in LIST_TAGS:
            self._lists.append(LIST_TAGS[tag])
        elif tag in TITLES:
            self._title = TITLES[tag]
        elif tag == "p":
            said = f"{given.get('class', '')} {given.get('style', '')}"
            self._from_word = bool(WORD_LIST.search(said))

    def handle_endtag(self, tag: str) -> None:
        if tag in BOLD:
            self._bold = max(self._bold - 1, 0)
        elif tag in ITALIC:
            self._italic = max(self._italic - 1, 0)
        elif tag == "a":
            self._href = ""
        elif tag not in {"td", "th"}:
            self.finish()
            if tag in LIST_TAGS and self._lists:
                self._lists.pop()
            elif tag in TITLES:
                self._title = ""

    def handle_data(self, data: str) -> None:
        # Blanks at both ends part words from their neighbours.
        inner = clean_paragraphs(data)
        before = " " if data[:1].isspace() and data[:1] not in "\u00a0\u202f" else ""
        after = " " if data[-1:].isspace() and data[-1:] not in "\u00a0\u202f" else ""
        text = f"{before}{_kept(data, inner)}{after}"
        self._runs.append(Run(text, bool(self._bold), bool(self._italic), self._href))

    def finish(self) -> None:
        """Close the block under way; nothing when it has no word."""
        runs, self._runs = self._runs, []
        kind = self._title or (self._lists[-1] if self._lists else PARAGRAPH)
        if self._from_word and kind == PARAGRAPH:
            kind, runs = _item_of_word(runs)
        self._from_word = False
        block = block_of(kind, runs)
        if block is not None:
            self.blocks.append(block)


def _kept(data: str, inner: str) -> str:
    """Unbreakable spaces at the ends were typed on purpose: `strip` would take them."""
    if inner:
        first, last = data.find(inner[0]), data.rfind(inner[-1])
        lead = "".join(char for char in data[:first] if char in "\u00a0\u202f")
        tail = "".join(char for char in data[last + 1 :] if char in "\u00a0\u202f")
        return f"{lead}{inner}{tail}"
    return "".join(char for char in data if char in "\u00a0\u202f")


def _item_of_word(runs: list[Run]) -> tuple[str, list[Run]]:
    """The kind of list of a paragraph of Word, and its words without the drawn bullet."""
    text = "".join(run.text for run in runs)
    for pattern, kind in ((WORD_BULLET, BULLET), (WORD_NUMBER, NUMBER)):
        found = pattern.match(text)
        if found:
            return kind, _without_first(runs, found.end())
    return BULLET, runs


def _without_first(runs: list[Run], length: int) -> list[Run]:
    kept = []
    for run in runs:
        taken = min(length, len(run.text))
        length -= taken
        kept.append(Run(run.text[taken:], run.bold, run.italic, run.href))
    return kept
