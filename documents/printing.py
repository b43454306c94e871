"""Turns a complete HTML document into an archivable and accessible PDF.

The only module that knows WeasyPrint and pikepdf. Both load inside the functions that print, so
that importing this module costs a web process nothing.
"""

from __future__ import annotations

import gc
import logging
import mimetypes
import re
import threading
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pikepdf

LANGUAGE = "fr"
ENGINES = ("weasyprint", "pydyf", "fonttools", "pikepdf")

# PDF/A wants every XMP property outside its own list described: hence the extension schema.
ACCESSIBILITY_CLAIM = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about=""
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
END_OF_XMP = b"</rdf:RDF>"

LAYOUT_STARTS, LAYOUT_ENDS = 12, 68


class ResourceError(Exception):
    """The document asks for a file that it may not read, or that does not exist."""


def print_pdf(html: str, *, on_progress: Callable[[int], None] | None = None) -> bytes:
    """Print a complete HTML document as a tagged PDF, valid for PDF/UA-1 and PDF/A-3a.

    Stylesheets, fonts and images are addressed ``static:…``, ``media:…`` or ``data:…``. The same
    HTML and files give the same bytes: dates come only from the HTML's ``dcterms.created`` and
    ``dcterms.modified``.

    Cost: a second to load the engine once, then about a fifth of a second a page and 100 MB or
    more: for a worker, never for a request.

    ``on_progress`` receives rising percentages from 5 to 95, in the calling thread; whatever it
    raises stops the print and reaches the caller, which is how to cancel one.

    Raises ``ResourceError`` when an address is refused or leads nowhere, rather than print a paper
    with a part missing. A picture that is there but cannot be decoded prints its ``alt``.
    """
    with _progress_told_to(on_progress) as progress:
        printed = _lay_out(html)
        # The boxes of a paper hold one another: 50 MB for 25 pages, until somebody looks for them.
        gc.collect()
        progress.reach(93)
        finished = _finish(printed)
        progress.reach(95)
    return finished


def load_engine() -> None:
    """Load what prints, before a worker makes its processes: they share that memory.

    A second and 40 MB, once; what is loaded is looked at no more by the collector, so that its
    pages stay shared.
    """
    for library in ("weasyprint", "pikepdf", "fontTools.ttLib"):
        import_module(library)
    gc.collect()
    gc.freeze()


def engine_version() -> str:
    """Name the libraries whose version can change the printed bytes, without loading them."""
    return " / ".join(f"{library} {version(library)}" for library in ENGINES)


def page_count(pdf: bytes) -> int:
    """How many pages a printed file has."""
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)


def _lay_out(html: str) -> bytes:
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    shelf = _Shelf()
    try:
        # The base makes relative addresses reach the shelf, which refuses them: without one,
        # WeasyPrint drops them with a mere log line.
        document = HTML(string=html, base_url="static:", url_fetcher=shelf)
        printed: bytes = document.write_pdf(pdf_variant="pdf/a-3a")
    except FatalURLFetchingError as error:
        raise ResourceError(str(error)) from error
    # WeasyPrint swallows even fatal errors while it draws an SVG.
    if shelf.refusals:
        raise ResourceError(shelf.refusals[0])
    return printed


# --- What a document may read ---


class _Shelf:
    """The URL fetcher given to WeasyPrint: our own files, and nothing else."""

    def __init__(self) -> None:
        self.refusals: list[str] = []

    def __call__(self, url: str) -> Any:
        from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse

        try:
            content, media_type = _read(url)
        except ResourceError as error:
            self.refusals.append(str(error))
            raise FatalURLFetchingError(str(error)) from error
        return URLFetcherResponse(url, content, {"Content-Type": media_type})


def _read(url: str) -> tuple[bytes, str]:
    scheme = url.partition(":")[0].lower()
    if scheme == "data":
        return _read_inline(url)
    if scheme not in {"static", "media"}:
        raise ResourceError(f"A paper may not fetch {url[:200]!r}.")
    name = _safe_name(url)
    content = _read_static(name) if scheme == "static" else _read_media(name)
    return content, mimetypes.guess_type(name)[0] or "application/octet-stream"


def _read_inline(url: str) -> tuple[bytes, str]:
    from weasyprint.urls import URLFetcher

    try:
        response = URLFetcher(allowed_protocols=("data",)).fetch(url)
    except ValueError as error:
        raise ResourceError(f"Unreadable data address {url[:80]!r}.") from error
    return response.read(), response.content_type


def _safe_name(url: str) -> str:
    name = unquote(urlsplit(url).path)
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
        raise ResourceError(f"A paper may not fetch {url[:200]!r}: unsafe path.")
    return name


