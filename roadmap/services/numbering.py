"""Numbers of sheets: free ones, exchanged ones, and those that papers still give."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from accounts.models import User
from core.text import NBSP, counted
from documents.models import Document
from journal.enums import ChangeKind, Source
from journal.models import Change
from journal.recording import Gesture
from roadmap.models import Action, FormerNumber
from roadmap.services.gestures import SheetRefused, writing_sheet
from territories.models import Project

HIGHEST_NUMBER = 9_999


class Way(models.TextChoices):
    """What becomes of the sheet that has the number wanted."""

    EXCHANGE = "echanger", "Échanger les deux numéros"
    INSERT = "inserer", "Insérer ici et décaler les suivantes"


class NumberTaken(SheetRefused):
    """Another sheet has that number; the ways out are to be chosen again, as they are now."""


@dataclass(frozen=True)
class Renumbering:
    """The numbers that some sheets would have: key, present number, next number."""

    moves: tuple[tuple[int, int, int], ...]

    @property
    def code(self) -> str:
        """What a page sends back, to be sure that it was this one that was read."""
        return ",".join(f"{key}.{present}.{following}" for key, present, following in self.moves)

    @property
    def numbers(self) -> dict[int, int]:
        return {key: following for key, _, following in self.moves}

    @property
    def shifted_words(self) -> str:
        """« la fiche 12 devient la fiche 13 », « les fiches 12 à 24 deviennent 13 à 25 »."""
        others = self.moves[1:]
        first, last = others[0][1:], others[-1][1:]
        if len(others) == 1:
            return f"la fiche{NBSP}{first[0]} devient la fiche{NBSP}{first[1]}"
        return (
            f"les fiches{NBSP}{first[0]} à{NBSP}{last[0]} deviennent les fiches{NBSP}{first[1]} "
            f"à{NBSP}{last[1]}"
        )


@dataclass(frozen=True)
class TakenNumber:
    """A number that another sheet has, and the two ways of having it all the same."""

    holder: Action
    exchange: Renumbering
    # None when the last sheets would pass the highest number.
    insert: Renumbering | None

    def by(self, way: str) -> Renumbering | None:
        return {Way.EXCHANGE: self.exchange, Way.INSERT: self.insert}.get(Way(way))


def free_number(project: Project) -> int:
    """The number after the last one; the first gap when there is none after. One query."""
    taken = set(Action.objects.of(project).values_list("number", flat=True))
    following = max(taken, default=0) + 1
    if following <= HIGHEST_NUMBER:
        return following
    return next(number for number in range(1, HIGHEST_NUMBER + 2) if number not in taken)


def number_is_taken(project: Project, *, number: int) -> bool:
    """Whether a sheet of the roadmap has it. One query."""
    return Action.objects.of(project).filter(number=number).exists()


def taken_number(action: Action, *, number: int) -> TakenNumber | None:
    """Who has that number, and what would become of it; None when it is free. One query."""
    keys = dict(Action.objects.of(action.project).values_list("number", "pk"))
    if number not in keys or keys[number] == action.pk:
        return None
    mine = (action.pk, action.number, number)
    pushed = []
    for following in range(number, HIGHEST_NUMBER + 1):
        if following not in keys or keys[following] == action.pk:
            break
        pushed.append((keys[following], following, following + 1))
    has_room = pushed[-1][2] <= HIGHEST_NUMBER
    return TakenNumber(
        holder=Action.objects.get(pk=keys[number]),
        exchange=Renumbering((mine, (keys[number], number, action.number))),
        insert=Renumbering((mine, *pushed)) if has_room else None,
    )


def renumber_sheet(
    *, action: Action, number: int, by: User, way: str = "", seen: str = ""
) -> Gesture:
    """Give a sheet another number, as papers printed so far go on calling it by the former one.

    When another sheet has it, `way` says what becomes of that one and `seen` what was announced
    (`Renumbering.code`); `NumberTaken` when nothing was, or when it would not be so any more.
    Nothing happens to a sheet that has the number already. Six queries a sheet renumbered.
    """
    with writing_sheet(action, by=by) as sheet:
        present = sheet.action.number
        if number == present:
            return sheet.made
        taken = taken_number(sheet.action, number=number)
        plan = Renumbering(((action.pk, present, number),))
        words = f"a donné à la fiche{NBSP}{present} le numéro{NBSP}{number}"
        if taken is not None:
            plan = _chosen(taken, way=way, seen=seen)
            words = _words(plan, way)
        apply_numbers(sheet.action.project, numbers=plan.numbers)
        sheet.made.words = words
    return sheet.made


def _chosen(taken: TakenNumber, *, way: str, seen: str) -> Renumbering:
    if not way:
        raise NumberTaken(
            f"Le numéro{NBSP}{taken.holder.number} est celui de la fiche "
            f"«{NBSP}{taken.holder.title}{NBSP}»{NBSP}: choisissez ce qu’elle devient."
        )
    plan = taken.by(way)
    if plan is None or plan.code != seen:
        raise NumberTaken(
            "La feuille de route a changé pendant que vous choisissiez\u00a0: voici ce que "
            "deviendraient les numéros maintenant."
        )
    return plan


def _words(plan: Renumbering, way: str) -> str:
    _, present, number = plan.moves[0]
    if way == Way.EXCHANGE:
        return f"a échangé les numéros des fiches{NBSP}{present} et{NBSP}{number}"
    shifted = counted(len(plan.moves) - 1, "fiche décalée", "fiches décalées")
    return f"a donné à la fiche{NBSP}{present} le numéro{NBSP}{number} ({shifted})"


def apply_numbers(project: Project, *, numbers: Mapping[int, int]) -> None:
    """Give these sheets, by key, these numbers; call it inside a gesture on the project.

    The former ones are kept when papers may give them. Six queries a sheet, and three.
    """
    sheets = list(Action.objects.filter(pk__in=numbers).order_by("pk"))
    keep_former_numbers(project, sheets=sheets, until=project.territory.today())
    Action.objects.renumber(numbers)
    for key, number in numbers.items():
        forget_former_number(key, number=number)


def forget_former_number(key: int, *, number: int) -> None:
    """A sheet that has its number back is not « formerly » that one. One query, two if it was."""
    FormerNumber.objects.filter(action=key, number=number).delete()


def keep_former_numbers(project: Project, *, sheets: Iterable[Action], until: dt.date) -> None:
    """Remember the numbers of these sheets, where some paper may give them. Three queries.

    Not the number that a sheet was given today, when nothing was printed since.
    """
    since = _numbered_since([sheet.pk for sheet in sheets])
    latest = Document.objects.filter(project=project).latest_first().first()
    FormerNumber.objects.bulk_create(
        FormerNumber(action=sheet, number=sheet.number, until=until)
        for sheet in sheets
        if _may_be_printed(since.get(sheet.pk), latest, project, until=until)
    )


def _numbered_since(keys: Iterable[int]) -> dict[int, Change]:
    """The change that gave each of these sheets its number."""
    changes = (
        Change.objects.filter(model=Action._meta.label_lower, row__in=list(keys))
        .filter(Q(kind=ChangeKind.ADDED) | Q(field="number"))
        .select_related("changeset")
        .order_by("pk")
    )
    return {change.row: change for change in changes}


def _may_be_printed(
    given: Change | None, latest: Document | None, project: Project, *, until: dt.date
) -> bool:
    """A booklet loaded was printed before; one day is enough for somebody to write it down."""
    if given is None or given.changeset.source == Source.COMMAND:
        return True
    at = given.changeset.at
    return project.territory.today(at=at) < until or (
        latest is not None and latest.ordered_at >= at
    )
