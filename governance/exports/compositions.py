"""What the paper « Composition des instances » says, as plain values, on the day that was asked."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.text import NBSP, counted, day_in_words
from documents.kinds import PaperRefused
from governance.summaries.compositions import Composition, SeatLine, compositions
from territories.models import Project

CODE = "composition"
KIND = "Composition des instances"


@dataclass(frozen=True)
class CompositionImprint:
    """The head of a page and its foot, in printed words."""

    title: str
    territory: str
    is_fictional: bool
    author: str
    stated_on: str
    stated_iso: str

    @property
    def foot(self) -> str:
        """« PTSM Mayenne · Composition des instances · au 22 novembre 2026 »."""
        return f"PTSM {self.territory} · {KIND} · au {self.stated_on}"


@dataclass(frozen=True)
class PrintedSeat:
    """One seat; a vacant one has no name."""

    name: str
    function: str
    organisation: str
    role: str
    substitute: str
    mandate: str


@dataclass(frozen=True)
class PrintedBody:
    """One body: what it is for, and who sits there by capacity."""

    name: str
    kind: str
    mission: str
    rhythm: str
    gate: str
    count: str
    groups: tuple[tuple[str, tuple[PrintedSeat, ...]], ...]


@dataclass(frozen=True)
class CompositionPaper:
    """All that the paper says."""

    imprint: CompositionImprint
    count: str
    bodies: tuple[PrintedBody, ...]


def day_of(project: Project, parameters: Mapping[str, Any]) -> dt.date:
    """The day that was asked, today otherwise. No query."""
    asked = str(parameters.get("le") or "")
    return dt.date.fromisoformat(asked) if asked else project.territory.today()


def composition_title(project: Project, parameters: Mapping[str, Any]) -> str:
    """« Composition des instances au 22 novembre 2026 · PTSM Mayenne »."""
    day = day_in_words(day_of(project, parameters))
    return f"{KIND} au {day} · PTSM {project.territory.name}"


def composition_context(
    project: Project, parameters: Mapping[str, Any]
) -> dict[str, CompositionPaper]:
    """The bodies that sat on that day; `PaperRefused` when none did. Two queries."""
    on = day_of(project, parameters)
    found = compositions(project, on=on)
    if not found:
        raise PaperRefused(
            f"Aucune instance ne siégeait le {day_in_words(on)}{NBSP}: choisissez un autre jour."
        )
    seats = sum(len(one.lines) for one in found)
    paper = CompositionPaper(
        imprint=CompositionImprint(
            title=composition_title(project, parameters),
            territory=project.territory.name,
            is_fictional=project.territory.is_fictional,
            author=project.author,
            stated_on=day_in_words(on),
            stated_iso=on.isoformat(),
        ),
        count=f"{counted(len(found), 'instance')}, {counted(seats, 'siège')}",
        bodies=tuple(_printed(one) for one in found),
    )
    return {"paper": paper}


def _printed(one: Composition) -> PrintedBody:
    body = one.body
    return PrintedBody(
        name=body.name,
        kind=body.described,
        mission=body.mission,
        rhythm=body.rhythm,
        gate=str(body.get_gate_display()) if body.gate else "",
        count=counted(len(one.lines), "siège"),
        groups=tuple(
            (label, tuple(_printed_seat(line) for line in lines)) for label, lines in one.groups
        ),
    )


def _printed_seat(line: SeatLine) -> PrintedSeat:
    since = line.seat.starts_on
    dates = [f"depuis le {day_in_words(since)}" if since else "", line.notice]
    return PrintedSeat(
        name=line.name,
        function=line.function,
        organisation=line.organisation,
        role=line.role or "Membre",
        substitute=line.substitute,
        mandate=", ".join(filter(None, dates)),
    )
