"""The papers that can be ordered: each room registers its own in `apps.ready()`.

A kind says what it prints and from what; only the press knows how.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms

from core.text import NBSP, listed
from documents.enums import Format, Standing

if TYPE_CHECKING:
    # A room registers its kinds from its `apps.py`, before any model can be imported.
    from accounts.models import User
    from territories.models import Project


# What the context of an archive holds.
PARTS = "parts"


class PaperRefused(Exception):
    """The paper cannot be printed as asked; the message is a French sentence for the reader."""


class PaperForm(forms.Form):
    """The choices of one kind of paper; the values that a project allows are set in `__init__`.

    Fields are declared on the class and have a plain text form: the command line offers the same
    ones (`--number 13`), and an address can fill them in (`?number=13`).
    """

    # One sentence about all the choices, above them.
    hint = ""
    # Why nothing can be printed now, and what to do first; blank when something can.
    nothing_yet = ""

    def __init__(
        self, *args: Any, project: "Project", reader: "User | None", **kwargs: Any
    ) -> None:
        """`reader` sees what they may read; nobody is the operator at the machine, who sees all."""
        self.project, self.reader = project, reader
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
class Part:
    """One paper of an archive: its name there, and what it says; ordered alone, it is one file."""

    name: str
    kind: str
    parameters: Mapping[str, Any]
    context: Mapping[str, Any]


def always_present(project: "Project", parameters: Mapping[str, Any]) -> Standing:  # noqa: ARG001
    """The paper of a room that freezes nothing."""
    return Standing.PRESENT


@dataclass(frozen=True)
class Kind:
    """One kind of paper.

    `context` gives what the paper says, as plain values (dataclasses, lists, texts, numbers; no
    row, no key of the base): its JSON form is part of the fingerprint, so two equal contents are
    one file. It may raise `PaperRefused`.

    A paper has a `template`, printed as a PDF, and written in Word too when `formats` says so:
    one paper, one template. `workbook` gives an Excel look, the only one or one more: a
    `documents.workbooks.Workbook`, or a `LongWorkbook` whose rows are read as they are written;
    the context of a kind that has nothing else is then what they come from, small enough to be
    asked by a page.
    """

    code: str
    label: str
    description: str
    context: Callable[["Project", Mapping[str, Any]], Mapping[str, Any]]
    title: Callable[["Project", Mapping[str, Any]], str]
    may_order: Callable[["User", "Project"], bool]
    template: str = ""
    workbook: Callable[["Project", Mapping[str, Any]], Any] | None = None
    form: type[PaperForm] = PaperForm
    # What it is given in, the one that is proposed first. Left out: what it has, without Word.
    formats: tuple[Format, ...] = ()
    # Whether what was chosen is the present state, or one that was frozen.
    standing: Callable[["Project", Mapping[str, Any]], Standing] = always_present
    # Static files that decide how the paper looks: part of the fingerprint.
    stylesheets: tuple[str, ...] = field(default=("css/paper.css",))
    # Ordered by a screen of its own, for the person who orders it and nobody else: the choices
    # name that `READER`, and the territories whose rows it gathers (`PLACES`).
    is_personal: bool = False
    # Many papers in one order: the context gives `PARTS`, each a `Part`, and the file is a zip of
    # theirs. The template is that of the parts, whose look it shares.
    is_archive: bool = False
    # A lead may show it first, as what is in force, to members and by a link.
    may_be_in_force: bool = False

    @property
    def offered_formats(self) -> tuple[Format, ...]:
        """What it can be ordered in; the first one goes without saying."""
        if self.is_archive:
            return (Format.ARCHIVE,)
        own = [Format.PDF] * bool(self.template) + [Format.EXCEL] * bool(self.workbook)
        return self.formats or tuple(own)

    def format_asked(self, asked: Format | None) -> Format:
        """The format to print, the first one when none is asked; `PaperRefused` when it has not
        that one.
        """
        offered = self.offered_formats
        if asked is None:
            return offered[0]
        if asked in offered:
            return asked
        known = listed([one.label for one in offered])
        raise PaperRefused(
            f"{self.label}{NBSP}: ce document n’existe pas en {asked.label}, seulement en {known}."
        )


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


def shared_kinds() -> tuple[Kind, ...]:
    """The papers of a project, for all who read it."""
    return tuple(kind for kind in all_kinds() if not kind.is_personal)


def shared_kind(code: str) -> Kind:
    """The paper of a project with this code; `PaperRefused` when there is none."""
    kind = kind_of(code)
    if kind.is_personal:
        raise PaperRefused(f"{kind.label}{NBSP}: ce document ne se demande que depuis sa page.")
    return kind
