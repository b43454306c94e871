"""The directory of « Territoire de démonstration »: every category, and what its screens show.

An entry that looks like another, an organisation that the ethical frame would exclude, one that
closed, somebody who left.
"""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from governance.models import Organisation, Person
from governance.writing import keep, keeping
from journal.enums import Source
from journal.recording import Gesture
from journal.tracing import plain_values
from territories.models import Territory

SOURCE = Path(__file__).resolve().parents[2] / "data" / "demo_directory.json"
# Told in days before the one that the demonstration shows.
DAYS_AGO = {
    "charter_days_ago": "charter_signed_on",
    "closed_days_ago": "closed_on",
    "left_days_ago": "left_on",
}
MARK = "Service pénitentiaire d’insertion du Val-Clair"


def load_demo_directory(territory: Territory, *, on: dt.date) -> bool:
    """Add to the directory what it lacks, once; whether it did. What somebody wrote stays."""
    if Organisation.objects.filter(territory=territory, name=MARK).exists():
        return False
    source = json.loads(SOURCE.read_text(encoding="utf-8"))
    words = "a chargé l’annuaire de démonstration"
    with keeping(territory, by=None, source=Source.COMMAND, words=words) as made:
        organisations = _organisations(made, territory, source["organisations"], on)
        people = _people(made, territory, source["people"], organisations, on)
        for name, *who in source["contacts"]:
            person = people.get(tuple(who))
            if person is not None and organisations[name].contact_id is None:
                _fill(made, organisations[name], {"contact": person})
    return True


def _organisations(
    made: Gesture, territory: Territory, rows: list[dict[str, Any]], on: dt.date
) -> dict[str, Organisation]:
    known = {row.name: row for row in Organisation.objects.filter(territory=territory)}
    for values in rows:
        row = known.setdefault(
            values["name"], Organisation(territory=territory, name=values["name"])
        )
        _fill(made, row, _dated(values, on))
    return known


def _people(
    made: Gesture,
    territory: Territory,
    rows: list[dict[str, Any]],
    organisations: Mapping[str, Organisation],
    on: dt.date,
) -> dict[tuple[str, ...], Person]:
    present = Person.objects.filter(territory=territory)
    known: dict[tuple[str, ...], Person] = {(row.first_name, row.last_name): row for row in present}
    for values in rows:
        name = (values["first_name"], values["last_name"])
        if name not in known:
            known[name] = Person(territory=territory)
            told = _dated(values, on) | {"organisation": organisations[values["organisation"]]}
            _fill(made, known[name], told)
    return known


def _dated(values: dict[str, Any], on: dt.date) -> dict[str, Any]:
    return {
        DAYS_AGO.get(name, name): on - dt.timedelta(days=value) if name in DAYS_AGO else value
        for name, value in values.items()
    }


def _fill(made: Gesture, row: Organisation | Person, values: Mapping[str, Any]) -> None:
    """Write what is blank; of a new row, everything."""
    before = None if row.pk is None else plain_values(row)
    for name, value in values.items():
        if before is None or getattr(row, name) in (None, "", False):
            setattr(row, name, value)
    keep(made, row, before=before)
