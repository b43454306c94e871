"""Who may order and download papers."""

from accounts.models import User
from documents.kinds import Kind, PaperRefused, kind_of
from documents.models import Document
from territories.models import Project


def can_order_paper(user: User, project: Project, kind: Kind) -> bool:
    """Qui peut lire une chose peut en imprimer les documents ; la nature dit ce qu’elle lit."""
    return kind.may_order(user, project)


def can_retry_document(user: User, document: Document) -> bool:
    """Qui peut imprimer un document peut le relancer ; une nature disparue ne se relance pas."""
    try:
        kind = kind_of(document.kind)
    except PaperRefused:
        return False
    return can_order_paper(user, document.project, kind)
