"""Typed text, settled once for every form: no control character, one kind of line end."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.rich_text import (
    HOW,
    HTML_MARK,
    RichTextTooLong,
    as_html,
    as_plain,
    blocks_of_html,
    blocks_of_plain,
    clean_html,
    is_kept,
    read_typed,
)
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


class RichTextarea(forms.Textarea):
    """A plain field with simple conventions, which a script turns into an editor."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        typed = str(value or "")
        is_html = typed.startswith(HTML_MARK)
        html = clean_html(typed) if is_html else as_html(blocks_of_plain(typed))
        # Without the script, whoever gets back what the script had sent reads it as plain text.
        shown = as_plain(blocks_of_html(html)) if is_html else typed
        field = super().render(name, shown, attrs, renderer)
        context = {"field": field, "html": html, "how": HOW}
        return render_to_string("core/rich_text_field.html", context)


class RichTextField(forms.CharField):
    """A light rich text; gives the HTML to keep. What is pasted is cleaned, never refused."""

    widget = RichTextarea

    def __init__(self, *, longest: int = 60_000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest

    def prepare_value(self, value: Any) -> Any:
        """A kept text as it is typed without JavaScript; what was typed, as it was."""
        return (
            as_plain(blocks_of_html(value)) if isinstance(value, str) and is_kept(value) else value
        )

    def to_python(self, value: Any) -> Any:
        typed = str(value or "")
        try:
            return typed if is_kept(typed) else read_typed(typed, longest=self.longest)
        except RichTextTooLong as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares what would be kept: the two ways of typing are one."""
        try:
            return bool(self.to_python(data) != (initial or ""))
        except forms.ValidationError:
            return True
