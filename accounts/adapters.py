"""How allauth is told our ways: accounts by invitation, our mails, our words."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from core.mail import send_on_commit

SECONDS_A_DAY = 86_400


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No sign-up page; mails are rows like all others; pages are pages, never JSON."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": (
            "L’adresse ou le mot de passe ne correspond à aucun compte ouvert. Vérifiez les deux ;"
            " un mot de passe oublié se remplace."
        ),
        "too_many_login_attempts": (
            "Trop d’essais en peu de temps pour cette adresse. Attendez dix minutes, ou demandez un"
            " nouveau mot de passe."
        ),
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def is_ajax(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Order the mail as any other; its link never depends on the address that was asked."""
        words = context | {
            "login_url": settings.SITE_URL + reverse("account_login"),
            "days": settings.PASSWORD_RESET_TIMEOUT // SECONDS_A_DAY,
        }
        send_on_commit(
            to=email,
            subject=render_to_string(f"{template_prefix}_subject.txt", words),
            body=render_to_string(f"{template_prefix}_message.txt", words),
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the site's own address, whatever host the request named."""
        uidb36, _, secret = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": secret})
        return f"{settings.SITE_URL}{path}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Sessions end with the former password: sign in with the new one."""
        return reverse("account_login")


def refused_secret(request: HttpRequest, token: str, *, is_known: bool) -> HttpResponse | None:
    """What answers a secret address that was asked too often; nothing when it may go on.

    Guesses are counted by the address that they come from, and past many of them a right one opens
    nothing either; links that were made are counted one by one, since two hundred people may share
    an address. The counts are in the cache.
    """
    if not _may(request, "link_attack", dry_run=True):
        allowed = False
    elif is_known:
        allowed = _may(request, "link_open", key=token)
    else:
        # Both are counted, whatever the first one says.
        allowed = all([_may(request, "link_attack"), _may(request, "link_guess")])
    if allowed:
        return None
    refusal: HttpResponse = ratelimit.respond_429(request)
    return refusal


def too_often(request: HttpRequest, action: str, *, key: str) -> HttpResponse | None:
    """What answers somebody, known by that key, who asks for a thing too often; nothing if not."""
    if _may(request, action, key=key):
        return None
    refusal: HttpResponse = ratelimit.respond_429(request)
    return refusal


def _may(request: HttpRequest, action: str, **how: Any) -> bool:
    usage = ratelimit.consume(request, app="allauth.account", action=action, limit_get=True, **how)
    return usage is not None
