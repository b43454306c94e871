"""What is said of a sheet and what is pinned to it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from accounts.models import User
from core.text import NBSP
from documents.attachments import attach
from journal.models import Change
from journal.reading import already_made, token_for
from journal.recording import Gesture
from roadmap.models import Action, ActionAttachment, ActionComment, ColumnMapping
from roadmap.services.gestures import named, writing_sheet

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

# What no paper prints.
MARGINS = {model._meta.label_lower for model in (ActionAttachment, ActionComment, ColumnMapping)}


def are_on_paper(changes: Iterable[Change]) -> bool:
    """Whether papers print something of these changes, and not the margins only."""
    return any(change.model not in MARGINS for change in changes)


def comment_on_sheet(*, action: Action, text: str, by: User, token: str = "") -> Gesture:
    """Write a remark on a sheet, signed; sent twice with one token, it is one. Eight queries.

    Raises `SheetRefused` when the sheet was retired meanwhile.
    """
    token = token_for(token, action.pk, text)
    with writing_sheet(action, by=by, token=token, on_paper=False) as sheet:
        if already_made(action.project.scope, token):
            return sheet.made
        ActionComment.objects.create(
            action=sheet.action, author=by, author_name=by.get_full_name(), text=text
        )
        sheet.made.words = f"a commenté la fiche{NBSP}{sheet.action.number}"
    return sheet.made


def remove_comment(*, comment: ActionComment, by: User) -> Gesture:
    """Take a remark away; the journal keeps it. Nine queries, nothing when it is gone already."""
    with writing_sheet(comment.action, by=by, on_paper=False) as sheet:
        author = comment.author_name
        present = ActionComment.objects.filter(pk=comment.pk).first()
        if present is not None:
            present.delete()
            whose = (
                "son commentaire"
                if comment.author_id == by.pk
                else f"le commentaire signé {author}"
            )
            sheet.made.words = f"a retiré {whose} sur la fiche{NBSP}{sheet.action.number}"
    return sheet.made


def pin_to_sheet(
    *,
    action: Action,
    upload: "UploadedFile[bytes] | None",
    url: str,
    name: str,
    by: User,
    token: str = "",
) -> Gesture:
    """Pin a file or a link to a sheet; sent twice with one token, it is one. Nine queries.

    Raises `documents.attachments.AttachmentRefused`, or `SheetRefused` when the sheet was retired
    meanwhile.
    """
    sent = (upload.name, upload.size) if upload else (url, name)
    token = token_for(token, action.pk, *sent)
    with writing_sheet(action, by=by, token=token, on_paper=False) as sheet:
        if already_made(action.project.scope, token):
            return sheet.made
        attachment = attach(upload=upload, url=url, name=name, by=by)
        ActionAttachment.objects.create(action=sheet.action, attachment=attachment)
        what = "le lien" if attachment.is_link else "le fichier"
        sheet.made.words = (
            f"a joint {what} {named(attachment)} à la fiche{NBSP}{sheet.action.number}"
        )
    return sheet.made


def unpin_from_sheet(*, pinned: ActionAttachment, by: User) -> Gesture:
    """Take a file or a link away from a sheet; undo can put it back for thirty days.

    Ten queries, nothing when it is gone already.
    """
    with writing_sheet(pinned.action, by=by, on_paper=False) as sheet:
        present = ActionAttachment.objects.filter(pk=pinned.pk).first()
        if present is not None:
            present.delete()
            sheet.made.words = (
                f"a retiré la pièce jointe {named(pinned.attachment)} de la fiche"
                f"{NBSP}{sheet.action.number}"
            )
    return sheet.made
