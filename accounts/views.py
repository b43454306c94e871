"""The doors: sign-in and passwords (allauth's views, our forms), invitations, and the
demonstration's mails.
"""

from typing import Any
from urllib.parse import urlencode

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.enums import InvitationState, LinkPurpose
from accounts.forms import (
    AcceptInvitationForm,
    ChangePasswordForm,
    ForgottenPasswordForm,
    NewPasswordForm,
    SignInForm,
)
from accounts.models import AccessLink, Invitation, User
from accounts.services import (
    DEMO_ADDRESSES_END,
    DEMO_PASSWORD,
    InvitationUnusable,
    accept_invitation,
)
from core.http import SignedInRequest, readonly_view, writes
from core.models import Mail

INVITATION_COOKIE = "invitation"
INVITATION_COOKIE_SALT = "accounts.invitation"
# The time of choosing a password, with a lunch in between; the mail's link renews it.
INVITATION_COOKIE_LASTS = 60 * 60 * 4
DEMO_MAILS_SHOWN = 50


class SignInView(allauth_views.LoginView):  # type: ignore[misc]
    """The sign-in page; in the demonstration it names the accounts that anybody may try."""

    form_class = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demo_accounts = User.objects.filter(email__endswith=DEMO_ADDRESSES_END, is_active=True)
        return super().get_context_data(**kwargs) | {  # type: ignore[no-any-return]
            "demo_accounts": demo_accounts.order_by("pk") if settings.IS_DEMO else (),
            "demo_password": DEMO_PASSWORD if settings.IS_DEMO else "",
            "section": "login",
        }


sign_in = SignInView.as_view()
sign_out = allauth_views.LogoutView.as_view()
account_closed = allauth_views.AccountInactiveView.as_view()
password_change = allauth_views.PasswordChangeView.as_view(form_class=ChangePasswordForm)
password_forgotten = allauth_views.PasswordResetView.as_view(form_class=ForgottenPasswordForm)
password_link_sent = allauth_views.PasswordResetDoneView.as_view()
password_choose = allauth_views.PasswordResetFromKeyView.as_view(
    form_class=NewPasswordForm, reset_url_key="choisir"
)
password_chosen = allauth_views.PasswordResetFromKeyDoneView.as_view()


@login_not_required
@readonly_view
def sign_up_closed(request: HttpRequest) -> HttpResponse:
    """Where allauth would make accounts: says that an invitation does."""
    return render(request, "accounts/sign_up_closed.html")


@login_not_required
@readonly_view
def admin_sign_in(request: SignedInRequest) -> HttpResponse:
    """The administration has no door of its own: ours is the one that counts failures."""
    if not request.user.is_authenticated:
        wanted = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")
    if not request.user.is_staff:
        raise PermissionDenied
    return redirect("admin:index")


@readonly_view
def admin_password_change(_request: SignedInRequest) -> HttpResponse:
    """Passwords change in one place."""
    return redirect("account_change_password")


@login_not_required
@never_cache
@rate_limit(action="invitation", limit_get=True)  # type: ignore[untyped-decorator]
@readonly_view
def invitation_open(request: HttpRequest, token: str) -> HttpResponse:
    """The mail's link: moves its secret out of the address, and uses nothing up.

    Mail scanners open links before their readers do.
    """
    link = AccessLink.objects.for_token(token, purpose=LinkPurpose.INVITATION).first()
    response = redirect("accounts:invitation_accept")
    response.status_code = 303
    response["Referrer-Policy"] = "no-referrer"
    path = reverse("accounts:invitation_accept")
    if link is None:
        response.delete_cookie(INVITATION_COOKIE, path=path, samesite="Lax")
        return response
    response.set_signed_cookie(
        INVITATION_COOKIE,
        str(link.pk),
        salt=INVITATION_COOKIE_SALT,
        max_age=INVITATION_COOKIE_LASTS,
        path=path,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )
    return response


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@rate_limit(action="invitation")  # type: ignore[untyped-decorator]
@writes("POST")
def invitation_accept(request: SignedInRequest) -> HttpResponse:
    """The invited person says who they are, chooses a password, and is signed in."""
    link_pk = _invited_by_link(request)
    invitation = _invitation_of(link_pk)
    if invitation is None or invitation.state() != InvitationState.OPEN:
        return _say_closed(request, link_pk, invitation)
    form = AcceptInvitationForm(request.POST or None, email=invitation.user.email)
    if not form.is_valid():
        context = {"form": form, "invitation": invitation}
        return render(request, "accounts/invitation_accept.html", context)
    try:
        user = accept_invitation(
            link_pk=link_pk,
            first_name=form.cleaned_data["first_name"],
            last_name=form.cleaned_data["last_name"],
            password=form.cleaned_data["password1"],
        )
    except InvitationUnusable:
        return _say_closed(request, link_pk, _invitation_of(link_pk))
    get_adapter().login(request, user)
    messages.success(request, "Votre compte est ouvert. Bienvenue !")
    response = redirect(settings.LOGIN_REDIRECT_URL)
    response.delete_cookie(INVITATION_COOKIE, path=request.path, samesite="Lax")
    return response


def _invited_by_link(request: HttpRequest) -> int:
    """The link that brought the visitor here; 0 when none did, or too long ago."""
    value = request.get_signed_cookie(
        INVITATION_COOKIE,
        default="0",
        salt=INVITATION_COOKIE_SALT,
        max_age=INVITATION_COOKIE_LASTS,
    )
    return int(value or 0)


def _invitation_of(link_pk: int) -> Invitation | None:
    waiting = Invitation.objects.select_related("user", "link", "invited_by")
    return waiting.filter(link_id=link_pk).first()


def _say_closed(
    request: SignedInRequest, link_pk: int, invitation: Invitation | None
) -> HttpResponse:
    """Say why the link opens nothing; whoever has just been let in by it goes home instead."""
    if invitation is not None and request.user == invitation.user:
        return redirect(settings.LOGIN_REDIRECT_URL)
    state = invitation.state() if invitation else None
    if state is None and link_pk:
        # The link is known, but its invitation has gone on to a newer one.
        state = InvitationState.REVOKED
    context = {"invitation": invitation, "state": state and state.value}
    return render(request, "accounts/invitation_closed.html", context, status=410)


@login_not_required
@readonly_view
def demo_mail_list(request: HttpRequest) -> HttpResponse:
    """The mails of the demonstration, which leave it for nowhere; 404 outside of it."""
    if not settings.IS_DEMO:
        raise Http404
    mails = Mail.objects.order_by("-created_at", "-pk")[:DEMO_MAILS_SHOWN]
    return render(request, "accounts/demo_mail_list.html", {"mails": mails})
