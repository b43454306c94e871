"""A long import, done by a worker: the same as on the page, told as it goes."""

import logging
from collections.abc import Callable
from typing import Protocol

from core.text import NBSP, counted
from documents.models import SentWorkbook
from documents.workbooks import WorkbookRefused, keeping, token_of
from roadmap.imports.workbooks.plan import ImportPlan, ImportRefused, import_workbook
from roadmap.imports.workbooks.report import Choice
from roadmap.permissions import can_lead_roadmap

logger = logging.getLogger(__name__)

NOT_YOURS = "Vous ne composez plus cette feuille de route\u00a0: rien n’a été importé."
BROKEN = (
    "L’import s’est arrêté sur une erreur de l’application\u00a0: rien n’a été importé. "
    "Réessayez\u00a0; si cela recommence, écrivez à la personne qui l’administre."
)


class Write(Protocol):
    """How the file of an order is imported; says when it is read."""

    def __call__(self, sent: SentWorkbook, *, on_read: Callable[[], None]) -> object: ...


def write_order(sent: SentWorkbook, *, on_read: Callable[[], None]) -> None:
    """Import a workbook of ours, by the choices made on its page."""
    import_workbook(
        sent.project,
        by=sent.sent_by,
        name=sent.name,
        contents=bytes(sent.contents),
        choices={code: Choice(choice) for code, choice in sent.choices.items()},
        token=token_of(sent),
        on_read=on_read,
    )


def fulfil(sent: SentWorkbook, *, write: Write = write_order) -> None:
    """Import an order that was claimed, or say why not. Expects the place and the sender.

    Imported twice by two workers, it is one gesture: its token is that of the file.
    """
    if not can_lead_roadmap(sent.sent_by, sent.project):
        keeping.fail_import(sent, NOT_YOURS)
        return
    try:
        write(sent, on_read=lambda: keeping.advance_import(sent, keeping.READ))
    except ImportRefused as refusal:
        keeping.fail_import(sent, _why(refusal.plan))
    except WorkbookRefused as refusal:
        keeping.fail_import(sent, str(refusal))
    except Exception:
        keeping.fail_import(sent, BROKEN)
        logger.exception("The workbook %s could not be imported.", sent.pk)
        raise
    else:
        keeping.advance_import(sent, keeping.DONE)


def _why(plan: ImportPlan) -> str:
    if plan.report.errors:
        errors = counted(len(plan.report.errors), "erreur")
        return f"Le fichier contient {errors}{NBSP}: corrigez-les, puis envoyez-le de nouveau."
    rows = counted(len(plan.report.unsettled), "ligne")
    return f"Il reste à choisir ce qui est gardé de {rows}{NBSP}: l’application a changé."
