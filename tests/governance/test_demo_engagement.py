"""The demonstration shows letters in every state and both lists, and is made once."""

import datetime as dt

from core.models import Mail
from governance.enums import EngagementState, FollowedList
from governance.imports.demo_engagement import load_demo_engagement
from governance.models import EngagementLetter, FollowedLine
from governance.summaries.followed import followed_summary
from tests.cast import Cast
from tests.factories import OrganisationFactory


def test_letters_are_in_every_state_and_lists_are_under_way(cast: Cast) -> None:
    for number in range(8):
        OrganisationFactory.create(territory=cast.aubrac, name=f"Partenaire {number}")
    today = cast.aubrac.today()
    assert load_demo_engagement(cast.project, lead=cast.agnes, on=today + dt.timedelta(days=3))
    assert set(EngagementLetter.objects.values_list("state", flat=True)) == set(
        EngagementState.values
    )
    for which in FollowedList:
        lines = list(FollowedLine.objects.of(cast.project, which))
        assert followed_summary(lines, shown=lines, on=today).late == 1
    assert not Mail.objects.exists()
    assert not load_demo_engagement(cast.project, lead=cast.agnes, on=today)


def test_directory_without_organisations_gets_lists_alone(cast: Cast) -> None:
    assert load_demo_engagement(cast.project, lead=cast.agnes, on=cast.aubrac.today())
    assert not EngagementLetter.objects.exists()
