"""Who may read and keep the directory of a territory, and the governance of a project."""

from accounts.models import User
from territories.models import Project, Territory


def can_see_people(user: User, territory: Territory) -> bool:
    """Qui travaille sur le territoire, ou sur sa région, lit l’annuaire, sans les coordonnées.
    Une requête.
    """
    return Territory.objects.worked_on_by(user).filter(pk=territory.pk).exists()


def can_manage_people(user: User, territory: Territory) -> bool:
    """La coordination du territoire et le pilotage de sa région tiennent l’annuaire, et en lisent
    les coordonnées. Une requête.
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
