"""Hands out an attached file so that nothing in it can act on its reader's behalf."""

from django.http import FileResponse, Http404

from documents.attachments.contents import SIGNED
from documents.models import Attachment

# What a browser needs to draw a picture or a PDF in a page of its own, and nothing more.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# Safari shows an empty page for a PDF in a sandbox, and a reader of PDF is a sandbox already.
UNBOXED = {"application/pdf"}


def serve_attachment(attachment: Attachment) -> FileResponse:
    """The file; shown in the browser when it is a PDF or a picture, saved otherwise.

    Who may read it has been asked by the caller. `Http404` for a link, to which pages lead by
    themselves, and for a file that the storage has lost. One look at the storage.
    """
    if attachment.is_link:
        raise Http404("Cette pièce jointe est un lien\u00a0: elle n’a pas de fichier.")
    try:
        kept = attachment.file.open("rb")
    except FileNotFoundError as lost:
        raise Http404("Le fichier de cette pièce jointe n’est plus sur le serveur.") from lost
    response = FileResponse(
        kept,
        as_attachment=attachment.media_type not in SIGNED,
        filename=attachment.name,
        content_type=attachment.media_type,
    )
    boxed = "" if attachment.media_type in UNBOXED else "; sandbox"
    response["Content-Security-Policy"] = f"{POLICY}{boxed}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # Asked again each time: a right may have been withdrawn since.
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = f'"{attachment.sha256}"'
    return response
