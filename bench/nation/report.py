"""The report of one base: its screens, its papers, many hands at once; any part may be left."""

import itertools
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from statistics import median, quantiles

from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from bench.figures import TARGETS, Figure
from bench.nation.country import FIRST, Country, make_country
from bench.nation.papers import papers
from bench.nation.screens import EVERYWHERE, SCREENS, Address, sheet_of
from bench.nation.serving import Served, Visitor, served, times
from bench.nation.together import together
from bench.nation.watching import watched, worked
from bench.pages import queries_of, signed_in
from roadmap.models import Objective

CLIENTS, ROUNDS = 8, 15


def screens(country: Country, site: Served) -> Iterator[Figure]:
    """A line a screen, then its verdict; a cell saved; what gunicorn holds after all that.

    « work » is the time of the processors for one page, the base's own aside: it is what the page
    costs when the machine does something else too.
    """
    print(
        f"{'ms':<24}{'queries':>8}{'kB':>7}{'work':>7}"
        f"{'1 client':>10}{'p95':>7}{'8 clients':>11}{'p95':>7}"
    )
    with watched(site.master) as web:
        for user, addresses in ((country.lead, SCREENS), (country.reader, EVERYWHERE)):
            yield from pages(country, site, user, addresses)
        saved = cells(Visitor(site, country.lead), country, rounds=ROUNDS)
    target = TARGETS["nation"]
    yield Figure("one cell saved", median(saved), target["one cell saved"], "ms")
    yield Figure("gunicorn and two workers", web.total, target["papers"]["web"], "MB (PSS)")


def pages(
    country: Country, site: Served, user: User, addresses: Mapping[str, Address]
) -> Iterator[Figure]:
    visitors = [Visitor(site, user) for _ in range(CLIENTS)]
    targets = TARGETS["nation"]
    for name, address_of in addresses.items():
        address = address_of(country)
        queries = queries_of(signed_in(user), address)
        times(visitors, address, rounds=2)
        _, page = visitors[0].ask(address)
        before = worked(site.master)
        alone = times(visitors[:1], address, rounds=ROUNDS)
        work = (worked(site.master) - before) * 1000 / ROUNDS
        crowd = times(visitors, address, rounds=ROUNDS)
        print(
            f"{name:<24}{queries:>8}{len(page) / 1000:>7.0f}{work:>7.0f}"
            f"{median(alone):>10.0f}{p95(alone):>7.0f}{median(crowd):>11.0f}{p95(crowd):>7.0f}",
            flush=True,
        )
        if queries > targets["queries"]:
            yield Figure(f"  {name}", queries, targets["queries"], "queries")
        if name in targets:
            yield Figure(f"  {name}, one client", median(alone), targets[name], "ms")


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


PARTS: Mapping[str, Callable[[Country, Served], Iterator[Figure]]] = {
    "screens": screens,
    "papers": papers,
    "together": together,
}


def report(wanted: list[str]) -> int:
    """Write the country, serve it, measure these parts; 1 when a target is missed."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    started = time.perf_counter()
    country = make_country()
    print(f"country written in {time.perf_counter() - started:.0f} s")
    are_held = []
    for name in wanted:
        print(f"\n--- {name}, load average {os.getloadavg()[0]:.1f} ---", flush=True)
        with served() as site:
            for figure in PARTS[name](country, site):
                print(figure, flush=True)
                are_held.append(figure.is_held)
    print(f"load average {os.getloadavg()[0]:.1f}")
    return 0 if all(are_held) else 1


if __name__ == "__main__":
    sys.exit(report(sys.argv[1:] or list(PARTS)))
