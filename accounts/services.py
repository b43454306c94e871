"""Signed links, invitations, and the accounts that they open.

A secret leaves once, in a mail; the base keeps its hash (`decisions.md` 14). An invitation makes
an account that is closed until its owner chooses a password.
"""

import datetime as dt
import logging
import secrets
from base64 import urlsafe_b64encode

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.enums import InvitationState, LinkPurpose
from accounts.models import AccessLink, Invitation, User, hash_token
from core.mail import send_on_commit

logger = logging.getLogger(__name__)

INVITATION_LASTS = dt.timedelta(days=14)

# The demonstration's accounts are known by their address; everybody may use them.
DEMO_ADDRESSES_END = "@demo.example"
DEMO_PASSWORD = "demonstration-ptsm"  # noqa: S105 (public by design, refused when served)


class AccountClosed(Exception):
    """An administrator closed this account: no invitation opens it again."""

    def __init__(self) -> None:
        super().__init__(
            "Le compte de cette adresse a été fermé : seule l’administration peut le rouvrir."
        )


class InvitationUnusable(Exception):
    """The invitation opens nothing, any more or at all; its state says why."""

    def __init__(self, state: InvitationState | None) -> None:
        self.state = state
        super().__init__(state)


# --- Links --------------------------------------------------------------------------------------


def make_link(*, purpose: LinkPurpose, valid_for: dt.timedelta) -> tuple[AccessLink, str]:
    """A link and its secret, which is known only now; one query."""
    token = secrets.token_urlsafe(32)
    link = AccessLink.objects.create(
        purpose=purpose,
        token_hash=hash_token(token),
        expires_at=timezone.now() + valid_for,
    )
    return link, token


def make_shown_link(*, purpose: LinkPurpose, valid_for: dt.timedelta) -> AccessLink:
    """A link whose secret can be shown again to whoever made it (`shown_secret`); two queries.

    The base keeps no more of it than of the others.
    """
    link, _ = make_link(purpose=purpose, valid_for=valid_for)
    link.token_hash = hash_token(_derived_secret(link))
    link.save(update_fields=["token_hash"])
    return link


def shown_secret(link: AccessLink) -> str:
    """The secret of a link made to be shown; blank when the key of the site has changed since."""
    secret = _derived_secret(link)
    return secret if hash_token(secret) == link.token_hash else ""


def _derived_secret(link: AccessLink) -> str:
    """From the key of the site, which the base does not hold, and from what the row always says."""
    told = f"{link.purpose}:{link.pk}:{link.created_at.timestamp():.6f}"
    digest = salted_hmac("accounts.shown_link", told, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def find_link(*, token: str, purpose: LinkPurpose) -> AccessLink | None:
    """The link of that secret while it opens something; one query."""
    return AccessLink.objects.for_token(token, purpose=purpose).usable().first()


def revoke_link(*, link: AccessLink) -> None:
    """Make a link open nothing, from now on; one query."""
    AccessLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def count_use(*, link_pk: int) -> None:
    """Count a use of a link that goes on opening what it opens; one query."""
    AccessLink.objects.filter(pk=link_pk).update(uses=F("uses") + 1, last_used_at=timezone.now())


def _use_up(link_pk: int) -> None:
    """Count a use, and let it be the last."""
    count_use(link_pk=link_pk)
    AccessLink.objects.filter(pk=link_pk).update(revoked_at=timezone.now())


# --- Invitations --------------------------------------------------------------------------------


@transaction.atomic
def invite(*, email: str, invited_by: User | None, place: str, role: str) -> User:
    """The account of that address, told by mail that it is given `role` in `place`.

    A person who has an account is told of the new place; anybody else receives a link to open
    one, and the link sent before stops working. Raises `AccountClosed`.
    """
    user = _account_of(email)
    if user.is_active:
        _tell_added(user, invited_by=invited_by, place=place, role=role)
    elif user.has_usable_password() or user.last_login is not None:
        raise AccountClosed
    else:
        _send_invitation(user, invited_by=invited_by, place=place, role=role)
    logger.info("Account %s invited by %s", user.pk, invited_by.pk if invited_by else "command")
    return user


@transaction.atomic
def withdraw_invitation(*, user: User) -> None:
    """Make the link of an invitation that waits open nothing."""
    invitation = Invitation.objects.select_related("link").filter(user=user).first()
    if invitation is not None:
        revoke_link(link=invitation.link)


def _account_of(email: str) -> User:
    """The account of that address, made closed when there is none; two invitations make one."""
    address = email.strip().lower()
    user, _ = User.objects.get_or_create(
        email__iexact=address,
        defaults={"email": address, "is_active": False, "password": make_password(None)},
    )
    return user


def _send_invitation(user: User, *, invited_by: User | None, place: str, role: str) -> None:
    link, token = make_link(purpose=LinkPurpose.INVITATION, valid_for=INVITATION_LASTS)
    former = Invitation.objects.select_related("link").filter(user=user).first()
    if former is not None:
        revoke_link(link=former.link)
    context = {
        "invited_by": invited_by,
        "place": place,
        "role": role,
        "url": settings.SITE_URL + reverse("accounts:invitation_open", args=[token]),
        "expires_at": link.expires_at,
    }
    mail = send_on_commit(
        to=user.email,
        subject=f"Invitation : {place}",
        body=render_to_string("accounts/mail/invitation.txt", context),
        reply_to=invited_by.email if invited_by else "",
    )
    Invitation.objects.update_or_create(
        user=user,
        defaults={
            "link": link,
            "invited_by": invited_by,
            "place": place,
            "role": role,
            "mail": mail,
            "sent_at": timezone.now(),
        },
    )


def _tell_added(user: User, *, invited_by: User | None, place: str, role: str) -> None:
    context = {
        "invited_by": invited_by,
        "place": place,
        "role": role,
        "url": settings.SITE_URL + reverse("account_login"),
    }
    send_on_commit(
        to=user.email,
        subject=f"Vous avez accès à : {place}",
        body=render_to_string("accounts/mail/added.txt", context),
        reply_to=invited_by.email if invited_by else "",
    )


@transaction.atomic
def accept_invitation(*, link_pk: int, first_name: str, last_name: str, password: str) -> User:
    """Open the account of an invitation, once; raises `InvitationUnusable`.

    The password has passed the validators. Six queries.
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("user", "link")
        .filter(link_id=link_pk)
        .first()
    )
    state = None if invitation is None else invitation.state()
    if invitation is None or state != InvitationState.OPEN:
        raise InvitationUnusable(state)
    user = invitation.user
    user.first_name, user.last_name = first_name, last_name
    user.is_active = True
    user.set_password(password)
    user.save(update_fields=["first_name", "last_name", "is_active", "password"])
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    _use_up(link_pk)
    logger.info("Account %s opened", user.pk)
    return user


@transaction.atomic
def correct_address(*, user: User) -> None:
    """After an account's address was corrected: the former one neither signs in nor invites.

    allauth keeps its own list of addresses, which sign-in and forgotten passwords read.
    """
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    if not user.is_active:
        withdraw_invitation(user=user)
