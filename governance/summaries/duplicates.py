"""Entries of a directory that may be the same, told before anybody asks."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from core.text import fold
from governance.models import Organisation, Person
from territories.models import Territory

Entry = Organisation | Person
SHOWN = 50
SAME_NAME, SAME_EMAIL, NEAR_NAME = "même nom", "même adresse électronique", "noms voisins"
# What is heard the same, or typed one way and the other.
LETTERS = str.maketrans({"y": "i", "z": "s", "q": "k", **dict.fromkeys("h '-.,()", "")})
DOUBLED = re.compile(r"(\w)\1+")


class _Known(NamedTuple):
    """What of an entry tells it apart."""

    pk: int
    names: tuple[str, ...]
    email: str


@dataclass(frozen=True)
class Pair:
    """Two entries, and why they look the same."""

    one: Entry
    other: Entry
    reason: str


@dataclass(frozen=True)
class Duplicates:
    """The first pairs, and how many there are."""

    pairs: tuple[Pair, ...]
    count: int


def duplicates_of(territory: Territory, model: type[Entry]) -> Duplicates:
    """Entries of that kind that may be the same: same name, same address, near names.

    Two queries, and memory for one line an entry.
    """
    found = list(_pairs(list(_known(territory, model))))
    shown = found[:SHOWN]
    keys = {key for one, other, _ in shown for key in (one, other)}
    related = ("organisation", "user") if model is Person else ()
    rows: dict[int, Any] = model._default_manager.select_related(*related).in_bulk(keys)
    pairs = tuple(Pair(rows[one], rows[other], reason) for one, other, reason in shown)
    return Duplicates(pairs, len(found))


def _known(territory: Territory, model: type[Entry]) -> Iterator[_Known]:
    if model is Person:
        people = Person.objects.filter(territory=territory).order_by("pk")
        for pk, folded, email in people.values_list("pk", "folded", "email"):
            yield _Known(pk, (folded,), email.lower())
        return
    rows = Organisation.objects.filter(territory=territory).order_by("pk")
    for pk, name, short_name, email in rows.values_list("pk", "name", "short_name", "email"):
        names = (fold(name), fold(short_name)) if short_name else (fold(name),)
        yield _Known(pk, names, email.lower())


def _pairs(entries: Sequence[_Known]) -> Iterator[tuple[int, int, str]]:
    """The surest first; two entries once."""
    names = [(name, entry.pk) for entry in entries for name in entry.names]
    spelled = near_names([name for name, _ in names])
    keyed = (
        (SAME_NAME, names),
        (SAME_EMAIL, [(entry.email, entry.pk) for entry in entries if entry.email]),
        (NEAR_NAME, [(key, pk) for key, (_, pk) in zip(spelled, names, strict=True)]),
    )
    told: set[tuple[int, int]] = set()
    for reason, keys in keyed:
        for one, other in _alike(keys):
            if (one, other) not in told:
                told.add((one, other))
                yield one, other, reason


def _alike(keys: Iterable[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """Of each key, one entry and the next that has it."""
    groups: dict[str, list[int]] = defaultdict(list)
    for key, pk in keys:
        if key and pk not in groups[key][-1:]:
            groups[key].append(pk)
    for members in groups.values():
        yield from pairwise(members)


def near_names(folded: Sequence[str]) -> list[str]:
    """What is left of names once spelling, dashes and order are forgotten; all at once, as one."""
    text = "\n".join(folded).replace("ph", "f").replace("ck", "k").translate(LETTERS)
    return ["".join(sorted(name)) for name in DOUBLED.sub(r"\1", text).split("\n")]
