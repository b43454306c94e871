"""Who may order and download papers."""

from accounts.models import User
from documents.kinds import Kind, PaperRefused, kind_of
from documents.models import PLACES, Document
from territories.models import Project, Territory


def can_order_paper(user: User, project: Project, kind: Kind) -> bool:
    """Qui peut lire une chose peut en imprimer les documents ; la nature dit ce qu’elle lit."""
    return kind.may_order(user, project)


def can_retry_document(user: User, document: Document) -> bool:
    """Qui lit un document et peut l’imprimer peut le relancer ; une nature disparue ne se relance
    pas.
    """
    if not Document.objects.visible_to(user).filter(pk=document.pk).exists():
        return False
    try:
        kind = kind_of(document.kind)
    except PaperRefused:
        return False
    return can_order_paper(user, document.project, kind)


def can_read_document(user: User, document: Document) -> bool:
    """Qui lit le projet lit ses documents\u00a0; un document demandé pour soi ne se lit que par qui
    l’a demandé, tant qu’on lit chacun des territoires qu’il réunit. Une ou deux requêtes.
    """
    if not Document.objects.visible_to(user).filter(pk=document.pk).exists():
        return False
    codes = set(document.parameters.get(PLACES, []))
    return Territory.objects.worked_on_by(user).filter(code__in=codes).count() == len(codes)


def can_pin_paper(user: User, project: Project) -> bool:
    """La coordination du territoire et le pilotage de sa région choisissent le livret en vigueur,
    et qui l’ouvre sans compte. Une requête.
    """
    return Territory.objects.led_by(user).filter(pk=project.territory_id).exists()
