"""The communication plan and the prerequisites: lines added, arranged, closed, taken back."""

import datetime as dt

from django.db.models import Max

from accounts.models import User
from core.text import NBSP, counted
from governance.enums import FollowedList, FollowedState
from governance.models import FollowedLine
from governance.summaries.followed import STARTING
from governance.writing import GovernanceRefused
from journal.enums import Source
from journal.models import ChangeSet
from journal.reading import already_made, token_for, undos_since
from journal.recording import Gesture
from journal.undoing import undo
from territories.models import Project
from territories.writing import writing

GONE = "Cette ligne a été retirée entre-temps\u00a0: rien n’a été enregistré."
LINE = FollowedLine._meta.label_lower


def add_line(*, project: Project, line: FollowedLine, by: User | None, token: str = "") -> Gesture:
    """A line at the end of its list; sent twice with one token, it is one. Eight queries."""
    token = token_for(token, line.listed, line.words, line.audience, line.medium)
    with writing(project, by=by, token=token, on_paper=False) as made:
        if already_made(project.scope, token):
            return made
        line.project = project
        line.rank = _last_rank(project, FollowedList(line.listed)) + 1
        line.save()
        made.words = f"a ajouté «{NBSP}{line}{NBSP}» {_to(line.listed)}"
    return made


def start_list(*, project: Project, which: FollowedList, by: User | None, on: dt.date) -> int:
    """Fill an empty list with what is proposed; says how many lines. Nothing when it has any."""
    with writing(project, by=by, on_paper=False) as made:
        if FollowedLine.objects.of(project, which).exists():
            return 0
        lines = FollowedLine.objects.bulk_create(
            FollowedLine(
                project=project,
                listed=which,
                rank=rank,
                words=one.words,
                audience=one.audience,
                medium=one.medium,
                due_on=on + dt.timedelta(days=one.in_days) if one.in_days is not None else None,
                responsible_name=one.responsible,
            )
            for rank, one in enumerate(STARTING[which], start=1)
        )
        made.words = f"a repris {counted(len(lines), 'ligne')} {_to(which)}"
    return len(lines)


def remove_line(*, line: FollowedLine, by: User) -> Gesture:
    """Take a line away; the message holds the way back. Nothing when it is gone already."""
    with writing(line.project, by=by, on_paper=False) as made:
        present = FollowedLine.objects.filter(pk=line.pk).first()
        if present is not None:
            present.delete()
            made.words = f"a retiré «{NBSP}{present}{NBSP}» {_from(line.listed)}"
    return made


def move_line(*, line: FollowedLine, up: bool, by: User) -> None:
    """One place up or down in its list. Five queries, four more when it moved."""
    with writing(line.project, by=by, on_paper=False) as made:
        rows = list(FollowedLine.objects.of(line.project, FollowedList(line.listed)))
        place = next((rank for rank, row in enumerate(rows) if row.pk == line.pk), None)
        to = None if place is None else place + (-1 if up else 1)
        if place is None or to is None or not 0 <= to < len(rows):
            return
        rows[place], rows[to] = rows[to], rows[place]
        for rank, row in enumerate(rows, start=1):
            row.rank = rank
        FollowedLine.objects.bulk_update(rows, ["rank"])
        made.words = f"a déplacé «{NBSP}{line}{NBSP}»"


def say_state(*, line: FollowedLine, state: FollowedState, by: User) -> Gesture:
    """Say where a line stands, from the list. Raises `GovernanceRefused`."""
    with writing(line.project, by=by, on_paper=False) as made:
        present = FollowedLine.objects.filter(pk=line.pk).first()
        if present is None:
            raise GovernanceRefused(GONE)
        if state == FollowedState.DROPPED and not present.remark:
            raise GovernanceRefused(
                "Une ligne abandonnée dit pourquoi\u00a0: ouvrez «\u00a0Modifier\u00a0» et donnez "
                "la raison dans la remarque."
            )
        if present.state != state:
            present.state = state
            present.save(update_fields=["state"])
            made.words = f"a noté «{NBSP}{present}{NBSP}»{NBSP}: {state.label.lower()}"
    return made


def take_back_lines(*, project: Project, gesture: ChangeSet, by: User) -> None:
    """Undo a gesture on these lists, as it was made. Raises `GovernanceRefused`, `UndoRefused`."""
    changes = list(gesture.changes.order_by("rank"))
    if not changes or any(change.model != LINE for change in changes):
        raise GovernanceRefused("Ce geste ne se reprend pas d’ici.")
    with writing(project, by=by, source=Source.UNDO, undoes=gesture, on_paper=False) as made:
        if gesture.pk in undos_since(project.scope, gesture.pk).gestures:
            raise GovernanceRefused("Ce geste a déjà été annulé.")
        undo(changes)
        made.words = f"a annulé{NBSP}: {gesture.by_name} {gesture.words}"


def _last_rank(project: Project, which: FollowedList) -> int:
    return FollowedLine.objects.of(project, which).aggregate(last=Max("rank"))["last"] or 0


def _to(which: str) -> str:
    plan = which == FollowedList.COMMUNICATION
    return "au plan de communication" if plan else "aux prérequis"


def _from(which: str) -> str:
    plan = which == FollowedList.COMMUNICATION
    return "du plan de communication" if plan else "des prérequis"
