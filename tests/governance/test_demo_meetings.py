"""The meetings that the demonstration tells: made once, without a mail that waits."""

import pytest

from core.models import Mail
from governance.enums import MeetingState, Reply
from governance.imports.demo_meetings import load_demo_meetings
from governance.models import AgendaItem, Attendee, Meeting, MeetingLetter
from tests.cast import Cast
from tests.factories import unsigned
from tests.governance.meetings_scene import set_sitting

pytestmark = pytest.mark.django_db


def test_meetings_are_told_once(cast: Cast) -> None:
    sitting = set_sitting(cast.project, cast.agnes)
    with unsigned():
        sitting.meeting.delete()
    today = cast.aubrac.today()
    assert load_demo_meetings(sitting.project, lead=cast.agnes, on=today)
    meetings = Meeting.objects.of(sitting.project)
    states = list(meetings.values_list("state", flat=True))
    assert states.count(MeetingState.CONVENED) == 3
    assert states.count(MeetingState.DRAFT) == 2
    assert AgendaItem.objects.exists()
    assert Attendee.objects.filter(reply=Reply.YES).exists()
    assert not Mail.objects.exists()
    assert not MeetingLetter.objects.exists()
    assert not load_demo_meetings(sitting.project, lead=cast.agnes, on=today)
    assert meetings.count() == len(states)
