"""The reviews of « Territoire de démonstration »: a year of them closed, and one under way.

Made by the same services as anybody's, at the dates of the story: what the journal says of them
is the moment when they were loaded. The file gives what each sheet says, quarter after quarter;
the last closed review leaves the roadmap exactly as it was found.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from accounts.models import User
from core.mail import telling_no_worker
from core.models import Mail
from core.quarters import Quarter
from reviews.enums import AnsweredFrom, Kept, ObjectiveAnswer
from reviews.models import Campaign, ObjectiveUpdate, Update
from reviews.services.answering import Answerer, Answering, answering, keep_draft, send_answer
from reviews.services.closing import close_campaign
from reviews.services.following import return_answer, validate_answers
from reviews.services.opening import ANSWER_OF_STATE, open_due, schedule_opening
from reviews.services.preparing import choose_sheets, make_campaign, sheets_to_review
from reviews.summaries.closing import closing_of
from reviews.summaries.seals import seal_of
from reviews.writing import writing_campaign
from roadmap.enums import CellState, ObjectiveState, Status, Weather
from roadmap.imports.reading import Node, read_json
from roadmap.models import Action
from roadmap.summaries import leaves_of
from territories.models import Project

SOURCE = Path(__file__).resolve().parent.parent / "data" / "demo.json"
PAST = 4
# Days before the end of the reviewed quarter; the review under way counts from today.
OPENED, DUE, CLOSED = 35, 14, 7
OPEN_SINCE, OPEN_FOR = dt.timedelta(days=12), dt.timedelta(days=9)
WEATHERS = (Weather.REACHABLE, Weather.SECURED, Weather.SUPPORT)


def load_demo_reviews(
    project: Project, *, lead: User, on: dt.date, path: Path = SOURCE
) -> Campaign | None:
    """Review the last four quarters, and open the review of the present one; gives that one.

    Nothing when the project has any review: a closed one never changes, and visitors answer the
    others. No mail of the past is kept; those of the present leave in the demonstration alone.
    """
    if Campaign.objects.of(project).exists():
        return None
    story = _Story(read_json(path), project, lead, Quarter.on(on))
    with telling_no_worker():
        for rank in range(PAST):
            story.review_past(rank)
    if settings.IS_DEMO:
        return story.open_present(on)
    with telling_no_worker():
        return story.open_present(on, reminders=[])


@dataclass(frozen=True)
class _Sheet:
    """A sheet as the roadmap was found, before any review wrote on it."""

    status: str
    reason: str
    # By key of objective: its answer of today, and its quarters.
    answers: dict[int, ObjectiveAnswer]
    cells: dict[int, dict[int, str]]


class _Story:
    """What is answered, told quarter after quarter."""

    def __init__(self, source: Node, project: Project, lead: User, today: Quarter) -> None:
        self.source = source
        self.project = project
        self.lead = lead
        self.today = today
        self.found = {
            sheet.number: _found(sheet) for sheet in Action.objects.of(project).for_counts()
        }

    def review_past(self, rank: int) -> None:
        """One review, from its letters to its closing."""
        quarter = Quarter(self.today.index - PAST + rank)
        end = _last_day(quarter)
        days = [end - dt.timedelta(days=days) for days in (OPENED, DUE, CLOSED)]
        campaign = self._opened(quarter, days[0], days[1], self._asked_at(rank))
        silent = _numbers(list(self.source["silent"])[rank])
        unread = _numbers(list(self.source["unread"])[rank])
        helps = _numbers(list(self.source["asking_for_help"])[rank])
        read = {}
        for update in _answers(campaign):
            number = update.action.number
            if number in silent or self._told(number) is None:
                continue
            at = campaign.morning_of(days[0] + dt.timedelta(days=1 + number % 17))
            self._answer(update, rank, at=at, asks_help=number in helps)
            if number not in unread:
                read[update.pk] = seal_of(Update.objects.for_reading().get(pk=update.pk))
        at = campaign.morning_of(days[2])
        validate_answers(campaign=campaign, seen=read, by=self.lead, at=at)
        closing = closing_of(campaign)
        kept = {line.update.pk: Kept.ANSWER for line in closing.conflicts}
        close_campaign(campaign=campaign, choices=kept, seen=closing.seal, by=self.lead, at=at)
        _forget_letters(campaign)

    def open_present(self, on: dt.date, *, reminders: list[int] | None = None) -> Campaign:
        """The review under way: received, validated, begun, returned, and silent ones."""
        after_last = _last_day(Quarter(self.today.index - 1)) - dt.timedelta(days=CLOSED - 1)
        opens_on = max(on - OPEN_SINCE, after_last)
        sheets = list(sheets_to_review(self.project))
        campaign = self._opened(self.today, opens_on, on + OPEN_FOR, sheets, reminders)
        said = self.source["present"]
        states = {
            number: state
            for state in ("received", "validated", "begun", "returned")
            for number in _numbers(said[state])
        }
        helps, read = _numbers(said["asking_for_help"]), {}
        for update in _answers(campaign):
            number = update.action.number
            if number not in states:
                continue
            at = campaign.morning_of(opens_on + dt.timedelta(days=1 + number % 7))
            is_begun = states[number] == "begun"
            self._answer(update, PAST, at=at, asks_help=number in helps, is_begun=is_begun)
            present = Update.objects.for_reading().with_place().get(pk=update.pk)
            if states[number] == "validated":
                read[update.pk] = seal_of(present)
            elif states[number] == "returned":
                words = said["return_words"].text
                return_answer(update=present, words=words, seen=seal_of(present), by=self.lead)
        at = campaign.morning_of(on)
        validate_answers(campaign=campaign, seen=read, by=self.lead, at=at)
        if reminders is not None:
            _forget_letters(campaign)
        return campaign

    def _asked_at(self, rank: int) -> list[Action]:
        """What goes on, and what was not finished yet by then."""
        sheets = list(Action.objects.of(self.project).in_order())
        going_on = set(sheets_to_review(self.project).values_list("pk", flat=True))
        return [
            sheet
            for sheet in sheets
            if sheet.pk in going_on or (rank == 0 and self._told(sheet.number) is not None)
        ]

    def _opened(
        self,
        quarter: Quarter,
        opens_on: dt.date,
        due_on: dt.date,
        sheets: list[Action],
        reminders: list[int] | None = None,
    ) -> Campaign:
        """A campaign whose letters left on the morning of its opening day."""
        campaign = make_campaign(
            project=self.project, quarter=quarter, opens_on=opens_on, due_on=due_on, by=self.lead
        ).campaign
        choose_sheets(campaign=campaign, sheets=[sheet.pk for sheet in sheets], by=self.lead)
        if reminders is not None:
            with writing_campaign(campaign, by=self.lead) as writing:
                writing.campaign.reminder_days = reminders
                writing.campaign.save()
        morning = campaign.morning_of(opens_on)
        planned = schedule_opening(
            campaign=campaign, by=self.lead, at=morning - dt.timedelta(hours=1)
        )
        open_due(at=planned.letters_leave_at)
        return Campaign.objects.with_place().select_related("led_by").get(pk=campaign.pk)

    def _told(self, number: int) -> Node | None:
        return self.source["sheets"].optional(str(number))

    def _answer(
        self,
        update: Update,
        rank: int,
        *,
        at: dt.datetime,
        asks_help: bool,
        is_begun: bool = False,
    ) -> None:
        """What the file says of one sheet in the review of that rank."""
        told = self._told(update.action.number)
        if told is None:
            return
        with answering(update, by=self._answerer(update), at=at) as writing:
            self._fill(writing, told, rank, asks_help=asks_help)
            if is_begun:
                writing.update.next_steps = ""
                keep_draft(writing)
            else:
                send_answer(writing)

    def _answerer(self, update: Update) -> Answerer:
        """Its first pilot, from the mail; the lead, when nobody is asked."""
        respondent = update.respondents.in_order().first()
        if respondent is None:
            return Answerer(AnsweredFrom.LEAD, user=self.lead)
        return Answerer(AnsweredFrom.LINK, respondent=respondent)

    def _fill(self, writing: Answering, told: Node, rank: int, *, asks_help: bool) -> None:
        update = writing.update
        found = self.found[update.action.number]
        steps = [step.text for step in told["steps"]]
        update.done = f"{steps[rank]}."
        following = steps[rank + 1] if rank + 1 < len(steps) else ""
        update.next_steps = f"{following}." if following else ""
        is_hard = asks_help or (update.action.number + rank) % 3 == 0
        update.difficulties = told["difficulty"].text if is_hard else ""
        update.help_asked = told["help"].text if asks_help else ""
        update.weather = _weather(update.action.number, rank, asks_help=asks_help)
        update.status, update.status_reason = found.status, found.reason
        was = told.optional("was")
        if was is not None and rank < told["changed_at"].number:
            update.status, update.status_reason = Status(was.text), ""
        for line in writing.objectives:
            self._fill_line(line, found, Quarter(update.campaign.quarter), is_last=rank >= PAST - 1)
        for slip in told.each("slips"):
            if slip["at"].number == rank:
                self._slip(writing, slip)

    def _slip(self, writing: Answering, slip: Node) -> None:
        """One objective put off, and why; the roadmap of the file says so already, or never will.

        A quarter of the file is told from the present one, as in that of the roadmap.
        """
        named = [line for line in writing.objectives if slip["objective"].text in line.printed]
        for line in named:
            line.answer = ObjectiveAnswer.SLIPPED
            line.slipped_to = self.today.index + slip["to"].number
            line.slip_reason = slip["reason"].text

    def _fill_line(
        self, line: ObjectiveUpdate, found: _Sheet, quarter: Quarter, *, is_last: bool
    ) -> None:
        key = line.objective_id or 0
        if key not in found.answers:
            return
        line.answer = found.answers[key]
        cells = found.cells[key]
        if is_last or not cells:
            return
        done = [at for at, state in cells.items() if state == CellState.DONE]
        if min(cells) > quarter.index:
            line.answer = ObjectiveAnswer.TODO
        elif line.answer == ObjectiveAnswer.DONE and done and max(done) > quarter.index:
            line.answer = ObjectiveAnswer.RUNNING


def _found(sheet: Action) -> _Sheet:
    return _Sheet(
        status=sheet.status,
        reason=sheet.status_reason,
        answers={
            leaf.pk: ANSWER_OF_STATE[ObjectiveState(leaf.state)]
            for leaf in leaves_of(sheet)
            if leaf.state in ANSWER_OF_STATE
        },
        cells={leaf.pk: dict(leaf.cells) for leaf in leaves_of(sheet)},
    )


def _weather(number: int, rank: int, *, asks_help: bool) -> Weather:
    """Better and worse from one quarter to the next; never good when help is asked."""
    if asks_help:
        return Weather.COMPROMISED if number % 2 else Weather.SUPPORT
    return WEATHERS[(number + rank // 2) % len(WEATHERS)]


def _answers(campaign: Campaign) -> list[Update]:
    return list(Update.objects.filter(campaign=campaign).with_place().in_order())


def _numbers(node: Node) -> set[int]:
    return {item.number for item in node}


def _last_day(quarter: Quarter) -> dt.date:
    following = Quarter(quarter.index + 1)
    return dt.date(following.year, 3 * following.number - 2, 1) - dt.timedelta(days=1)


def _forget_letters(campaign: Campaign) -> None:
    """Nobody was written to: no letter is kept, and no mail waits for the sweep."""
    mails = list(campaign.letters.values_list("mail", flat=True))
    campaign.letters.all().delete()
    Mail.objects.filter(pk__in=mails).delete()
