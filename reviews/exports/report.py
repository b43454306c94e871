"""The « rapport trimestriel »: all that a closed campaign says, from what was frozen alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from core.text import NBSP, counted, day_in_words, listed
from documents.enums import Standing
from documents.kinds import PaperRefused
from reviews.drawings import draw_key, draw_statuses
from reviews.enums import Outcome
from reviews.exports.said import SaidSheet, said_of
from reviews.models import Campaign
from reviews.summaries.frozen import FrozenReview, UnknownSchema, as_read
from reviews.summaries.report import Changes, FollowUpGroup, Report, StatusRow, report_of
from roadmap.exports import DrawnGrid, Imprint, draw_for_paper
from roadmap.summaries import PlanningGrid
from territories.models import Project

KIND = "Rapport trimestriel"


@dataclass(frozen=True)
class Figure:
    """One count of the answers."""

    figure: str
    label: str


@dataclass(frozen=True)
class Told:
    """One thing to read, and what is said of it."""

    title: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class ChangesTold:
    """One kind of change since the review before."""

    label: str
    count: int
    lines: tuple[Told, ...]


@dataclass(frozen=True)
class FollowUpLine:
    """One action of the follow-up table of the ANAP."""

    number: int
    title: str
    status: str
    status_label: str
    note: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Orientation:
    """One priority of that table."""

    label: str
    priority: int | None
    lines: tuple[FollowUpLine, ...]


@dataclass(frozen=True)
class Chart:
    """Statuses by priority or by axis: drawn, then in figures."""

    title: str
    drawing: SafeString
    key: SafeString
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class SheetPlanning:
    """The quarters of one sheet, as they stood at the closing."""

    title: str
    priority: int | None
    grids: tuple[DrawnGrid, ...]


@dataclass(frozen=True)
class ReportPaper:
    """Everything that the report says."""

    imprint: Imprint
    quarter: str
    edition: str
    reopening_reason: str
    # « Ouverte le 1er décembre 2026, réponses attendues jusqu’au 22 décembre 2026 ».
    dates: str
    closing: str
    count: str
    figures: tuple[Figure, ...]
    since: str
    changes: tuple[ChangesTold, ...]
    gone: tuple[str, ...]
    to_examine: tuple[Told, ...]
    charts: tuple[Chart, ...]
    follow_up: tuple[Orientation, ...]
    sheets: tuple[SaidSheet, ...]
    # « La revue n’interrogeait pas les fiches 3 et 5 […] », blank when it asked about each.
    not_asked: str
    plannings: tuple[SheetPlanning, ...]


# --- Which review -------------------------------------------------------------------------------


def closed_campaign(project: Project, choices: Mapping[str, Any]) -> Campaign:
    """The closed review that was chosen (« 2026-T4 », « 2026-T4-2 » for its second edition).

    One query. `PaperRefused` when there is none.
    """
    chosen = choices.get("review")
    closed = Campaign.objects.of(project).closed()
    for campaign in closed:
        if campaign.code == chosen:
            return campaign
    raise PaperRefused(f"La revue {chosen} n’existe pas dans ce projet, ou n’est pas clôturée.")


def report_standing(_: Project, __: Mapping[str, Any]) -> Standing:
    """What is closed never changes: its file is kept."""
    return Standing.FROZEN


def report_title(project: Project, choices: Mapping[str, Any]) -> str:
    """« Rapport trimestriel · PTSM Mayenne · Revue T4 2026 ». Two queries."""
    return _title(frozen_review(project, choices))


def _title(review: FrozenReview) -> str:
    return f"{KIND} · PTSM {review.territory} · {_name(review)}"


def _name(review: FrozenReview) -> str:
    again = f", {_edition(review)}" if review.edition > 1 else ""
    return f"Revue {review.reviewed}{again}"


def _edition(review: FrozenReview) -> str:
    return f"{review.edition}ᵉ{NBSP}édition" if review.edition > 1 else ""


def frozen_review(project: Project, choices: Mapping[str, Any]) -> FrozenReview:
    """What the review that was chosen has frozen; `PaperRefused` when none is. One query."""
    campaign = closed_campaign(project, choices)
    try:
        return as_read(campaign.frozen or {})
    except UnknownSchema as unknown:
        raise PaperRefused(
            f"La {campaign} a été clôturée par une version plus récente de l’application."
        ) from unknown


# --- What it says -------------------------------------------------------------------------------


def report_context(project: Project, choices: Mapping[str, Any]) -> dict[str, ReportPaper]:
    """The report of a closed review. Two queries, whatever its sheets; no table but its own."""
    report = report_of(frozen_review(project, choices))
    review = report.review
    closed_on = day_in_words(review.closed_on)
    return {
        "paper": ReportPaper(
            imprint=_imprint(project, review),
            quarter=str(review.reviewed),
            edition=_edition(review),
            reopening_reason=review.reopening_reason,
            dates=_dates(review),
            closing=f"Clôturée le {closed_on}{f' par {review.led_by}' if review.led_by else ''}",
            count=f"{counted(review.answered, 'réponse')} sur {_asked(review)}",
            figures=tuple(_figures(review)),
            since=f"le {review.previous}" if review.previous else "l’ouverture de la revue",
            changes=tuple(_changes(report.changes)),
            gone=report.changes.gone,
            to_examine=tuple(Told(line.title, line.reasons) for line in report.to_examine),
            charts=tuple(_charts(report)),
            follow_up=tuple(_orientation(group) for group in report.follow_up),
            sheets=tuple(said_of(sheet) for sheet in review.asked),
            not_asked=_not_asked(review),
            plannings=tuple(_plannings(review.grid)),
        )
    }


def _imprint(project: Project, review: FrozenReview) -> Imprint:
    return Imprint(
        title=_title(review),
        kind=KIND,
        territory=review.territory,
        is_fictional=project.territory.is_fictional,
        project=review.project,
        author="",
        edition="",
        frozen=_name(review),
        version="",
        reference="",
        stated_on=day_in_words(review.closed_on),
        stated_iso=review.closed_on.isoformat(),
    )


def _asked(review: FrozenReview) -> str:
    return counted(len(review.asked), "fiche interrogée", "fiches interrogées")


def _dates(review: FrozenReview) -> str:
    due = f"réponses attendues pour le {day_in_words(review.due_on)}"
    if review.opened_on is None:
        return due[:1].upper() + due[1:]
    return f"Ouverte le {day_in_words(review.opened_on)}, {due}"


def _figures(review: FrozenReview) -> Iterator[Figure]:
    words = {
        Outcome.VALIDATED: ("réponse validée", "réponses validées"),
        Outcome.RECEIVED: ("reçue, non validée", "reçues, non validées"),
        Outcome.SILENT: ("sans réponse", "sans réponse"),
    }
    for outcome, (one, many) in words.items():
        count = review.count(outcome)
        yield Figure(str(count), one if count < 2 else many)


def _changes(changes: Changes) -> Iterator[ChangesTold]:
    for group in changes.groups:
        if group.changes:
            yield ChangesTold(
                label=group.label,
                count=len(group.changes),
                lines=tuple(
                    Told(
                        f"Fiche{NBSP}{change.sheet.number}{NBSP}: {change.sheet.title}",
                        (change.words,) if change.words else (),
                    )
                    for change in group.changes
                ),
            )


def _orientation(group: FollowUpGroup) -> Orientation:
    return Orientation(
        label=group.label,
        priority=group.priority,
        lines=tuple(
            FollowUpLine(
                number=row.sheet.number,
                title=row.sheet.title,
                status=row.sheet.status,
                status_label=row.status,
                note=row.note,
                reasons=row.reasons,
            )
            for row in group.rows
        ),
    )


def _charts(report: Report) -> Iterator[Chart]:
    for title, named, rows in (
        ("Avancement par priorité du décret", "Priorité", report.by_priority),
        ("Avancement par axe local", "Axe", report.by_axis),
    ):
        if rows:
            yield _chart(title, named, rows)


def _chart(title: str, named: str, rows: Sequence[StatusRow]) -> Chart:
    return Chart(
        title=title,
        drawing=draw_statuses(rows, title=title),
        key=draw_key(rows),
        head=(named, *(facet.label for facet in rows[0].counts), "Total"),
        rows=tuple(
            (row.label, (*(facet.count for facet in row.counts), row.total)) for row in rows
        ),
    )


def _not_asked(review: FrozenReview) -> str:
    numbers = [str(sheet.number) for sheet in review.live if not sheet.is_asked]
    if not numbers:
        return ""
    which = f"{'la fiche' if len(numbers) == 1 else 'les fiches'}{NBSP}{listed(numbers)}"
    state = "son avancement" if len(numbers) == 1 else "leur avancement"
    return f"La revue n’interrogeait pas {which}{NBSP}: {state} est au tableau de suivi."


def _plannings(grid: PlanningGrid) -> Iterator[SheetPlanning]:
    """One a sheet that has objectives; none while the period of the planning is not known."""
    for group in grid.groups if grid.quarters else ():
        if group.rows:
            yield SheetPlanning(
                title=f"Fiche action n°{NBSP}{group.number}{NBSP}: {group.title}",
                priority=group.priority,
                grids=draw_for_paper(
                    PlanningGrid(grid.quarters, grid.current, (group,)),
                    named=f"la fiche {group.number}",
                ),
            )
