"""The rows of the room: papers ordered and printed, what people attach and send."""

from documents.models.kept import Attachment, AttachmentQuerySet, SentWorkbook, unguessable_path
from documents.models.papers import (
    PLACES,
    READER,
    XLSX,
    Document,
    DocumentQuerySet,
    PrintedFile,
    PrintedFileQuerySet,
    short_form,
    size_in_words,
)

__all__ = [
    "PLACES",
    "READER",
    "XLSX",
    "Attachment",
    "AttachmentQuerySet",
    "Document",
    "DocumentQuerySet",
    "PrintedFile",
    "PrintedFileQuerySet",
    "SentWorkbook",
    "short_form",
    "size_in_words",
    "unguessable_path",
]
