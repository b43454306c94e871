"""Asking the journal: what became of a row, and whether a gesture was made already."""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from journal.enums import ChangeKind
from journal.models import Change, ChangeSet
from journal.recording import Values
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


def changed_since(row: TracedModel, revision: int, *, own: str = "") -> dict[str, Since]:
    """The columns of a row written after that revision of its place; one query.

    `own` is how the tokens of the page that asks begin: what it saved by itself is no news to it,
    and whatever came before was known to it then.
    """
    changes = (
        Change.objects.to_row(row._meta.label_lower, row.pk)
        .since(revision)
        .filter(kind=ChangeKind.CHANGED)
        .select_related("changeset")
        .order_by("changeset", "rank")
    )
    found: dict[str, Since] = {}
    for change in changes:
        if own and change.changeset.token.startswith(own):
            found.pop(change.field, None)
            continue
        base = found[change.field].base if change.field in found else change.old
        found[change.field] = Since(base=base, last=change)
    return {name: since for name, since in found.items() if since.base != since.last.new}


def changes_since(scope: str, revision: int) -> list[Change]:
    """Everything done in a place after that revision of it, in order, with its gesture; one query.

    Taken back in reverse order from the present rows, it gives those of that revision.
    """
    changes = Change.objects.filter(changeset__scope=scope).since(revision)
    return list(changes.select_related("changeset").order_by("changeset", "rank"))


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


@dataclass
class _Net:
    """One row over several gestures: what it was before them, what it is after."""

    last: Change
    before: Values | None
    after: Values | None

    def meets(self, change: Change) -> None:
        """Take in what the next gesture did to the row."""
        self.last = change
        if change.kind == ChangeKind.CHANGED:
            if self.before is not None:
                self.before.setdefault(change.field, change.old)
            self.after = {**(self.after or {}), change.field: change.new}
            return
        if change.kind == ChangeKind.REMOVED and self.before is not None:
            # What changed before the removal is known already, and older.
            self.before = {**change.values_before, **self.before}
        self.after = change.values_after if change.kind == ChangeKind.ADDED else None

    def lines(self) -> list[dict[str, Any]]:
        if self.before is None:
            return [] if self.after is None else [{"kind": ChangeKind.ADDED, "new": self.after}]
        if self.after is None:
            return [{"kind": ChangeKind.REMOVED, "old": self.before}]
        return [
            {"kind": ChangeKind.CHANGED, "field": name, "old": old, "new": self.after[name]}
            for name, old in self.before.items()
            if name in self.after and self.after[name] != old
        ]


def net_of(changes: Iterable[Change]) -> list[Change]:
    """What several gestures did, as if they were one: of each row, only both ends count.

    Expects the changes in the order in which they were made; gives changes that are not kept, to
    be told or undone. No query.
    """
    rows: dict[tuple[str, int], _Net] = {}
    for change in changes:
        key = (change.model, change.row)
        if key in rows:
            rows[key].meets(change)
            continue
        is_new, is_gone = (change.kind == kind for kind in (ChangeKind.ADDED, ChangeKind.REMOVED))
        rows[key] = _Net(
            change,
            before=None if is_new else change.values_before,
            after=None if is_gone else change.values_after,
        )
    lines = [(key, net.last, line) for key, net in rows.items() for line in net.lines()]
    return [
        Change(
            changeset=last.changeset,
            rank=rank,
            model=model,
            row=row,
            name=last.name,
            subject=last.subject,
            **line,
        )
        for rank, ((model, row), last, line) in enumerate(lines, start=1)
    ]
