"""Typed text, settled once for every form: no control character, one kind of line end."""

from typing import Any

from django import forms

from core.text import clean_line, clean_paragraphs

# Said beside every free text that could hold some.
NO_PATIENT = "Aucune donnée de patient."


class LineField(forms.CharField):
    """One line of text; a NUL byte or a pasted line end does no harm."""

    def to_python(self, value: Any) -> Any:
        return clean_line(super().to_python(value) or "")


class ParagraphsField(forms.CharField):
    """A text of several lines."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        return clean_paragraphs(super().to_python(value) or "")
