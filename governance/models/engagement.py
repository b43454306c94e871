"""Letters of engagement: one batch for many organisations, and what each of them answered."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Q

from accounts.models import AccessLink
from core.constraints import one_of
from core.models import Mail
from documents.models import Attachment, PrintedFile
from governance.enums import EngagementState, OrganisationCategory, SendingWay
from governance.models.directory import Organisation, Person
from journal.tracing import TracedModel, TracedQuerySet
from territories.models import Project

if TYPE_CHECKING:
    from accounts.models import User


class EngagementRoundQuerySet(TracedQuerySet["EngagementRound"]):
    def visible_to(self, user: "User") -> Self:
        """Batches of the projects whose current state the user reads."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def with_place(self) -> Self:
        """With its project, territory and région: no further query."""
        return self.select_related("project__territory__region")

    def of(self, project: Project) -> Self:
        """The batches of a project, the latest first."""
        return self.filter(project=project).order_by("-number")

    def with_counts(self) -> Self:
        """With `letter_count`, `left_count` and `signed_count`, counted in the same query."""
        return self.annotate(
            letter_count=Count("letters"),
            left_count=Count("letters", filter=~Q(letters__state=EngagementState.TO_SEND)),
            signed_count=Count("letters", filter=Q(letters__state=EngagementState.SIGNED)),
        )


