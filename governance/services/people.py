"""Keeping the directory: who is in it, with which account, until when.

Sheets print these names: a name that changes marks the projects of the territory as changed.
"""

import contextlib
import datetime as dt
import hashlib
import logging
from collections.abc import Iterator

from django.db import transaction

from accounts.models import User
from core.text import NBSP
from governance.models import Person, PersonQuerySet
from journal.recording import gesture
from territories.models import Project, Territory
from territories.services import suspend_member

logger = logging.getLogger(__name__)


class PersonRefused(Exception):
    """What the directory cannot take, in a French sentence."""


class Homonym(PersonRefused):
    """Somebody of that name is there already: it may be the same person."""


def mark_of(person: Person) -> str:
    """What a form was drawn from: another mark later, somebody else wrote meanwhile. No query."""
    values = [
        str(getattr(person, field.attname))
        for field in Person._meta.concrete_fields
        if field.editable
    ]
    return hashlib.sha256("\n".join(values).encode()).hexdigest()[:16]


@transaction.atomic
def add_person(*, person: Person, by: User, is_other: bool = False) -> None:
    """Add somebody to the directory; raises `PersonRefused`, `Homonym` unless `is_other`."""
    _alone_in(person.territory)
    _refuse_taken_account(person)
    namesake = _namesakes(person).first()
    if namesake is not None and not is_other:
        more = namesake.organisation or namesake.function
        said = f"{namesake} ({more})" if more else str(namesake)
        raise Homonym(
            f"«{NBSP}{said}{NBSP}» figure déjà dans l’annuaire. Si c’est bien une autre personne,"
            " cochez la case ci-dessous et enregistrez de nouveau."
        )
    person.save()
    logger.info("Person %s added by %s", person.pk, by.pk)


def correct_person(*, person: Person, seen: str, by: User) -> None:
    """Keep what was typed of somebody; `seen` is the mark of the row that the form was drawn from.

    Raises `PersonRefused` when somebody else wrote it meanwhile, or when the account is taken.
    """
    with _alone_with(person) as present:
        if mark_of(present) != seen:
            raise PersonRefused(
                "Quelqu’un d’autre a modifié cette personne pendant que vous écriviez : rien n’a"
                " été enregistré. Rouvrez sa page pour voir ce qui a changé."
            )
        _refuse_taken_account(person)
        _save(person, is_renamed=str(present) != str(person), by=by)
    logger.info("Person %s corrected by %s", person.pk, by.pk)


def say_gone(*, person: Person, on: dt.date, suspends: bool, by: User) -> bool:
    """Note that somebody left; on demand, suspend their access too. Gives whether it was.

    Their name stays where it is; they pilot nothing any more. Raises `PersonRefused`, or
    `territories`’ `MembershipRefused`, which keeps nothing.
    """
    with _alone_with(person) as present:
        if present.left_on is not None:
            raise PersonRefused(f"{present} est déjà notée comme partie.")
        if on > present.territory.today():
            raise PersonRefused("Ce départ est à venir : notez-le le jour venu.")
        present.left_on = on
        present.save(update_fields=["left_on"])
        logger.info("Person %s said gone by %s", present.pk, by.pk)
        place = present.territory.place_of(present.user) if suspends else None
        if place is not None:
            suspend_member(membership=place, by=by)
        return place is not None


def say_back(*, person: Person, by: User) -> None:
    """Take somebody who left back into the directory. Raises `PersonRefused`."""
    with _alone_with(person) as present:
        if present.left_on is None:
            raise PersonRefused(f"{present} n’est pas notée comme partie.")
        present.left_on = None
        present.save(update_fields=["left_on"])
    logger.info("Person %s said back by %s", person.pk, by.pk)


@contextlib.contextmanager
def _alone_with(person: Person) -> Iterator[Person]:
    """The row as it is now, which nobody else writes meanwhile. Raises `PersonRefused`."""
    with transaction.atomic():
        _alone_in(person.territory)
        rows = Person.objects.select_related("territory", "user")
        present = rows.filter(pk=person.pk).first()
        if present is None:
            raise PersonRefused("Cette personne a été retirée de l’annuaire entre-temps.")
        yield present


def _alone_in(territory: Territory) -> None:
    """Nobody else writes the directory of that territory, nor its accounts, until it is kept.

    Rows that point at the territory, or at somebody of it, do not wait.
    """
    Territory.objects.select_for_update(no_key=True).get(pk=territory.pk)


def _save(person: Person, *, is_renamed: bool, by: User) -> None:
    if not is_renamed:
        person.save()
        return
    with gesture(by=by, words="a corrigé un nom de l’annuaire") as made:
        for project in Project.objects.of(person.territory):
            made.concerns(project.scope, project.mark_changed, whatever_happens=True)
        person.save()


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
