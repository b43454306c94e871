"""What comes from a form: from the editor (HTML), or typed without JavaScript (plain)."""

import re

from core.rich_text.blocks import as_html
from core.rich_text.pasted import blocks_of_html
from core.rich_text.plain import blocks_of_plain
from core.text import NBSP, grouped

# What the editor puts before its HTML: nobody types it by chance.
HTML_MARK = "<!--riche-->"
KEPT = re.compile(r"<(?:p|h3|h4|ul|ol)>")


class RichTextTooLong(Exception):
    """Too long once cleaned; the message is a French sentence."""


def clean_html(pasted: str) -> str:
    """Any HTML in its one form: light, safe, its words kept. Already clean, it is unchanged."""
    return as_html(blocks_of_html(pasted))


def read_typed(typed: str, *, longest: int) -> str:
    """The HTML to keep of what a field sent.

    `RichTextTooLong` past that many signs, words and marks, once cleaned.
    """
    is_html = typed.startswith(HTML_MARK)
    html = clean_html(typed) if is_html else as_html(blocks_of_plain(typed))
    if len(html) > longest:
        raise RichTextTooLong(
            f"Ce texte compte {grouped(len(html))} signes une fois mis au propre{NBSP}: une partie "
            f"en tient {grouped(longest)}. Raccourcissez-le, ou joignez le document à part. Rien "
            f"n’est perdu{NBSP}: il est encore dans le champ."
        )
    return html


def is_kept(text: str) -> bool:
    """Whether it is a text that we kept, in its one form; nobody types one by chance."""
    return KEPT.match(text) is not None and clean_html(text) == text


def words_of(html: str) -> str:
    """The words of a kept text, a line a block: to compare, to search, to count."""
    return "\n".join(block.text for block in blocks_of_html(html))
