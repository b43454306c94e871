"""The meetings of « Territoire de démonstration »: past ones, convened ones, a series to come.

Made by the same services as anybody's, counted in days from that of the loading. Call it after
`load_demo_bodies`. What was said in the past ones is another story.
"""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from core.mail import telling_no_worker
from core.models import Mail
from governance.enums import BodyKind, MeetingState, Reply
from governance.models import AgendaItem, Attendee, Body, Meeting, MeetingLetter
from governance.services.convening import convene
from governance.services.convocations import Sender
from governance.services.meetings import cancel_meetings, make_meetings
from governance.summaries.convocations import recipients_of
from governance.writing import writing_meeting
from journal.enums import Source
from journal.reading import new_token
from territories.models import Project

REPLIES = (Reply.YES, Reply.YES, Reply.NO, Reply.YES, Reply.NONE, Reply.REPRESENTED)
CONVENED, ANSWERED = dt.timedelta(days=21), dt.timedelta(days=6)
AGENDAS: dict[str, tuple[tuple[str, int, str], ...]] = {
    BodyKind.COPIL: (
        ("Accueil et tour de table", 10, "Présidence"),
        ("Avancement de la feuille de route", 45, "Coordination"),
        ("Actions en difficulté\u00a0: ce qui bloque, l’aide demandée", 40, "Pilotes concernés"),
        ("Calendrier des prochains mois", 15, "Coordination"),
    ),
    BodyKind.GROUP: (
        ("Tour de table", 10, "Animation"),
        ("Point sur les fiches action du groupe", 50, "Pilotes"),
        ("Situations de coopération à améliorer", 40, "Animation"),
    ),
}
ROOMS = {
    BodyKind.COPIL: "Hôtel du Département, salle des délibérations",
    BodyKind.GROUP: "Maison des associations, salle 2",
}


@dataclass(frozen=True)
class _Plan:
    """When one body meets, in days from the loading; the last convened one is before the series."""

    past: Sequence[int]
    convened: Sequence[int]
    planned: Sequence[int]
    cancelled: Sequence[int] = ()
    hour: int = 14


PLANS = {
    BodyKind.COPIL: _Plan(past=(-182, -84), convened=(12,), planned=(103, 194)),
    BodyKind.GROUP: _Plan(
        past=(-63, -28), convened=(19,), planned=(54, 89), cancelled=(5,), hour=10
    ),
}


def load_demo_meetings(project: Project, *, lead: User, on: dt.date) -> bool:
    """Give the bodies of the project their meetings; whether it did. Expects the place.

    Nothing when a meeting is there: visitors' work stays. Mails leave in the demonstration
    alone, where they are read in the application.
    """
    if Meeting.objects.of(project).exists():
        return False
    if settings.IS_DEMO:
        _tell(project, lead, on)
        return True
    with telling_no_worker():
        _tell(project, lead, on)
    _forget_letters(project)
    return True


def _tell(project: Project, lead: User, on: dt.date) -> None:
    seen: set[str] = set()
    for rank, body in enumerate(Body.objects.of(project).with_place().sitting(on=on)):
        plan = PLANS.get(BodyKind(body.kind))
        if plan is not None:
            # Groups do not all meet on the same day; one meeting is cancelled, of the first one.
            is_first = body.kind not in seen
            seen.add(body.kind)
            day = on + dt.timedelta(days=rank)
            _Story(body, lead, day).tell(plan if is_first else replace(plan, cancelled=()))


