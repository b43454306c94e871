"""Hands out a printed file: by its order, or as the « livret en vigueur »."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.text import slugify

from core.text import fold
from documents.models import Document

LONGEST_NAME = 100


def file_response(request: HttpRequest, document: Document) -> HttpResponse | None:
    """The file, read in the browser; asked for again, it is sent only if it changed.

    Nothing when the storage has lost it. Who may read it has been asked by the caller; the order
    has its file.
    """
    printed = document.printed_file
    if printed is None:
        return None
    etag = quote_etag(printed.fingerprint)
    response: Any = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            content = printed.file.open("rb")
        except FileNotFoundError:
            return None
        response = FileResponse(
            content,
            content_type=printed.format.media_type,
            as_attachment=not printed.format.is_read_in_browser,
            filename=_file_name(document, suffix=printed.format.suffix),
        )
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response  # type: ignore[no-any-return]


def _file_name(document: Document, *, suffix: str) -> str:
    """« livret-mayenne-2026-11-22.pdf »; the numbers chosen tell two sheets apart.

    What shows a frozen state has its own name, and no day.
    """
    if document.is_frozen:
        return f"{_slug(document.title)[:LONGEST_NAME].strip('-')}.{suffix}"
    place = document.project.territory
    numbers = [
        str(chosen)
        for chosen in document.parameters.values()
        if isinstance(chosen, int) and not isinstance(chosen, bool)
    ]
    settled_on = place.today(at=document.settled_at or timezone.now())
    told = [document.kind] if document.is_personal else [document.kind, *numbers, _slug(place.name)]
    return f"{'-'.join([*told, f'{settled_on:%Y-%m-%d}'])}.{suffix}"


def _slug(words: str) -> str:
    return slugify(fold(words).replace("'", " "))
