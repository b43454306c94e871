"""Reminders survive, with real processes: two clocks at once, killed in the middle of their work.

On the database of the run: SQLite in a file, or PostgreSQL (`make test` does both).
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.documents.test_killed_worker import base_of_its_own, kill

pytestmark = [pytest.mark.slow, pytest.mark.worker]

PILOTS = 40
PATIENCE = 60
SET_SCENE = """
import datetime as dt, sys, django
django.setup()
import time_machine
from django.utils import timezone
from reviews.services.opening import open_due, schedule_opening
from reviews.services.preparing import make_campaign
from tests.factories import ActionFactory, ActionRoleFactory, PersonFactory
from tests.reviews.scene import QUARTER, set_scene

# Noon there, whatever the hour of the test.
ahead = 12 - timezone.now().hour
scene = set_scene()
territory = scene.project.territory
territory.time_zone = f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
territory.save()
today = territory.today()
for number in range(10, 10 + int(sys.argv[1]) - 2):
    person = PersonFactory.create(territory=territory, email=f"pilote{number}@exemple.fr")
    sheet = ActionFactory.create(project=scene.project, number=number)
    ActionRoleFactory.create(action=sheet, kind="pilote", person=person, label="")
opens_on, due_on = today - dt.timedelta(days=18), today + dt.timedelta(days=3)
with time_machine.travel(timezone.now() - dt.timedelta(days=18)):
    campaign = make_campaign(
        project=scene.project, quarter=QUARTER, opens_on=opens_on, due_on=due_on, by=scene.lead
    ).campaign
    open_due(at=schedule_opening(campaign=campaign, by=scene.lead).letters_leave_at)
"""
TICK = """
import django
django.setup()
from reviews.tasks import tick
while True:
    tick()
"""
ONE_TICK = TICK.partition("while")[0] + "tick()"
LETTERS = "SELECT count(*) FROM reviews_letter WHERE kind = 'relance'"


@dataclass
class Clocks:
    """Processes that tick over one base."""

    environment: dict[str, str]
    connect: Callable[[], Any]

    def run(self, *arguments: str) -> None:
        ran = subprocess.run(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=4 * PATIENCE,
        )
        assert ran.returncode == 0, ran.stderr[-3000:]

    def start(self) -> subprocess.Popen[bytes]:
        """A clock that ticks until it is killed."""
        return subprocess.Popen(
            [sys.executable, "-c", TICK],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def read(self, query: str) -> tuple[Any, ...]:
        with closing(self.connect()) as base:
            found: tuple[Any, ...] = base.execute(query).fetchone()
        return found

    def wait_for(self, letters: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.read(LETTERS)[0] < letters:
            assert time.monotonic() < deadline, "The clocks write to nobody."
            time.sleep(0.01)


@pytest.fixture
def clocks(tmp_path: Path) -> Iterator[Clocks]:
    with base_of_its_own(tmp_path) as (database_url, connect):
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "ptsm.settings",
            "PTSM_MODE": "embedded",
            "PTSM_VAR_DIR": str(tmp_path),
            "SECRET_KEY": "only-for-tests-" + "x" * 50,
            "DATABASE_URL": database_url,
            "REDIS_URL": "",
            "LOG_LEVEL": "ERROR",
            "PYTHONWARNINGS": "ignore",
        }
        made = Clocks(environment, connect)
        made.run("manage.py", "migrate", "--verbosity", "0")
        yield made


def test_two_clocks_killed_in_the_middle_remind_everybody_once(clocks: Clocks) -> None:
    clocks.run("-c", SET_SCENE, str(PILOTS))
    assert clocks.read(LETTERS) == (0,)
    for letters in (5, 15, 25):
        pair = [clocks.start(), clocks.start()]
        try:
            clocks.wait_for(letters)
        finally:
            for process in pair:
                kill(process)
    killed_at = clocks.read(LETTERS)[0]
    assert killed_at < PILOTS
    clocks.run("-c", ONE_TICK)
    clocks.run("-c", ONE_TICK)
    assert clocks.read(LETTERS) == (PILOTS,)
    once = "SELECT count(DISTINCT respondent_id) FROM reviews_letter WHERE kind = 'relance'"
    assert clocks.read(once) == (PILOTS,)
    # No mail was ordered without its letter, nor any link without its mail.
    assert clocks.read("SELECT count(*) FROM core_mail") == (2 * PILOTS,)
    assert clocks.read("SELECT count(*) FROM reviews_respondentlink") == (2 * PILOTS,)
