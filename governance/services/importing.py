"""Writing what a workbook changes of a directory: every row of a file at once, or nothing."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from core.fields import FoldedField
from governance.models import Organisation, Person
from governance.summaries.history import scope_of, subject_of
from governance.writing import keeping, mark_printed
from journal.enums import Source
from journal.models import ChangeSet
from journal.reading import already_made
from journal.recording import Gesture, Values
from journal.tracing import plain_values
from territories.models import Territory

logger = logging.getLogger(__name__)
Entry = Organisation | Person


@dataclass
class Batch:
    """What is to be written, checked; people may lead to organisations of the same batch."""

    words: str = ""
    organisations: list[Organisation] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    # Where people are led, by the row itself: the organisation may have no key yet.
    links: list[tuple[Person, Organisation | None]] = field(default_factory=list)
    # Rows that are there: what they said, and the columns that are written.
    changed: dict[tuple[str, int], tuple[Any, Values, set[str]]] = field(default_factory=dict)

    def change(self, row: Entry, column: str) -> None:
        """A row that is there will be written in this column; call it before it is set."""
        key = (row._meta.label_lower, row.pk)
        self.changed.setdefault(key, (row, plain_values(row), set()))[2].add(column)

    def link(self, person: Person, organisation: Organisation | None) -> None:
        """Lead a person to an organisation."""
        self.links.append((person, organisation))
        if person.pk is not None:
            self.change(person, "organisation")

    @property
    def renames(self) -> bool:
        """What papers print changes."""
        printed = {"name", "short_name", "first_name", "last_name"}
        return any(columns & printed for _, _, columns in self.changed.values())


@dataclass(frozen=True)
class Imported:
    """What became of a file; no gesture when it changed nothing."""

    changeset: ChangeSet | None
    was_made_before: bool = False


def import_batch(
    *, territory: Territory, by: User | None, make: Callable[[], Batch], token: str = ""
) -> Imported:
    """Write what `make` gives, called under the lock so that it sees the present rows.

    All or nothing, one gesture; sent twice with one token, it is made once. What `make` raises
    goes through. The queries grow by batches of a hundred rows.
    """
    with keeping(territory, by=by, source=Source.IMPORT, token=token) as made:
        if before := already_made(scope_of(territory), token):
            return Imported(before, was_made_before=True)
        batch = make()
        made.words = batch.words
        if batch.renames:
            mark_printed(made, territory)
        _add(made, Organisation, batch.organisations)
        for person, organisation in batch.links:
            person.organisation = organisation
        _add(made, Person, batch.people)
        for model in (Organisation, Person):
            _rewrite(made, model, [one for one in batch.changed.values() if type(one[0]) is model])
    logger.info("Directory of %s imported", territory.pk)
    return Imported(made.changeset)


def _add(made: Gesture, model: Any, rows: list[Any]) -> None:
    model.objects.bulk_create(rows, batch_size=100)
    for row in rows:
        made.note(row, subject=subject_of(row), before=None, after=plain_values(row))


def _rewrite(made: Gesture, model: Any, changed: Iterable[tuple[Any, Values, set[str]]]) -> None:
    """Rows that are there, with their search texts."""
    changed = list(changed)
    columns = set().union(*(names for _, _, names in changed)) if changed else set()
    if not columns:
        return
    folded = [column for column in model._meta.concrete_fields if isinstance(column, FoldedField)]
    for row, before, _ in changed:
        for column in folded:
            column.pre_save(row, False)  # noqa: FBT003 (Django's)
        made.note(row, subject=subject_of(row), before=before, after=plain_values(row))
    written = [*sorted(columns), *(column.name for column in folded)]
    model.objects.bulk_update([row for row, _, _ in changed], written, batch_size=100)
