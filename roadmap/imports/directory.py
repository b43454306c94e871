"""The organisations and people that a prepared roadmap names."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from governance.models import Organisation, Person
from territories.models import Territory


@dataclass(frozen=True)
class OrganisationDraft:
    """A structure of the directory."""

    name: str
    category: str
    short_name: str = ""


@dataclass(frozen=True)
class PersonDraft:
    """Somebody of the directory; `organisation` is a name."""

    first_name: str
    last_name: str
    organisation: str = ""
    function: str = ""
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class DirectoryDraft:
    """The part of a territory's directory that a file describes."""

    organisations: tuple[OrganisationDraft, ...] = ()
    people: tuple[PersonDraft, ...] = ()


@transaction.atomic
def write_directory(*, territory: Territory, directory: DirectoryDraft) -> None:
    """Add to the directory what it lacks; what it holds stays as it is.

    A person is tied to the account of the same address, when there is one.
    """
    for organisation in directory.organisations:
        Organisation.objects.get_or_create(
            territory=territory,
            name=organisation.name,
            defaults={"short_name": organisation.short_name, "category": organisation.category},
        )
    known = {row.name: row for row in Organisation.objects.filter(territory=territory)}
    for person in directory.people:
        Person.objects.get_or_create(
            territory=territory,
            first_name=person.first_name,
            last_name=person.last_name,
            defaults={
                "organisation": known.get(person.organisation),
                "function": person.function,
                "email": person.email,
                "telephone": person.telephone,
                "user": User.objects.filter(email=person.email).first() if person.email else None,
            },
        )
