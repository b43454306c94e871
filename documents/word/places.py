"""Where words fall on the page of a file, and what the elements of a page are."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlsplit

from documents.word.lines import PLAIN, Ink
from documents.word.looks import ACCENTS, LEFT_OUT
from documents.word.marks import W

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "ul",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "td",
        "th",
    ]
)
NEVER = frozenset("script style svg template head title object iframe noscript".split())  # noqa: SIM905
DEEPEST_LIST = 8


@dataclass(frozen=True)
class Place:
    """Where words fall: what holds them, in which style, under which look."""

    container: Any
    style: str = "Normal"
    ink: Ink = PLAIN
    accent: str = ""
    link: str = ""
    # Rank of the list among those of the file and depth in it; none outside of a list.
    list_rank: int = 0
    list_depth: int = -1
    # The first paragraph of an item bears its sign.
    is_first: bool = False
    align: str = ""
    is_in_cover: bool = False
    width: int = 0


def classes_of(element: Any) -> list[str]:
    """The classes of an element, in its own order."""
    return str(element.get("class") or "").split()


def keys_of(element: Any) -> list[str]:
    """What its look is known by: its classes, alone and under those of what holds it."""
    names = classes_of(element)
    above = element.getparent()
    held = classes_of(above) if above is not None and names else []
    return names + [f"{outer}/{name}" for outer in held for name in names]


def is_left_out(element: Any) -> bool:
    """Never written: decoration, drawings (their table says the same), what the page hides."""
    return (
        not isinstance(element.tag, str)
        or element.tag in NEVER
        or element.get("hidden") is not None
        or element.get("data-word") == "left-out"
        or any(name in LEFT_OUT for name in classes_of(element))
    )


def under(names: list[str], place: Place) -> Place:
    """The place, as a block with these classes changes it for all that it holds."""
    accent = next((ACCENTS[name] for name in names if name in ACCENTS), place.accent)
    is_in_cover = place.is_in_cover or "cover" in names
    if accent == place.accent and is_in_cover == place.is_in_cover:
        return place
    return replace(place, accent=accent, is_in_cover=is_in_cover)


def targets(page: Any) -> Iterator[str]:
    for link in page.iter("a"):
        address = str(link.get("href") or "")
        if address.startswith("#"):
            yield address[1:]


def outside_address(link: str) -> str:
    """A page of the web or a mailbox, as Word reads one; nothing for whatever else.

    Word refuses to open a file in which one address is badly formed.
    """
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    is_page = parts.scheme in {"http", "https"} and bool(parts.hostname)
    if not is_page and not (parts.scheme == "mailto" and "@" in parts.path):
        return ""
    return quote(link, safe=":/?#[]@!$&'()*+,;=%~")


def pairs_of(element: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Each name with its values, whether or not they are grouped in a `div`."""
    name: Any = None
    values: list[Any] = []
    for child in _named(element):
        if child.tag == "dt":
            if name is not None or values:
                yield name, values
            name, values = child, []
        else:
            values.append(child)
    if name is not None or values:
        yield name, values


def _named(element: Any) -> Iterator[Any]:
    """Names and values of this list, not of one that a value holds; a stray element is a value."""
    for child in element:
        if is_left_out(child):
            continue
        if child.tag == "div":
            yield from _named(child)
        else:
            yield child


def style_of(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(W + "val"))


def by_letter(tag: str, ink: Ink) -> Ink:
    if tag in {"u", "ins"}:
        return replace(ink, is_underlined=True)
    if tag in {"s", "del", "strike"}:
        return replace(ink, is_struck=True)
    if tag in {"sup", "sub"}:
        return replace(ink, raised=f"{tag}erscript" if tag == "sup" else "subscript")
    return ink
