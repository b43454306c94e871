"""Who may see and manage the people of a territory."""

from accounts.models import User
from territories.models import Territory


def can_see_members(user: User, territory: Territory) -> bool:
    """Qui travaille sur le territoire, ou sur sa région, voit qui y travaille. Ni l’invité ni le
    lecteur national, qui lisent ce qui est officiel.
    """
    return Territory.objects.worked_on_by(user).filter(pk=territory.pk).exists()


def can_manage_members(user: User, territory: Territory) -> bool:
    """La coordination du territoire et le pilotage de sa région gèrent les comptes."""
    return Territory.objects.led_by(user).filter(pk=territory.pk).exists()
