"""What the papers of a meeting and the register say, as plain values.

No row and no key of the base leaves this file. A paper of a meeting is dated by it, not by the day
of its printing: equal contents are equal bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.text import NBSP, counted, day_in_words
from documents.kinds import PaperRefused
from governance.enums import MeetingState, Presence
from governance.models import AgendaItem, Attendee, Body, Decision, Meeting
from governance.summaries.minutes import (
    MinutesRead,
    follows_told,
    hours_told,
    minutes_of,
)
from governance.summaries.register import (
    RegisterLine,
    chosen_decisions,
    lines_of,
    open_decisions_of,
)
from governance.ties import tied_to_items
from territories.models import Project

NO_MEETING = "Choisissez une réunion de ce projet."
# Lines left blank to sign, for those who come without being convened.
BLANK_LINES = 6


@dataclass(frozen=True)
class Imprint:
    """The head of a page and its foot, in printed words."""

    title: str
    kind: str
    territory: str
    is_fictional: bool
    author: str
    about: str
    stated_on: str
    stated_iso: str

    @property
    def foot(self) -> str:
        """« PTSM Mayenne · Compte rendu · COPIL du 3 mars 2026 »."""
        return " · ".join(filter(None, [f"PTSM {self.territory}", self.kind, self.about]))


@dataclass(frozen=True)
class Signer:
    """One line to sign."""

    name: str
    organisation: str
    capacity: str
    expected: str


@dataclass(frozen=True)
class SigningPaper:
    """The « feuille d’émargement »."""

    imprint: Imprint
    body: str
    when: str
    place: str
    signers: tuple[Signer, ...]
    blanks: tuple[int, ...]


@dataclass(frozen=True)
class AgendaLine:
    """One point, as the convocation announces it."""

    title: str
    details: str
    about: tuple[str, ...]


@dataclass(frozen=True)
class OpenLine:
    """One decision that waits."""

    number: int
    text: str
    follow_up: str


@dataclass(frozen=True)
class ConvocationPaper:
    """The convocation, as it is pinned or posted."""

    imprint: Imprint
    body: str
    title: str
    when: str
    place: str
    distance: str
    words: str
    cancelled: str
    items: tuple[AgendaLine, ...]
    still_open: tuple[OpenLine, ...]


@dataclass(frozen=True)
class MinutesPaper:
    """The « compte rendu »."""

    imprint: Imprint
    read: MinutesRead
    counts: str


@dataclass(frozen=True)
class RegisterRow:
    """One decision of the register."""

    number: int
    text: str
    taken: str
    responsible: str
    due: str
    lateness: str
    state: str
    state_label: str
    closing: str
    about: tuple[str, ...]


@dataclass(frozen=True)
class RegisterPaper:
    """The « registre des décisions »."""

    imprint: Imprint
    body: str
    count: str
    rows: tuple[RegisterRow, ...]


# --- Which meeting ---


def meeting_asked(project: Project, choices: Mapping[str, Any]) -> Meeting:
    """The meeting that was chosen. `PaperRefused` when it is gone. One query."""
    rows = Meeting.objects.of(project).with_place().select_related("minutes_validated_at")
    key = str(choices.get("meeting") or "")
    found = rows.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    if found is None:
        raise PaperRefused(NO_MEETING)
    return found


def _about(meeting: Meeting) -> str:
    return f"{meeting.body} du {day_in_words(meeting.starts_on)}"


def _imprint(meeting: Meeting, kind: str, *, about: str = "") -> Imprint:
    project = meeting.body.project
    return Imprint(
        title=f"{kind} · PTSM {project.territory.name} · {_about(meeting)}",
        kind=kind,
        territory=project.territory.name,
        is_fictional=project.territory.is_fictional,
        author=project.author,
        about=f"{_about(meeting)}{about}",
        stated_on=day_in_words(meeting.starts_on),
        stated_iso=meeting.starts_on.isoformat(),
    )


def _when(meeting: Meeting) -> str:
    return f"{day_in_words(meeting.starts_on)}, {hours_told(meeting)}"


# --- Convocation ---


def convocation_title(project: Project, choices: Mapping[str, Any]) -> str:
    """« Convocation · PTSM Mayenne · COPIL du 3 mars 2026 ». One query."""
    return _imprint(meeting_asked(project, choices), "Convocation").title


def convocation_context(
    project: Project, choices: Mapping[str, Any]
) -> dict[str, ConvocationPaper]:
    """Five queries, `PaperRefused` when the meeting is gone."""
    meeting = meeting_asked(project, choices)
    items = list(
        AgendaItem.objects.filter(meeting=meeting).select_related("decision").order_by("rank", "pk")
    )
    ties = tied_to_items([item.pk for item in items], None)
    waiting = open_decisions_of(meeting.body, before=meeting.starts_on).exclude(meeting=meeting)
    is_cancelled = meeting.state == MeetingState.CANCELLED
    return {
        "paper": ConvocationPaper(
            imprint=_imprint(meeting, "Convocation"),
            body=meeting.body.name,
            title=meeting.title,
            when=_when(meeting),
            place=meeting.place,
            distance=meeting.distance_url,
            words=meeting.words,
            cancelled=meeting.cancel_reason if is_cancelled else "",
            items=tuple(
                AgendaLine(
                    title=item.title,
                    details=_details(item),
                    about=tuple(tied.label for tied in ties.get(item.pk, [])),
                )
                for item in items
            ),
            still_open=tuple(_open_line(decision) for decision in waiting),
        )
    }


def _details(item: AgendaItem) -> str:
    told = [
        item.speaker,
        counted(item.minutes, "minute") if item.minutes else "",
        follows_told(item.decision),
    ]
    return " · ".join(filter(None, told))


def _open_line(decision: Decision) -> OpenLine:
    due = f"pour le {day_in_words(decision.due_on)}" if decision.due_on else ""
    told = filter(None, [decision.responsible_name, due])
    return OpenLine(decision.number, decision.text, ", ".join(told))


# --- Attendance to sign ---


def signing_title(project: Project, choices: Mapping[str, Any]) -> str:
    """« Feuille d’émargement · PTSM Mayenne · COPIL du 3 mars 2026 ». One query."""
    return _imprint(meeting_asked(project, choices), "Feuille d’émargement").title


def signing_context(project: Project, choices: Mapping[str, Any]) -> dict[str, SigningPaper]:
    """Two queries, `PaperRefused` when the meeting is gone."""
    meeting = meeting_asked(project, choices)
    attendees = Attendee.objects.filter(meeting=meeting).order_by("pk")
    return {
        "paper": SigningPaper(
            imprint=_imprint(meeting, "Feuille d’émargement"),
            body=meeting.body.name,
            when=_when(meeting),
            place=meeting.place,
            signers=tuple(_signer(one) for one in attendees),
            blanks=tuple(range(1, BLANK_LINES + 1)),
        )
    }


def _signer(one: Attendee) -> Signer:
    is_represented = Presence.REPRESENTED in {one.presence, one.reply} and one.represented_by
    return Signer(
        name=one.name,
        organisation=one.organisation_name,
        capacity=one.capacity,
        expected=f"représenté par {one.represented_by}" if is_represented else "",
    )


# --- Minutes ---


def minutes_title(project: Project, choices: Mapping[str, Any]) -> str:
    """« Compte rendu · PTSM Mayenne · COPIL du 3 mars 2026 ». One query."""
    return _imprint(meeting_asked(project, choices), "Compte rendu").title


def minutes_context(project: Project, choices: Mapping[str, Any]) -> dict[str, MinutesPaper]:
    """Seven queries, one once validated. `PaperRefused` while they are being written."""
    meeting = meeting_asked(project, choices)
    if not meeting.minutes_are_out:
        raise PaperRefused(
            "Ce compte rendu est encore en rédaction\u00a0: proposez-le à la validation pour "
            "l’imprimer."
        )
    if meeting.minutes_validated_at:
        meeting.minutes_validated_at.body = meeting.body
    read = minutes_of(meeting)
    about = "" if read.is_validated else " · Projet"
    return {
        "paper": MinutesPaper(
            imprint=_imprint(meeting, "Compte rendu", about=about),
            read=read,
            counts=read.counts,
        )
    }


# --- The register ---


def register_title(project: Project, choices: Mapping[str, Any]) -> str:
    """« Registre des décisions · PTSM Mayenne · COPIL ». One query at most."""
    body = body_asked(project, choices)
    words = ["Registre des décisions", f"PTSM {project.territory.name}", str(body or "")]
    return " · ".join(filter(None, words))


def register_context(project: Project, choices: Mapping[str, Any]) -> dict[str, RegisterPaper]:
    """Four queries. Lateness is told as of today: tomorrow's register is another paper."""
    today = project.territory.today()
    body = body_asked(project, choices)
    narrowed = {"etat": str(choices.get("state") or "")}
    if body:
        narrowed["instance"] = str(body.pk)
    rows = chosen_decisions(project, narrowed, on=today).for_list()
    lines = lines_of(rows, on=today, reader=None)
    if not lines:
        raise PaperRefused("Aucune décision à imprimer avec ce choix.")
    return {
        "paper": RegisterPaper(
            imprint=Imprint(
                title=register_title(project, choices),
                kind="Registre des décisions",
                territory=project.territory.name,
                is_fictional=project.territory.is_fictional,
                author=project.author,
                about=f"au {day_in_words(today)}",
                stated_on=day_in_words(today),
                stated_iso=today.isoformat(),
            ),
            body=str(body or ""),
            count=counted(len(lines), "décision"),
            rows=tuple(_row(line) for line in lines),
        )
    }


def body_asked(project: Project, choices: Mapping[str, Any]) -> Body | None:
    """The body whose register was asked, if one was. One query when there is one."""
    key = str(choices.get("body") or "")
    if not (key.isdecimal() and len(key) < 19):
        return None
    return Body.objects.of(project).filter(pk=int(key)).first()


def _row(line: RegisterLine) -> RegisterRow:
    decision = line.decision
    taken = [str(decision.body or ""), day_in_words(decision.decided_on)]
    closed = f"le {day_in_words(decision.closed_on)}" if decision.closed_on else ""
    told = [closed, decision.closing_words]
    return RegisterRow(
        number=decision.number,
        text=decision.text,
        taken=", ".join(filter(None, taken)),
        responsible=decision.responsible_name,
        due=line.due,
        lateness=line.lateness,
        state=decision.state,
        state_label=str(decision.get_state_display()),
        closing=f"{NBSP}: ".join(filter(None, told)),
        about=tuple(tied.label for tied in line.ties),
    )
