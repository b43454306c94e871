"""The local axes of a roadmap: added, renamed, put in order, removed once empty."""

from accounts.models import User
from core.text import NBSP, counted
from journal.reading import already_made, token_for
from journal.recording import Gesture
from roadmap.models import Action, Axis
from roadmap.services.gestures import named
from roadmap.services.writing import remove_axes
from territories.models import Project
from territories.writing import writing


class AxisRefused(Exception):
    """A gesture that an axis cannot take; the message is a French sentence."""


def axes_in_order(project: Project) -> list[Axis]:
    """The axes of a project, as its roadmap lists them. One query."""
    return list(Axis.objects.filter(project=project).order_by("position", "pk"))


def add_axis(*, project: Project, label: str, title: str, by: User, token: str = "") -> Gesture:
    """Add an axis after the others; sent twice with one token, it is one. Nine queries.

    Raises `AxisRefused` when one has that title.
    """
    token = token_for(token, title)
    with writing(project, by=by, token=token) as made:
        if already_made(project.scope, token):
            return made
        axes = axes_in_order(project)
        _refuse_twin(axes, title)
        last = max((axis.position for axis in axes), default=0)
        axis = Axis.objects.create(project=project, position=last + 1, label=label, title=title)
        made.words = f"a ajouté l’axe {named(axis)}"
    return made


def rename_axis(axis: Axis) -> str:
    """Keep the names that a form gave an axis; says so for the journal. Four queries.

    Call it inside a gesture; raises `AxisRefused` when another one has that title.
    """
    others = Axis.objects.filter(project=axis.project_id).exclude(pk=axis.pk)
    _refuse_twin(list(others), axis.title)
    kept = Axis.objects.get(pk=axis.pk)
    axis.save(update_fields=["label", "title"])
    return f"a renommé l’axe {named(kept)} en {named(axis)}"


def place_axis(*, axis: Axis, rank: int, by: User) -> Gesture:
    """Put an axis at that rank, from 1; the others close up. Asked twice, it is done once.

    Three queries, and three for each axis that moves.
    """
    with writing(axis.project, by=by) as made:
        axes = axes_in_order(axis.project)
        moving = _still_there(axes, axis)
        axes.remove(moving)
        axes.insert(min(max(rank, 1), len(axes) + 1) - 1, moving)
        for position, other in enumerate(axes, start=1):
            if other.position != position:
                other.position = position
                other.save(update_fields=["position"])
        made.words = f"a déplacé l’axe {named(moving)} au rang{NBSP}{axes.index(moving) + 1}"
    return made


def remove_axis(*, axis: Axis, by: User) -> Gesture:
    """Remove an axis under which the roadmap has no sheet; retired ones are untied. Ten queries.

    Raises `AxisRefused` when sheets are under it, or when it is gone already.
    """
    with writing(axis.project, by=by) as made:
        present = _still_there(axes_in_order(axis.project), axis)
        held = Action.objects.of(axis.project).filter(axis=present).count()
        if held:
            raise AxisRefused(
                f"L’axe {named(present)} porte {counted(held, 'fiche')}{NBSP}: rangez-les d’abord "
                "sous un autre axe, dans la partie «\u00a0Classement\u00a0» de chacune."
            )
        remove_axes(Axis.objects.filter(pk=present.pk))
        made.words = f"a retiré l’axe {named(present)}"
    return made


def _still_there(axes: list[Axis], axis: Axis) -> Axis:
    for present in axes:
        if present.pk == axis.pk:
            return present
    raise AxisRefused(f"L’axe {named(axis)} a déjà été retiré.")


def _refuse_twin(axes: list[Axis], title: str) -> None:
    if title in [axis.title for axis in axes]:
        raise AxisRefused(f"L’axe {named(title)} existe déjà dans ce projet.")
