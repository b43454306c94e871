"""The archive of letters survives, with real processes: a worker killed in its middle."""

import io
import time
import zipfile
from pathlib import Path

import pytest

from tests.documents import test_killed_worker
from tests.documents.test_killed_worker import LEASE_SECONDS, House, kill

pytestmark = [pytest.mark.slow, pytest.mark.worker]

house = test_killed_worker.house
LETTERS = 16
ORDER = f"""
import django
django.setup()
from documents.kinds import kind_of
from documents.services import order_document
from governance.services.engagement import add_letters, make_round
from governance.summaries.engagement import proposed_words
from tests.factories import OrganisationFactory, ProjectFactory, UserFactory
project, person = ProjectFactory.create(), UserFactory.create()
batch = make_round(
    project=project, words=proposed_words(project, on=project.territory.today()), by=person
)
partners = [
    OrganisationFactory.create(territory=project.territory, name=f"Structure {{number}}")
    for number in range({LETTERS})
]
add_letters(batch=batch, organisations=partners, by=person)
order_document(
    kind=kind_of("lettres-engagement"), project=project, parameters={{"envoi": "1"}}, by=person
)
"""


def files(house: House) -> dict[str, int]:
    """What is kept, and when it was written."""
    kept = (house.folder / "files").rglob("*")
    return {path.name: path.stat().st_mtime_ns for path in kept if path.is_file()}


def archive(house: House) -> Path:
    (found,) = (house.folder / "files").rglob("*.zip")
    return found


def test_letters_already_printed_are_not_printed_again_once_a_worker_was_killed(
    house: House,
) -> None:
    house.run("-c", ORDER)
    with house.worker() as first:
        house.wait_for_progress(25)
        kill(first)
    done, count = house.read("SELECT parts_done, part_count FROM documents_document")
    assert count == LETTERS
    assert 0 < done < LETTERS
    assert house.state() == "en_cours"
    (known,) = house.read("SELECT count(*) FROM documents_printedfile")
    before = files(house)
    assert done <= known < LETTERS

    with house.worker():
        house.wait_for("pret")
        time.sleep(LEASE_SECONDS)
    after = files(house)
    told = house.read("SELECT parts_done, part_count, progress, attempts FROM documents_document")
    assert told == (LETTERS, LETTERS, 100, 2)
    # One file each and the archive; what the first worker kept was left alone.
    assert len(after) == LETTERS + 1
    again = [name for name, written in before.items() if after.get(name) != written]
    assert len(again) <= len(before) - known
    with zipfile.ZipFile(io.BytesIO(archive(house).read_bytes())) as kept:
        assert len(kept.namelist()) == LETTERS
        assert all(kept.read(name).startswith(b"%PDF") for name in kept.namelist())