def _read_static(name: str) -> bytes:
    def read() -> bytes:
        found = finders.find(name)
        if found is None and settings.STATIC_ROOT:
            found = str(Path(settings.STATIC_ROOT) / name)
        if found is None:
            raise FileNotFoundError(name)
        return Path(found).read_bytes()

    return _read_or_refuse(f"static:{name}", read)


def _read_media(name: str) -> bytes:
    def read() -> bytes:
        with default_storage.open(name) as file:
            content: bytes = file.read()
            return content

    return _read_or_refuse(f"media:{name}", read)


def _read_or_refuse(address: str, read: Callable[[], bytes]) -> bytes:
    try:
        return read()
    except (OSError, SuspiciousOperation) as error:
        raise ResourceError(f"A paper asks for {address!r}, which cannot be read.") from error


# --- Progress ---


class _Progress(logging.Handler):
    """Hears WeasyPrint's steps, but only those of its own thread, and tells a rising percentage."""

    STEPS = {1: 5, 2: 7, 3: 8, 4: 10, 6: 70, 7: 80}
    STEP = re.compile(r"Step (\d)(?: - Creating layout - Page (\d+))?")

    def __init__(self, tell: Callable[[int], None] | None) -> None:
        super().__init__(level=logging.INFO)
        self.tell = tell
        self.thread = threading.get_ident()
        self.reached = 0

    def emit(self, record: logging.LogRecord) -> None:
        step = self.STEP.match(record.getMessage())
        if step and record.thread == self.thread:
            number, page = int(step[1]), step[2]
            self.reach(_share_of_layout(int(page)) if page else self.STEPS.get(number, 0))

    def reach(self, percent: int) -> None:
        if self.tell and percent > self.reached:
            self.reached = percent
            self.tell(percent)


def _share_of_layout(page: int) -> int:
    """Guess how far the layout is: the number of pages is unknown until its end.

    Each page takes a share of what is left: half of it is spent at the twentieth page.
    """
    return round(LAYOUT_ENDS - (LAYOUT_ENDS - LAYOUT_STARTS) * 20 / (20 + page))


@contextmanager
def _progress_told_to(tell: Callable[[int], None] | None) -> Iterator[_Progress]:
    logger = logging.getLogger("weasyprint.progress")
    progress = _Progress(tell)
    if tell:
        # Set for good, not for one print: another thread may be printing. Without propagation, a
        # worker that logs at INFO does not write one line a page.
        logger.setLevel(logging.INFO)
        logger.propagate = False
        logger.addHandler(progress)
    try:
        yield progress
    finally:
        logger.removeHandler(progress)


# --- Finishing ---


def _finish(printed: bytes) -> bytes:
    import pikepdf

    finished = BytesIO()
    with pikepdf.open(BytesIO(printed)) as pdf:
        _claim_accessibility(pdf)
        _declare_language(pdf)
        _forget_identifier(pdf)
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                _stop_font_clock(item)
            elif isinstance(item, pikepdf.Stream) and item.get("/Type") == "/EmbeddedFile":
                _stop_attachment_clock(item)
            elif isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image":
                item.Interpolate = False  # PDF/A refuses the smoothing that WeasyPrint asks for
        pdf.save(finished, deterministic_id=True)
    return finished.getvalue()


def _claim_accessibility(pdf: pikepdf.Pdf) -> None:
    metadata = pdf.Root.Metadata
    head, end, tail = metadata.read_bytes().rpartition(END_OF_XMP)
    metadata.write(head + ACCESSIBILITY_CLAIM + end + tail)


def _declare_language(pdf: pikepdf.Pdf) -> None:
    import pikepdf

    if not str(pdf.Root.get("/Lang", "")):
        pdf.Root.Lang = pikepdf.String(LANGUAGE)


def _forget_identifier(pdf: pikepdf.Pdf) -> None:
    """Drop WeasyPrint's identifier, computed from bytes that hold the time of printing."""
    if "/ID" in pdf.trailer:
        del pdf.trailer.ID


def _stop_font_clock(descriptor: pikepdf.Object) -> None:
    """Date the font from its making: fontTools stamps the static cut of a variable font."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    file = descriptor.get("/FontFile2") or descriptor.get("/FontFile3")
    if file is None:
        return
    dated = BytesIO()
    with TTFont(BytesIO(file.read_bytes()), recalcTimestamp=False, recalcBBoxes=False) as font:
        font["head"].modified = font["head"].created
        font.save(dated, reorderTables=None)
    file.write(dated.getvalue())
    if "/Length1" in file:
        file.Length1 = len(dated.getvalue())


def _stop_attachment_clock(attachment: pikepdf.Object) -> None:
    import pikepdf

    for stamp in ("/CreationDate", "/ModDate"):
        attachment.Params[stamp] = pikepdf.String("D:19700101000000Z")