class EngagementRound(TracedModel):
    """A batch of letters of engagement: one text, sent to as many organisations as one likes.

    Once a letter has left, its text is written no more: what was signed stays what it was.
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="engagement_rounds", verbose_name="projet"
    )
    number = models.PositiveIntegerField("numéro")
    name = models.CharField("nom de l’envoi", max_length=120)
    heading = models.CharField("objet", max_length=200)
    intro = models.TextField("introduction")
    lead_in = models.CharField("phrase avant les engagements", max_length=300)
    duration = models.TextField("durée de l’engagement", blank=True)
    closing = models.TextField("conclusion", blank=True)
    signatory_name = models.CharField("nom du signataire", max_length=120, blank=True)
    signatory_title = models.CharField("qualité du signataire", max_length=200, blank=True)
    place = models.CharField("lieu", max_length=80, blank=True)
    dated_on = models.DateField("date des lettres")
    answer_by = models.DateField("réponse attendue avant le", null=True, blank=True)
    return_to = models.TextField("à renvoyer à", max_length=400, blank=True)

    objects = EngagementRoundQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "envoi de lettres d’engagement"
        verbose_name_plural = "envois de lettres d’engagement"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"],
                name="governance_engagementround_one_number",
                violation_error_message="Ce numéro d’envoi est déjà pris.",
            ),
            models.CheckConstraint(
                name="governance_engagementround_answer_after_date",
                condition=Q(answer_by=None) | Q(answer_by__gte=models.F("dated_on")),
                violation_error_message=(
                    "La réponse ne peut pas être attendue avant la date des lettres."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def has_left(self) -> bool:
        """Whether a letter left already: the text is then written no more. One query."""
        return EngagementLetter.objects.filter(round=self).left().exists()


class EngagementItemQuerySet(TracedQuerySet["EngagementItem"]):
    def in_order(self) -> Self:
        """As the letter says them."""
        return self.order_by("rank", "pk")


class EngagementItem(TracedModel):
    """One thing that an organisation engages to do; the source gives seven, the lead the others."""

    round = models.ForeignKey(
        EngagementRound, on_delete=models.CASCADE, related_name="items", verbose_name="envoi"
    )
    rank = models.PositiveSmallIntegerField("rang", default=0)
    # Which of the seven of the source it was; blank for one of the lead's own.
    code = models.CharField("engagement de la source", max_length=20, blank=True)
    text = models.TextField("engagement", max_length=600)

    objects = EngagementItemQuerySet.as_manager()  # type: ignore[misc]

    subject_model = "governance.engagementround"
    subject_path = "round_id"

    class Meta:
        verbose_name = "engagement proposé"
        verbose_name_plural = "engagements proposés"
        constraints = [
            models.CheckConstraint(
                name="governance_engagementitem_has_words",
                condition=~Q(text=""),
                violation_error_message="Un engagement a un texte.",
            ),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 80 else f"{self.text[:79]}…"


class EngagementLetterQuerySet(TracedQuerySet["EngagementLetter"]):
    def visible_to(self, user: "User") -> Self:
        """Letters of the projects whose current state the user reads."""
        return self.filter(round__project__in=Project.objects.visible_to(user))

    def with_place(self) -> Self:
        """With its batch, project, territory and région: no further query."""
        return self.select_related("round__project__territory__region")

    def for_list(self) -> Self:
        """With organisation, files and mail, in the order of the batch: no further query a row."""
        return self.select_related("organisation", "scan", "printed", "mail").in_order()

    def in_order(self) -> Self:
        """In the order in which organisations were chosen."""
        return self.order_by("number", "pk")

    def left(self) -> Self:
        """Sent, whatever was answered since."""
        return self.exclude(state=EngagementState.TO_SEND)

    def silent(self) -> Self:
        """Sent, and still without an answer."""
        return self.filter(state=EngagementState.SENT)


class EngagementLetter(TracedModel):
    """The letter of one organisation, under the name and address that it had when chosen.

    The organisation may be renamed, closed or removed from the directory: its letter stays.
    """

    round = models.ForeignKey(
        EngagementRound, on_delete=models.CASCADE, related_name="letters", verbose_name="envoi"
    )
    number = models.PositiveIntegerField("numéro")
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="engagement_letters",
        verbose_name="organisation",
    )
    name = models.CharField("nom", max_length=200)
    category = models.CharField(
        "catégorie",
        max_length=20,
        choices=OrganisationCategory.choices,
        default=OrganisationCategory.OTHER,
    )
    address = models.TextField("adresse", max_length=500, blank=True)
    contact = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="engagement_letters",
        verbose_name="interlocuteur",
    )
    contact_name = models.CharField("à l’attention de", max_length=300, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    state = models.CharField(
        "état", max_length=12, choices=EngagementState.choices, default=EngagementState.TO_SEND
    )
    sent_on = models.DateField("envoyée le", null=True, blank=True)
    sent_by_way = models.CharField(
        "moyen d’envoi", max_length=10, choices=SendingWay.choices, blank=True
    )
    # What was sent, byte for byte, whatever is written or drawn otherwise later.
    printed = models.ForeignKey(
        PrintedFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="engagement_letters",
        verbose_name="lettre imprimée",
    )
    link = models.ForeignKey(
        AccessLink,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="engagement_letters",
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
    reminded_on = models.DateField("relancée le", null=True, blank=True)
    reminders = models.PositiveSmallIntegerField("relances", default=0)
    answered_on = models.DateField("signée ou refusée le", null=True, blank=True)
    signed_by = models.CharField("signée par", max_length=200, blank=True)
    scan = models.ForeignKey(
        Attachment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="lettre signée",
    )
    reason = models.TextField("motif du refus", max_length=1000, blank=True)

    objects = EngagementLetterQuerySet.as_manager()  # type: ignore[misc]

    subject_model = "governance.engagementround"
    subject_path = "round_id"
    sensitive = frozenset({"email"})

    class Meta:
        verbose_name = "lettre d’engagement"
        verbose_name_plural = "lettres d’engagement"
        constraints = [
            one_of("governance_engagementletter_known_state", "state", EngagementState, "état"),
            models.CheckConstraint(
                name="governance_engagementletter_known_way",
                condition=Q(sent_by_way__in=["", *SendingWay.values]),
                violation_error_message="Ce choix n’existe pas pour «\u00a0moyen d’envoi\u00a0».",
            ),
            models.UniqueConstraint(
                fields=["round", "number"],
                name="governance_engagementletter_one_number",
                violation_error_message="Ce numéro de lettre est déjà pris dans l’envoi.",
            ),
            models.UniqueConstraint(
                fields=["round", "organisation"],
                name="governance_engagementletter_once",
                violation_error_message="Cette organisation a déjà sa lettre dans cet envoi.",
            ),
            models.CheckConstraint(
                name="governance_engagementletter_sent_has_its_day",
                condition=Q(state=EngagementState.TO_SEND, sent_on=None)
                | ~Q(state=EngagementState.TO_SEND) & Q(sent_on__isnull=False),
                violation_error_message="Une lettre envoyée a sa date d’envoi.",
            ),
            models.CheckConstraint(
                name="governance_engagementletter_answered_has_its_day",
                condition=Q(
                    state__in=[EngagementState.TO_SEND, EngagementState.SENT], answered_on=None
                )
                | Q(state__in=[EngagementState.SIGNED, EngagementState.REFUSED])
                & Q(answered_on__isnull=False),
                violation_error_message="Une réponse a sa date.",
            ),
            models.CheckConstraint(
                name="governance_engagementletter_refused_says_why",
                condition=~Q(state=EngagementState.REFUSED) | ~Q(reason=""),
                violation_error_message="Un refus dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"Lettre d’engagement de {self.name}"

    @property
    def is_to_send(self) -> bool:
        return self.state == EngagementState.TO_SEND

    @property
    def is_silent(self) -> bool:
        """Sent, and nothing came back yet."""
        return self.state == EngagementState.SENT

    @property
    def is_answered(self) -> bool:
        return self.state in {EngagementState.SIGNED, EngagementState.REFUSED}

    @property
    def is_signed(self) -> bool:
        return self.state == EngagementState.SIGNED

    def is_late(self, *, on: dt.date) -> bool:
        """No answer, and its date is past. Expects the batch."""
        until = self.round.answer_by
        return self.is_silent and until is not None and until < on

    def renamed_to(self) -> str:
        """How the directory calls the organisation now, when that is not the letter's name."""
        present = self.organisation
        return present.name if present is not None and present.name != self.name else ""
