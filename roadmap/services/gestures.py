"""Writing on one sheet: what every gesture checks before it starts."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from core.text import NBSP, day_in_words
from journal.recording import Gesture
from roadmap.models import Action
from territories.writing import writing


class SheetRefused(Exception):
    """A gesture that a sheet cannot take; the message is a French sentence."""


@dataclass
class SheetGesture:
    """The gesture under way, and the sheet as the base holds it now."""

    made: Gesture
    action: Action


@contextlib.contextmanager
def writing_sheet(
    action: Action,
    *,
    by: User | None,
    words: str = "",
    token: str = "",
    even_retired: bool = False,
    on_paper: bool = True,
) -> Iterator[SheetGesture]:
    """What one person does to one sheet, its project locked meanwhile (`territories.writing`).

    Gives the sheet read again under the lock: write on that one. Raises `SheetRefused` when it
    was retired or removed meanwhile.
    """
    project = action.project
    with writing(project, by=by, words=words, token=token, on_paper=on_paper) as made:
        present = Action.objects.filter(pk=action.pk).first()
        if present is None:
            raise SheetRefused("Cette fiche a été supprimée pendant que vous écriviez.")
        if present.retired_at and not even_retired:
            on = day_in_words(project.territory.today(at=present.retired_at))
            raise SheetRefused(
                f"La fiche {present.number} a été retirée de la feuille de route le {on}{NBSP}: "
                "rien n’a été enregistré. Elle pourra de nouveau être écrite une fois rétablie."
            )
        present.project = project
        yield SheetGesture(made, present)


def named(row: object) -> str:
    """A row as a sentence of the journal names it: « Créer un groupe… »."""
    words = str(row)
    shown = words if len(words) <= SHOWN else f"{words[: SHOWN - 1].rstrip()}…"
    return f"«{NBSP}{shown}{NBSP}»"


SHOWN = 70
