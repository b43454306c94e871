"""The papers that can be ordered: each room registers its own in `apps.ready()`.

A kind says what it prints and from what; only the press knows how.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms

if TYPE_CHECKING:
    # A room registers its kinds from its `apps.py`, before any model can be imported.
    from accounts.models import User
    from territories.models import Project


class PaperRefused(Exception):
    """The paper cannot be printed as asked; the message is a French sentence for the reader."""


class PaperForm(forms.Form):
    """The choices of one kind of paper; the values that a project allows are set in `__init__`.

    Fields are declared on the class and have a plain text form: the command line offers the same
    ones (`--number 13`), and an address can fill them in (`?number=13`).
    """

    # One sentence about all the choices, above them.
    hint = ""

    def __init__(self, *args: Any, project: "Project", **kwargs: Any) -> None:
        self.project = project
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.label_class = "fw-semibold"

    @property
    def parameters(self) -> dict[str, Any]:
        """What was chosen, once valid; several choices in the order of the form, not of typing."""
        return {name: self._in_order(name, value) for name, value in self.cleaned_data.items()}

    def _in_order(self, name: str, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        # `choices` may itself be grouped: what is not found keeps the order of typing.
        offered = [str(key) for key, _ in getattr(self.fields[name], "choices", ())]
        rank = {key: place for place, key in enumerate(offered)}
        return sorted(value, key=lambda chosen: rank.get(str(chosen), len(rank)))


@dataclass(frozen=True)
class Kind:
    """One kind of paper.

    `context` gives what the paper says, as plain values (dataclasses, lists, texts, numbers; no
    row, no key of the base): its JSON form is part of the fingerprint, so two equal contents are
    one file. It may raise `PaperRefused`.
    """

    code: str
    label: str
    description: str
    template: str
    context: Callable[["Project", Mapping[str, Any]], Mapping[str, Any]]
    title: Callable[["Project", Mapping[str, Any]], str]
    may_order: Callable[["User", "Project"], bool]
    form: type[PaperForm] = PaperForm
    # Static files that decide how the paper looks: part of the fingerprint.
    stylesheets: tuple[str, ...] = field(default=("css/paper.css",))


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Offer a kind of paper; two rooms cannot use one code."""
    if _KINDS.setdefault(kind.code, kind) != kind:
        raise ValueError(f"Two kinds of paper are called « {kind.code} ».")


def kind_of(code: str) -> Kind:
    """The kind with this code; `PaperRefused` when no room registered it."""
    try:
        return _KINDS[code]
    except KeyError:
        known = ", ".join(sorted(_KINDS))
        raise PaperRefused(
            f"Le document « {code} » n’existe pas ; documents possibles : {known}."
        ) from None


def all_kinds() -> tuple[Kind, ...]:
    """Every kind, in the order in which the rooms registered them."""
    return tuple(_KINDS.values())
