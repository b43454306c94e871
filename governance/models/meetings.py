"""When a body meets: what is on its agenda, who is convened, who came, what was said."""

import datetime as dt
import uuid
import zoneinfo
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import AccessLink
from core.constraints import in_order, one_of
from core.models import Mail
from documents.models import Attachment
from governance.enums import ConvocationKind, MeetingState, MinutesState, Presence, Reply
from governance.models.bodies import Body
from governance.models.directory import Person
from journal.tracing import TracedModel, TracedQuerySet
from territories.models import Project

if TYPE_CHECKING:
    from accounts.models import User


def new_uid() -> str:
    """What a calendar knows a meeting by, for good: moved or cancelled, it keeps it."""
    return uuid.uuid4().hex


class MeetingQuerySet(TracedQuerySet["Meeting"]):
    def visible_to(self, user: "User") -> Self:
        """Meetings of the projects whose current state the user reads."""
        return self.filter(body__project__in=Project.objects.visible_to(user))

    def with_place(self) -> Self:
        """With its body, project, territory and région: no further query."""
        return self.select_related("body__project__territory__region")

    def of(self, project: Project) -> Self:
        """The meetings of a project, the latest first."""
        return self.filter(body__project=project).order_by("-starts_at", "-pk")

    def of_person(self, user: "User") -> Self:
        """Those to which somebody is convened, and those of the bodies where they sit that day."""
        convened = Q(attendees__person__user=user)
        begun = Q(body__seats__starts_on=None) | Q(body__seats__starts_on__lte=F("starts_at__date"))
        going = Q(body__seats__ends_on=None) | Q(body__seats__ends_on__gte=F("starts_at__date"))
        visible = Q(body__project__in=Project.objects.visible_to(user))
        sits = Q(body__seats__person__user=user) & begun & going & visible
        theirs = Meeting.objects.filter(convened | sits).order_by().values("pk")
        return self.filter(pk__in=theirs)

    def following(self, meeting: "Meeting") -> Self:
        """The later meetings of its series that still may change, the next one first."""
        if not meeting.series:
            return self.none()
        later = self.filter(series=meeting.series, starts_at__gt=meeting.starts_at)
        open_states = [MeetingState.DRAFT, MeetingState.CONVENED]
        return later.filter(state__in=open_states).order_by("starts_at", "pk")


class Meeting(TracedModel):
    """One meeting of one body. Its agenda, attendance and minutes are its own journal place."""

    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, related_name="meetings", verbose_name="instance"
    )
    title = models.CharField("objet", max_length=200, blank=True)
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    place = models.CharField("lieu", max_length=200, blank=True)
    distance_url = models.URLField("lien de visioconférence", max_length=500, blank=True)
    words = models.TextField("mot d’accompagnement", blank=True)
    state = models.CharField(
        "état", max_length=12, choices=MeetingState.choices, default=MeetingState.DRAFT
    )
    cancel_reason = models.TextField("motif de l’annulation", blank=True)
    # Several meetings made at once share it; each is then a meeting like any other.
    series = models.CharField("série", max_length=32, blank=True, editable=False)
    uid = models.CharField("identifiant de calendrier", max_length=64, default=new_uid, unique=True)
    # Raised at each convocation, move or cancellation: calendars follow it.
    sequence = models.PositiveIntegerField("numéro d’envoi", default=0, editable=False)
    convened_at = models.DateTimeField("convoquée le", null=True, blank=True)
    minutes_state = models.CharField(
        "compte rendu", max_length=14, choices=MinutesState.choices, default=MinutesState.NONE
    )
    minutes_validated_at = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="validated_minutes",
        verbose_name="compte rendu validé en réunion",
    )
    minutes_proposed_on = models.DateField("compte rendu proposé le", null=True, blank=True)
    # What the meeting that validated them said of them: the text itself does not change.
    minutes_corrections = models.TextField("corrections notées à la validation", blank=True)
    # All that the validated minutes say, as page and paper say it for good.
    minutes_kept = models.JSONField(
        "compte rendu tel que validé", null=True, blank=True, editable=False
    )
    revision = models.PositiveIntegerField("révision", default=0, editable=False)

    objects = MeetingQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "réunion"
        verbose_name_plural = "réunions"
        constraints = [
            one_of("governance_meeting_known_state", "state", MeetingState, "état"),
            one_of("governance_meeting_known_minutes", "minutes_state", MinutesState, "état"),
            in_order(
                "governance_meeting_hours_in_order",
                "starts_at",
                "ends_at",
                "Une réunion ne peut pas finir avant de commencer.",
            ),
        ]
        indexes = [models.Index(fields=["body", "starts_at"], name="governance_meetings_by_day")]

    def __str__(self) -> str:
        return self.title or str(self.body)

    @property
    def starts_on(self) -> dt.date:
        """Its day, on the calendars of the place. Expects it."""
        zone = zoneinfo.ZoneInfo(self.body.project.territory.time_zone)
        return self.starts_at.astimezone(zone).date()

    @property
    def minutes_are_out(self) -> bool:
        """Proposed or validated: whoever reads the project reads them, nobody writes them."""
        return self.minutes_state in {MinutesState.PROPOSED, MinutesState.VALIDATED}

    @property
    def is_draft(self) -> bool:
        """Nobody was told of it yet."""
        return self.state == MeetingState.DRAFT

    @property
    def is_convened(self) -> bool:
        return self.state == MeetingState.CONVENED

    @property
    def is_cancelled(self) -> bool:
        return self.state == MeetingState.CANCELLED

    @property
    def may_change(self) -> bool:
        """It was neither held nor cancelled."""
        return self.state in {MeetingState.DRAFT, MeetingState.CONVENED}

    @property
    def length(self) -> dt.timedelta:
        """How long it lasts."""
        return self.ends_at - self.starts_at

    @property
    def scope(self) -> str:
        """How the journal names the place."""
        return f"{self._meta.label_lower}:{self.pk}"

    def revise(self) -> int:
        """Say that something was written in it; gives the new revision. Two queries."""
        rows: models.QuerySet[Any] = Meeting.objects.filter(pk=self.pk)
        rows.update(revision=F("revision") + 1)
        kept = rows.values_list("revision", flat=True).first()
        self.revision = self.revision if kept is None else kept
        return self.revision


