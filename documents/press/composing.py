"""What a paper says at this moment, in a canonical form: its fingerprint follows."""

import contextlib
import datetime as dt
import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from documents import word
from documents.enums import Format
from documents.kinds import Kind
from documents.models import short_form
from documents.press.looks import look_of
from territories.models import Project

STATED = re.compile(r'name="dcterms\.modified" content="([0-9-]{10})"')


class NotCanonical(TypeError):
    """A value that has no single written form: a row, a set, a generator, a number without end."""


@dataclass(frozen=True)
class Composition:
    """One paper, composed once: the same context gives its fingerprint and its text."""

    kind: Kind
    file_format: Format
    context: Mapping[str, Any]
    fingerprint: str

    def html(self) -> str:
        """The complete page, of which the PDF and Word are made; it prints its own fingerprint."""
        said = {**self.context, "fingerprint": short_form(self.fingerprint)}
        with translation.override(settings.LANGUAGE_CODE):
            return render_to_string(self.kind.template, said)


def compose(
    kind: Kind, project: Project, parameters: Mapping[str, Any], *, asked: Format | None = None
) -> Composition:
    """Ask the kind what the paper says at this moment; costs the queries of its context.

    `PaperRefused` when there is nothing to print, or not in the format asked (the kind's first
    when none is), `NotCanonical` when the context is not plain.
    """
    context = kind.context(project, parameters)
    return composed(kind, parameters, context, asked=asked)


def composed(
    kind: Kind,
    parameters: Mapping[str, Any],
    context: Mapping[str, Any],
    *,
    asked: Format | None = None,
) -> Composition:
    """The paper that says this; no query. `NotCanonical` when the context is not plain."""
    file_format = kind.format_asked(asked)
    written = json.dumps(
        {
            "kind": kind.code,
            "parameters": canonical(parameters, "parameters"),
            "context": canonical(context),
            "look": look_of(kind),
        }
        # The format that goes without saying says nothing: its fingerprint is what it was.
        | ({} if file_format == kind.offered_formats[0] else {"format": _written_by(file_format)}),
        sort_keys=True,
    )
    digest = hashlib.sha256(written.encode()).hexdigest()
    return Composition(kind, file_format, context, digest)


def _written_by(file_format: Format) -> list[str]:
    return [file_format.value, word.engine_version() if file_format == Format.WORD else ""]


def fingerprint_of(
    kind: Kind, project: Project, parameters: Mapping[str, Any], *, asked: Format | None = None
) -> str:
    """What the paper would be known by if it were printed at this moment."""
    return compose(kind, project, parameters, asked=asked).fingerprint


def render_html(kind: Kind, project: Project, parameters: Mapping[str, Any]) -> str:
    """The paper before its layout, as a page."""
    return compose(kind, project, parameters).html()


def canonical(value: Any, where: str = "context") -> Any:
    """The same value in JSON's own types; `NotCanonical` names the place of what has no such form.

    A dataclass is its fields, a tuple a list, a decimal and a date their text.
    """
    if is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {
            _canonical_key(key, where): canonical(item, f"{where}.{key}")
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [canonical(item, f"{where}[{rank}]") for rank, item in enumerate(value)]
    return _canonical_leaf(value, where)


def _canonical_key(key: Any, where: str) -> str:
    if not isinstance(key, str):
        raise NotCanonical(f"{where} has the key {key!r}, which is not a text.")
    return key


def _canonical_leaf(value: Any, where: str) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case float() if math.isfinite(value):
            return value
        case Decimal() if value.is_finite():
            return str(value)
        case dt.datetime() if value.tzinfo is not None:
            return value.astimezone(dt.UTC).isoformat()
        case dt.date() if not isinstance(value, dt.datetime):
            return value.isoformat()
    raise NotCanonical(f"{where} is a {type(value).__name__}, which a paper cannot be known by.")


def stated_on(html: str) -> dt.date | None:
    """The day of the state that a paper says it prints (`templates/print/base.html`)."""
    found = STATED.search(html)
    with contextlib.suppress(ValueError):
        return dt.date.fromisoformat(found[1]) if found else None
    return None
