"""One factory a model: the least that is valid; situations are said by the test that needs them."""

import datetime as dt
from contextlib import AbstractContextManager
from typing import TypeVar

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from core.quarters import Quarter
from governance.models import Organisation, Person
from journal.enums import Source
from journal.recording import Gesture, gesture
from journal.tracing import TracedModel
from roadmap.enums import ObjectiveKind, RoleKind
from roadmap.models import (
    Action,
    ActionIndicator,
    ActionRole,
    Axis,
    ColumnMapping,
    FundingLine,
    Objective,
    PlannedQuarter,
    Priority,
)
from territories.enums import Role, Scope, Stage
from territories.models import Membership, Project, Region, Territory

Row = TypeVar("Row", bound=TracedModel)
PASSWORD = "correct cheval pile agrafe"


def unsigned() -> AbstractContextManager[Gesture]:
    """What a test writes to set the scene: a gesture of nobody's."""
    return gesture(by=None, source=Source.COMMAND, words="a préparé la scène")


class TracedFactory(DjangoModelFactory[Row]):
    """Makes rows that the journal traces."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Row], *args: object, **fields: object) -> Row:
        with unsigned():
            row: Row = super()._create(model_class, *args, **fields)
        return row


class UserFactory(DjangoModelFactory[User]):
    """An open account with `PASSWORD`, belonging nowhere."""

    email = factory.Sequence(lambda n: f"personne{n}@exemple.fr")
    first_name = "Camille"
    last_name = "Durand"

    class Meta:
        model = User
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model_class: type[User], *args: object, **fields: object) -> User:  # noqa: ARG003
        password = str(fields.pop("password", PASSWORD))
        return model_class.objects.create_user(password=password, **fields)  # type: ignore[arg-type]


class RegionFactory(DjangoModelFactory[Region]):
    """A région that the official list does not know."""

    code = factory.Sequence(lambda n: f"r{n}")
    name = factory.Sequence(lambda n: f"Région {n}")
    ars_name = factory.Sequence(lambda n: f"ARS {n}")

    class Meta:
        model = Region


class TerritoryFactory(DjangoModelFactory[Territory]):
    """A territory alone in its région."""

    code = factory.Sequence(lambda n: f"t{n}")
    name = factory.Sequence(lambda n: f"Territoire {n}")
    region = factory.SubFactory(RegionFactory)

    class Meta:
        model = Territory


class ProjectFactory(TracedFactory[Project]):
    """A running PTSM 2024-2029 with a planning window of two years, 2026 and 2027."""

    territory = factory.SubFactory(TerritoryFactory)
    title = "Projet territorial de santé mentale"
    stage = Stage.RUNNING
    starts_on = dt.date(2024, 3, 1)
    ends_on = dt.date(2029, 2, 28)
    planning_first = Quarter.of(2026, 1).index
    planning_last = Quarter.of(2027, 4).index

    class Meta:
        model = Project


class MembershipFactory(DjangoModelFactory[Membership]):
    """A plain member of a territory."""

    user = factory.SubFactory(UserFactory)
    scope = Scope.TERRITORY
    territory = factory.SubFactory(TerritoryFactory)
    role = Role.MEMBER

    class Meta:
        model = Membership


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """A structure of the directory."""

    territory = factory.SubFactory(TerritoryFactory)
    name = factory.Sequence(lambda n: f"Structure {n}")

    class Meta:
        model = Organisation


class PersonFactory(DjangoModelFactory[Person]):
    """Somebody of the directory, without an account."""

    territory = factory.SubFactory(TerritoryFactory)
    last_name = factory.Sequence(lambda n: f"Martin{n}")

    class Meta:
        model = Person


class AxisFactory(TracedFactory[Axis]):
    """A local axis."""

    project = factory.SubFactory(ProjectFactory)
    title = factory.Sequence(lambda n: f"Axe {n}")
    position = factory.Sequence(lambda n: n)

    class Meta:
        model = Axis


class ColumnMappingFactory(TracedFactory[ColumnMapping]):
    """What the columns of `foreign_books.shifted_column` are, one of them corrected."""

    project = factory.SubFactory(ProjectFactory)
    file_name = "suivi.xlsx"
    titles = factory.LazyFunction(lambda: {"B": "N°", "C": "Action", "D": "Pilote", "E": "Statut"})
    told = factory.LazyFunction(
        lambda: {"header": [1], "columns": {"B": "number", "C": "title", "D": "partner"}}
    )

    class Meta:
        model = ColumnMapping


class ActionFactory(TracedFactory[Action]):
    """A sheet of the first priority, not started, with nothing on it."""

    project = factory.SubFactory(ProjectFactory)
    # Above those that tests choose, whichever ran before.
    number = factory.Sequence(lambda n: 500 + n % 400)
    title = factory.Sequence(lambda n: f"Action {n}")
    priority = factory.LazyFunction(lambda: Priority.objects.get(number=1))

    class Meta:
        model = Action


class ObjectiveFactory(TracedFactory[Objective]):
    """An objective to do, printed in both parts."""

    action = factory.SubFactory(ActionFactory)
    position = factory.Sequence(lambda n: n)
    title = factory.Sequence(lambda n: f"Objectif {n}")

    class Meta:
        model = Objective


class ProjectGroupFactory(ObjectiveFactory):
    """A « Projet N » row."""

    kind = ObjectiveKind.PROJECT
    label = factory.Sequence(lambda n: f"Projet {n}")


class PlannedQuarterFactory(TracedFactory[PlannedQuarter]):
    """A cell planned in the fourth quarter of 2026."""

    objective = factory.SubFactory(ObjectiveFactory)
    quarter = Quarter.of(2026, 4).index

    class Meta:
        model = PlannedQuarter


class ActionRoleFactory(TracedFactory[ActionRole]):
    """A pilot known by a text only."""

    action = factory.SubFactory(ActionFactory)
    kind = RoleKind.PILOT
    label = "à déterminer par les pilotes"

    class Meta:
        model = ActionRole


class FundingLineFactory(TracedFactory[FundingLine]):
    """Money considered, of unknown amount."""

    action = factory.SubFactory(ActionFactory)
    label = "ARS"

    class Meta:
        model = FundingLine


class ActionIndicatorFactory(TracedFactory[ActionIndicator]):
    """An indicator with neither value nor target."""

    action = factory.SubFactory(ActionFactory)
    label = "Nombre de rencontres"

    class Meta:
        model = ActionIndicator
