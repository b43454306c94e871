"""A gesture over several sheets in sentences: for the journal, and for whoever made it."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.text import NBSP, counted, listed
from roadmap.enums import Status
from roadmap.services.bulk.asked import Asked, AxisAsked, PilotAsked
from roadmap.services.bulk.planning import BulkPlan, SheetPlan
from roadmap.services.gestures import named


@dataclass(frozen=True)
class _Did:
    """One thing done: after a name, and by itself."""

    words: str
    said: str


def words_of(plan: BulkPlan, *, asked: Asked) -> str:
    """« a passé 12 fiches à « En cours » et a décalé 3 fiches de 2 trimestres plus tard »."""
    return listed([did.words for did in _all_done(plan, asked)])


def said_of(plan: BulkPlan, *, asked: Asked) -> str:
    """« 12 fiches passées à « En cours » ; 3 fiches décalées de 2 trimestres plus tard. »"""
    said = f"{NBSP}; ".join(did.said for did in _all_done(plan, asked))
    return f"{said[:1].upper()}{said[1:]}."


def shift_words(quarters: int) -> str:
    """« de 2 trimestres plus tard »."""
    count = abs(quarters)
    many = f"d’un{NBSP}trimestre" if count == 1 else f"de {counted(count, 'trimestre')}"
    return f"{many} {'plus tard' if quarters > 0 else 'plus tôt'}"


def _all_done(plan: BulkPlan, asked: Asked) -> Iterator[_Did]:
    done = {
        kind: [line for line in plan.changing if line.does(kind)]
        for kind in ("status", "reason", "pilot", "axis", "shift")
    }
    if done["status"]:
        now = f" à «{NBSP}{Status(asked.status).label}{NBSP}»"
        yield _did(done["status"], ("a passé ", now), ("passée", now))
    elif done["reason"]:
        yield _did(done["reason"], ("a réécrit le motif de ", ""), ("", "au motif réécrit"))
    if done["pilot"] and asked.pilot:
        yield _pilot(done["pilot"], asked.pilot)
    if done["axis"] and asked.axis:
        yield _axis(done["axis"], asked.axis)
    if done["shift"]:
        how = f" {shift_words(asked.quarters)}"
        yield _did(done["shift"], ("a décalé ", how), ("décalée", how))


def _pilot(lines: list[SheetPlan], pilot: PilotAsked) -> _Did:
    who = named(pilot.printed)
    if pilot.replaces:
        words = ("a remplacé le pilote de ", f" par {who}")
        return _did(lines, words, ("pilotée", f" maintenant par {who}"))
    words = (f"a ajouté {who} aux pilotes de ", "")
    return _did(lines, words, ("pilotée", f" aussi par {who}"))


def _axis(lines: list[SheetPlan], asked: AxisAsked) -> _Did:
    if asked.axis is None:
        return _did(lines, ("a retiré ", " de tout axe"), ("retirée", " de tout axe"))
    where = f" sous l’axe {named(asked.axis)}"
    return _did(lines, ("a rangé ", where), ("rangée", where))


def _did(lines: list[SheetPlan], words: tuple[str, str], said: tuple[str, str]) -> _Did:
    """Both sentences, their sheets counted, or named when there is only one."""
    count = len(lines)
    sheets = counted(count, "fiche") if count > 1 else f"la fiche{NBSP}{lines[0].number}"
    shown = counted(count, "fiche") if count > 1 else f"fiche{NBSP}{lines[0].number}"
    participle = f"{said[0]}s" if said[0] and count > 1 else said[0]
    return _Did(words=sheets.join(words), said=f"{shown} {participle}{said[1]}")
