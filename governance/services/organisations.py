"""Keeping the organisations of the directory: known, corrected, closed, never lost to papers."""

import contextlib
import datetime as dt
import logging
from collections.abc import Iterator

from accounts.models import User
from core.text import NBSP, fold
from governance.enums import EthicalDecision
from governance.models import Organisation
from governance.summaries.uses import uses_of
from governance.writing import (
    DirectoryRefused,
    Homonym,
    keep,
    keeping,
    mark_of,
    mark_printed,
    take_out,
)
from journal.recording import Gesture
from journal.tracing import plain_values

logger = logging.getLogger(__name__)

MEANWHILE = (
    "Quelqu’un d’autre a modifié cette organisation pendant que vous écriviez\u00a0: rien n’a été"
    " enregistré. Rouvrez sa page pour voir ce qui a changé."
)


def add_organisation(*, organisation: Organisation, by: User, is_other: bool = False) -> None:
    """Add a structure; raises `DirectoryRefused`, `Homonym` unless `is_other`."""
    words = "a ajouté une organisation à l’annuaire"
    with keeping(organisation.territory, by=by, words=words) as made:
        _refuse_same_name(organisation)
        _ask_of_homonyms(organisation, is_other=is_other)
        keep(made, organisation, before=None)
    logger.info("Organisation %s added by %s", organisation.pk, by.pk)


def correct_organisation(*, organisation: Organisation, seen: str, by: User) -> None:
    """Keep what was typed; `seen` is the mark of the row that the form was drawn from.

    Raises `DirectoryRefused` when somebody else wrote it meanwhile, or when the name is taken.
    """
    words = "a corrigé une organisation de l’annuaire"
    with _alone_with(organisation, by=by, words=words) as (made, kept):
        if mark_of(kept) != seen:
            raise DirectoryRefused(MEANWHILE)
        _refuse_same_name(organisation)
        if (kept.name, kept.short_name) != (organisation.name, organisation.short_name):
            mark_printed(made, organisation.territory)
        keep(made, organisation, before=plain_values(kept))
    logger.info("Organisation %s corrected by %s", organisation.pk, by.pk)


def close_organisation(*, organisation: Organisation, on: dt.date, by: User) -> None:
    """Note that a structure is no more: its name stays where it is. Raises `DirectoryRefused`."""
    words = "a noté la fermeture d’une organisation"
    with _alone_with(organisation, by=by, words=words) as (made, present):
        if present.closed_on is not None:
            raise DirectoryRefused(f"{present} est déjà notée comme fermée.")
        if on > present.territory.today():
            raise DirectoryRefused("Cette fermeture est à venir\u00a0: notez-la le jour venu.")
        before = plain_values(present)
        present.closed_on = on
        keep(made, present, before=before)
    logger.info("Organisation %s closed by %s", organisation.pk, by.pk)


def reopen_organisation(*, organisation: Organisation, by: User) -> None:
    """Take a closed structure back. Raises `DirectoryRefused`."""
    words = "a rétabli une organisation de l’annuaire"
    with _alone_with(organisation, by=by, words=words) as (made, present):
        if present.closed_on is None:
            raise DirectoryRefused(f"{present} n’est pas notée comme fermée.")
        before = plain_values(present)
        present.closed_on = None
        keep(made, present, before=before)
    logger.info("Organisation %s reopened by %s", organisation.pk, by.pk)


def remove_organisation(*, organisation: Organisation, by: User) -> None:
    """Take out a structure that nothing names and where nobody is. Raises `DirectoryRefused`."""
    words = "a retiré une organisation de l’annuaire"
    with _alone_with(organisation, by=by, words=words) as (made, present):
        if uses_of(present) or present.people.exists():
            raise DirectoryRefused(
                f"{present} est nommée ailleurs dans l’application, ou a des personnes dans"
                " l’annuaire\u00a0: notez plutôt sa fermeture, son nom restera où il est."
            )
        take_out(made, present)
    logger.info("Organisation %s removed by %s", organisation.pk, by.pk)


def decide_on_ethics(
    *, organisation: Organisation, decision: EthicalDecision, reason: str, seen: str, by: User
) -> None:
    """Keep what the lead decides of an organisation that the ethical frame would exclude.

    Raises `DirectoryRefused` when there is nothing to decide, or when it was written meanwhile.
    """
    words = "a décidé du cadre éthique d’une organisation"
    with _alone_with(organisation, by=by, words=words) as (made, present):
        if mark_of(present) != seen:
            raise DirectoryRefused(MEANWHILE)
        if not present.would_be_excluded:
            raise DirectoryRefused(f"Rien dans le cadre éthique n’exclut {present}.")
        if not reason:
            raise DirectoryRefused("Dites pourquoi\u00a0: le motif est gardé avec la décision.")
        before = plain_values(present)
        present.ethical_decision, present.ethical_reason = decision, reason
        present.ethical_decided_on = present.territory.today()
        present.ethical_decided_by = by.get_full_name() or by.email
        keep(made, present, before=before)
    logger.info("Ethics of organisation %s decided by %s", organisation.pk, by.pk)


@contextlib.contextmanager
def _alone_with(
    organisation: Organisation, *, by: User, words: str
) -> Iterator[tuple[Gesture, Organisation]]:
    """The row as it is now, which nobody else writes meanwhile. Raises `DirectoryRefused`."""
    with keeping(organisation.territory, by=by, words=words) as made:
        rows = Organisation.objects.select_related("territory")
        present = rows.filter(pk=organisation.pk).first()
        if present is None:
            raise DirectoryRefused("Cette organisation a été retirée de l’annuaire entre-temps.")
        yield made, present


def _refuse_same_name(organisation: Organisation) -> None:
    """The base refuses two rows of one name: said before, in a sentence."""
    same = Organisation.objects.filter(territory=organisation.territory, name=organisation.name)
    if same.exclude(pk=organisation.pk).exists():
        raise DirectoryRefused(
            f"«{NBSP}{organisation.name}{NBSP}» figure déjà dans l’annuaire\u00a0: ouvrez sa page,"
            " ou donnez à celle-ci un nom plus précis."
        )


def _ask_of_homonyms(organisation: Organisation, *, is_other: bool) -> None:
    """One of the same name but for accents and capitals, or that is usually called so."""
    if is_other:
        return
    mine = {fold(organisation.name), fold(organisation.short_name)} - {""}
    rows = Organisation.objects.filter(territory=organisation.territory)
    for name, short_name in rows.order_by("pk").values_list("name", "short_name"):
        if mine & {fold(name), fold(short_name)}:
            raise Homonym(
                f"«{NBSP}{name}{NBSP}» figure déjà dans l’annuaire. Si c’est bien une autre"
                " organisation, cochez la case ci-dessous et enregistrez de nouveau."
            )
