"""The whole country opens its review the same morning: 104 campaigns, three thousand pilots.

The letters go through a real mail server on this machine, which takes everything.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from bench.figures import TARGETS, Figure, milliseconds
from core import delivery
from core.enums import MailState
from core.models import Mail
from core.quarters import Quarter
from governance.models import Person
from reviews.models import Campaign, Letter
from reviews.services.opening import open_due, schedule_opening
from reviews.services.preparing import make_campaign
from reviews.tasks import tick
from roadmap.enums import RoleKind
from roadmap.models import Action, ActionRole, Objective
from territories.models import Project
from tests.core.post_office import PostOffice
from tests.factories import ProjectFactory, UserFactory, unsigned

CAMPAIGNS = 104
PILOTS = 29
SHEETS = 40
OBJECTIVES = 4
QUARTER = Quarter.of(2026, 4)
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
RESET_PEAK = "5"


def reviews() -> Iterator[Figure]:
    """Opening all of them, handing over every mail, and a tick of the clock when all is quiet."""
    leave_at = planned(UserFactory.create())
    target = TARGETS["reviews"]
    before = resident()
    opening = milliseconds(lambda: open_due(at=leave_at))
    memory = peak() - before
    letters = Letter.objects.count()
    assert letters == CAMPAIGNS * PILOTS, letters
    delivering = milliseconds(deliver_everything)
    quiet = milliseconds(tick)
    yield Figure(f"{CAMPAIGNS} campaigns opened at once", opening, target["opened"], "ms")
    yield Figure("… memory taken meanwhile", memory, target["memory"], "MB")
    yield Figure(f"{letters} mails handed to a server", delivering, target["delivered"], "ms")
    yield Figure("one tick, nothing due", quiet, target["tick"], "ms")


def planned(lead: User) -> dt.datetime:
    """Every campaign, its opening asked for; gives when the last letters leave."""
    leave_at = timezone.now()
    for rank in range(CAMPAIGNS):
        project = ProjectFactory.create(territory__code=f"b{rank}", territory__name=f"Pays {rank}")
        furnish(project)
        today = project.territory.today()
        made = make_campaign(
            project=project,
            quarter=QUARTER,
            opens_on=today,
            due_on=today + dt.timedelta(days=21),
            by=lead,
        )
        asked = schedule_opening(campaign=made.campaign, by=lead)
        leave_at = max(leave_at, asked.letters_leave_at or leave_at)
    return leave_at


def furnish(project: Project) -> None:
    """Sheets with their objectives, and a pilot each; some pilots have several."""
    people = Person.objects.bulk_create(
        Person(
            territory=project.territory,
            first_name="Camille",
            last_name=f"Durand {rank}",
            email=f"pilote{rank}.{project.territory.code}@exemple.fr",
        )
        for rank in range(PILOTS)
    )
    with unsigned():
        sheets = Action.objects.bulk_create(
            Action(project=project, number=number, title=f"Une action du projet, {number}")
            for number in range(1, SHEETS + 1)
        )
        Objective.objects.bulk_create(
            Objective(action=sheet, position=rank, title=f"Objectif opérationnel {rank}")
            for sheet in sheets
            for rank in range(1, OBJECTIVES + 1)
        )
        ActionRole.objects.bulk_create(
            ActionRole(action=sheet, kind=RoleKind.PILOT, person=people[rank % PILOTS])
            for rank, sheet in enumerate(sheets)
        )


def deliver_everything() -> None:
    """What the workers do of the mails, one after the other, to a server of this machine."""
    office = PostOffice()
    office.open()
    usual = settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    try:
        for mail in Mail.objects.waiting().values_list("pk", flat=True):
            delivery.deliver(mail)
    finally:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = usual
        office.close()
    sent = Mail.objects.filter(state=MailState.SENT, review_letter__isnull=False).count()
    assert sent == len(office.received) == Letter.objects.count()
    assert Campaign.objects.running().count() >= CAMPAIGNS


def resident() -> float:
    """What this process holds now, in megabytes; its peak is counted again from there."""
    CLEAR.write_text(RESET_PEAK)
    return _megabytes("VmRSS")


def peak() -> float:
    """The most that it held since, in megabytes."""
    return _megabytes("VmHWM")


def _megabytes(name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", STATUS.read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024
