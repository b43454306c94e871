"""Forms that overwrite nobody: what somebody else wrote meanwhile is shown, field by field."""

import datetime as dt
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from core.fields import QuarterField
from core.quarters import Quarter
from core.text import clean_line, day_in_words
from journal.models import ChangeSet
from journal.reading import Since, changed_since, new_token
from journal.tracing import TracedModel, plain_values

if TYPE_CHECKING:
    from django.db import models


@dataclass(frozen=True)
class Conflict:
    """One field that was written twice: the other text, and the gesture that wrote it.

    By somebody else, or by the same person in another page.
    """

    name: str
    label: str
    theirs: str
    last: ChangeSet

    @property
    def by(self) -> str:
        """Whose text it is."""
        return self.last.by_name or "quelqu’un d’autre"

    @property
    def at(self) -> dt.datetime:
        return self.last.at


class TokenField(forms.CharField):
    """The token of the page that was drawn; a form sent again carries the same one."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=64, initial=new_token)

    def to_python(self, value: Any) -> Any:
        return clean_line(super().to_python(value) or "")


class TracedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Edits a traced row; carries the revision of its place at which it was drawn.

    A field that this person left alone keeps what others wrote meanwhile. A field that both wrote
    is a `Conflict`: the form comes back with both texts, and what is sent next is kept, unless
    « theirs_<field> » is ticked. Load the row and validate inside the write's own transaction.
    A page that saves by itself gives how its tokens begin (`own`): it never meets itself. Costs two
    queries when something was written since it was drawn, none otherwise.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, revision: int, own: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[Conflict] = []
        self._kept_as_theirs: set[str] = set()
        self._now = revision
        self._own = own
        self.fields["revision"].initial = revision

    @property
    def changed_labels(self) -> list[str]:
        """What this person wrote, in the words of the form."""
        return [
            str(self.fields[name].label or name).lower()
            for name in self.changed_data
            if name != "revision" and name not in self._kept_as_theirs
        ]

    @property
    def taken(self) -> dict[str, str]:
        """What others wrote where this person wrote nothing, as a browser sends it.

        By name of control; once the form is valid.
        """
        columns = self._columns()
        return {
            self.add_prefix(name): self._as_sent(columns[name], self.instance)
            for name in sorted(self._kept_as_theirs)
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        drawn_at: int = self._now if cleaned.get("revision") is None else cleaned["revision"]
        theirs = [n for n in self._columns() if self.data.get(self.add_prefix(f"theirs_{n}"))]
        if self.instance.pk is None or (drawn_at == self._now and not theirs):
            return cleaned
        kept = type(self.instance)._base_manager.get(pk=self.instance.pk)
        for name in theirs:
            self._keep_theirs(name, kept)
        self._meet_the_others(kept, drawn_at)
        return cleaned

    def _meet_the_others(self, kept: TracedModel, drawn_at: int) -> None:
        """Field by field, whose text it is going to be."""
        columns = self._columns()
        changes = changed_since(kept, drawn_at, own=self._own)
        for name, since in changes.items():
            if name not in columns or name not in self.cleaned_data:
                continue
            mine, theirs = self._plain(name, self.cleaned_data[name]), plain_values(kept)[name]
            if mine == theirs or name in self._kept_as_theirs:
                continue
            if mine in (since.base, self._as_typed(name, since.base)):
                self._keep_theirs(name, kept)
            else:
                self.conflicts.append(self._conflict(name, since, kept))
        self.meet_more(kept, changes)
        if self.conflicts:
            self._ask_again(kept)

    def meet_more(self, kept: Any, changes: Mapping[str, Since]) -> None:
        """For a form that writes columns through a field that is none of them.

        It adds to `conflicts`, or gives the row what the others wrote.
        """

    def _columns(self) -> "dict[str, models.Field[Any, Any]]":
        """The columns of the row that this form edits."""
        return {
            column.name: column
            for column in self.instance._meta.concrete_fields
            if column.name in self.fields and column.name != "revision"
        }

    def _keep_theirs(self, name: str, kept: TracedModel) -> None:
        self.errors.pop(name, None)
        self.cleaned_data[name] = getattr(kept, name)
        self._kept_as_theirs.add(name)

    def _plain(self, name: str, value: Any) -> Any:
        """What this person sent, as a change would keep it."""
        written = type(self.instance)()
        setattr(written, name, value)
        return plain_values(written)[name]

    def _as_typed(self, name: str, base: Any) -> Any:
        """The earlier value as this form gives it back when nobody touches it."""
        field = self.fields[name]
        try:
            return self._plain(name, field.clean(field.prepare_value(base)))
        except ValidationError:
            return base

    def _conflict(self, name: str, since: Since, kept: TracedModel) -> Conflict:
        return Conflict(
            name=name,
            label=str(self.fields[name].label or name),
            theirs=_told(kept, self._columns()[name]),
            last=since.last.changeset,
        )

    def _ask_again(self, kept: TracedModel) -> None:
        """The form comes back knowing what the others wrote: sending it again is choosing.

        It shows theirs where this person had left the field alone.
        """
        data: Any = copy(self.data)
        data[self.add_prefix("revision")] = str(self._now)
        columns = self._columns()
        for name in self._kept_as_theirs:
            data[self.add_prefix(name)] = self._as_sent(columns[name], kept)
            data.pop(self.add_prefix(f"theirs_{name}"), None)
        self.data = data
        for conflict in self.conflicts:
            self.add_error(
                conflict.name,
                "Un autre texte a été enregistré ici pendant que vous écriviez\u00a0: "
                "choisissez celui à garder.",
            )

    def _as_sent(self, column: "models.Field[Any, Any]", kept: TracedModel) -> str:
        """A value as a browser sends it."""
        field = self.fields[column.name]
        value = field.prepare_value(column.value_from_object(kept))
        shown = field.widget.format_value(value)
        if isinstance(shown, str):
            return shown
        return "" if value is None else str(value)


def _told(row: TracedModel, column: "models.Field[Any, Any]") -> str:
    """A value in words."""
    value = getattr(row, column.name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(column, QuarterField):
        return str(Quarter(value))
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return day_in_words(value)
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    display = getattr(row, f"get_{column.name}_display", None)
    return str(display() if display else value)
