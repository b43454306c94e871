"""Pages that belong to no room: help, legal notices, the site's health, and its failures."""

import datetime as dt
import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import Error as DatabaseFailure
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from redis.exceptions import RedisError

from core import guide
from core.http import SignedInRequest, readonly_view, writes
from core.rich_text import clean_html

PLAIN_TEXT = "text/plain; charset=utf-8"
SECURITY_CONTACT_LASTS = dt.timedelta(days=180)
SECONDS_BEFORE_TRYING_AGAIN = 30


def _operator() -> dict[str, str]:
    """Who runs this installation, for the legal pages."""
    return {
        "name": settings.OPERATOR_NAME,
        "address": settings.OPERATOR_ADDRESS,
        "contact": settings.OPERATOR_CONTACT,
        "director": settings.PUBLICATION_DIRECTOR,
        "host": settings.HOSTING_PROVIDER,
        "dpo": settings.DPO_CONTACT,
    }


@login_not_required
@readonly_view
def legal(request: HttpRequest) -> HttpResponse:
    """Mentions légales."""
    return render(request, "core/legal.html", {"operator": _operator()})


@login_not_required
@readonly_view
def privacy(request: HttpRequest) -> HttpResponse:
    """Données personnelles et cookies."""
    days = dt.timedelta(seconds=settings.SESSION_COOKIE_AGE).days
    return render(request, "core/privacy.html", {"operator": _operator(), "session_days": days})


@login_not_required
@readonly_view
def accessibility(request: HttpRequest) -> HttpResponse:
    """Déclaration d’accessibilité."""
    context = {"operator": _operator(), "site_url": settings.SITE_URL}
    return render(request, "core/accessibility.html", context)


@login_not_required
@readonly_view
def contact(request: HttpRequest) -> HttpResponse:
    """Who to write to, and for what."""
    return render(request, "core/contact.html", {"operator": _operator()})


@login_not_required
@readonly_view
def site_map(request: HttpRequest) -> HttpResponse:
    """Plan du site."""
    return render(request, "core/site_map.html", {"guide_pages": list(guide.pages().values())})


@login_not_required
@readonly_view
def help_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of the guide, with the others beside it."""
    pages = guide.pages()
    if slug not in pages:
        raise Http404
    context = {"page": pages[slug], "pages": list(pages.values()), "section": "help"}
    return render(request, "core/help_page.html", context)


@login_not_required
@never_cache
@readonly_view
def health(_request: HttpRequest) -> HttpResponse:
    """Whether this process reaches its database; asked by machines, often.

    Without its cache it is still well: whoever is signed in reads and writes on.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        cache.get("health")
    except DatabaseFailure:
        return HttpResponse("indisponible\n", status=503, content_type=PLAIN_TEXT)
    except RedisError:
        return HttpResponse("ok, sans cache\n", content_type=PLAIN_TEXT)
    return HttpResponse("ok\n", content_type=PLAIN_TEXT)


@login_not_required
@readonly_view
def security_txt(_request: HttpRequest) -> HttpResponse:
    """How to report a weakness (RFC 9116). Its date stays ahead, and below the year allowed."""
    expires = (timezone.now() + SECURITY_CONTACT_LASTS).replace(microsecond=0)
    lines = (
        f"Contact: {_security_contact()}",
        f"Expires: {expires.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}{reverse('core:security_txt')}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN_TEXT)


def _security_contact() -> str:
    """An address as RFC 9116 wants it: with its scheme; our contact page while none is set."""
    typed: str = settings.OPERATOR_CONTACT
    if typed.startswith(("https://", "mailto:", "tel:")):
        return typed
    if "@" in typed and " " not in typed:
        return f"mailto:{typed}"
    return f"{settings.SITE_URL}{reverse('core:contact')}"


@login_not_required
@readonly_view
def robots_txt(_request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type=PLAIN_TEXT)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form whose token is stale or missing: says where the typed text is (settings)."""
    return render(request, "core/csrf_failure.html", status=403)


def server_error(_request: HttpRequest) -> HttpResponse:
    """What a visitor sees of a failure (`handler500`): a passing one says to come back.

    Neither page reads the database, the session or the request.
    """
    is_passing = isinstance(sys.exception(), OperationalError | InterfaceError | RedisError)
    if not is_passing:
        return render(None, "500.html", status=500)
    response = render(None, "503.html", status=503)
    response["Retry-After"] = str(SECONDS_BEFORE_TRYING_AGAIN)
    return response


@writes("POST")
def rich_text_clean(request: SignedInRequest) -> HttpResponse:
    """What was pasted in an editor, put in its one form; a reading gives nothing. No query."""
    return HttpResponse(clean_html(request.POST.get("html", "")))