class _Story:
    """The meetings of one body."""

    def __init__(self, body: Body, lead: User, on: dt.date) -> None:
        self.body = body
        self.lead = lead
        self.on = on
        self.zone = zoneinfo.ZoneInfo(body.project.territory.time_zone)

    def tell(self, plan: _Plan) -> None:
        for days in plan.past:
            self._convened(self._made([days], plan.hour)[0])
        for days in plan.convened:
            self._convened(self._made([days], plan.hour)[0])
        for meeting in self._made(plan.planned, plan.hour):
            self._with_agenda(meeting)
        for days in plan.cancelled:
            (meeting,) = self._made([days], plan.hour)
            cancel_meetings(
                meeting=meeting,
                reason="Salle indisponible\u00a0: le groupe se retrouve deux semaines plus tard.",
                following=False,
                sender=Sender(self.lead),
            )

    def _made(self, days: Sequence[int], hour: int) -> list[Meeting]:
        chosen = [_working(self.on + dt.timedelta(days=each)) for each in days]
        starts = dt.datetime.combine(chosen[0], dt.time(hour), tzinfo=self.zone)
        model = Meeting(
            body=self.body,
            starts_at=starts,
            ends_at=starts + dt.timedelta(hours=2),
            place=ROOMS[BodyKind(self.body.kind)],
        )
        return make_meetings(model=model, days=chosen, by=self.lead, token=new_token())

    def _with_agenda(self, meeting: Meeting) -> None:
        with writing_meeting(meeting, by=self.lead, source=Source.COMMAND) as writing:
            items = AGENDAS[BodyKind(self.body.kind)]
            AgendaItem.objects.bulk_create(
                AgendaItem(
                    meeting=writing.meeting, rank=rank, title=title, minutes=minutes, speaker=who
                )
                for rank, (title, minutes, who) in enumerate(items, start=1)
            )
            writing.made.words = "a écrit l’ordre du jour"

    def _convened(self, meeting: Meeting) -> None:
        """The COPIL by mail, when it is to come; of the others, the list alone is told."""
        self._with_agenda(meeting)
        if self.body.kind == BodyKind.COPIL and meeting.starts_at > timezone.now():
            seen = recipients_of(meeting, with_substitutes=False).seal
            convene(meeting=meeting, with_substitutes=False, seen=seen, by=self.lead)
            self._answered(meeting, at=timezone.now())
            return
        with writing_meeting(meeting, by=self.lead, source=Source.COMMAND) as writing:
            present = writing.meeting
            recipients = recipients_of(present, with_substitutes=False).convened
            for one in recipients:
                Attendee.objects.create(
                    meeting=present,
                    person=one.person,
                    name=one.name,
                    organisation_name=one.organisation,
                    capacity=one.capacity,
                    email=one.email,
                )
            present.state = MeetingState.CONVENED
            present.convened_at = min(present.starts_at - CONVENED, timezone.now())
            present.save(update_fields=["state", "convened_at"])
            writing.made.words = "a convoqué l’instance"
        self._answered(meeting, at=min(meeting.starts_at - ANSWERED, timezone.now()))

    def _answered(self, meeting: Meeting, *, at: dt.datetime) -> None:
        with writing_meeting(meeting, by=self.lead, source=Source.COMMAND) as writing:
            rows = Attendee.objects.filter(meeting=writing.meeting).select_related("person")
            for rank, row in enumerate(rows.order_by("pk")):
                row.reply = REPLIES[rank % len(REPLIES)]
                # Whoever visits answers for the lead.
                is_visitor = row.person is not None and row.person.user_id == self.lead.pk
                if row.reply == Reply.NONE or is_visitor:
                    continue
                if row.reply == Reply.REPRESENTED:
                    row.represented_by = "sa direction adjointe"
                row.replied_at = at
                row.save(update_fields=["reply", "represented_by", "replied_at"])
            writing.made.words = "a noté les réponses"


def _working(day: dt.date) -> dt.date:
    """That day, or the Monday that follows a week-end."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _forget_letters(project: Project) -> None:
    """Nobody was written to: no letter is kept, and no mail waits for the sweep."""
    letters = MeetingLetter.objects.filter(attendee__meeting__body__project=project)
    mails = list(letters.values_list("mail", flat=True))
    letters.delete()
    Mail.objects.filter(pk__in=mails).delete()
