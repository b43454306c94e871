"""What somebody lives is said on their own page, to who keeps the directory, and nowhere else."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from governance.enums import LivedExperience
from governance.models import Person
from journal.models import Change
from tests.cast import Cast
from tests.doors import DOORS, Door, Scene, set_scene
from tests.governance.doors import GOVERNANCE_DOORS, with_governance
from tests.house import ROOT
from tests.reviews.doors import REVIEW_DOORS, with_review

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
EVERY_DOOR = DOORS | REVIEW_DOORS | GOVERNANCE_DOORS
# Its word, as a page shows it: nothing else of the application writes it so.
WORD = str(LivedExperience.CARER.label)
# Where it is kept, typed, compared and read. A new line here is a decision.
MAY_NAME_IT = {
    "governance/admin.py",
    "governance/enums.py",
    "governance/forms/people.py",
    "governance/models/directory.py",
    "governance/migrations/0003_directory.py",
    "templates/governance/person_detail.html",
    "governance/data/demo_directory.json",
}
# What the lead reads of it: the page, its form, two entries made one.
KEEPERS_PAGES = {
    "governance:person_detail",
    "governance:person_edit",
    "governance:person_add",
    "governance:duplicate_merge",
}


@pytest.fixture
def scene(cast: Cast, settings: Settings) -> Scene:
    """Everybody of the directory has said something of what they live."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    made = with_governance(with_review(set_scene(cast)))
    Person.objects.update(lived_experience=LivedExperience.CARER)
    return made


def words_of(response: Any) -> str:
    """What an answer says, the parts of a workbook unpacked."""
    contents = b"".join(response.streaming_content) if response.streaming else response.content
    if not contents.startswith(b"PK"):
        return str(contents.decode("utf-8", "replace"))
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        return "\n".join(
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        )


def where_it_is_said(client: Client, scene: Scene, doors: dict[str, Door]) -> set[str]:
    found = set()
    for name, door in doors.items():
        answer = client.get(reverse(name.split()[0], args=door.args(scene)))
        if answer.status_code == 200 and WORD in words_of(answer):
            found.add(name.split()[0])
    return found


@pytest.mark.parametrize("who", ["bruno", "denis", "paul"])
def test_no_page_nor_file_says_it_to_who_does_not_keep_the_directory(
    scene: Scene, sign_in: SignIn, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "django.request")
    assert where_it_is_said(sign_in(scene.people[who]), scene, EVERY_DOOR) == set()


def test_lead_reads_it_where_it_is_kept_and_in_no_file(
    scene: Scene, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "django.request")
    found = where_it_is_said(sign_in(scene.people["agnes"]), scene, EVERY_DOOR)
    assert "governance:person_detail" in found
    assert found <= KEEPERS_PAGES


def test_no_file_of_ours_names_it_but_those_that_must() -> None:
    named = re.compile(r"lived_experience|LivedExperience")
    found = {
        str(path.relative_to(ROOT))
        for folder in (
            "core",
            "accounts",
            "journal",
            "territories",
            "documents",
            "governance",
            "roadmap",
            "reviews",
            "overview",
            "templates",
        )
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".txt", ".json"}
        and named.search(path.read_text(encoding="utf-8"))
    }
    assert found == MAY_NAME_IT


def test_journal_keeps_no_word_of_it(scene: Scene) -> None:
    kept = str(list(Change.objects.values_list("old", "new")))
    assert LivedExperience.CARER not in kept
