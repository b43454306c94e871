"""What is said of one sheet in one campaign."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Prefetch, Q

from core.constraints import one_of
from core.fields import QuarterField
from core.text import NBSP
from documents.models import Attachment
from journal.tracing import TracedModel, TracedQuerySet
from reviews.enums import SILENT_STATES, AnsweredFrom, ObjectiveAnswer, UpdateState
from reviews.models.campaigns import Campaign
from reviews.models.respondents import Respondent
from roadmap.enums import STATUSES_WITH_REASON, Status, Weather
from roadmap.models import Action, Objective

if TYPE_CHECKING:
    from accounts.models import User


STOP_WITHOUT_REASON = (
    f"Une fiche suspendue ou abandonnée dit pourquoi{NBSP}: remplissez le motif, en quelques mots."
)
SLIP_WITHOUT_QUARTER = f"Un objectif décalé dit à quand{NBSP}: choisissez un trimestre."
SLIP_WITHOUT_REASON = (
    f"Un objectif décalé dit pourquoi{NBSP}: remplissez le motif, en quelques mots."
)


class UpdateQuerySet(TracedQuerySet["Update"]):
    def visible_to(self, user: "User") -> Self:
        """Answers of the campaigns that the user follows; a national reader reads reports alone."""
        return self.filter(campaign__in=Campaign.objects.followed_by(user))

    def with_place(self) -> Self:
        """With its sheet, campaign, project and territory: no further query."""
        return self.select_related("action", "campaign__project__territory__region")

    def in_order(self) -> Self:
        """By the number of the sheet."""
        return self.order_by("action__number", "pk")

    def silent(self) -> Self:
        """Of which something is still expected."""
        return self.filter(state__in=SILENT_STATES)

    def received(self) -> Self:
        """That the lead has still to read: neither validated nor returned."""
        return self.filter(state=UpdateState.SUBMITTED)

    def begun(self) -> Self:
        """Typed, and not sent, or not sent again."""
        return self.filter(state__in=[UpdateState.DRAFT, UpdateState.RETURNED])

    def for_writing(self) -> Self:
        """With what is said of each objective, and who answers: two queries more."""
        return self.select_related("action").prefetch_related(
            Prefetch("objectives", ObjectiveUpdate.objects.in_order()),
            Prefetch("respondents", Respondent.objects.in_order()),
        )

    def for_reading(self) -> Self:
        """The same, and the evidence: three queries more."""
        return self.for_writing().prefetch_related(
            Prefetch("evidence", Evidence.objects.select_related("attachment").order_by("pk")),
        )


class Update(TracedModel):
    """The answer about one sheet; pre-filled with what was known when the campaign opened."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="updates", verbose_name="revue"
    )
    # A sheet leaves a roadmap by being retired: what was said of it in a review stays.
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, related_name="updates", verbose_name="fiche action"
    )
    state = models.CharField(
        "état", max_length=10, choices=UpdateState.choices, default=UpdateState.TO_FILL
    )
    status = models.CharField(
        "avancement", max_length=16, choices=Status.choices, default=Status.NOT_STARTED
    )
    status_reason = models.TextField("motif", blank=True)
    weather = models.CharField("météo", max_length=12, choices=Weather.choices, blank=True)
    done = models.TextField("ce qui a été fait", blank=True)
    difficulties = models.TextField("difficultés", blank=True)
    next_steps = models.TextField("prochaines étapes", blank=True)
    help_asked = models.TextField("aide demandée au COPIL", blank=True)
    # Added to a review that was open already.
    asked_at = models.DateTimeField("ajoutée le", null=True, blank=True)
    # Said in one gesture: the sheet stands as it did a quarter ago.
    is_unchanged = models.BooleanField("rien n’a changé", default=False)
    due_on = models.DateField("délai accordé", null=True, blank=True)
    due_reason = models.TextField("motif du délai", blank=True)
    return_words = models.TextField("mot de la coordination", blank=True)
    submitted_at = models.DateTimeField("reçue le", null=True, blank=True)
    validated_at = models.DateTimeField("validée le", null=True, blank=True)
    answered_from = models.CharField(
        "répondue par", max_length=12, choices=AnsweredFrom.choices, blank=True
    )
    # Whose link or account the answer came by, and for whom a lead typed it.
    answered_by = models.ForeignKey(
        Respondent,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="answers",
        verbose_name="répondant",
    )
    # Who typed it, as the papers say it: « Maya Legrand », « l’ARS pour Maya Legrand ».
    answered_name = models.CharField("signée", max_length=400, blank=True)
    respondents = models.ManyToManyField(
        Respondent, through="reviews.Charge", related_name="updates", verbose_name="répondants"
    )
    # The sheet as it was when the campaign opened: what a lead changes meanwhile shows against it.
    basis = models.JSONField("fiche à l’ouverture", default=dict, blank=True, editable=False)

    subject_model = "reviews.campaign"
    subject_path = "campaign_id"
    traced_with = ("action",)

    objects = UpdateQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "réponse"
        verbose_name_plural = "réponses"
        constraints = [
            one_of("reviews_update_known_state", "state", UpdateState, "état"),
            one_of("reviews_update_known_status", "status", Status, "avancement"),
            models.CheckConstraint(
                name="reviews_update_known_weather",
                condition=Q(weather="") | Q(weather__in=Weather.values),
                violation_error_message="Ce choix n’existe pas pour « météo ».",
            ),
            models.UniqueConstraint(
                fields=["campaign", "action"],
                name="reviews_update_once",
                violation_error_message="Cette fiche est déjà dans la revue.",
            ),
            models.CheckConstraint(
                name="reviews_update_received_has_its_day",
                condition=~Q(state__in=[UpdateState.SUBMITTED, UpdateState.VALIDATED])
                | Q(submitted_at__isnull=False),
                violation_error_message="Une réponse reçue a sa date.",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "state"], name="reviews_update_states")]

    def __str__(self) -> str:
        return f"réponse sur la fiche {self.action.number}"

    @property
    def is_silent(self) -> bool:
        """Something is still expected of whoever answers."""
        return self.state in SILENT_STATES

    @property
    def is_submitted(self) -> bool:
        return self.state == UpdateState.SUBMITTED

    @property
    def is_returned(self) -> bool:
        return self.state == UpdateState.RETURNED

    @property
    def is_validated(self) -> bool:
        return self.state == UpdateState.VALIDATED

    @property
    def deadline(self) -> dt.date:
        """The day it is expected: that of the campaign, unless a delay was given."""
        return self.due_on or self.campaign.due_on

    @property
    def lacks(self) -> dict[str, str]:
        """What must be said before it is sent, by field, in a sentence."""
        if self.status in STATUSES_WITH_REASON and not self.status_reason.strip():
            return {"status_reason": STOP_WITHOUT_REASON}
        return {}

    def settle(self) -> None:
        """Drop what does not apply to what was answered: a stop that was thought better of."""
        if self.status not in STATUSES_WITH_REASON:
            self.status_reason = ""


