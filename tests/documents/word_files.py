"""What a Word file says, read by a library that did not write it; what a page says."""

import re
from io import BytesIO
from typing import Any

import docx
from bs4 import BeautifulSoup
from docx.oxml.ns import qn

from documents.word import write_word

HEAD = (
    '<title>Un titre</title><meta name="description" content="Le sujet">'
    '<meta name="author" content="PTSM de l’Aubrac">'
    '<meta name="dcterms.modified" content="2026-11-22">'
)
# Signs that stand for what a stylesheet draws: they are no word of the page.
DRAWN = re.compile("[·☐]")
# Never in a page of words: drawings, what is hidden, what says so.
LEFT_OUT = (
    "svg, script, style, template, [hidden], [data-word=left-out], .grid-caption, .visually-hidden"
)


def page(body: str, *, head: str = HEAD, attributes: str = "") -> str:
    """A complete page around these blocks."""
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">{head}</head>'
        f"<body {attributes}>{body}</body></html>"
    )


def opened(html: str) -> Any:
    """The file of a page, opened by python-docx."""
    return docx.Document(BytesIO(write_word(html)))


def paragraphs_of(body: str) -> list[tuple[str, str]]:
    """The style and the words of each paragraph outside of tables."""
    return [(one.style.name, one.text) for one in opened(page(body)).paragraphs]


def words_of_file(contents: bytes) -> list[str]:
    """Every word of the body, in order, tables too."""
    return words(_text_of(docx.Document(BytesIO(contents)).element.body))


def _text_of(part: Any) -> str:
    texts = []
    for node in part.iter():
        if node.tag == qn("w:t"):
            texts.append(node.text or "")
        elif node.tag in {qn("w:p"), qn("w:br"), qn("w:tab")}:
            texts.append(" ")
    return "".join(texts)


def headings_of(contents: bytes) -> list[str]:
    """Its titles of every level, in order."""
    return [
        one.text
        for one in docx.Document(BytesIO(contents)).paragraphs
        if one.style is not None and str(one.style.name).startswith(("Title", "Heading"))
    ]


def tables_of(contents: bytes) -> list[str]:
    """The words of each table."""
    return [_text_of(table._tbl) for table in docx.Document(BytesIO(contents)).tables]


def words_of_page(html: str) -> list[str]:
    """Every word that a page says in its body, in order."""
    soup = BeautifulSoup(html, "html.parser")
    for gone in soup.select(LEFT_OUT):
        gone.decompose()
    # Facts side by side are a table there: the line of names, then the line of values.
    for facts in soup.select("dl.facts, dl.totals"):
        for tag in ("dt", "dd"):
            for one in facts.find_all(tag):
                facts.append(one.extract())
    for broken in soup.find_all(BROKEN):
        broken.insert_before(" ")
        broken.append(" ")
    assert soup.body is not None
    return words(soup.body.get_text())


BROKEN = ["p", "div", "li", "td", "th", "dt", "dd", "br", "h1", "h2", "h3", "h4", "span"]


def words(text: str) -> list[str]:
    """Letters alone, signs and spaces aside: where a word is cut is the page's own business."""
    return [one for one in re.split(r"\W+", DRAWN.sub(" ", text)) if one]
