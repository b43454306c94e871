"""A directory of 5,000 people: listed, searched, its duplicates found and made one."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from bench.figures import TARGETS, Figure, median, milliseconds
from bench.pages import queries_of, signed_in
from core.text import fold
from governance.models import Organisation, Person
from governance.services.merging import merge
from governance.writing import marks_of
from journal.enums import Source
from journal.recording import gesture
from roadmap.models import Action, ActionRole
from territories.models import Project, Territory

PEOPLE, ORGANISATIONS = 5_000, 600
ROLES_OF_THE_DOUBLE = 20
SYLLABLES = ("ba", "ré", "li", "mo", "du", "chan", "ver", "to", "nel", "gui", "sau", "pé")


def directory(project: Project, lead: User) -> Iterator[Figure]:
    """Every screen that a directory of that size could slow down."""
    territory = project.territory
    kept, gone = large_directory(project)
    client, target = signed_in(lead), TARGETS["directory"]
    code = territory.code
    people = reverse("governance:person_list", args=[code])
    organisations = reverse("governance:organisation_list", args=[code])
    doubles = reverse("governance:duplicate_list", args=[code, "personnes"])
    both = reverse("governance:duplicate_merge", args=[code, "personnes", kept.pk, gone.pk])
    search = urlencode({"mots": "chanverto moba"})
    for name, address in (
        ("directory listed", people),
        ("directory searched", f"{people}?{search}"),
        ("directory, page 40", f"{people}?page=40"),
        ("organisations listed", organisations),
        ("duplicates found", doubles),
        ("merge shown", both),
    ):
        title = f"{name}, 5,000 people"
        usual = median(lambda address=address: client.get(address))  # type: ignore[misc]
        yield Figure(title, usual, target["milliseconds"], "ms")
        yield Figure(title, queries_of(client, address), target["queries"], "queries")
    yield from _merged(kept, gone, lead)


def _merged(kept: Person, gone: Person, lead: User) -> Iterator[Figure]:
    """Two entries made one, of which twenty roles follow."""
    target = TARGETS["directory"]
    with CaptureQueriesContext(connection) as captured:
        spent = milliseconds(
            lambda: merge(
                kept=kept, gone=gone, seen=marks_of(kept, gone), from_gone=["email"], by=lead
            )
        )
        queries = len(captured)
    yield Figure("merge done, 5,000 people", spent, target["milliseconds"], "ms")
    yield Figure("merge done, 5,000 people", queries, target["merged"], "queries")


def large_directory(project: Project) -> tuple[Person, Person]:
    """Fill the directory, and give two entries that look the same, one with roles."""
    territory = project.territory
    organisations = Organisation.objects.bulk_create(
        Organisation(territory=territory, name=f"Structure {_name(rank)}", short_name=f"S {rank}")
        for rank in range(ORGANISATIONS)
    )
    Person.objects.bulk_create(
        [_person(territory, rank, organisations) for rank in range(PEOPLE)], batch_size=500
    )
    kept, gone = (
        Person.objects.create(territory=territory, first_name="Marie", last_name=last)
        for last in ("Roy-Lefort", "Roi Lefort")
    )
    with gesture(by=None, source=Source.COMMAND, words="a préparé la mesure"):
        ActionRole.objects.bulk_create(
            ActionRole(action=action, person=gone, kind="partenaire", position=9)
            for action in Action.objects.of(project).in_order()[:ROLES_OF_THE_DOUBLE]
        )
    rows = Person.objects.select_related("territory", "user", "organisation")
    return rows.get(pk=kept.pk), rows.get(pk=gone.pk)


def _person(territory: Territory, rank: int, organisations: list[Organisation]) -> Person:
    first, last = _name(rank * 7 + 3), _name(rank)
    return Person(
        territory=territory,
        first_name=first,
        last_name=last,
        function="Cadre",
        email=f"{fold(first)}.{rank}@exemple.fr",
        telephone="02 61 91 00 00",
        organisation=organisations[rank % len(organisations)],
    )


def _name(rank: int) -> str:
    """A name of three syllables and more, another for each rank."""
    told = ""
    while rank or len(told) < 6:
        rank, place = divmod(rank, len(SYLLABLES))
        told += SYLLABLES[place]
    return told.capitalize()
