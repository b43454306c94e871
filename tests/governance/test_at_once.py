"""Two people who keep one directory, at once."""

from functools import partial
from typing import Any

import pytest
from django.db import connection

from governance.models import Person
from governance.services.merging import merge
from governance.services.people import (
    add_person,
    correct_person,
    say_gone,
)
from governance.writing import DirectoryRefused, mark_of, marks_of
from roadmap.enums import RoleKind
from roadmap.models import ActionRole
from roadmap.services.gestures import writing_sheet
from tests.cast import Cast
from tests.factories import ActionFactory, MembershipFactory, PersonFactory
from tests.roadmap.test_at_once import at_once

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory locks whole tables"),
    pytest.mark.django_db(transaction=True),
]


def again(person: Person) -> Person:
    """The row as one more page loads it."""
    return Person.objects.select_related("territory").get(pk=person.pk)


def outcomes_of(cast: Cast, *acts: Any) -> list[str]:
    return sorted(type(one).__name__ for one in at_once(cast.aubrac, *acts))


def test_one_account_is_tied_once(cast: Cast) -> None:
    people = [again(PersonFactory.create(territory=cast.aubrac)) for _ in range(2)]
    marks = [mark_of(person) for person in people]
    for person in people:
        person.user = cast.bruno
    acts = [
        partial(correct_person, person=person, seen=seen, by=cast.agnes)
        for person, seen in zip(people, marks, strict=True)
    ]
    assert outcomes_of(cast, *acts) == ["DirectoryRefused", "NoneType"]
    assert Person.objects.filter(user=cast.bruno).count() == 1


def test_one_name_is_added_once(cast: Cast) -> None:
    acts = [
        partial(add_person, person=Person(territory=cast.aubrac, last_name=name), by=cast.agnes)
        for name in ("Roy", "ROY")
    ]
    assert outcomes_of(cast, *acts) == ["Homonym", "NoneType"]
    assert Person.objects.count() == 1


def test_one_person_is_corrected_by_one(cast: Cast) -> None:
    person = PersonFactory.create(territory=cast.aubrac)
    acts = []
    for name in ("Roy", "Royer"):
        typed = again(person)
        typed.last_name = name
        acts.append(partial(correct_person, person=typed, seen=mark_of(person), by=cast.agnes))
    assert outcomes_of(cast, *acts) == ["DirectoryRefused", "NoneType"]


def test_departure_that_suspends_and_suspension_do_not_wait_for_each_other(cast: Cast) -> None:
    member = MembershipFactory.create(territory=cast.aubrac)
    person = PersonFactory.create(territory=cast.aubrac, user=member.user)
    leave = partial(
        say_gone, person=again(person), on=cast.aubrac.today(), suspends=True, by=cast.agnes
    )
    assert sorted(map(str, at_once(cast.aubrac, leave, leave)))[1] == "True"
    member.refresh_from_db()
    assert member.is_suspended


def test_naming_somebody_does_not_wait_for_their_correction(cast: Cast) -> None:
    """Whoever writes a sheet holds the project, whoever corrects a name will mark it."""
    sheet = ActionFactory.create(project=cast.project)
    person = again(PersonFactory.create(territory=cast.aubrac))
    seen = mark_of(person)
    person.last_name = "Royer"

    def name_pilot() -> None:
        with writing_sheet(sheet, by=cast.agnes, words="a nommé un pilote") as under_way:
            ActionRole.objects.create(
                action=under_way.action, kind=RoleKind.PILOT, person_id=person.pk
            )

    correct = partial(correct_person, person=person, seen=seen, by=cast.agnes)
    assert at_once(cast.project, name_pilot, correct) == [None, None]


def test_two_become_one_once(cast: Cast) -> None:
    kept, gone = (again(PersonFactory.create(territory=cast.aubrac)) for _ in range(2))
    make_one = partial(
        merge, kept=kept, gone=gone, seen=marks_of(kept, gone), from_gone=[], by=cast.agnes
    )
    assert outcomes_of(cast, make_one, make_one) == ["DirectoryRefused", "NoneType"]
    assert Person.objects.get() == kept


def test_who_is_named_meanwhile_is_led_to_who_stays(cast: Cast) -> None:
    sheet = ActionFactory.create(project=cast.project)
    kept, gone = (again(PersonFactory.create(territory=cast.aubrac)) for _ in range(2))
    seen = marks_of(kept, gone)

    def name_pilot() -> None:
        with writing_sheet(sheet, by=cast.agnes, words="a nommé un pilote") as under_way:
            ActionRole.objects.create(
                action=under_way.action, kind=RoleKind.PILOT, person_id=gone.pk
            )

    make_one = partial(merge, kept=kept, gone=gone, seen=seen, from_gone=[], by=cast.agnes)
    named, merged = at_once(cast.project, name_pilot, make_one)
    assert merged is None or isinstance(merged, DirectoryRefused), merged
    # Whoever came first, nobody is led to somebody who is gone.
    for role in ActionRole.objects.select_related("person"):
        assert role.person in {kept, None}, (named, merged)
