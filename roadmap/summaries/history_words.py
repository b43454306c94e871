"""How a sentence of the history names a row, a field, a value: as people know them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from core.fields import QuarterField
from core.quarters import Quarter
from core.text import NBSP, counted, day_in_words, euros, listed, moment_in_words
from journal.enums import ChangeKind
from journal.models import Change

Column: TypeAlias = "models.Field[Any, Any] | None"
# How linked rows are called, by model and key.
Names = Mapping[tuple[str, int], str]

NAMED_BY_ITSELF = "le"
# Each model with its article: a gender cannot be guessed.
ROW_WORDS = {
    "roadmap.action": "la fiche",
    "roadmap.actionattachment": "la pièce jointe",
    # Named « commentaire signé … ».
    "roadmap.actioncomment": NAMED_BY_ITSELF,
    "roadmap.actionindicator": "l’indicateur",
    "roadmap.actionrole": "le rôle",
    "roadmap.actiontheme": "le thème",
    "roadmap.agendasheet": "le point d’ordre du jour",
    "roadmap.axis": "l’axe",
    "roadmap.columnmapping": "la correspondance de colonnes de",
    "roadmap.decisionsheet": "la décision",
    "roadmap.formernumber": "l’ancien numéro",
    "roadmap.fundingline": "la ligne de financement",
    "roadmap.objective": "l’objectif",
    "roadmap.plannedquarter": "le trimestre",
    "roadmap.priorityheading": "l’intitulé de priorité",
    "roadmap.roadmapversion": "la version",
    "roadmap.secondarypriority": "la priorité secondaire",
    "territories.project": "le projet territorial",
}
DID = {
    ChangeKind.ADDED: "ajouté",
    ChangeKind.CHANGED: "modifié",
    ChangeKind.REMOVED: "retiré",
}
NOBODY = "L’application"
# An undo tells the gesture that it takes back: « a annulé ce geste : Agnès Martin a retiré… ».
UNDONE = f"a annulé ce geste{NBSP}: "
REDONE = f"a rétabli ce geste{NBSP}: "
GROUP = "Projet "
SHOWN_NAME = 90
NOTHING = "rien"
GONE = "une ligne qui n’existe plus"


def quoted(words: str) -> str:
    """« Créer un groupe… », shortened."""
    shown = words if len(words) <= SHOWN_NAME else f"{words[: SHOWN_NAME - 1].rstrip()}…"
    return f"«{NBSP}{shown}{NBSP}»"


def row_words(change: Change) -> str:
    """« l’objectif « 3) Créer… » »: the row of a change, with its article."""
    words = ROW_WORDS.get(change.model, "la ligne")
    if change.model == "roadmap.objective" and change.name.startswith(GROUP):
        words = "le groupe"
    return f"{words} {change.name if words == NAMED_BY_ITSELF else quoted(change.name)}"


def column_of(change: Change, name: str) -> Column:
    """The column of that name, unless the model lost it since."""
    try:
        column = apps.get_model(change.model)._meta.get_field(name)
    except (LookupError, FieldDoesNotExist):
        return None
    return column if isinstance(column, models.Field) else None


def field_label(change: Change, name: str) -> str:
    """« Constat ou besoin »."""
    column = column_of(change, name)
    words = str(column.verbose_name) if column else "champ disparu"
    return words[:1].upper() + words[1:]


def value_words(column: Column, value: Any, *, names: Names, time_zone: str) -> str:
    """A value kept by a change, as it is said."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "oui" if value else "non"
    if column is None:
        return str(value)
    if isinstance(column, models.ForeignKey):
        return names.get((column.related_model._meta.label_lower, value), GONE)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, QuarterField):
        return str(Quarter(value))
    return _written_out(column, value, time_zone)


def _written_out(column: "models.Field[Any, Any]", value: Any, time_zone: str) -> str:
    if isinstance(column, models.DecimalField):
        return euros(Decimal(value))
    if isinstance(column, models.JSONField):
        # Titles of columns; what they are is a matter for the page that tells them.
        is_words = all(isinstance(one, str) for one in value.values())
        return ", ".join(value.values()) if is_words else counted(len(value), "réglage")
    if isinstance(column, models.DateTimeField):
        return moment_in_words(dt.datetime.fromisoformat(value), time_zone=time_zone)
    if isinstance(column, models.DateField):
        return day_in_words(dt.date.fromisoformat(value))
    return str(value)


def sentence_of(changes: Iterable[Change]) -> str:
    """What was done, from the changes alone: « a modifié la fiche « 3. … » : constat, méthode »."""
    rows: dict[tuple[str, int], list[Change]] = {}
    for change in changes:
        rows.setdefault((change.model, change.row), []).append(change)
    if not rows:
        return "n’a rien changé"
    if len(rows) > 1:
        return f"a {_several(rows.values())}"
    (found,) = rows.values()
    told = f"a {DID[ChangeKind(found[0].kind)]} {row_words(found[0])}"
    if found[0].kind != ChangeKind.CHANGED:
        return told
    fields = [field_label(change, change.field) for change in found]
    return f"{told}{NBSP}: {listed([f'{words[:1].lower()}{words[1:]}' for words in fields])}"


def _several(rows: Iterable[list[Change]]) -> str:
    """« ajouté 3 trimestres prévus et retiré 1 rôle »."""
    counts: dict[tuple[str, str], int] = {}
    for found in rows:
        key = (found[0].kind, found[0].model)
        counts[key] = counts.get(key, 0) + 1
    by_kind: dict[str, list[str]] = {}
    for (kind, model), count in counts.items():
        by_kind.setdefault(kind, []).append(_counted_rows(model, count))
    return listed([f"{DID[ChangeKind(kind)]} {listed(told)}" for kind, told in by_kind.items()])


def _counted_rows(label: str, count: int) -> str:
    try:
        meta = apps.get_model(label)._meta
    except LookupError:
        return counted(count, "ligne")
    return counted(count, str(meta.verbose_name), str(meta.verbose_name_plural))