class ObjectiveUpdateQuerySet(TracedQuerySet["ObjectiveUpdate"]):
    def in_order(self) -> Self:
        """As on the sheet."""
        return self.order_by("position", "pk")


class ObjectiveUpdate(TracedModel):
    """What is said of one objective of the sheet."""

    update = models.ForeignKey(
        Update, on_delete=models.CASCADE, related_name="objectives", verbose_name="réponse"
    )
    # The lead may remove an objective meanwhile: what was said of it stays, under its own words.
    objective = models.ForeignKey(
        Objective,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="objectif",
    )
    position = models.PositiveSmallIntegerField("rang", default=0)
    printed = models.TextField("intitulé")
    answer = models.CharField(
        "réponse", max_length=12, choices=ObjectiveAnswer.choices, default=ObjectiveAnswer.TODO
    )
    slipped_to = QuarterField("décalé à", null=True, blank=True)
    slip_reason = models.TextField("motif du décalage", blank=True)

    subject_model = "reviews.campaign"
    subject_path = "update__campaign_id"
    traced_with = ("update",)

    objects = ObjectiveUpdateQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "réponse sur un objectif"
        verbose_name_plural = "réponses sur les objectifs"
        constraints = [
            one_of("reviews_objective_known_answer", "answer", ObjectiveAnswer, "réponse"),
            models.UniqueConstraint(
                fields=["update", "objective"],
                name="reviews_objective_once",
                violation_error_message="Cet objectif est déjà dans la réponse.",
            ),
        ]

    def __str__(self) -> str:
        return self.printed

    @property
    def has_slipped(self) -> bool:
        return self.answer == ObjectiveAnswer.SLIPPED

    @property
    def lacks(self) -> dict[str, str]:
        """What must be said before it is sent, by field, in a sentence."""
        if not self.has_slipped:
            return {}
        lacking = {}
        if self.slipped_to is None:
            lacking["slipped_to"] = SLIP_WITHOUT_QUARTER
        if not self.slip_reason.strip():
            lacking["slip_reason"] = SLIP_WITHOUT_REASON
        return lacking

    def settle(self) -> None:
        """Drop what does not apply to what was answered: a slip that was thought better of."""
        if not self.has_slipped:
            self.slipped_to, self.slip_reason = None, ""


class Evidence(TracedModel):
    """A file or a link that shows what was done."""

    update = models.ForeignKey(
        Update, on_delete=models.CASCADE, related_name="evidence", verbose_name="réponse"
    )
    attachment = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, related_name="+", verbose_name="pièce jointe"
    )

    subject_model = "reviews.campaign"
    subject_path = "update__campaign_id"
    traced_with = ("update", "attachment")

    class Meta:
        verbose_name = "justificatif"
        verbose_name_plural = "justificatifs"

    def __str__(self) -> str:
        return str(self.attachment)
