"""Users, the links they receive by mail, and their invitations."""

import datetime as dt
import hashlib
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.enums import InvitationState, LinkPurpose
from core.constraints import one_of
from core.models import Mail

# For whoever has not yet chosen how to be called.
WITHOUT_NAME = "Personne invitée"


class UserManager(BaseUserManager["User"]):
    """Makes users known by their e-mail address alone."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person's account; without a password, only an invitation opens it."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        """An account for repair in the administration; it gives no right in the application."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Addresses differ by their letters, never by their case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in."""

    email = models.EmailField("adresse électronique", unique=True)
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80, blank=True)
    is_active = models.BooleanField("compte ouvert", default=True)
    is_staff = models.BooleanField("accès à l’administration", default=False)
    joined_at = models.DateTimeField("créé le", default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = "utilisateur"
        verbose_name_plural = "utilisateurs"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_one_address",
                violation_error_message="Un compte existe déjà pour cette adresse.",
            )
        ]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """First and last name; never the address, which is not for everybody to read."""
        return f"{self.first_name} {self.last_name}".strip() or WITHOUT_NAME

    def get_short_name(self) -> str:
        """The first name, or nothing."""
        return self.first_name


class AccessLinkQuerySet(models.QuerySet["AccessLink"]):
    def usable(self, *, at: dt.datetime | None = None) -> Self:
        """Neither revoked nor expired at that moment."""
        return self.filter(revoked_at=None, expires_at__gt=at or timezone.now())

    def for_token(self, token: str, *, purpose: LinkPurpose) -> Self:
        """The link whose secret this is, for that purpose alone."""
        return self.filter(token_hash=hash_token(token), purpose=purpose)


def hash_token(token: str) -> str:
    """What the base keeps of a secret: enough to recognise it, not to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


class AccessLink(models.Model):
    """A secret address sent to one person for one purpose: signed, expiring, revocable.

    The row that it opens owns a foreign key to it. Opening the address consumes nothing, since
    mail programs visit addresses before people do (`decisions.md` 14).
    """

    purpose = models.CharField("usage", max_length=20, choices=LinkPurpose.choices)
    token_hash = models.CharField("empreinte du secret", max_length=64, unique=True)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    expires_at = models.DateTimeField("expire le")
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)
    last_used_at = models.DateTimeField("dernier usage le", null=True, blank=True)
    uses = models.PositiveIntegerField("nombre d’usages", default=0)

    objects = AccessLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "lien d’accès"
        verbose_name_plural = "liens d’accès"
        constraints = [
            one_of("accounts_link_known_purpose", "purpose", LinkPurpose, "usage"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} n° {self.pk}"

    def is_usable(self, *, at: dt.datetime | None = None) -> bool:
        """Neither revoked nor expired at that moment."""
        return self.revoked_at is None and self.expires_at > (at or timezone.now())


class Invitation(models.Model):
    """An account waiting for its owner to choose a password."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="invitation", verbose_name="invité"
    )
    link = models.OneToOneField(
        AccessLink, on_delete=models.PROTECT, related_name="invitation", verbose_name="lien"
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitations_sent",
        verbose_name="invité par",
    )
    # Words of the room that invites, which this one does not know.
    place = models.CharField("pour rejoindre", max_length=200, blank=True)
    role = models.CharField("rôle", max_length=80, blank=True)
    mail = models.OneToOneField(
        Mail,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitation",
        verbose_name="courriel",
    )
    sent_at = models.DateTimeField("envoyée le", default=timezone.now)
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitations"

    def __str__(self) -> str:
        return f"Invitation de {self.user}"

    def state(self, *, at: dt.datetime | None = None) -> InvitationState:
        """Where it stands at that moment. Expects its link."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.link.revoked_at is not None:
            return InvitationState.REVOKED
        return InvitationState.OPEN if self.link.is_usable(at=at) else InvitationState.EXPIRED
