"""Files and links that people add: taken in, kept, handed out. Rights are the upper room's own."""

from documents.attachments.contents import ACCEPTED, AttachmentRefused
from documents.attachments.keeping import attach, attach_file, attach_link, sweep_attachments
from documents.attachments.serving import serve_attachment

__all__ = [
    "ACCEPTED",
    "AttachmentRefused",
    "attach",
    "attach_file",
    "attach_link",
    "serve_attachment",
    "sweep_attachments",
]