class AgendaItem(TracedModel):
    """One point of an agenda, and what the minutes say of it."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="items", verbose_name="réunion"
    )
    rank = models.PositiveSmallIntegerField("rang", default=0)
    title = models.CharField("point", max_length=250)
    minutes = models.PositiveSmallIntegerField("durée en minutes", null=True, blank=True)
    speaker = models.CharField("intervenant", max_length=170, blank=True)
    # An open decision of the body, proposed by itself and shown until it is closed.
    decision = models.ForeignKey(
        "governance.Decision",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="items",
        verbose_name="décision suivie",
    )
    attachment = models.ForeignKey(
        Attachment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="document",
    )
    notes = models.TextField("compte rendu du point", blank=True)

    subject_model = "governance.meeting"
    subject_path = "meeting_id"

    class Meta:
        verbose_name = "point de l’ordre du jour"
        verbose_name_plural = "points de l’ordre du jour"

    def __str__(self) -> str:
        return self.title


class Attendee(TracedModel):
    """Somebody convened to a meeting, what they answered, whether they came."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="attendees", verbose_name="réunion"
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="attendances",
        verbose_name="personne",
    )
    # As the papers of that day say it, whatever becomes of the directory.
    name = models.CharField("nom", max_length=170)
    organisation_name = models.CharField("organisation", max_length=200, blank=True)
    # « Présidence », « Membre », « Invité » as that day's composition had it.
    capacity = models.CharField("qualité", max_length=120, blank=True)
    email = models.EmailField("adresse", blank=True)
    reply = models.CharField("réponse", max_length=12, choices=Reply.choices, default=Reply.NONE)
    represented_by = models.CharField("représenté par", max_length=170, blank=True)
    replied_at = models.DateTimeField("répondu le", null=True, blank=True)
    presence = models.CharField(
        "présence", max_length=12, choices=Presence.choices, default=Presence.UNKNOWN
    )
    # What they had answered before the meeting was moved, and for when.
    former_reply = models.CharField(
        "réponse précédente",
        max_length=12,
        choices=Reply.choices,
        default=Reply.NONE,
        editable=False,
    )
    former_starts_at = models.DateTimeField("répondue pour le", null=True, editable=False)
    # The secret address of the answer, and the last letter that carried it.
    link = models.ForeignKey(
        AccessLink,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="attendees",
        verbose_name="lien",
    )
    mail = models.ForeignKey(
        Mail,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="courriel",
    )

    subject_model = "governance.meeting"
    subject_path = "meeting_id"
    sensitive = frozenset({"email"})

    class Meta:
        verbose_name = "personne convoquée"
        verbose_name_plural = "personnes convoquées"
        constraints = [
            one_of("governance_attendee_known_reply", "reply", Reply, "réponse"),
            one_of("governance_attendee_known_presence", "presence", Presence, "présence"),
            models.UniqueConstraint(
                fields=["meeting", "person"],
                name="governance_attendee_once",
                violation_error_message="Cette personne est déjà convoquée.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MeetingLetterQuerySet(models.QuerySet["MeetingLetter"]):
    def for_list(self) -> Self:
        """With the mail and whom it is for, the latest first: no further query a row."""
        return self.select_related("mail", "attendee__person").order_by("-written_at", "-pk")


class MeetingLetter(models.Model):
    """One mail to one person about one meeting, and the address by which they answer.

    Not traced: it is itself the trace of what left.
    """

    attendee = models.ForeignKey(
        Attendee, on_delete=models.PROTECT, related_name="letters", verbose_name="personne"
    )
    kind = models.CharField("nature", max_length=12, choices=ConvocationKind.choices)
    # That of the meeting when it left.
    sequence = models.PositiveIntegerField("numéro d’envoi")
    mail = models.OneToOneField(
        Mail, on_delete=models.PROTECT, related_name="meeting_letter", verbose_name="courriel"
    )
    # A cancellation asks for no answer.
    link = models.OneToOneField(
        AccessLink,
        on_delete=models.PROTECT,
        null=True,
        related_name="meeting_letter",
        verbose_name="lien",
    )
    written_at = models.DateTimeField("écrit le", default=timezone.now)

    objects = MeetingLetterQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel de réunion"
        verbose_name_plural = "courriels de réunion"
        constraints = [
            one_of("governance_meetingletter_known_kind", "kind", ConvocationKind, "nature"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.mail}"


class CalendarFeed(models.Model):
    """The secret address by which somebody's own calendar reads their meetings."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="calendar_feed",
        verbose_name="compte",
    )
    link = models.OneToOneField(
        AccessLink, on_delete=models.PROTECT, related_name="calendar_feed", verbose_name="lien"
    )

    class Meta:
        verbose_name = "agenda à suivre"
        verbose_name_plural = "agendas à suivre"

    def __str__(self) -> str:
        return f"Agenda de {self.user}"
