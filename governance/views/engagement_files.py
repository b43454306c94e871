"""Handing out a printed letter."""

from django.http import FileResponse, Http404

from documents.models import PrintedFile


def letter_file(printed: PrintedFile, *, name: str) -> FileResponse:
    """The PDF, read in the browser. `Http404` when the storage lost it. One look at the storage."""
    try:
        content = printed.file.open("rb")
    except FileNotFoundError as lost:
        raise Http404("Cette lettre n’est plus sur le serveur.") from lost
    response = FileResponse(content, content_type=printed.format.media_type, filename=name)
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response
