"""Asking the journal: what became of a row, and whether a gesture was made already."""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from journal.enums import ChangeKind
from journal.models import Change, ChangeSet
from journal.tracing import TracedModel

ONE_CHANGE = "un-changement-"


@dataclass(frozen=True)
class Since:
    """What became of one column after a revision: its value then, and who wrote the present one."""

    base: Any
    last: Change


def already_made(scope: str, token: str) -> ChangeSet | None:
    """The gesture that was sent before with that token, if any; one query, none without token."""
    if not token:
        return None
    return ChangeSet.objects.of(scope).filter(token=token).first()


def new_token() -> str:
    """What a page carries so that a gesture sent twice from it is one."""
    return uuid.uuid4().hex


def token_for(token: str, *contents: object) -> str:
    """The token of one gesture made from a page: that of the page, with what is sent.

    A page that « back » brings, and in which something else is typed, has the token of what it
    sent already: only the same thing sent twice is one gesture. Nothing without a token.
    """
    if not token:
        return ""
    return hashlib.sha256("\0".join([token, *map(str, contents)]).encode()).hexdigest()


def changed_since(row: TracedModel, revision: int) -> dict[str, Since]:
    """The columns of a row written after that revision of its place; one query."""
    changes = (
        Change.objects.to_row(row._meta.label_lower, row.pk)
        .since(revision)
        .filter(kind=ChangeKind.CHANGED)
        .select_related("changeset")
        .order_by("changeset", "rank")
    )
    found: dict[str, Since] = {}
    for change in changes:
        base = found[change.field].base if change.field in found else change.old
        found[change.field] = Since(base=base, last=change)
    return {name: since for name, since in found.items() if since.base != since.last.new}


@dataclass(frozen=True)
class Undos:
    """What stands taken back: whole gestures by key, single changes by key, and by what."""

    gestures: dict[int, ChangeSet]
    changes: dict[int, ChangeSet]


def part_token(change: Change) -> str:
    """The token of a gesture that takes back one change only."""
    return f"{ONE_CHANGE}{change.pk}-{new_token()}"


def undos_since(scope: str, first: int) -> Undos:
    """What became of the gestures of a place from that key on; one query.

    An undo that was itself taken back does not stand any more.
    """
    found = Undos({}, {})
    undos = ChangeSet.objects.of(scope).filter(undoes__isnull=False, pk__gt=first)
    for undo in undos.latest_first():
        if undo.pk in found.gestures or undo.undoes_id is None:
            continue
        if undo.token.startswith(ONE_CHANGE):
            change = int(undo.token.removeprefix(ONE_CHANGE).partition("-")[0])
            found.changes.setdefault(change, undo)
        else:
            found.gestures.setdefault(undo.undoes_id, undo)
    return found


def last_changes(model: str, rows: Iterable[int]) -> dict[int, Change]:
    """Who last touched each of these rows, even one that is gone; one query."""
    latest = (
        Change.objects.filter(model=model, row__in=list(rows))
        .values("row")
        .annotate(latest=Max("pk"))
        .values("latest")
    )
    changes = Change.objects.filter(pk__in=latest).select_related("changeset").order_by("pk")
    return {change.row: change for change in changes}
