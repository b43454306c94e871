"""Which of two entries of a directory stays, and what it takes of the other."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models

from core.forms import LineField
from core.text import day_in_words
from governance.models import Organisation, Person
from governance.summaries.merging import TOGETHER, fields_to_choose
from governance.writing import marks_of

Entry = Organisation | Person
KEPT, GONE = "garde", "autre"
NOTHING = "rien"


class FindForm(forms.Form):
    """The words of the other entry."""

    mots = LineField(label="Chercher l’autre fiche", required=False, max_length=100)


class MergeForm(forms.Form):
    """Field by field, what is kept; the two entries come with all that their words name."""

    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kept: Entry, gone: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = marks_of(kept, gone)
        self.names = fields_to_choose(kept, gone)
        for name in self.names:
            choices = [(KEPT, shown(kept, name)), (GONE, shown(gone, name))]
            self.fields[name] = forms.ChoiceField(
                label=label_of(kept, name),
                choices=choices,
                widget=forms.RadioSelect,
                initial=GONE if choices[0][1] == NOTHING else KEPT,
                error_messages={"required": "Choisissez ce qui est gardé."},
            )

    @property
    def choices(self) -> list[Any]:
        """The fields to choose, to be drawn one by one."""
        return [self[name] for name in self.names]

    @property
    def from_gone(self) -> Sequence[str]:
        """The columns taken of the entry that goes."""
        return [name for name in self.names if self.cleaned_data.get(name) == GONE]


def label_of(entry: Entry, name: str) -> str:
    """« Adresse électronique »."""
    words = str(entry._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return words[:1].upper() + words[1:]


def shown(entry: Entry, name: str) -> str:
    """What an entry says in a column, with what goes with it."""
    told = [_in_words(entry, each) for each in (name, *TOGETHER.get(name, ()))]
    return ", ".join(words for words in told if words) or NOTHING


def _in_words(entry: Entry, name: str) -> str:
    column = entry._meta.get_field(name)
    value = getattr(entry, name)
    if value in (None, ""):
        return ""
    if getattr(column, "choices", None):
        return str(getattr(entry, f"get_{name}_display")())
    if isinstance(column, models.DateField):
        return day_in_words(value)
    return " ".join(str(value).split())
