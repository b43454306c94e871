"""The one rich text: light, the same on a page, in a PDF and in Word.

Titles of two levels, bold, italic, lists and links; nothing else survives a reading. Whatever is
typed or pasted becomes blocks (`blocks`), which are written in two ways: HTML, which is kept and
shown, and plain text with simple conventions, for whoever types without JavaScript.
"""

from core.rich_text.blocks import Block, Run, as_html
from core.rich_text.pasted import blocks_of_html
from core.rich_text.plain import HOW, as_plain, blocks_of_plain
from core.rich_text.reading import (
    HTML_MARK,
    RichTextTooLong,
    clean_html,
    is_kept,
    read_typed,
    words_of,
)

__all__ = [
    "HOW",
    "HTML_MARK",
    "Block",
    "RichTextTooLong",
    "Run",
    "as_html",
    "as_plain",
    "blocks_of_html",
    "blocks_of_plain",
    "clean_html",
    "is_kept",
    "read_typed",
    "words_of",
]
