"""Short hands for WordprocessingML: an element under another, a text that XML can hold."""

import re
from typing import Any

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W, R = f"{{{MAIN}}}", f"{{{LINKS}}}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def add(parent: Any, tag: str, /, **attributes: str | int) -> Any:
    """A new last child, with attributes of its own namespace."""
    written = {W + name: str(value) for name, value in attributes.items()}
    return etree.SubElement(parent, W + tag, written)


def put_text(run: Any, text: str) -> None:
    """A text in a run, its spaces kept."""
    node = etree.SubElement(run, W + "t")
    node.text = text
    if text[:1] == " " or text[-1:] == " ":
        node.set(SPACE, "preserve")


def as_held(text: str) -> str:
    """The text without the signs that XML does not hold."""
    return NOT_IN_XML.sub("", text)
