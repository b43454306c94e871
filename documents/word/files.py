"""The file itself: the parts of a Word document, packed so that equal pages are equal bytes."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from lxml import etree, html

from documents.word.blocks import Writer
from documents.word.marks import LINKS, MAIN, W, add, as_held, put_text
from documents.word.sheets import foot_key, text_width
from documents.word.styles import (
    LANGUAGE,
    fonts_part,
    numbering_part,
    settings_part,
    styles_part,
)

ANY_DAY = (1980, 1, 1, 0, 0, 0)
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
DATES = "http://purl.org/dc/terms/"
WORDS = "http://purl.org/dc/elements/1.1/"
TYPES = "http://www.w3.org/2001/XMLSchema-instance"
CORE = f"{PACKAGE}/metadata/core-properties"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# How far each step is, of the hundred.
READ, WALKED, PACKED = 10, 85, 95
# A page tells how far it is after so many blocks.
EVERY = 200


@dataclass(frozen=True)
class Facts:
    """What the head of the page says of it."""

    title: str
    subject: str
    author: str
    stated_at: str
    foot: str
    fingerprint: str


def written(page: str, *, on_progress: Callable[[int], None] | None = None) -> bytes:
    """The file of a page."""
    tell = _Told(on_progress)
    parser = html.HTMLParser(huge_tree=True, remove_comments=True)
    tree = html.document_fromstring(as_held(page), parser=parser)
    facts = _facts_of(tree)
    tell.reach(READ)
    root = etree.Element(W + "document", nsmap={"w": MAIN, "r": LINKS})
    writer = Writer(add(root, "body"), tell.block)
    page_body = tree.find("body")
    writer.sheets.has_cover = bool(page_body.find_class("cover"))
    tell.expect(sum(1 for _ in page_body.iter()))
    writer.write(page_body)
    tell.reach(WALKED)
    packed = _packed(_parts(root, writer, facts))
    tell.reach(PACKED)
    return packed


class _Told:
    """Tells a rising percentage."""

    def __init__(self, tell: Callable[[int], None] | None) -> None:
        self._tell = tell
        self._blocks, self._expected, self._reached = 0, 1, 0

    def expect(self, elements: int) -> None:
        """How many elements the page has: about three for one block."""
        self._expected = max(1, elements // 3)

    def block(self) -> None:
        """One block more."""
        self._blocks += 1
        if self._blocks % EVERY == 0:
            share = min(1, self._blocks / self._expected)
            self.reach(round(READ + (WALKED - READ) * share))

    def reach(self, percent: int) -> None:
        if self._tell and percent > self._reached:
            self._reached = percent
            self._tell(percent)


def _facts_of(tree: Any) -> Facts:
    told = {str(meta.get("name")): str(meta.get("content") or "") for meta in tree.iter("meta")}
    body = tree.find("body")
    title = " ".join((tree.findtext("head/title") or "").split())
    return Facts(
        title=title,
        subject=told.get("description", ""),
        author=told.get("author", ""),
        stated_at=told.get("dcterms.modified", ""),
        foot=str(body.get("data-foot") or title),
        fingerprint=str(body.get("data-fingerprint") or ""),
    )


# --- Parts ---


def _parts(root: Any, writer: Writer, facts: Facts) -> dict[str, bytes]:
    """Every part of the file by its name, in the order in which they are packed."""
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            [
                ("doc", "officeDocument", "word/document.xml"),
                ("core", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                ("app", "extended-properties", "docProps/app.xml"),
            ]
        ),
        "docProps/core.xml": _core_part(facts),
        "docProps/app.xml": (
            f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
            'extended-properties"><Application>PTSM</Application></Properties>'
        ).encode(),
        "word/document.xml": _as_bytes(root),
        "word/_rels/document.xml.rels": _document_relations(writer.outside),
        "word/styles.xml": styles_part(),
        "word/numbering.xml": numbering_part(writer.lists),
        "word/settings.xml": settings_part(),
        "word/fontTable.xml": fonts_part(),
        "word/footer1.xml": _foot_part(facts, is_wide=False),
        "word/footer2.xml": _foot_part(facts, is_wide=True),
    }


def _content_types() -> bytes:
    root = etree.Element("Types", xmlns=f"{PACKAGE}/content-types")
    for extension, kind in (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
    ):
        etree.SubElement(root, "Default", Extension=extension, ContentType=kind)
    office = "application/vnd.openxmlformats"
    for name, kind in (
        ("/word/document.xml", f"{OFFICE}.document.main+xml"),
        ("/word/styles.xml", f"{OFFICE}.styles+xml"),
        ("/word/numbering.xml", f"{OFFICE}.numbering+xml"),
        ("/word/settings.xml", f"{OFFICE}.settings+xml"),
        ("/word/fontTable.xml", f"{OFFICE}.fontTable+xml"),
        ("/word/footer1.xml", f"{OFFICE}.footer+xml"),
        ("/word/footer2.xml", f"{OFFICE}.footer+xml"),
        ("/docProps/core.xml", f"{office}-package.core-properties+xml"),
        ("/docProps/app.xml", f"{office}-officedocument.extended-properties+xml"),
    ):
        etree.SubElement(root, "Override", PartName=name, ContentType=kind)
    return _as_bytes(root)


def _document_relations(outside: list[str]) -> bytes:
    own = [
        ("styles", "styles", "styles.xml"),
        ("listes", "numbering", "numbering.xml"),
        ("reglages", "settings", "settings.xml"),
        ("polices", "fontTable", "fontTable.xml"),
        (foot_key(is_wide=False), "footer", "footer1.xml"),
        (foot_key(is_wide=True), "footer", "footer2.xml"),
    ]
    return _relations(own, outside)


def _relations(own: list[tuple[str, str, str]], outside: list[str] | None = None) -> bytes:
    root = etree.Element("Relationships", xmlns=f"{PACKAGE}/relationships")
    for key, kind, target in own:
        kind = kind if kind.startswith("http") else f"{LINKS}/{kind}"
        etree.SubElement(root, "Relationship", Id=key, Type=kind, Target=target)
    for rank, address in enumerate(outside or [], start=1):
        etree.SubElement(
            root,
            "Relationship",
            Id=f"lien{rank}",
            Type=f"{LINKS}/hyperlink",
            Target=address,
            TargetMode="External",
        )
    return _as_bytes(root)


def _core_part(facts: Facts) -> bytes:
    """The day is that of what the file says; none of when it was written."""
    names = {"cp": CORE, "dc": WORDS, "dcterms": DATES, "xsi": TYPES}
    root = etree.Element(f"{{{CORE}}}coreProperties", nsmap=names)
    for tag, text in (
        (f"{{{WORDS}}}title", facts.title),
        (f"{{{WORDS}}}subject", facts.subject),
        (f"{{{WORDS}}}creator", facts.author),
        (f"{{{WORDS}}}language", LANGUAGE),
        (f"{{{CORE}}}lastModifiedBy", facts.author),
    ):
        etree.SubElement(root, tag).text = text
    day = facts.stated_at[:10]
    for tag in ("created", "modified"):
        if day:
            stamp = etree.SubElement(root, f"{{{DATES}}}{tag}")
            stamp.set(f"{{{TYPES}}}type", "dcterms:W3CDTF")
            stamp.text = f"{day}T00:00:00Z"
    return _as_bytes(root)


def _foot_part(facts: Facts, *, is_wide: bool) -> bytes:
    """What every sheet says: whose paper it is and of which day, its fingerprint, its number."""
    root = etree.Element(W + "ftr", nsmap={"w": MAIN})
    line = add(root, "p")
    marks = add(line, "pPr")
    add(marks, "pStyle", val="Footer")
    tabs = add(marks, "tabs")
    add(tabs, "tab", val="right", pos=text_width(is_wide=is_wide))
    put_text(add(line, "r"), facts.foot)
    add(add(line, "r"), "tab")
    put_text(add(line, "r"), f"{facts.fingerprint}\u2003" if facts.fingerprint else "")
    _put_field(line, "PAGE")
    put_text(add(line, "r"), " / ")
    _put_field(line, "NUMPAGES")
    return _as_bytes(root)


def _put_field(line: Any, name: str) -> None:
    field = add(line, "fldSimple", instr=f" {name} ")
    put_text(add(field, "r"), "1")


def _as_bytes(root: Any) -> bytes:
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made


def _packed(parts: dict[str, bytes]) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            stamped = zipfile.ZipInfo(name, ANY_DAY)
            stamped.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(stamped, content)
    return kept.getvalue()
