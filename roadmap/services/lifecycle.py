"""The life of a sheet: made, taken out of the roadmap, put back."""

from dataclasses import dataclass, replace

from django.utils import timezone

from accounts.models import User
from core.text import NBSP, fold
from journal.models import Change, ChangeSet
from journal.reading import already_made, token_for
from journal.recording import Gesture
from roadmap.models import Action, Axis, Priority
from roadmap.services.copying import copy_of
from roadmap.services.drafts import RoadmapRefused, SheetDraft
from roadmap.services.gestures import SheetRefused, named, writing_sheet
from roadmap.services.numbering import (
    NumberTaken,
    forget_former_number,
    free_number,
    keep_former_numbers,
    number_is_taken,
)
from roadmap.services.writing import Known, write_sheet
from territories.models import Project
from territories.writing import writing


@dataclass(frozen=True)
class SheetMade:
    """A sheet that was made, and whether it was so already when it was asked for again."""

    action: Action
    was_made_before: bool


class TitleTaken(SheetRefused):
    """Another live sheet bears that title; the sentence says which."""


@dataclass(frozen=True)
class SheetRestored:
    """A sheet back in its roadmap; `number_before` when it could not keep it."""

    action: Action
    made: Gesture
    number_before: int | None = None


def make_sheet(
    *,
    project: Project,
    number: int,
    title: str,
    priority: Priority | None = None,
    axis: Axis | None = None,
    source: Action | None = None,
    by: User,
    same_title: bool = False,
    token: str = "",
) -> SheetMade:
    """Add a sheet to the roadmap, from nothing or from another one (`copying.copy_of`).

    The source is expected from `for_sheet().with_place()`. Sent twice with one token, it is one
    sheet. Raises `NumberTaken`, whose sentence offers a free one, `TitleTaken` unless the
    `same_title` is meant, or `SheetRefused` when the axis is gone. The queries grow with what the
    source holds.
    """
    token = token_for(token, number, title)
    with writing(project, by=by, token=token) as made:
        if first := already_made(project.scope, token):
            return SheetMade(_sheet_of(first), was_made_before=True)
        if axis is not None and not Axis.objects.filter(pk=axis.pk, project=project).exists():
            raise SheetRefused(
                f"L’axe {named(axis)} a été retiré pendant que vous écriviez\u00a0: "
                "choisissez-en un autre."
            )
        if number_is_taken(project, number=number):
            raise NumberTaken(
                f"Le numéro{NBSP}{number} est déjà pris{NBSP}: "
                f"le{NBSP}{free_number(project)} est libre."
            )
        twin = None if same_title else _sheet_titled(title, project, source)
        if twin is not None:
            raise TitleTaken(
                f"La fiche{NBSP}{twin.number} a déjà ce titre{NBSP}: ouvrez-la, changez le titre, "
                "ou cochez la case pour en créer une autre."
            )
        draft = copy_of(source, into=project).draft if source else SheetDraft(number, title)
        draft = replace(
            draft,
            number=number,
            title=title,
            planning_title=draft.planning_title if title == draft.title else "",
            priority=priority.number if priority else None,
            secondary_priorities=tuple(
                other
                for other in draft.secondary_priorities
                if priority is None or other != priority.number
            ),
            axis=axis.title if axis else "",
        )
        action = _written(project, draft, axis=axis, source=source)
        made.words = f"a créé la fiche{NBSP}{number} {named(title)}{_origin(source, project)}"
    return SheetMade(action, was_made_before=False)


def _sheet_titled(title: str, project: Project, source: Action | None) -> Action | None:
    """The live sheet that bears that title, but for the one to start from; one query.

    « Back » after a sheet was made, the form sent again: the number has moved on, not the title.
    """
    sheets = Action.objects.of(project).live().only("number", "title").order_by("number", "pk")
    alike = fold(title)
    return next((s for s in sheets if s != source and fold(s.title) == alike), None)


def _written(
    project: Project, draft: SheetDraft, *, axis: Axis | None, source: Action | None
) -> Action:
    known = Known(project)
    if axis is not None:
        known.axes_by_title[axis.title] = axis
    if source is not None:
        # Two people of the directory may bear one name: these are the ones that the source means.
        known.people |= {
            str(role.person): role.person for role in source.roles.all() if role.person
        }
    try:
        return write_sheet(project, sheet=draft, known=known)
    except RoadmapRefused as refusal:
        raise SheetRefused(str(refusal)) from refusal


def _sheet_of(changeset: ChangeSet) -> Action:
    """The sheet that a gesture made."""
    made = Change.objects.filter(changeset=changeset, model=Action._meta.label_lower, field="")
    action = Action.objects.filter(pk__in=made.values("row")).first()
    if action is None:
        raise SheetRefused(
            "Cette fiche a été créée, puis supprimée\u00a0: rechargez la page pour en créer une "
            "autre."
        )
    return action


def _origin(source: Action | None, project: Project) -> str:
    if source is None:
        return ""
    words = f" à partir de la fiche{NBSP}{source.number}"
    if source.project_id == project.pk:
        return words
    return f"{words} de {named(f'{source.project.territory}, {source.project}')}"


def retire_sheet(*, action: Action, reason: str, by: User) -> Gesture:
    """Take a sheet out of its roadmap; all that it holds is kept. About ten queries.

    Raises `SheetRefused` when it is out already, or when nobody says why.
    """
    if not reason:
        raise SheetRefused("Dites pourquoi la fiche est retirée\u00a0: on vous le demandera.")
    with writing_sheet(action, by=by, even_retired=True) as sheet:
        present = sheet.action
        if present.is_retired:
            raise SheetRefused(f"La fiche{NBSP}{present.number} est déjà retirée.")
        present.retired_at = timezone.now()
        present.retired_reason = reason
        present.save(update_fields=["retired_at", "retired_reason"])
        sheet.made.words = f"a retiré la fiche{NBSP}{present.number} {named(present.title)}"
    return sheet.made


def restore_sheet(*, action: Action, by: User) -> SheetRestored:
    """Put a sheet back with its number, or with a free one when it was taken meanwhile.

    Raises `SheetRefused` when it is in the roadmap already. About fifteen queries.
    """
    with writing_sheet(action, by=by, even_retired=True) as sheet:
        present, project = sheet.action, sheet.action.project
        if present.retired_at is None:
            raise SheetRefused(f"La fiche{NBSP}{present.number} est déjà dans la feuille de route.")
        number_before = present.number
        sheet.made.words = f"a rétabli la fiche{NBSP}{number_before} {named(present.title)}"
        if number_is_taken(project, number=number_before):
            until = project.territory.today(at=present.retired_at)
            keep_former_numbers(project, sheets=[present], until=until)
            present.number = free_number(project)
            forget_former_number(present.pk, number=present.number)
            sheet.made.words += f" sous le numéro{NBSP}{present.number}"
        present.retired_at = None
        present.retired_reason = ""
        present.save(update_fields=["number", "retired_at", "retired_reason"])
    moved = number_before if present.number != number_before else None
    return SheetRestored(present, sheet.made, number_before=moved)
