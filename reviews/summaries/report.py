"""What the COPIL reads of a closed campaign, from what was frozen and from nothing else."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.quarters import Quarter
from core.text import NBSP, counted
from reviews.summaries.frozen import FrozenObjective, FrozenReview, FrozenSheet
from roadmap.enums import STATUSES_WITH_REASON, Status, Weather
from roadmap.summaries import Facet

UNSORTED = "À classer"
# From that many sheets in charge of one person, the COPIL is told.
MANY_SHEETS = 5
# « Deux trimestres » is where silence, and putting off, stop being an accident.
TWICE = 2


@dataclass(frozen=True)
class Change:
    """One sheet that moved, and what is told of it."""

    sheet: FrozenSheet
    words: str


@dataclass(frozen=True)
class ChangeGroup:
    """One kind of change since the review before."""

    code: str
    label: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Changes:
    """What moved since; `gone` were in the roadmap at the review before."""

    # Nothing for the first review: what is told is since its opening.
    since: Quarter | None
    groups: tuple[ChangeGroup, ...]
    gone: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.gone and not any(group.changes for group in self.groups)


@dataclass(frozen=True)
class ToExamine:
    """One line for the COPIL, and each reason why."""

    title: str
    sheet: FrozenSheet | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class FollowUpRow:
    """One action in the follow-up table of the ANAP."""

    sheet: FrozenSheet
    status: str
    note: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class FollowUpGroup:
    """One orientation: a priority of the decree."""

    label: str
    priority: int | None
    rows: tuple[FollowUpRow, ...]


@dataclass(frozen=True)
class StatusRow:
    """How many sheets of one priority, or of one axis, have each status."""

    label: str
    counts: tuple[Facet, ...]

    @property
    def total(self) -> int:
        return sum(facet.count for facet in self.counts)


@dataclass(frozen=True)
class Report:
    """The whole reading of a closed campaign."""

    review: FrozenReview
    changes: Changes
    to_examine: tuple[ToExamine, ...]
    follow_up: tuple[FollowUpGroup, ...]
    by_priority: tuple[StatusRow, ...]
    by_axis: tuple[StatusRow, ...]


def report_of(review: FrozenReview) -> Report:
    """Everything that the page and the papers print; no query."""
    return Report(
        review=review,
        changes=changes_of(review),
        to_examine=tuple(_to_examine(review)),
        follow_up=tuple(_follow_up(review)),
        by_priority=tuple(_by_priority(review)),
        by_axis=tuple(_by_axis(review)),
    )


# --- What changed ---


def changes_of(review: FrozenReview) -> Changes:
    """Started, done, put off, stopped, added since the review before, or since the opening."""
    became: dict[str, list[Change]] = {"commencees": [], "realisees": [], "arretees": []}
    for sheet in review.live:
        if code := _became(sheet):
            became[code].append(Change(sheet, sheet.status_reason))
    slipped = [
        Change(sheet, f"{_quoted(line.printed)} {_put_off(line)}")
        for sheet in review.live
        for line in sheet.slipped
    ]
    added = [
        Change(sheet, sheet.status_label.lower())
        for sheet in review.live
        if review.previous is not None and sheet.before is None
    ]
    group = ChangeGroup
    return Changes(
        since=review.previous,
        groups=(
            group("commencees", "Commencées", tuple(became["commencees"])),
            group("realisees", "Réalisées", tuple(became["realisees"])),
            group("decalees", "Objectifs décalés", tuple(slipped)),
            group("arretees", "Suspendues ou abandonnées", tuple(became["arretees"])),
            group("ajoutees", "Ajoutées", tuple(added)),
        ),
        gone=review.gone,
    )


def _became(sheet: FrozenSheet) -> str:
    """Under which change a sheet is told, when its status is not what it was."""
    was = sheet.before.status if sheet.before else sheet.status_at_opening
    if sheet.status == was:
        return ""
    if sheet.status == Status.DONE:
        return "realisees"
    if sheet.status in STATUSES_WITH_REASON:
        return "arretees"
    return "commencees" if sheet.status == Status.RUNNING else ""


def _put_off(line: FrozenObjective) -> str:
    reason = f"{NBSP}: {line.slip_reason}" if line.slip_reason else ""
    return f"décalé à {Quarter(line.slipped_to or 0)}{reason}"


# --- What is to be examined ---


def _to_examine(review: FrozenReview) -> Iterator[ToExamine]:
    for sheet in review.live:
        if reasons := tuple(_reasons(sheet)):
            yield ToExamine(f"Fiche{NBSP}{sheet.number}{NBSP}: {sheet.title}", sheet, reasons)
    yield from _overloaded(review)
    yield from _idle_priorities(review)


def _reasons(sheet: FrozenSheet) -> Iterator[str]:
    yield from _asked_reasons(sheet)
    if sheet.lateness:
        yield sheet.lateness_label
    if sheet.silent_for >= TWICE:
        yield f"sans réponse depuis {counted(sheet.silent_for, 'trimestre')}"
    for line in sheet.slipped:
        if line.slips >= TWICE:
            yield f"{_quoted(line.printed)} décalé {line.slips}{NBSP}fois"
    for person in sheet.people:
        if person.is_gone and _is_expected(sheet):
            yield f"{person.name}, pilote, n’est plus là"


def _asked_reasons(sheet: FrozenSheet) -> Iterator[str]:
    """What the answer itself asks to look at, validated or not."""
    if sheet.answer is None:
        return
    if sheet.answer.help_asked:
        yield f"aide demandée{NBSP}: {sheet.answer.help_asked}"
    if sheet.answer.weather == Weather.COMPROMISED:
        yield "objectifs compromis"


def _is_expected(sheet: FrozenSheet) -> bool:
    """Somebody still has to work on it."""
    return sheet.status not in {Status.DONE, Status.DROPPED}


def _overloaded(review: FrozenReview) -> Iterator[ToExamine]:
    """Each person who answers for many sheets that go on, the busiest first."""
    expected = [sheet for sheet in review.live if _is_expected(sheet)]
    names = {each.key: each.name for sheet in expected for each in sheet.people if not each.is_gone}
    counts = Counter(each.key for sheet in expected for each in sheet.people)
    for key, count in counts.most_common():
        if count >= MANY_SHEETS and key in names:
            yield ToExamine(names[key], None, (f"pilote {counted(count, 'fiche')} en même temps",))


def _idle_priorities(review: FrozenReview) -> Iterator[ToExamine]:
    running = {sheet.priority for sheet in review.live if sheet.status == Status.RUNNING}
    for priority in review.priorities:
        if priority.number not in running:
            title = f"Priorité{NBSP}{priority.number}{NBSP}: {priority.label}"
            yield ToExamine(title, None, ("aucune fiche en cours",))


# --- Tables ---


def _follow_up(review: FrozenReview) -> Iterator[FollowUpGroup]:
    labels = {each.number: f"{each.number}. {each.label}" for each in review.priorities}
    for number in (*labels, None):
        rows = tuple(_row(sheet) for sheet in review.live if sheet.priority == number)
        if rows:
            yield FollowUpGroup(labels.get(number or 0, UNSORTED), number, rows)


def _row(sheet: FrozenSheet) -> FollowUpRow:
    return FollowUpRow(
        sheet=sheet,
        status=sheet.status_label,
        note=_note(sheet),
        reasons=tuple(_motives(sheet)),
    )


def _note(sheet: FrozenSheet) -> str:
    """How much the state told is worth."""
    if not sheet.is_asked:
        return ""
    if sheet.is_silent:
        return "sans réponse, dernier état connu"
    if sheet.answer is not None and sheet.answer.is_set_aside:
        return "réponse validée, la fiche a été gardée telle quelle"
    if sheet.answer is not None and sheet.answer.validated_on is None:
        said = sheet.answer.status_label.lower()
        return f"réponse reçue, non validée{NBSP}: {said}"
    return sheet.weather_label.lower()


def _motives(sheet: FrozenSheet) -> Iterator[str]:
    if sheet.status_reason:
        yield sheet.status_reason
    for line in sheet.slipped:
        yield f"{_quoted(line.printed)} {_put_off(line)}"


def _by_priority(review: FrozenReview) -> Iterator[StatusRow]:
    for priority in review.priorities:
        sheets = [sheet for sheet in review.live if sheet.priority == priority.number]
        yield StatusRow(f"{priority.number}. {priority.label}", _counts(sheets))
    unsorted = [sheet for sheet in review.live if sheet.priority is None]
    if unsorted:
        yield StatusRow(UNSORTED, _counts(unsorted))


def _by_axis(review: FrozenReview) -> Iterator[StatusRow]:
    """Nothing where the territory has no axis."""
    ranks = {sheet.axis: sheet.axis_rank for sheet in review.live if sheet.axis}
    for axis in sorted(ranks, key=lambda axis: (ranks[axis], axis)):
        yield StatusRow(axis, _counts(sheet for sheet in review.live if sheet.axis == axis))
    unsorted = [sheet for sheet in review.live if not sheet.axis]
    if ranks and unsorted:
        yield StatusRow(UNSORTED, _counts(unsorted))


def _counts(sheets: Iterable[FrozenSheet]) -> tuple[Facet, ...]:
    counts = Counter(sheet.status for sheet in sheets)
    return tuple(Facet(each.value, str(each.label), counts[each.value]) for each in Status)


def _quoted(words: str) -> str:
    return f"«{NBSP}{words}{NBSP}»"
