"""Who may read and keep the directory of a territory."""

from accounts.models import User
from territories.models import Territory


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
