"""One quarter of one project, reviewed once."""

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.constraints import in_order, one_of
from core.fields import QuarterField
from core.quarters import Quarter
from journal.recording import Values
from journal.tracing import TracedModel, TracedQuerySet
from reviews.enums import RUNNING_STATES, CampaignState
from roadmap.models import RoadmapVersion
from territories.models import Project, Territory

if TYPE_CHECKING:
    from accounts.models import User

# Days from the due date at which the silent are reminded.
REMINDER_DAYS = (-14, -3, 7)


def usual_reminders() -> list[int]:
    """J−14, J−3 and J+7."""
    return list(REMINDER_DAYS)


class FrozenCampaign(Exception):
    """A closed campaign was about to be written, past the services that refuse it in words."""


class CampaignQuerySet(TracedQuerySet["Campaign"]):
    def update(self, **fields: Any) -> int:
        """Nothing of a closed one, but the revision that its last gesture raises; a query more."""
        if set(fields) != {"revision"} and self.closed().exists():
            raise FrozenCampaign
        return super().update(**fields)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        """Nothing of a closed one; a query more."""
        if self.closed().exists():
            raise FrozenCampaign
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def visible_to(self, user: "User") -> Self:
        """Those that the user follows; for a national reader, all that are closed."""
        read_nationally = Territory.objects.read_nationally_by(user)
        return self.filter(
            Q(project__in=Project.objects.visible_to(user))
            | Q(state=CampaignState.CLOSED, project__territory__in=read_nationally)
        )

    def followed_by(self, user: "User") -> Self:
        """Those of the projects whose current state the user reads: each answer, as it comes."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def of(self, project: Project) -> Self:
        """The campaigns of a project, the latest quarter first, without what is frozen of them."""
        return self.filter(project=project).latest_first().defer("frozen")

    def latest_first(self) -> Self:
        """The latest quarter first, and of one quarter the latest edition."""
        return self.order_by("-quarter", "-edition", "-pk")

    def with_place(self) -> Self:
        """With its project, territory and région: no further query."""
        return self.select_related("project__territory__region")

    def running(self) -> Self:
        """Letters are about to leave, or answers are expected."""
        return self.filter(state__in=RUNNING_STATES)

    def closed(self) -> Self:
        return self.filter(state=CampaignState.CLOSED)

    def to_open(self, *, at: dt.datetime) -> Self:
        """Whose letters are to leave by that moment."""
        return self.filter(state=CampaignState.OPENING, letters_leave_at__lte=at)

    def before(self, campaign: "Campaign") -> Self:
        """The closed campaigns of earlier quarters of its project, the latest first."""
        earlier = self.closed().filter(project=campaign.project_id, quarter__lt=campaign.quarter)
        return earlier.order_by("-quarter", "-edition")


class Campaign(TracedModel):
    """The review of one quarter: whom it asks, until when, and what came of it.

    A quarter is reviewed once. What a closed campaign says is corrected by another edition of it,
    which says why (`follows`); the closed one stays as it was.
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="campaigns", verbose_name="projet"
    )
    quarter = QuarterField("trimestre examiné")
    edition = models.PositiveSmallIntegerField("édition", default=1)
    follows = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name="rouvre",
    )
    reopening_reason = models.TextField("motif de la réouverture", blank=True)
    state = models.CharField(
        "état", max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT
    )
    opens_on = models.DateField("date d’ouverture")
    due_on = models.DateField("date limite de réponse")
    letter_subject = models.CharField("objet du courriel", max_length=150, blank=True)
    letter_text = models.TextField("texte du courriel", blank=True)
    reminder_text = models.TextField("texte de la relance", blank=True)
    reminder_days = models.JSONField("jours de relance", default=usual_reminders)
    letters_leave_at = models.DateTimeField("départ des courriels", null=True, blank=True)
    opened_at = models.DateTimeField("ouverte le", null=True, blank=True)
    closed_at = models.DateTimeField("clôturée le", null=True, blank=True)
    # Reminders whose hour had come before it are not sent any more.
    rescheduled_at = models.DateTimeField("calendrier changé le", null=True, blank=True)
    led_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="menée par",
    )
    # Kept when the account goes.
    led_by_name = models.CharField("nom", max_length=200, blank=True)
    revision = models.PositiveIntegerField("révision", default=0, editable=False)
    # All that its report says, in plain values, once it is closed (`reviews.summaries.frozen`).
    frozen = models.JSONField("état figé", null=True, blank=True, editable=False)
    # The roadmap as the closing left it, to be printed again; none when it had no sheet left.
    version = models.OneToOneField(
        RoadmapVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="campaign",
        verbose_name="version de la feuille de route",
    )

    objects = CampaignQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "revue trimestrielle"
        verbose_name_plural = "revues trimestrielles"
        constraints = [
            one_of("reviews_campaign_known_state", "state", CampaignState, "état"),
            models.UniqueConstraint(
                fields=["project", "quarter", "edition"],
                name="reviews_campaign_once",
                violation_error_message="Ce trimestre a déjà sa revue.",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(state__in=sorted(RUNNING_STATES)),
                name="reviews_campaign_one_running",
                violation_error_message="Une revue est déjà ouverte pour ce projet.",
            ),
            models.CheckConstraint(
                name="reviews_campaign_edition_says_why",
                condition=Q(edition=1, follows=None)
                | Q(edition__gt=1, follows__isnull=False) & ~Q(reopening_reason=""),
                violation_error_message="Une revue rouverte dit pourquoi.",
            ),
            models.CheckConstraint(
                name="reviews_campaign_opening_has_its_hour",
                condition=~Q(state=CampaignState.OPENING) | Q(letters_leave_at__isnull=False),
                violation_error_message="Une ouverture programmée a son heure.",
            ),
            models.CheckConstraint(
                name="reviews_campaign_closed_is_frozen",
                condition=~Q(state=CampaignState.CLOSED)
                | Q(frozen__isnull=False, closed_at__isnull=False),
                violation_error_message="Une revue clôturée garde ce qu’elle dit.",
            ),
            in_order(
                "reviews_campaign_dates_in_order",
                "opens_on",
                "due_on",
                "La date limite ne peut pas précéder l’ouverture.",
            ),
        ]
        indexes = [models.Index(fields=["state", "letters_leave_at"], name="reviews_to_open")]

    def __str__(self) -> str:
        again = f" ({self.edition}ᵉ édition)" if self.edition > 1 else ""
        return f"Revue {Quarter(self.quarter)}{again}"

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        if Campaign.objects.closed().filter(pk=self.pk).exists():
            raise FrozenCampaign
        return super().delete(*args, **options)

    def _kept_values(self) -> Values | None:
        """The row as the base holds it, read before each write: a closed one is written no more."""
        kept = super()._kept_values()
        if kept is not None and kept["state"] == CampaignState.CLOSED:
            raise FrozenCampaign
        return kept

    @property
    def scope(self) -> str:
        """How the journal names the place."""
        return f"{self._meta.label_lower}:{self.pk}"

    @property
    def code(self) -> str:
        """As typed and kept in addresses: « 2026-T4 », « 2026-T4-2 » for its second edition."""
        again = f"-{self.edition}" if self.edition > 1 else ""
        return f"{self.reviewed.code}{again}"

    @property
    def reviewed(self) -> Quarter:
        """The quarter that it is about."""
        return Quarter(self.quarter)

    @property
    def is_draft(self) -> bool:
        return self.state == CampaignState.DRAFT

    @property
    def is_opening(self) -> bool:
        """Its letters leave in a few minutes: it can still be stopped."""
        return self.state == CampaignState.OPENING

    @property
    def is_pending(self) -> bool:
        """Nothing has left yet: it is its lead's business alone."""
        return self.state in {CampaignState.DRAFT, CampaignState.OPENING}

    @property
    def is_open(self) -> bool:
        """Answers are expected."""
        return self.state == CampaignState.OPEN

    @property
    def is_closed(self) -> bool:
        """Frozen for good."""
        return self.state == CampaignState.CLOSED

    @property
    def opened_on(self) -> dt.date | None:
        """The day of its opening, in the territory's own time. Expects the place."""
        return self.project.territory.today(at=self.opened_at) if self.opened_at else None

    @property
    def closed_on(self) -> dt.date | None:
        """The day of its closing, in the territory's own time. Expects the place."""
        return self.project.territory.today(at=self.closed_at) if self.closed_at else None

    def days_left(self, *, at: dt.datetime | None = None) -> int:
        """Until the due date, in the territory's own days; negative once it is past."""
        return (self.due_on - self.project.territory.today(at=at)).days

    @property
    def reminders_on(self) -> list[dt.date]:
        """The days at which the silent are reminded, for whoever was given no delay."""
        return [self.due_on + dt.timedelta(days=days) for days in sorted(self.reminder_days)]

    @property
    def reminders(self) -> list[tuple[int, dt.date]]:
        """Each reminder in days from the due date, and its day. No query."""
        return [
            (days, self.due_on + dt.timedelta(days=days)) for days in sorted(self.reminder_days)
        ]

    def is_reminder_past(self, days: int, *, at: dt.datetime) -> bool:
        """Its hour had come at that moment, sent or not. Expects the place."""
        return self.morning_of(self.due_on + dt.timedelta(days=days)) <= at

    def morning_of(self, day: dt.date) -> dt.datetime:
        """Eight o’clock there: mails never leave in the night. Expects the place."""
        zone = zoneinfo.ZoneInfo(self.project.territory.time_zone)
        return dt.datetime.combine(day, MORNING, tzinfo=zone)

    def is_awake(self, *, at: dt.datetime) -> bool:
        """Whether mails may leave at that moment: from eight o’clock there. Expects the place."""
        return at >= self.morning_of(self.project.territory.today(at=at))

    def revise(self) -> int:
        """Say that something was written in it; gives the new revision. Two queries."""
        rows: models.QuerySet[Any] = Campaign.objects.filter(pk=self.pk)
        rows.update(revision=F("revision") + 1)
        kept = rows.values_list("revision", flat=True).first()
        self.revision = self.revision if kept is None else kept
        return self.revision

    def lead_by(self, user: "User") -> None:
        """Sign it: who opened it answers to the mails, who closed it signs the report."""
        self.led_by, self.led_by_name = user, user.get_full_name()


MORNING = dt.time(8)
