"""Two entries of a directory become one: everything that names the one that goes follows."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from django.db import models, transaction

from accounts.models import User
from governance.models import Organisation, Person
from governance.summaries.history import subject_of
from governance.summaries.merging import (
    TOGETHER,
    TRUE_OF_BOTH,
    Move,
    fields_to_choose,
    moves_between,
    refusal_of,
)
from governance.summaries.uses import columns_to, is_own
from governance.writing import (
    DirectoryRefused,
    alone_in,
    keep,
    keeping,
    mark_printed,
    marks_of,
    take_out,
)
from journal.recording import Gesture
from journal.tracing import plain_values
from territories.models import Project, Territory
from territories.writing import writing

logger = logging.getLogger(__name__)

Entry = Organisation | Person


def merge(
    *,
    kept: Entry,
    gone: Entry,
    seen: str,
    from_gone: Sequence[str],
    by: User,
) -> None:
    """Make the two one: `kept` takes the columns `from_gone`, and everything that named `gone`.

    `seen` is that of `marks_of` when the page was drawn. Raises `DirectoryRefused`, and then
    nothing is written. The queries grow with the tables that name them.
    """
    if type(kept) is not type(gone) or kept.territory_id != gone.territory_id:
        raise DirectoryRefused("Ces deux fiches ne sont pas du même annuaire.")
    try:
        with transaction.atomic():
            _merge(kept, gone, seen=seen, from_gone=from_gone, by=by)
    except models.ProtectedError as protected:
        raise DirectoryRefused(
            f"{gone} vient d’être nommée ailleurs\u00a0: rien n’a été réuni. Recommencez."
        ) from protected
    logger.info("%s %s merged into %s by %s", kept._meta.label, gone.pk, kept.pk, by.pk)


def _merge(kept: Entry, gone: Entry, *, seen: str, from_gone: Sequence[str], by: User) -> None:
    territory = kept.territory
    alone_in(territory)
    # The projects wait too, and each learns what changed of its sheets.
    with _moving(territory, by=by) as made:
        kept, gone = _present(kept), _present(gone)
        if marks_of(kept, gone) != seen:
            raise DirectoryRefused(
                "Quelqu’un d’autre a modifié l’une des deux fiches entre-temps\u00a0: rien n’a été"
                " réuni. Regardez de nouveau ce qui va changer."
            )
        moves = moves_between(kept, gone)
        if refusal := refusal_of(kept, gone, moves):
            raise DirectoryRefused(refusal)
        is_printed = str(gone) != str(kept) or bool(from_gone)
        if moves or is_printed:
            mark_printed(made, territory)
        for move in moves:
            _carry_over(move, kept)
    words = f"a réuni deux fiches de l’annuaire\u00a0: {gone} et {kept}"
    with keeping(territory, by=by, words=words) as made:
        _lead_directory(made, kept, gone)
        before = plain_values(kept)
        _take_from(kept, gone, from_gone)
        take_out(made, gone)
        keep(made, kept, before=before)


@contextmanager
def _moving(territory: Territory, *, by: User) -> Iterator[Gesture]:
    """A gesture of the territory's project, or of its directory when it has none."""
    words = "a réuni deux fiches de l’annuaire"
    project = Project.objects.of(territory).first()
    if project is None:
        with keeping(territory, by=by, words=words) as made:
            yield made
        return
    with writing(project, by=by, words=words) as made:
        yield made


def _present(entry: Entry) -> Any:
    """The row as it is now. Raises `DirectoryRefused`."""
    related = ("territory", "user") if isinstance(entry, Person) else ("territory",)
    present = type(entry)._default_manager.select_related(*related).filter(pk=entry.pk).first()
    if present is None:
        raise DirectoryRefused("L’une des deux fiches a été retirée de l’annuaire entre-temps.")
    return present


def _carry_over(move: Move, kept: Entry) -> None:
    rows = move.model._default_manager
    if move.spared:
        rows.filter(pk__in=[row.pk for row in move.spared]).delete()
    if move.moved:
        rows.filter(pk__in=[row.pk for row in move.moved]).update(**{move.column: kept})


def _lead_directory(made: Gesture, kept: Entry, gone: Entry) -> None:
    """People of the organisation that goes, organisations written to the person who goes."""
    for model, column in columns_to(type(gone)):
        if not is_own(model):
            continue
        rows = model._default_manager.filter(**{column.name: gone})
        for row in rows:
            before, after = {column.name: gone.pk}, {column.name: kept.pk}
            made.note(row, subject=subject_of(cast("Entry", row)), before=before, after=after)
        rows.update(**{column.name: kept})


def _take_from(kept: Entry, gone: Entry, names: Sequence[str]) -> None:
    """Give the entry that stays these columns of the other, its account, and what both say."""
    allowed = set(fields_to_choose(kept, gone))
    for name in allowed.intersection(names):
        for each in (name, *TOGETHER.get(name, ())):
            column = cast("Any", kept._meta.get_field(each)).attname
            setattr(kept, column, getattr(gone, column))
    if isinstance(kept, Person) and isinstance(gone, Person) and kept.user_id is None:
        kept.user_id = gone.user_id
    for name in TRUE_OF_BOTH:
        if hasattr(kept, name):
            setattr(kept, name, getattr(kept, name) or getattr(gone, name))
