"""`make bench`: measures on real data and prints each figure beside its target (`targets.toml`).

The embedded way: SQLite, and a real worker for the booklet. Fails when a target is missed.
"""

import io
import itertools
import sys

from django.core.management import call_command

from bench.board import board
from bench.booklet import booklet
from bench.directory import directory
from bench.engagement import engagement
from bench.pages import pages
from bench.reviews import reviews
from bench.roadmap import large_project
from bench.workbook import workbook
from territories.models import Project


def main() -> int:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_ptsm53", stdout=io.StringIO())
    mayenne = Project.objects.select_related("territory").get(territory__code="53")
    largest, lead = large_project(mayenne)
    print(f"{'':<44}{'measured':>9}{'target':>9}")
    are_held = []
    measures = (
        pages(largest, lead),
        workbook(mayenne),
        board(largest, lead),
        booklet(mayenne, lead),
        engagement(lead),
        reviews(),
        directory(largest, lead),
    )
    for figure in itertools.chain.from_iterable(measures):
        print(figure, flush=True)
        are_held.append(figure.is_held)
    return 0 if all(are_held) else 1


if __name__ == "__main__":
    sys.exit(main())
