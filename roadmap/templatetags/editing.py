"""What a form that overwrites nobody shows: each field, and beside it the text of somebody else."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms, template

from core.differences import Piece, word_differences
from journal.forms import Conflict

register = template.Library()


@dataclass(frozen=True)
class EditedField:
    """One field of a form and, when somebody else wrote it meanwhile, their text."""

    field: forms.BoundField
    conflict: Conflict | None = None
    # Their text, read from mine: what mine has more is removed, what theirs has more is added.
    pieces: tuple[Piece, ...] = ()


@register.simple_tag
def edited_fields(form: forms.BaseForm) -> list[EditedField]:
    """The visible fields in order, with the conflicts of a `TracedForm`. No query."""
    return list(_edited(form))


def _edited(form: forms.BaseForm) -> Iterator[EditedField]:
    conflicts = {conflict.name: conflict for conflict in getattr(form, "conflicts", ())}
    for field in form.visible_fields():
        conflict = conflicts.get(field.name)
        if conflict is None:
            yield EditedField(field)
        else:
            yield EditedField(field, conflict, word_differences(_mine(field), conflict.theirs))


def _mine(field: forms.BoundField) -> str:
    """What this person typed or chose, in words."""
    value = field.value()
    for code, words in getattr(field.field, "choices", ()):
        if str(code) == str(value):
            return "" if not code else str(words)
    if isinstance(value, bool):
        return "oui" if value else "non"
    return "" if value is None else str(value)
