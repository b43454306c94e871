"""The bodies of a project: added, kept, put in order, ended, brought back."""

import datetime as dt

from accounts.models import User
from core.text import NBSP, day_in_words, listed
from governance.models import Body
from governance.writing import GovernanceRefused
from journal.reading import already_made, token_for
from journal.recording import Gesture
from journal.tracing import plain_values
from territories.models import Project
from territories.writing import writing


def quoted(words: object) -> str:
    """« words »."""
    return f"«{NBSP}{words}{NBSP}»"


def add_body(project: Project, *, body: Body, by: User, token: str = "") -> Body:
    """Add a body after the others; sent twice with one token, it is one. About nine queries.

    Raises `GovernanceRefused` when one has that name.
    """
    token = token_for(token, "instance", body.name)
    with writing(project, by=by, token=token, on_paper=False) as made:
        if already_made(project.scope, token):
            return Body.objects.get(project=project, name=body.name)
        refuse_twin(body, project=project)
        body.project = project
        body.rank = Body.objects.filter(project=project).count() + 1
        body.save()
        made.words = f"a ajouté l’instance {quoted(body)}"
    return body


def write_body(body: Body) -> str:
    """Keep a body as a form left it; gives what was done, blank when nothing was.

    Call it inside a gesture; raises `GovernanceRefused` when another one has that name. Four
    queries.
    """
    refuse_twin(body, project=body.project)
    labels = written_labels(body)
    if not labels:
        return ""
    body.save()
    return f"a modifié l’instance {quoted(body)}{NBSP}: {listed(labels)}"


def written_labels(row: Body) -> list[str]:
    """The names of what differs from the base. One query."""
    kept = plain_values(type(row)._base_manager.get(pk=row.pk))
    present = plain_values(row)
    return [
        str(column.verbose_name)
        for column in type(row)._meta.concrete_fields
        if column.name in present and present[column.name] != kept.get(column.name)
    ]


def place_body(*, body: Body, rank: int, by: User) -> Gesture:
    """Put a body at that rank, from 1; the others close up. Asked twice, it is done once.

    Three queries, and three for each body that moves.
    """
    with writing(body.project, by=by, on_paper=False) as made:
        bodies = [one for one in Body.objects.of(body.project) if one.ended_on is None]
        if body not in bodies:
            raise GovernanceRefused(f"L’instance {quoted(body)} est terminée.")
        moving = bodies.pop(bodies.index(body))
        bodies.insert(min(max(rank, 1), len(bodies) + 1) - 1, moving)
        for position, other in enumerate(bodies, start=1):
            if other.rank != position:
                other.rank = position
                other.save()
        made.words = (
            f"a déplacé l’instance {quoted(moving)} au rang{NBSP}{bodies.index(moving) + 1}"
        )
    return made


def end_body(*, body: Body, on: dt.date, by: User) -> Gesture:
    """Say that a body sits no more from that day on; its compositions stay to be read.

    Raises `GovernanceRefused` when it is ended already, or before it was installed. Nine queries.
    """
    with writing(body.project, by=by, on_paper=False) as made:
        present = _present(body)
        if present.ended_on is not None:
            since = day_in_words(present.ended_on)
            raise GovernanceRefused(f"L’instance {quoted(present)} est déjà terminée le {since}.")
        if present.created_on is not None and on < present.created_on:
            raise GovernanceRefused(
                "Une instance ne peut pas finir avant son installation "
                f"({day_in_words(present.created_on)})."
            )
        present.ended_on = on
        present.save()
        made.words = f"a terminé l’instance {quoted(present)} le {day_in_words(on)}"
    return made


def bring_back_body(*, body: Body, by: User) -> Gesture:
    """Let an ended body sit again, with the seats that it had. Nine queries."""
    with writing(body.project, by=by, on_paper=False) as made:
        present = _present(body)
        if present.ended_on is None:
            raise GovernanceRefused(f"L’instance {quoted(present)} n’est pas terminée.")
        present.ended_on = None
        present.save()
        made.words = f"a repris l’instance {quoted(present)}"
    return made


def refuse_twin(body: Body, *, project: Project) -> None:
    """Raises `GovernanceRefused` when another body of the project has that name. One query."""
    others = Body.objects.filter(project=project, name=body.name).exclude(pk=body.pk)
    if (twin := others.first()) is not None:
        more = ", terminée" if twin.ended_on else ""
        raise GovernanceRefused(
            f"Une instance{more} porte déjà le nom {quoted(body.name)}{NBSP}: choisissez-en un "
            "autre, par exemple avec son thème."
        )


def _present(body: Body) -> Body:
    """The body as the base holds it now, under the lock."""
    return Body.objects.with_place().get(pk=body.pk)
