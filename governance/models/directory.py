"""The directory: organisations and people of a territory."""

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q

from core.constraints import one_of
from core.fields import FoldedField, FoldedModel
from core.text import fold
from governance.enums import EthicalDecision, LivedExperience, OrganisationCategory
from territories.models import Territory

if TYPE_CHECKING:
    from accounts.models import User


# The two that the source names, as examples of what its ethical frame excludes; folded.
NAMED_BY_FRAME = tuple(
    fold(name)
    for name in (
        "Commission des citoyens pour les droits de l’homme",
        "(CCDH)",
        "Collectif des médecins et des citoyens contre les traitements dégradants de la"
        " psychiatrie",
    )
)


Rows = TypeVar("Rows", bound=models.QuerySet[Any])


def _with_words(rows: Rows, words: str) -> Rows:
    for word in fold(words).split():
        rows = rows.filter(folded__contains=word)
    return rows


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def of(self, territory: Territory) -> Self:
        """The structures of a territory, by name; the closed ones come last."""
        return self.filter(territory=territory).order_by(
            F("closed_on").desc(nulls_first=True), "folded", "pk"
        )

    def open(self) -> Self:
        """Those that were not closed."""
        return self.filter(closed_on=None)

    def with_words(self, words: str) -> Self:
        """Whose name holds each of these words."""
        return _with_words(self, words)

    def with_people_count(self) -> Self:
        """With `people_count`, those who have not left; no further query."""
        there = Count("people", filter=Q(people__left_on=None))
        return self.annotate(people_count=there)

    def counts_by_category(self) -> dict[str, int]:
        """How many of each category, whatever the order; one query."""
        found = self.order_by().values_list("category").annotate(count=Count("pk"))
        return dict(found)

    def visible_to(self, user: "User") -> Self:
        """Organisations of the territories that the user works on."""
        return self.filter(territory__in=Territory.objects.worked_on_by(user))


class Organisation(FoldedModel):
    """A structure of the territory: hospital, association, council, service of the State."""

    territory = models.ForeignKey(
        Territory, on_delete=models.CASCADE, related_name="organisations", verbose_name="territoire"
    )
    name = models.CharField("nom", max_length=200)
    short_name = models.CharField("nom d’usage", max_length=60, blank=True)
    category = models.CharField(
        "catégorie",
        max_length=20,
        choices=OrganisationCategory.choices,
        default=OrganisationCategory.OTHER,
    )
    address = models.TextField("adresse", max_length=300, blank=True)
    postcode = models.CharField("code postal", max_length=10, blank=True)
    town = models.CharField("commune", max_length=80, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    website = models.URLField("site internet", blank=True)
    # Whom its letters are for.
    contact = models.ForeignKey(
        "governance.Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contact_of",
        verbose_name="interlocuteur",
    )
    closed_on = models.DateField("fermée le", null=True, blank=True)
    charter_signed_on = models.DateField("charte signée le", null=True, blank=True)
    promotes_unrecognised = models.BooleanField(
        "prône des pratiques non conventionnelles à visée thérapeutique", default=False
    )
    ethical_decision = models.CharField(
        "décision sur le cadre éthique",
        max_length=10,
        choices=EthicalDecision.choices,
        blank=True,
    )
    ethical_reason = models.TextField("motif de la décision", max_length=1000, blank=True)
    ethical_decided_on = models.DateField("décidée le", null=True, blank=True)
    # Kept when the account goes.
    ethical_decided_by = models.CharField("décidée par", max_length=200, blank=True)
    folded = FoldedField(of=("name", "short_name"))

    # What the journal says of these is that they changed (`decisions.md` 11).
    sensitive: ClassVar[frozenset[str]] = frozenset({"email", "telephone"})

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        verbose_name_plural = "organisations"
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "name"],
                name="governance_organisation_one_name",
                violation_error_message="Cette organisation figure déjà dans l’annuaire.",
            ),
            one_of(
                "governance_organisation_known_category",
                "category",
                OrganisationCategory,
                "catégorie",
            ),
            models.CheckConstraint(
                name="governance_organisation_known_decision",
                condition=Q(ethical_decision__in=["", *EthicalDecision.values]),
                violation_error_message="Ce choix n’existe pas pour la décision.",
            ),
            models.CheckConstraint(
                name="governance_organisation_decision_has_reason",
                condition=Q(ethical_decision="")
                | (~Q(ethical_reason="") & Q(ethical_decided_on__isnull=False)),
                violation_error_message="Une décision sur le cadre éthique a son motif et sa date.",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "folded"], name="governance_organisation_names"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def is_named_by_frame(self) -> bool:
        """The source names it among those that its ethical frame excludes."""
        names = fold(f"({self.name}) ({self.short_name})")
        return any(known in names for known in NAMED_BY_FRAME)

    @property
    def would_be_excluded(self) -> bool:
        """What the ethical frame of the source excludes; the lead decides what becomes of it."""
        return self.promotes_unrecognised or self.is_named_by_frame

    @property
    def awaits_decision(self) -> bool:
        """The frame would exclude it, and nobody has said yet what becomes of it."""
        return self.would_be_excluded and not self.ethical_decision


class PersonQuerySet(models.QuerySet["Person"]):
    def of(self, territory: Territory) -> Self:
        """The directory of a territory, by name; those who left come last."""
        return self.filter(territory=territory).order_by(
            F("left_on").desc(nulls_first=True), "folded", "pk"
        )

    def with_words(self, words: str) -> Self:
        """Whose name holds each of these words."""
        return _with_words(self, words)

    def for_list(self) -> Self:
        """With organisation and account: no further query a row."""
        return self.select_related("organisation", "user")

    def visible_to(self, user: "User") -> Self:
        """People of the territories that the user works on."""
        return self.filter(territory__in=Territory.objects.worked_on_by(user))


class Person(FoldedModel):
    """Somebody of the directory, who may or may not have an account."""

    territory = models.ForeignKey(
        Territory, on_delete=models.CASCADE, related_name="people", verbose_name="territoire"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name="compte",
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name="organisation",
    )
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80)
    function = models.CharField("fonction", max_length=120, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    left_on = models.DateField("partie le", null=True, blank=True)
    # Told by themselves, if they wish; for who keeps the directory alone, on no paper.
    lived_experience = models.CharField(
        "expérience vécue", max_length=10, choices=LivedExperience.choices, blank=True
    )
    folded = FoldedField(of=("first_name", "last_name"))

    sensitive: ClassVar[frozenset[str]] = frozenset({"email", "telephone", "lived_experience"})

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "user"],
                condition=Q(user__isnull=False),
                name="governance_person_one_per_account",
                violation_error_message="Ce compte a déjà sa fiche dans l’annuaire du territoire.",
            ),
            models.CheckConstraint(
                name="governance_person_known_experience",
                condition=Q(lived_experience__in=["", *LivedExperience.values]),
                violation_error_message="Ce choix n’existe pas pour « expérience vécue ».",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "folded"], name="governance_person_names"),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
