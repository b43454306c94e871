"""Writing what an agenda item or a decision is about, through the rooms that own the ties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.models import User
from core.text import NBSP
from governance.models import AgendaItem, Decision
from governance.ties import providers
from governance.writing import GovernanceRefused, writing_meeting
from territories.writing import writing


@dataclass(frozen=True)
class TieChanges:
    """Keys to add and keys to take away: what others tied meanwhile stays."""

    add: Sequence[str] = ()
    remove: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        return not self.add and not self.remove


def tie_item(*, item: AgendaItem, changes: Mapping[str, TieChanges], by: User) -> None:
    """Tie things to an agenda item, in its meeting. Raises `GovernanceRefused` when it is gone.

    About five queries, three more a tie.
    """
    with writing_meeting(item.meeting, by=by) as written:
        present = AgendaItem.objects.filter(pk=item.pk, meeting=written.meeting).first()
        if present is None:
            raise GovernanceRefused("Ce point a été retiré de l’ordre du jour entre-temps.")
        present.meeting = written.meeting
        for provider in providers():
            wanted = changes.get(provider.code, TieChanges())
            if not wanted.is_empty:
                provider.tie_item(present, wanted.add, wanted.remove)
        written.made.words = f"a changé ce à quoi renvoie le point «{NBSP}{present}{NBSP}»"


def tie_decision(*, decision: Decision, changes: Mapping[str, TieChanges], by: User) -> None:
    """Tie things to a decision, in its project; part of the gesture under way if there is one."""
    with writing(decision.project, by=by, on_paper=False) as made:
        for provider in providers():
            wanted = changes.get(provider.code, TieChanges())
            if not wanted.is_empty:
                provider.tie_decision(decision, wanted.add, wanted.remove)
        if not made.words:
            made.words = f"a changé ce à quoi renvoie la décision{NBSP}{decision.number}"
