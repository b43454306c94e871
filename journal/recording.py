"""The gesture under way: what is written meanwhile goes into one change set."""

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from journal.enums import ChangeKind, Source
from journal.models import Change, ChangeSet

# A row in plain values, by column name; nothing where there is no row.
Values = dict[str, Any]
NAME_LENGTH = 300
# What the journal says of a value that it must not keep (`decisions.md` 11): that there was one.
NOT_KEPT = "(valeur non conservée)"


class NoGesture(Exception):
    """A traced row was about to be written outside of a gesture: nobody would know who did."""


@dataclass(frozen=True)
class _Touched:
    """One row: as it was before the gesture, as it is after."""

    name: str
    subject: str
    before: Values | None
    after: Values | None
    sensitive: frozenset[str] = frozenset()

    def lines(self) -> Iterator[dict[str, Any]]:
        if self.before is None and self.after is None:
            return
        if self.before is None:
            yield {"kind": ChangeKind.ADDED, "new": self._kept(self.after)}
        elif self.after is None:
            yield {"kind": ChangeKind.REMOVED, "old": self._kept(self.before)}
        else:
            for name, old in self.before.items():
                new = self.after.get(name, old)
                if new != old:
                    told = {"old": self._told(name, old), "new": self._told(name, new)}
                    yield {"kind": ChangeKind.CHANGED, "field": name, **told}

    def _kept(self, values: Values | None) -> Values:
        return {name: self._told(name, value) for name, value in (values or {}).items()}

    def _told(self, name: str, value: Any) -> Any:
        return NOT_KEPT if value and name in self.sensitive else value


@dataclass
class Gesture:
    """What somebody is doing; becomes one `ChangeSet`, or nothing when nothing changed."""

    by: User | None
    source: Source
    words: str = ""
    token: str = ""
    # Who did it, when they have no account: whoever answers from a link, say.
    signed: str = ""
    undoes: ChangeSet | None = None
    changeset: ChangeSet | None = None
    _places: dict[str, Callable[[], int]] = field(default_factory=dict)
    # The places of which all that was done so far weighs little.
    _lightly: frozenset[str] = frozenset()
    _revises_anyway: bool = False
    _touched: dict[tuple[str, int], _Touched] = field(default_factory=dict)

    def concerns(
        self,
        scope: str,
        revise: Callable[[], int],
        *,
        whatever_happens: bool = False,
        lightly: bool = False,
    ) -> None:
        """Name the place that the gesture belongs to; `revise` raises its revision and gives it.

        When no traced row changes nothing is revised, unless `whatever_happens`. The first one to
        name a place says how it is revised; one who did so `lightly` gives way to one who does not.
        """
        if scope not in self._places or (scope in self._lightly and not lightly):
            self._places[scope] = revise
            self._lightly = self._lightly | {scope} if lightly else self._lightly - {scope}
        self._revises_anyway = self._revises_anyway or whatever_happens

    def note(
        self, row: models.Model, *, subject: str, before: Values | None, after: Values | None
    ) -> None:
        """Remember what becomes of a row; several writes of one row are one change."""
        key = (row._meta.label_lower, row.pk)
        name = "" if after is None and key in self._touched else str(row)[:NAME_LENGTH]
        if key not in self._touched:
            sensitive: frozenset[str] = getattr(row, "sensitive", frozenset())
            self._touched[key] = _Touched(name, subject, before, after, sensitive)
            return
        known = self._touched[key]
        self._touched[key] = replace(
            known,
            name=name or known.name,
            after=None if after is None else {**(known.after or {}), **after},
        )

    @contextlib.contextmanager
    def part(self) -> Iterator[None]:
        """A gesture inside this one: when it fails, what it noted goes with what it wrote."""
        places, lightly, touched = dict(self._places), self._lightly, dict(self._touched)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            self._places, self._lightly, self._touched = places, lightly, touched
            raise

    @property
    def has_changes(self) -> bool:
        return any(True for touched in self._touched.values() for _ in touched.lines())

    def write_down(self) -> None:
        """Keep what was done; three queries, and those of the places' revisions."""
        lines = [
            (key, touched, line)
            for key, touched in self._touched.items()
            for line in touched.lines()
        ]
        if not lines and not self._revises_anyway:
            return
        revisions = {scope: revise() for scope, revise in self._places.items()}
        if not lines:
            return
        scope, revision = next(iter(revisions.items()), ("", None))
        self.changeset = ChangeSet.objects.create(
            at=timezone.now(),
            by=self.by,
            by_name=(self.by.get_full_name() if self.by else self.signed)[:200],
            source=self.source,
            words=self.words,
            scope=scope,
            revision=revision,
            token=self.token,
            undoes=self.undoes,
        )
        Change.objects.bulk_create(
            Change(
                changeset=self.changeset,
                rank=rank,
                model=model,
                row=row,
                name=touched.name,
                subject=touched.subject,
                **line,
            )
            for rank, ((model, row), touched, line) in enumerate(lines, start=1)
        )


_under_way: ContextVar[Gesture | None] = ContextVar("gesture", default=None)


@contextlib.contextmanager
def gesture(
    *,
    by: User | None,
    source: Source = Source.PAGE,
    words: str = "",
    token: str = "",
    undoes: ChangeSet | None = None,
    signed: str = "",
) -> Iterator[Gesture]:
    """All that is written inside is one change set, in one transaction.

    `signed` names whoever has no account. Inside another gesture, it is part of that one. On an
    error nothing is kept: whoever wants to go on after one opens a gesture inside the gesture, and
    not a mere savepoint, which would take back the rows and leave the notes.
    """
    outer = _under_way.get()
    if outer is not None:
        with outer.part():
            yield outer
        return
    made = Gesture(by=by, source=source, words=words, token=token, undoes=undoes, signed=signed)
    mark = _under_way.set(made)
    try:
        with transaction.atomic():
            yield made
            made.write_down()
    finally:
        _under_way.reset(mark)


def gesture_under_way() -> Gesture:
    """The gesture that a write belongs to. Raises `NoGesture`."""
    made = _under_way.get()
    if made is None:
        raise NoGesture("A traced row is written inside `journal.recording.gesture()` only.")
    return made
