"""Keeping the people of the directory: who is in it, with which account, until when."""

import contextlib
import datetime as dt
import logging
from collections.abc import Iterator

from accounts.models import User
from core.text import NBSP
from governance.models import Person, PersonQuerySet
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
from territories.services import suspend_member

logger = logging.getLogger(__name__)

PersonRefused = DirectoryRefused


def add_person(*, person: Person, by: User, is_other: bool = False) -> None:
    """Add somebody to the directory; raises `PersonRefused`, `Homonym` unless `is_other`."""
    with keeping(person.territory, by=by, words="a ajouté une personne à l’annuaire") as made:
        _refuse_taken_account(person)
        namesake = _namesakes(person).first()
        if namesake is not None and not is_other:
            more = namesake.organisation or namesake.function
            said = f"{namesake} ({more})" if more else str(namesake)
            raise Homonym(
                f"«{NBSP}{said}{NBSP}» figure déjà dans l’annuaire. Si c’est bien une autre"
                " personne, cochez la case ci-dessous et enregistrez de nouveau."
            )
        keep(made, person, before=None)
    logger.info("Person %s added by %s", person.pk, by.pk)


def correct_person(*, person: Person, seen: str, by: User) -> None:
    """Keep what was typed of somebody; `seen` is the mark of the row that the form was drawn from.

    Raises `PersonRefused` when somebody else wrote it meanwhile, or when the account is taken.
    """
    with _alone_with(person, by=by, words="a corrigé une personne de l’annuaire") as (made, kept):
        if mark_of(kept) != seen:
            raise PersonRefused(
                "Quelqu’un d’autre a modifié cette personne pendant que vous écriviez\u00a0: rien"
                " n’a été enregistré. Rouvrez sa page pour voir ce qui a changé."
            )
        _refuse_taken_account(person)
        if str(kept) != str(person):
            mark_printed(made, person.territory)
        keep(made, person, before=plain_values(kept))
    logger.info("Person %s corrected by %s", person.pk, by.pk)


def say_gone(*, person: Person, on: dt.date, suspends: bool, by: User) -> bool:
    """Note that somebody left; on demand, suspend their access too. Gives whether it was.

    Their name stays where it is; they pilot nothing any more. Raises `PersonRefused`, or
    `territories`’ `MembershipRefused`, which keeps nothing.
    """
    with _alone_with(person, by=by, words="a noté un départ") as (made, present):
        if present.left_on is not None:
            raise PersonRefused(f"{present} est déjà notée comme partie.")
        if on > present.territory.today():
            raise PersonRefused("Ce départ est à venir\u00a0: notez-le le jour venu.")
        before = plain_values(present)
        present.left_on = on
        keep(made, present, before=before)
        logger.info("Person %s said gone by %s", present.pk, by.pk)
        place = present.territory.place_of(present.user) if suspends else None
        if place is not None:
            suspend_member(membership=place, by=by)
        return place is not None


def say_back(*, person: Person, by: User) -> None:
    """Take somebody who left back into the directory. Raises `PersonRefused`."""
    with _alone_with(person, by=by, words="a rétabli une personne de l’annuaire") as (
        made,
        present,
    ):
        if present.left_on is None:
            raise PersonRefused(f"{present} n’est pas notée comme partie.")
        before = plain_values(present)
        present.left_on = None
        keep(made, present, before=before)
    logger.info("Person %s said back by %s", person.pk, by.pk)


def remove_person(*, person: Person, by: User) -> None:
    """Take somebody out of the directory whom nothing names. Raises `PersonRefused`."""
    with _alone_with(person, by=by, words="a retiré une personne de l’annuaire") as (made, present):
        if uses_of(present):
            raise PersonRefused(
                f"{present} est nommée ailleurs dans l’application\u00a0: notez plutôt son départ,"
                " son nom restera où il est."
            )
        take_out(made, present)
    logger.info("Person %s removed by %s", person.pk, by.pk)


@contextlib.contextmanager
def _alone_with(person: Person, *, by: User, words: str) -> Iterator[tuple[Gesture, Person]]:
    """The row as it is now, which nobody else writes meanwhile. Raises `PersonRefused`."""
    with keeping(person.territory, by=by, words=words) as made:
        rows = Person.objects.select_related("territory", "user")
        present = rows.filter(pk=person.pk).first()
        if present is None:
            raise PersonRefused("Cette personne a été retirée de l’annuaire entre-temps.")
        yield made, present


def _namesakes(person: Person) -> PersonQuerySet:
    folded = Person._meta.get_field("folded").pre_save(person, add=True)
    others = Person.objects.of(person.territory).for_list().filter(folded=folded)
    return others.exclude(pk=person.pk)


def _refuse_taken_account(person: Person) -> None:
    if person.user_id is None:
        return
    others = Person.objects.filter(territory=person.territory, user=person.user_id)
    holder = others.exclude(pk=person.pk).first()
    if holder is not None:
        raise PersonRefused(f"Ce compte est déjà celui de {holder} dans l’annuaire.")
