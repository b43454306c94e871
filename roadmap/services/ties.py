"""What agenda items and decisions say of the sheets: read and written for governance."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from core.text import NBSP
from governance.models import AgendaItem, Decision
from governance.ties import Tied, TiedByRow, TieProvider
from roadmap.models import Action, AgendaSheet, DecisionSheet
from territories.models import Project


def tie_provider() -> TieProvider:
    """The sheets, as governance lists and chooses them."""
    return TieProvider(
        code="fiche",
        label="Fiches action",
        choices=_sheets_to_tie,
        of_items=lambda keys, reader: _read(AgendaSheet, "item", keys, reader),
        of_decisions=lambda keys, reader: _read(DecisionSheet, "decision", keys, reader),
        tie_item=_tie_item,
        tie_decision=_tie_decision,
    )


def _sheets_to_tie(project: Project, reader: User) -> list[Tied]:
    """The sheets of the roadmap that this person reads, by number; one query."""
    sheets = Action.objects.visible_to(reader).of(project).in_order()
    return [_as_tied(sheet) for sheet in sheets.only("number", "title")]


def _read(
    model: type[AgendaSheet] | type[DecisionSheet],
    row: str,
    keys: Collection[int],
    reader: User | None,
) -> TiedByRow:
    ties: QuerySet[Any] = model._default_manager.filter(**{f"{row}__in": list(keys)})
    if reader is not None:
        ties = ties.filter(action__in=Action.objects.visible_to(reader))
    found = defaultdict(list)
    for tie in ties.select_related("action").order_by("action__number", "action"):
        found[getattr(tie, f"{row}_id")].append(_as_tied(tie.action))
    return found


def _as_tied(sheet: Action) -> Tied:
    return Tied(
        key=str(sheet.pk),
        label=f"Fiche{NBSP}{sheet.number}{NBSP}· {sheet.title}",
        url=reverse("roadmap:action_detail", args=[sheet.pk]),
    )


def _tie_item(item: AgendaItem, add: Collection[str], remove: Collection[str]) -> None:
    rows = AgendaSheet.objects.filter(item=item)
    _write(
        rows,
        lambda sheet: AgendaSheet(item=item, action=sheet),
        item.meeting.body.project,
        add,
        remove,
    )


def _tie_decision(decision: Decision, add: Collection[str], remove: Collection[str]) -> None:
    rows = DecisionSheet.objects.filter(decision=decision)
    _write(
        rows,
        lambda sheet: DecisionSheet(decision=decision, action=sheet),
        decision.project,
        add,
        remove,
    )


def _write(
    rows: QuerySet[Any],
    tie: Callable[[Action], Any],
    project: Project,
    add: Collection[str],
    remove: Collection[str],
) -> None:
    """Add and take away, whatever others did meanwhile; a sheet of elsewhere is left aside."""
    for row in rows.filter(action__in=_keys(remove)).select_related("action"):
        row.delete()
    missing = ~Q(pk__in=rows.values("action"))
    for sheet in Action.objects.of(project).filter(missing, pk__in=_keys(add)).in_order():
        tie(sheet).save()


def _keys(sent: Iterable[str]) -> list[int]:
    return [int(key) for key in sent if key.isdecimal() and len(key) < 19]
