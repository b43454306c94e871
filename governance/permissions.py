"""Who may read and keep the directory of a territory, and the governance of a project."""

from accounts.models import User
from governance.enums import SeatRole
from governance.models import Decision, Meeting, Seat
from territories.models import Project, Territory

# Who runs a body writes what it said.
MINUTES_ROLES = (SeatRole.CHAIR, SeatRole.COCHAIR, SeatRole.LEAD)


def can_see_people(user: User, territory: Territory) -> bool:
    """Qui travaille sur le territoire, ou sur sa région, lit l’annuaire, sans les coordonnées.
    Une requête.
    """
    return Territory.objects.worked_on_by(user).filter(pk=territory.pk).exists()


def can_manage_people(user: User, territory: Territory) -> bool:
    """La coordination du territoire et le pilotage de sa région tiennent l’annuaire, et en lisent
    les coordonnées et l’expérience vécue. Une requête.
    """
    return Territory.objects.led_by(user).filter(pk=territory.pk).exists()


def can_read_governance(user: User, project: Project) -> bool:
    """Qui lit l’état courant d’un projet en lit les instances, les réunions et les décisions, mais
    pas les comptes rendus en rédaction ni les coordonnées. Une requête.
    """
    return Project.objects.visible_to(user).filter(pk=project.pk).exists()


def can_lead_governance(user: User, project: Project) -> bool:
    """La coordination du territoire et le pilotage de sa région tiennent les instances, les
    réunions, les décisions et les lettres. Une requête.
    """
    return Territory.objects.led_by(user).filter(pk=project.territory_id).exists()


def can_take_minutes(user: User, meeting: Meeting) -> bool:
    """La coordination et le pilotage régional notent les présences et écrivent le compte
    rendu\u00a0; qui préside ou anime l’instance, avec un compte et tant qu’il lit le projet, aussi.
    Au plus trois requêtes.
    """
    project = meeting.body.project
    if can_lead_governance(user, project):
        return True
    today = project.territory.today()
    seats = Seat.objects.filter(body=meeting.body, role__in=MINUTES_ROLES, person__user_id=user.pk)
    return seats.on(today).exists() and can_read_governance(user, project)


def can_read_minutes(user: User, meeting: Meeting) -> bool:
    """Un compte rendu proposé ou validé se lit par qui lit le projet\u00a0; en rédaction, par qui
    peut l’écrire. Au plus trois requêtes.
    """
    if meeting.minutes_are_out:
        return can_read_governance(user, meeting.body.project)
    return can_take_minutes(user, meeting)


def can_follow_decision(user: User, decision: Decision) -> bool:
    """La coordination et le pilotage régional corrigent, closent et rouvrent les décisions. Une
    requête.
    """
    return can_lead_governance(user, decision.project)
