"""Entries of a directory that may be the same, told before anybody asks."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from core.text import fold
from governance.models import Organisation, Person
from territories.models import Territory

Entry = Organisation | Person
# Words, and the entry that has them.
Keys = Sequence[tuple[str, int]]
SHOWN = 50
SAME_NAME, SAME_EMAIL, NEAR_NAME = "même nom", "même adresse électronique", "noms voisins"
# What is heard the same, or typed one way and the other.
LETTERS = str.maketrans({"y": "i", "z": "s", "q": "k", "h": "", **dict.fromkeys("'-.,()", " ")})
DOUBLED = re.compile(r"(\w)\1+")


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
    found = list(_pairs(*_known(territory, model)))
    shown = found[:SHOWN]
    keys = {key for one, other, _ in shown for key in (one, other)}
    related = ("organisation", "user") if model is Person else ()
    rows: dict[int, Any] = model._default_manager.select_related(*related).in_bulk(keys)
    pairs = tuple(Pair(rows[one], rows[other], reason) for one, other, reason in shown)
    return Duplicates(pairs, len(found))


def _known(territory: Territory, model: type[Entry]) -> tuple[Keys, Keys]:
    """The names and the addresses of every entry, each with its key; one query."""
    if model is Person:
        people = Person.objects.filter(territory=territory).order_by("pk")
        rows = list(people.values_list("pk", "folded", "email"))
        names = [(folded, pk) for pk, folded, _ in rows]
        return names, [(email.lower(), pk) for pk, _, email in rows]
    found = Organisation.objects.filter(territory=territory).order_by("pk")
    structures = list(found.values_list("pk", "name", "short_name", "email"))
    called = [(fold(name), pk) for pk, *both, _ in structures for name in both]
    return called, [(email.lower(), pk) for pk, *_, email in structures]


def _pairs(names: Keys, emails: Keys) -> Iterator[tuple[int, int, str]]:
    """The surest first; two entries once."""
    keyed = ((SAME_NAME, names), (SAME_EMAIL, emails), (NEAR_NAME, list(_near(names))))
    told: set[tuple[int, int]] = set()
    for reason, keys in keyed:
        for one, other in _alike(keys):
            if (one, other) not in told:
                told.add((one, other))
                yield one, other, reason


def _alike(keys: Keys) -> Iterator[tuple[int, int]]:
    """Of each key, one entry and the next that has it."""
    groups: dict[str, list[int]] = defaultdict(list)
    for key, pk in keys:
        if key and pk not in groups[key][-1:]:
            groups[key].append(pk)
    for members in groups.values():
        if len(members) > 1:
            yield from pairwise(members)


def _near(names: Keys) -> Iterator[tuple[str, int]]:
    """The same once spelling and dashes are forgotten, or once their order is too."""
    for (_, pk), spelled in zip(names, near_names([name for name, _ in names]), strict=True):
        yield spelled.replace(" ", ""), pk
        words = spelled.split()
        in_order = sorted(words)
        if in_order != words:
            yield "".join(in_order), pk


def near_names(folded: Sequence[str]) -> list[str]:
    """Names without what is spelled one way and the other; all at once, as one text."""
    text = "\n".join(folded).replace("ph", "f").replace("ck", "k").translate(LETTERS)
    return DOUBLED.sub(r"\1", text).split("\n")
