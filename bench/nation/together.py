"""Eight who read and four who write in one roadmap, for a minute: no error, no lost write."""

import itertools
import json
import math
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.urls import reverse

from bench.figures import Figure
from bench.nation.country import FIRST, QUARTERS, Country
from bench.nation.serving import Served, Visitor
from journal.models import ChangeSet
from roadmap.models import Objective, PlannedQuarter

READERS, WRITERS, SECONDS = 8, 4, 60
Cell = tuple[int, int]


@dataclass
class Told:
    """What the site answered, for whoever compares it with the base afterwards."""

    pages: int = 0
    errors: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    # The last state accepted for each cell; each writer has rows of their own.
    cells: dict[Cell, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fail(self, what: str) -> None:
        with self.lock:
            self.errors.append(what)


def together(country: Country, site: Served, *, seconds: int = SECONDS) -> Iterator[Figure]:
    """All of them on one project, which every write locks: the worst case."""
    told, until = Told(), time.monotonic() + seconds
    rows = list(
        Objective.objects.filter(action__project=country.usual).order_by("pk").values_list("pk")
    )
    shares = [[key for (key,) in rows[rank::WRITERS]] for rank in range(WRITERS)]
    acts: list[Callable[[], None]] = [
        *(reading(Visitor(site, country.lead), country, told, until) for _ in range(READERS)),
        *(writing(Visitor(site, country.lead), country, share, told, until) for share in shares),
    ]
    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(act) for act in acts]:
            done.result()
    for error in told.errors[:5]:
        print(f"    {error}")
    yield Figure(f"pages read by {READERS} in {seconds} s", told.pages, math.inf, "pages")
    yield Figure(f"writes accepted from {WRITERS}", len(told.tokens), math.inf, "writes")
    yield Figure("  errors", len(told.errors), 0, "")
    yield Figure("  accepted and not in the base", len(lost(told)), 0, "cells")
    yield Figure("  accepted and not in the journal", len(untold(country, told)), 0, "gestures")


def reading(visitor: Visitor, country: Country, told: Told, until: float) -> Callable[[], None]:
    """The list, the grid, a page of every sheet, by turns."""
    addresses = itertools.cycle(
        [
            reverse("roadmap:action_list", args=[country.usual.pk]),
            reverse("roadmap:planning", args=[country.usual.pk]),
            reverse("overview:sheet_list"),
        ]
    )

    def read() -> None:
        while time.monotonic() < until:
            try:
                visitor.ask(next(addresses))
            except (RuntimeError, OSError) as failure:
                told.fail(f"read: {failure}")
            with told.lock:
                told.pages += 1

    return read


def writing(
    visitor: Visitor, country: Country, rows: list[int], told: Told, until: float
) -> Callable[[], None]:
    """One cell after the other, among rows of their own, as the grid sends it."""
    address = reverse("roadmap:planning_cells", args=[country.usual.pk])
    chance = random.Random(rows[0])  # noqa: S311 (no secret is drawn)
    kept = states_of(rows)
    window = range(FIRST, FIRST + QUARTERS)
    states = {(row, quarter): kept.get((row, quarter), "") for row in rows for quarter in window}

    def write() -> None:
        while time.monotonic() < until:
            cell = chance.choice(list(states))
            wanted = "" if states[cell] else "prevu"
            token = uuid.uuid4().hex
            sent = {"o": cell[0], "q": cell[1], "was": states[cell], "to": wanted}
            try:
                _, answer = visitor.send(
                    address, {"token": token, "kind": "peindre", "cells": [sent]}
                )
            except (RuntimeError, OSError) as failure:
                told.fail(f"write: {failure}")
                continue
            accepted = json.loads(answer)
            if accepted["conflicts"] or accepted["refused"]:
                told.fail(f"write: {accepted['conflicts']}{accepted['refused']}")
                continue
            states[cell] = wanted
            with told.lock:
                told.tokens.append(token)
                told.cells[cell] = wanted

    return write


def lost(told: Told) -> list[Cell]:
    """Cells whose last accepted state is not that of the base."""
    states = states_of({row for row, _ in told.cells})
    return [cell for cell, state in told.cells.items() if states.get(cell, "") != state]


def states_of(rows: Iterable[int]) -> dict[Cell, str]:
    """The cells of these objectives in the base."""
    kept = PlannedQuarter.objects.filter(objective__in=list(rows))
    found = kept.values_list("objective_id", "quarter", "state")
    return {(row, quarter): state for row, quarter, state in found}


def untold(country: Country, told: Told) -> set[str]:
    """Accepted gestures that the journal does not hold."""
    kept = ChangeSet.objects.of(country.usual.scope).exclude(token="")
    return set(told.tokens) - set(kept.values_list("token", flat=True))
