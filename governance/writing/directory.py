"""Writing in a directory: alone in it, and one gesture that the journal keeps.

Its rows are no part of a project: its gestures have a place of their own, which only who keeps the
directory reads. Sheets print its names: a name that changes marks the projects of the territory.
"""

import contextlib
import hashlib
from collections.abc import Iterator

from accounts.models import User
from governance.models import Organisation, Person
from governance.summaries.history import scope_of, subject_of
from journal.enums import Source
from journal.recording import Gesture, Values, gesture
from journal.tracing import plain_values
from territories.models import Project, Territory

Entry = Organisation | Person


class DirectoryRefused(Exception):
    """What the directory cannot take, in a French sentence."""


class Homonym(DirectoryRefused):
    """Something of that name is there already: it may be the same."""


@contextlib.contextmanager
def keeping(
    territory: Territory,
    *,
    by: User | None,
    words: str = "",
    source: Source = Source.PAGE,
    token: str = "",
) -> Iterator[Gesture]:
    """What one person does to one directory, and nobody else meanwhile; load inside.

    Rows that point at the territory, or at somebody of it, do not wait. One query, and three when
    something changed.
    """
    with gesture(by=by, words=words, source=source, token=token) as made:
        alone_in(territory)
        made.concerns(scope_of(territory), lambda: 0)
        yield made


def alone_in(territory: Territory) -> None:
    """Nobody else writes the directory of that territory, nor its accounts, until it is kept."""
    Territory.objects.select_for_update(no_key=True).get(pk=territory.pk)


def mark_printed(made: Gesture, territory: Territory) -> None:
    """What papers print of the directory changed: each project of the territory says so."""
    for project in Project.objects.of(territory):
        made.concerns(project.scope, project.mark_changed, whatever_happens=True)


def mark_of(row: Entry) -> str:
    """What a form was drawn from: another mark later, somebody else wrote meanwhile. No query."""
    values = [
        str(getattr(row, field.attname)) for field in row._meta.concrete_fields if field.editable
    ]
    return hashlib.sha256("\n".join(values).encode()).hexdigest()[:16]


def marks_of(kept: Entry, gone: Entry) -> str:
    """What the page of a merge was drawn from. No query."""
    return mark_of(kept) + mark_of(gone)


def keep(made: Gesture, row: Entry, *, before: Values | None) -> None:
    """Save a row of the directory, and note what it was; nothing `before` for a new one."""
    row.save()
    made.note(row, subject=subject_of(row), before=before, after=plain_values(row))


def take_out(made: Gesture, row: Entry) -> None:
    """Remove a row that nothing uses; the journal keeps its name, not how to reach it."""
    made.note(row, subject=subject_of(row), before=plain_values(row), after=None)
    row.delete()
