"""The one file of a project that is shown first, and the addresses that open it to anybody."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from accounts.models import AccessLink
from documents.models.papers import Document
from journal.tracing import TracedModel, TracedQuerySet
from territories.models import Project, Territory

if TYPE_CHECKING:
    from accounts.models import User


class PinQuerySet(TracedQuerySet["Pin"]):
    def in_force(self) -> Self:
        """Those that show a file; one that was taken away shows none."""
        return self.filter(document__isnull=False)

    def read_by(self, user: "User") -> Self:
        """Whose file the user may read."""
        return self.filter(document__in=Document.objects.visible_to(user))

    def with_file(self) -> Self:
        """With its order, its file and its place: no further query."""
        return self.select_related("document__printed_file", "project__territory__region")

    def for_territories(self, territories: "models.QuerySet[Territory] | list[Territory]") -> Self:
        """Those of these territories, the latest generation of each first; one query."""
        theirs = self.in_force().with_file().filter(project__territory__in=territories)
        return theirs.order_by("project__territory__name", "-project__generation", "-pk")


class Pin(TracedModel):
    """The « livret en vigueur » of a project: one of its papers, that its lead shows first.

    Taken away, it stays as a row without a document: the addresses given to people without an
    account go on, and say that nothing is in force.
    """

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, related_name="pin", verbose_name="projet"
    )
    # A paper in force is not deleted under its readers.
    document = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pins",
        verbose_name="document",
    )
    pinned_at = models.DateTimeField("en vigueur depuis", default=timezone.now)
    pinned_by_name = models.CharField("mis en vigueur par", max_length=200, blank=True)

    subject_model = "territories.project"
    subject_path = "project_id"
    traced_with = ("document",)

    objects = PinQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "livret en vigueur"
        verbose_name_plural = "livrets en vigueur"

    def __str__(self) -> str:
        return self.document.title if self.document else "aucun livret"


class PinLinkQuerySet(TracedQuerySet["PinLink"]):
    def for_list(self) -> Self:
        """With the secret's row, the latest first: no further query."""
        return self.select_related("link").order_by("-pk")

    def usable(self) -> Self:
        """Those that open the file at this moment."""
        return self.filter(link__revoked_at=None, link__expires_at__gt=timezone.now())

    def with_place(self) -> Self:
        """With its project, its territory and the secret's row: no further query."""
        return self.select_related("link", "project__territory__region")


class PinLink(TracedModel):
    """A secret address that opens the « livret en vigueur » of a project without an account.

    It always gives the file that is in force when it is opened (`decisions.md` 14).
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="pin_links", verbose_name="projet"
    )
    link = models.OneToOneField(
        AccessLink, on_delete=models.PROTECT, related_name="pin_link", verbose_name="lien"
    )
    meant_for = models.CharField("pour qui", max_length=100)
    made_by_name = models.CharField("fait par", max_length=200, blank=True)
    revoked_by_name = models.CharField("retiré par", max_length=200, blank=True)

    subject_model = "territories.project"
    subject_path = "project_id"

    objects = PinLinkQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "lien vers le livret"
        verbose_name_plural = "liens vers le livret"

    def __str__(self) -> str:
        return self.meant_for
