"""Hands a workbook over to the browser, to be opened elsewhere."""

from django.http import HttpResponse

from documents.enums import Format


def taken_away(contents: bytes, *, name: str) -> HttpResponse:
    """The file under that name; kept by nobody on the way."""
    response = HttpResponse(contents, content_type=Format.EXCEL.media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
