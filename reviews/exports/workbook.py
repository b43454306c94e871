"""The « rapport trimestriel » as a workbook: its tables, to be sorted, counted and pasted.

From what was frozen alone: the same review gives the same bytes a year later.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.text import NBSP, day_in_words
from documents.workbooks import Cell, ColumnShape, SheetShape, Workbook
from reviews.exports.report import frozen_review, report_title
from reviews.summaries.frozen import FrozenReview
from reviews.summaries.report import Changes, Report, StatusRow, report_of
from roadmap.summaries import PlanningGrid
from territories.models import Project

Rows = list[list[Cell]]
# How a text over several quarters looks; every other state bears the name of its look.
TEXT, NOTE = "texte", "note"
GONE = "Sorties de la feuille de route"


def report_workbook(project: Project, choices: Mapping[str, Any]) -> Workbook:
    """The tables of a closed review, one a sheet. Three queries, whatever its sheets."""
    report = report_of(frozen_review(project, choices))
    closed_on = report.review.closed_on
    return Workbook(
        title=report_title(project, choices),
        changed_at=dt.datetime.combine(closed_on, dt.time(), tzinfo=dt.UTC),
        sheets=tuple(_sheets(report)),
    )


def _sheets(report: Report) -> Iterator[SheetShape]:
    review = report.review
    yield _sheet(
        "Ce qui a changé",
        (("Changement", 28), ("Fiche", 8), ("Titre", 60), ("Précision", 60)),
        _changes(report.changes),
    )
    yield _sheet(
        "À examiner",
        (("Fiche", 8), ("Sujet", 60), ("Motifs", 70)),
        [
            [
                Cell(line.sheet.number if line.sheet else None, "number"),
                Cell(line.title),
                Cell("\n".join(line.reasons)),
            ]
            for line in report.to_examine
        ],
    )
    yield _sheet(
        "Suivi",
        (("Orientations", 45), ("Actions", 60), ("État d’avancement", 32), ("Motifs", 60)),
        _follow_up(report),
    )
    yield _statuses("Statuts par priorité", "Priorité", report.by_priority)
    yield _statuses("Statuts par axe", "Axe", report.by_axis)
    yield _quarters(review.grid)
    yield _sheet("À propos", (("Sujet", 28), ("Ce qui en est dit", 70)), _about(review))


def _sheet(name: str, columns: Sequence[tuple[str, int]], rows: Rows) -> SheetShape:
    return SheetShape(
        name=name,
        columns=[ColumnShape(title, width) for title, width in columns],
        rows=rows,
    )


def _changes(changes: Changes) -> Rows:
    told = [
        [
            Cell(group.label),
            Cell(change.sheet.number, "number"),
            Cell(change.sheet.title),
            Cell(change.words),
        ]
        for group in changes.groups
        for change in group.changes
    ]
    return told + [[Cell(GONE), Cell(), Cell(words), Cell()] for words in changes.gone]


def _follow_up(report: Report) -> Rows:
    """The priority on each row: a sorted or filtered table says where each action belongs."""
    return [
        [
            Cell(group.label),
            Cell(f"{row.sheet.number}. {row.sheet.title}"),
            Cell("\n".join(filter(None, [row.status, row.note]))),
            Cell("\n".join(row.reasons)),
        ]
        for group in report.follow_up
        for row in group.rows
    ]


def _statuses(name: str, named: str, rows: Sequence[StatusRow]) -> SheetShape:
    labels = [facet.label for facet in rows[0].counts] if rows else []
    return _sheet(
        name,
        ((named, 60), *((label, 14) for label in labels), ("Total", 10)),
        [
            [
                Cell(row.label),
                *(Cell(facet.count, "number") for facet in row.counts),
                Cell(row.total, "number"),
            ]
            for row in rows
        ],
    )


def _quarters(grid: PlanningGrid) -> SheetShape:
    """The planning at the closing: an objective a row, a quarter a column."""
    columns = (
        ("Fiche", 8),
        ("Objectif", 60),
        *((str(quarter), 10) for quarter in grid.quarters),
        ("État", 14),
    )
    rows: Rows = []
    for group in grid.groups:
        if group.rows:
            title = Cell(f"{group.number}. {group.title}", "group", len(grid.quarters) + 2)
            rows.append([Cell(group.number, "group"), title])
        for row in group.rows:
            told = "\n".join([f"{'    ' * row.depth}{row.printed}", *row.remarks])
            rows.append(
                [
                    Cell(group.number, "number"),
                    Cell(told, "group" if row.is_project else "text"),
                    *(
                        Cell(
                            segment.text,
                            NOTE if segment.state == TEXT else segment.state or "text",
                            segment.span,
                        )
                        for segment in row.segments
                    ),
                    Cell(row.state_label),
                ]
            )
    shape = _sheet("Trimestres", columns, rows)
    return SheetShape(shape.name, shape.columns, shape.rows, fixed_columns=2)


def _about(review: FrozenReview) -> Rows:
    """Whose figures they are, once the file is far from the application."""
    led_by = f" par {review.led_by}" if review.led_by else ""
    facts = (
        ("Territoire", review.territory),
        ("Projet", review.project),
        ("Revue", f"{review.reviewed}"),
        ("Édition", f"{review.edition}ᵉ" if review.edition > 1 else ""),
        ("Clôturée", f"le {day_in_words(review.closed_on)}{led_by}"),
        ("Motif de la réouverture", review.reopening_reason),
        ("Réponses", f"{review.answered} sur {len(review.asked)} fiches interrogées"),
        ("Comparée à", f"la revue{NBSP}{review.previous}" if review.previous else ""),
    )
    return [[Cell(name, "strong"), Cell(words)] for name, words in facts if words]
