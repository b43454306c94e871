"""The gesture that goes back; as any other, it is told in the history and can be taken back."""

from accounts.models import User
from journal.enums import Source
from journal.reading import already_made, token_for
from journal.recording import Gesture
from journal.undoing import UndoRefused
from roadmap.models import Action
from roadmap.services.history import undo_on_sheets
from roadmap.services.margins import are_on_paper
from roadmap.services.numbering import keep_former_numbers
from roadmap.services.returning.ways import SHEET, Way, WayBack, way_back
from territories.models import Project
from territories.writing import writing


class ReturnStale(UndoRefused):
    """What would change is not any more what was read."""


def return_to(*, way: Way, seen: str, project: Project, by: User, token: str = "") -> Gesture:
    """Give a field, or a sheet, the state that it had; `seen` is the code of what was read.

    All or nothing: raises `ReturnStale` when somebody wrote since it was read, `UndoRefused` when
    that state cannot come back or is the present one. Sent twice with one token, it is one
    gesture. A few queries a kind of row.
    """
    token = token_for(token, seen)
    with writing(project, by=by, source=Source.UNDO, token=token, on_paper=False) as made:
        if first := already_made(project.scope, token):
            made.changeset = first
            return made
        back = way_back(way)
        if back.code != seen:
            raise ReturnStale(
                "La feuille de route a changé pendant que vous lisiez\u00a0: voici ce qui "
                "changerait maintenant."
            )
        if not back.changes:
            raise UndoRefused("C’est déjà l’état présent\u00a0: il n’y a rien à changer.")
        if are_on_paper(back.changes):
            made.concerns(project.scope, project.mark_changed)
        _keep_present_number(back, project)
        undo_on_sheets(back.changes)
        made.words = way.words(project, back.changes)
    return made


def _keep_present_number(back: WayBack, project: Project) -> None:
    """Papers may have given a sheet the number that it is about to leave."""
    leaving = [one.row for one in back.changes if (one.model, one.field) == (SHEET, "number")]
    if leaving:
        sheets = list(Action.objects.filter(pk__in=leaving))
        keep_former_numbers(project, sheets=sheets, until=project.territory.today())
