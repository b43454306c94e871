"""A project under review: two pilots, three sheets, one of them piloted by both."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from core.quarters import Quarter
from governance.models import Person
from reviews.models import Campaign, Update
from reviews.services.opening import open_due, schedule_opening
from reviews.services.preparing import make_campaign
from roadmap.enums import ObjectiveState, RoleKind, Status
from roadmap.models import Action, Objective
from territories.enums import Role
from territories.models import Project
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    MembershipFactory,
    ObjectiveFactory,
    PersonFactory,
    PlannedQuarterFactory,
    ProjectFactory,
    UserFactory,
)

QUARTER = Quarter.of(2026, 4)


@dataclass(frozen=True)
class Scene:
    """Who answers to whom, about what."""

    project: Project
    lead: User
    maya: Person
    noe: Person
    # Maya's alone, Maya's and Noé's, nobody's (« à déterminer »), and one that is done.
    hers: Action
    theirs: Action
    orphan: Action
    ended: Action
    objective: Objective

    def update_of(self, action: Action) -> Update:
        """The answer expected about a sheet in the latest campaign."""
        found = Update.objects.with_place().filter(action=action)
        return found.order_by("-campaign__quarter", "-campaign__edition")[:1].get()


def set_scene() -> Scene:
    """Put everybody in their place."""
    project = ProjectFactory.create(territory__name="Aubrac")
    territory = project.territory
    lead = UserFactory.create(email="agnes.aubrac@exemple.fr", first_name="Agnès")
    MembershipFactory.create(user=lead, territory=territory, role=Role.TERRITORY_LEAD)
    maya = PersonFactory.create(
        territory=territory, first_name="Maya", last_name="Legrand", email="maya@exemple.fr"
    )
    noe = PersonFactory.create(
        territory=territory, first_name="Noé", last_name="Petit", email="noe@exemple.fr"
    )
    hers, theirs, orphan, ended = (
        ActionFactory.create(project=project, number=number, title=title, status=status)
        for number, title, status in (
            (1, "Maison des adolescents", Status.RUNNING),
            (2, "Équipes mobiles", Status.NOT_STARTED),
            (3, "Logement accompagné", Status.RUNNING),
            (4, "Annuaire des ressources", Status.DONE),
        )
    )
    for action, person in ((hers, maya), (theirs, maya), (theirs, noe)):
        ActionRoleFactory.create(action=action, kind=RoleKind.PILOT, person=person, label="")
    ActionRoleFactory.create(action=orphan, kind=RoleKind.PILOT, label="à déterminer")
    objective = ObjectiveFactory.create(action=hers, label="1)", title="Ouvrir un lieu")
    PlannedQuarterFactory.create(objective=objective, quarter=QUARTER.index)
    ObjectiveFactory.create(action=hers, title="Abandonné", state=ObjectiveState.DROPPED)
    return Scene(project, lead, maya, noe, hers, theirs, orphan, ended, objective)


def draft_of(scene: Scene, *, quarter: Quarter = QUARTER, due_in: int = 21) -> Campaign:
    """A campaign being prepared, due in so many days."""
    today = scene.project.territory.today()
    return make_campaign(
        project=scene.project,
        quarter=quarter,
        opens_on=today,
        due_on=today + dt.timedelta(days=due_in),
        by=scene.lead,
    ).campaign


def opened(scene: Scene, *, quarter: Quarter = QUARTER, due_in: int = 21) -> Campaign:
    """A campaign whose letters have left."""
    campaign = draft_of(scene, quarter=quarter, due_in=due_in)
    planned = schedule_opening(campaign=campaign, by=scene.lead).letters_leave_at
    open_due(at=planned)
    return Campaign.objects.with_place().get(pk=campaign.pk)
