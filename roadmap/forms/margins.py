"""What people write in the margins of a sheet."""

from typing import Any

from django import forms

from core.forms import NO_PATIENT, ParagraphsField
from documents.forms import AttachmentForm
from journal.forms import TokenField
from roadmap.forms.lifecycle import plain_helper

LONGEST_COMMENT = 4000


class CommentForm(forms.Form):
    """A remark on a sheet."""

    token = TokenField()
    text = ParagraphsField(
        label="Votre commentaire",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Signé de votre nom, lu par qui lit la fiche. {NO_PATIENT}",
        error_messages={"required": "Écrivez votre commentaire."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "commentaire_%s", **kwargs})
        self.helper = plain_helper()


class PinForm(AttachmentForm):
    """A file or a link to pin to a sheet."""

    token = TokenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "piece_%s", **kwargs})
