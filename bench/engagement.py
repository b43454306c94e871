"""Two hundred letters of engagement in one order, followed as its page does, by a real worker."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

from accounts.models import User
from bench.booklet import worker
from bench.figures import TARGETS, Figure, milliseconds
from documents.kinds import kind_of
from documents.models import Document
from documents.services import order_document
from governance.models import EngagementRound, Organisation
from governance.services.engagement import add_letters, make_round
from governance.summaries.engagement import proposed_words
from tests.factories import ProjectFactory

LETTERS = 200
PATIENCE = 600


def engagement(lead: User) -> Iterator[Figure]:
    """The whole archive, what its worker held, then the same order again."""
    batch = a_large_round(lead)
    with worker() as process:
        document, seen, seconds = printed(batch, lead)
        memory = peak_of(process.pid)
        again = milliseconds(lambda: order(batch, lead))
    assert document.is_ready, document.failure
    assert document.parts_done == LETTERS
    # Progress is really told: not nothing, then everything.
    assert len(seen) > LETTERS / 20, seen
    target = TARGETS["engagement"]
    yield Figure(f"{LETTERS} letters of engagement, one order", seconds, target["seconds"], "s")
    yield Figure("… unchanged, ordered again", again, target["again"], "ms")
    yield Figure("… memory of the worker, at most", memory, target["memory"], "MB")


def a_large_round(lead: User) -> EngagementRound:
    """A batch for two hundred organisations, each with its address."""
    project = ProjectFactory.create(territory__code="engage", territory__name="Deux cents")
    words = proposed_words(project, on=project.territory.today())
    batch = make_round(project=project, words=words, by=lead)
    organisations = Organisation.objects.bulk_create(
        Organisation(
            territory=project.territory,
            name=f"Établissement partenaire de l’Aubrac et des Causses n° {number}",
            address="12 rue de la République",
            postcode="12000",
            town="Rodez",
        )
        for number in range(1, LETTERS + 1)
    )
    add_letters(batch=batch, organisations=organisations, by=lead)
    return batch


def order(batch: EngagementRound, lead: User) -> Document:
    """What the button does."""
    return order_document(
        kind=kind_of("lettres-engagement"),
        project=batch.project,
        parameters={"envoi": str(batch.number)},
        by=lead,
    )


def printed(batch: EngagementRound, lead: User) -> tuple[Document, set[int], float]:
    """The order once settled, the counts that its page showed, and how long it took."""
    started = time.monotonic()
    document = order(batch, lead)
    seen = set()
    while not document.is_settled and time.monotonic() < started + PATIENCE:
        time.sleep(0.2)
        document.refresh_from_db()
        seen.add(document.parts_done)
    return document, seen, time.monotonic() - started


def peak_of(pid: int) -> float:
    """The most that a process held, in megabytes."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024
