"""The cast: the same persons in every test of a door.

Agnès leads the territory Aubrac; Bruno is a member of it; Gaël is its guest; Chloé leads another
territory and is the stranger; Denis reads nationally; Émile leads Aubrac's région; Personne is
nobody.
"""

from dataclasses import dataclass

from accounts.models import User
from roadmap.models import Action
from territories.enums import Role, Scope
from territories.models import Membership, Project, Territory
from tests.factories import (
    ActionRoleFactory,
    MembershipFactory,
    PersonFactory,
    ProjectFactory,
    TerritoryFactory,
    UserFactory,
)


@dataclass(frozen=True)
class Cast:
    """Who plays, and where."""

    aubrac: Territory
    project: Project
    elsewhere: Project
    agnes: User
    bruno: User
    gael: User
    chloe: User
    denis: User
    emile: User

    def named(self, name: str) -> User | None:
        """The person of a table of doors; nobody for « personne »."""
        return None if name == "personne" else getattr(self, name)


def gather() -> Cast:
    """Put the cast on stage."""
    aubrac = TerritoryFactory.create(code="aubrac", name="Aubrac")
    elsewhere = ProjectFactory.create(territory__name="Ailleurs", title="PTSM d’ailleurs")
    in_aubrac = {"scope": Scope.TERRITORY, "territory": aubrac}

    def person(first_name: str, **membership: object) -> User:
        user = UserFactory.create(email=f"{first_name.lower()}@exemple.fr", first_name=first_name)
        MembershipFactory.create(user=user, **membership)
        return user

    return Cast(
        aubrac=aubrac,
        project=ProjectFactory.create(territory=aubrac, title="PTSM de l’Aubrac"),
        elsewhere=elsewhere,
        agnes=person("Agnes", role=Role.TERRITORY_LEAD, **in_aubrac),
        bruno=person("Bruno", role=Role.MEMBER, **in_aubrac),
        gael=person("Gael", role=Role.GUEST, **in_aubrac),
        chloe=person("Chloe", role=Role.TERRITORY_LEAD, territory=elsewhere.territory),
        denis=person("Denis", role=Role.NATIONAL_READER, scope=Scope.NATIONAL, territory=None),
        emile=person(
            "Emile",
            role=Role.REGIONAL_LEAD,
            scope=Scope.REGION,
            region=aubrac.region,
            territory=None,
        ),
    )


def make_pilot(user: User, *sheets: Action) -> User:
    """A member of their territory who has the role of a pilot, and pilots these in person."""
    for territory in {sheet.project.territory for sheet in sheets}:
        seats = Membership.objects.filter(user=user, territory=territory)
        if not seats.update(role=Role.PILOT):
            MembershipFactory.create(user=user, territory=territory, role=Role.PILOT)
        person = PersonFactory.create(territory=territory, user=user)
        for sheet in sheets:
            if sheet.project.territory == territory:
                ActionRoleFactory.create(action=sheet, person=person, label="")
    return user
