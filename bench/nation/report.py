"""The report of one base: each screen's queries, size and times, a cell saved, the memory."""

import itertools
import sys
import time
import uuid
from itertools import islice
from statistics import median, quantiles

from django.core.management import call_command
from django.urls import reverse

from bench.figures import TARGETS
from bench.nation.country import FIRST, Country, make_country
from bench.nation.screens import SCREENS, sheet_of
from bench.nation.serving import Visitor, served, times
from bench.pages import queries_of, signed_in
from roadmap.models import Objective

CLIENTS, ROUNDS = 8, 15


def report() -> int:
    """Write the country, serve it, measure; 1 when a target is missed."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    started = time.perf_counter()
    country = make_country()
    print(f"country written in {time.perf_counter() - started:.0f} s")
    print(f"{'':<24}{'queries':>8}{'kB':>7}{'1 client':>10}{'p95':>7}{'8 clients':>11}{'p95':>7}")
    targets, missed = TARGETS["nation"], []
    with served() as site:
        visitors = [Visitor(site, country.lead) for _ in range(CLIENTS)]
        for name, address_of in SCREENS.items():
            address = address_of(country)
            queries = queries_of(signed_in(country.lead), address)
            times(visitors, address, rounds=2)
            _, size = visitors[0].ask(address)
            alone = times(visitors[:1], address, rounds=ROUNDS)
            crowd = times(visitors, address, rounds=ROUNDS)
            is_held = queries <= targets["queries"] and median(alone) <= targets.get(name, 1e9)
            print(
                f"{name:<24}{queries:>8}{size / 1000:>7.0f}{median(alone):>10.0f}{p95(alone):>7.0f}"
                f"{median(crowd):>11.0f}{p95(crowd):>7.0f}{'' if is_held else '  MISSED'}",
                flush=True,
            )
            if not is_held:
                missed.append(name)
        saved = cells(visitors[0], country, rounds=ROUNDS)
        is_held = median(saved) <= targets["one cell saved"]
        print(
            f"{'one cell saved':<39}{median(saved):>10.0f}{p95(saved):>7.0f}"
            f"{'' if is_held else '  MISSED'}"
        )
        missed += [] if is_held else ["one cell saved"]
        print(f"gunicorn and two workers: {site.memory():.0f} MB (PSS)")
    return 1 if missed else 0


def cells(visitor: Visitor, country: Country, *, rounds: int) -> list[float]:
    """One cell set and unset by turns, as the grid sends it."""
    address = reverse("roadmap:planning_cells", args=[country.usual.pk])
    turns = itertools.cycle([("prevu", ""), ("", "prevu")])
    row = Objective.objects.filter(action=sheet_of(country.usual)).order_by("pk")[0]
    wanted = [{"o": row.pk, "q": FIRST, "was": was, "to": to} for was, to in islice(turns, rounds)]
    return [
        visitor.send(address, {"token": uuid.uuid4().hex, "kind": "peindre", "cells": [cell]})[0]
        for cell in wanted
    ]


def p95(durations: list[float]) -> float:
    return quantiles(durations, n=20)[-1]


if __name__ == "__main__":
    sys.exit(report())
