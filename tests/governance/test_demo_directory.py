"""The fictional territory has a directory in which every screen has something to show."""

import datetime as dt

import pytest

from governance.enums import OrganisationCategory
from governance.imports.demo.directory import load_demo_directory
from governance.models import Organisation, Person
from governance.summaries.duplicates import duplicates_of
from tests.cast import Cast
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 20)


def test_demonstration_furnishes_the_directory_once(cast: Cast) -> None:
    kept = OrganisationFactory.create(
        territory=cast.aubrac, name="Centre hospitalier du Val-Clair", town="Ailleurs"
    )
    assert load_demo_directory(cast.aubrac, on=DAY)
    organisations = Organisation.objects.of(cast.aubrac)
    assert {one.category for one in organisations} == set(OrganisationCategory)
    assert organisations.count() >= 25
    assert Person.objects.of(cast.aubrac).count() >= 30
    assert duplicates_of(cast.aubrac, Organisation).count
    assert [str(one) for one in organisations if one.awaits_decision]
    assert organisations.exclude(closed_on=None).exists()
    # What somebody wrote stays; what was blank is filled.
    kept.refresh_from_db()
    assert kept.town == "Ailleurs"
    assert kept.charter_signed_on is not None
    assert kept.charter_signed_on < DAY
    Person.objects.all().delete()
    assert not load_demo_directory(cast.aubrac, on=DAY)
    assert not Person.objects.exists()
