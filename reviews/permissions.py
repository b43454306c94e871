"""Who may do what in a review."""

from accounts.models import User
from reviews.models import Campaign, Update
from roadmap.permissions import can_lead_roadmap
from territories.models import Project


def can_read_review(user: User, project: Project) -> bool:
    """Qui lit l’état courant de la feuille de route lit ses revues\u00a0; la lecture nationale ne
    lit que le rapport de celles qui sont clôturées. Une requête.
    """
    return Project.objects.visible_to(user).filter(pk=project.pk).exists()


def can_lead_review(user: User, project: Project) -> bool:
    """Qui compose la feuille de route prépare, ouvre, suit et clôture ses revues. Une requête."""
    return can_lead_roadmap(user, project)


def can_answer(user: User, update: Update, *, leads: bool | None = None) -> bool:
    """Qui mène la revue répond pour chacun, et la réponse le dit\u00a0; une personne interrogée
    répond de ses propres fiches, tant qu’elle lit encore le projet. Une ou deux requêtes, une de
    moins si l’on sait déjà qui mène.
    """
    if can_lead_review(user, update.campaign.project) if leads is None else leads:
        return True
    theirs = update.respondents.filter(person__user_id=user.pk, person__left_on=None)
    return theirs.filter(campaign__in=Campaign.objects.followed_by(user)).exists()
