"""The rows of the room: papers ordered and printed, what people attach and send."""

from documents.models.kept import Attachment, AttachmentQuerySet, SentWorkbook, unguessable_path
from documents.models.papers import (
    PLACES,
    READER,
    Document,
    DocumentQuerySet,
    PrintedFile,
    PrintedFileQuerySet,
    short_form,
    size_in_words,
)
from documents.models.pins import Pin, PinLink

__all__ = [
    "PLACES",
    "READER",
    "Attachment",
    "AttachmentQuerySet",
    "Document",
    "DocumentQuerySet",
    "Pin",
    "PinLink",
    "PrintedFile",
    "PrintedFileQuerySet",
    "SentWorkbook",
    "short_form",
    "size_in_words",
    "unguessable_path",
]
