"""One's own meetings, and the secret address by which a calendar follows them."""

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response

from accounts.adapters import refused_secret
from core.http import SignedInRequest, readonly_view, writes
from governance.models import CalendarFeed
from governance.services.feeds import feed_for, make_feed, revoke_feed
from governance.summaries.meetings import my_next_meetings

# Shown once, on the page that follows: the base keeps no secret address.
SHOWN_ONCE = "calendar_address"
# Calendars come back every few hours; those in a hurry are told that nothing changed.
POLITE = 15 * 60


@readonly_view
def my_meetings(request: SignedInRequest) -> HttpResponse:
    """What is coming for oneself, everywhere; the address to follow it from another calendar."""
    known = CalendarFeed.objects.select_related("link").filter(user=request.user).first()
    context = {
        "section": "home",
        "mine": my_next_meetings(request.user),
        "feed": known,
        "address": request.session.pop(SHOWN_ONCE, "") if known else "",
    }
    response = render(request, "governance/meetings/my_meetings.html", context)
    response["Cache-Control"] = "no-store"
    return response


@writes("POST")
def feed_make(request: SignedInRequest) -> HttpResponse:
    """A new address; the one before opens nothing any more. A reading goes back to the page."""
    if request.method == "POST":
        request.session[SHOWN_ONCE] = make_feed(user=request.user)
        messages.success(request, "L’adresse est créée\u00a0: copiez-la maintenant.")
    return redirect("governance:my_meetings")


@writes("POST")
def feed_revoke(request: SignedInRequest) -> HttpResponse:
    """No address opens one's meetings any more; a reading goes back to the page."""
    if request.method == "POST":
        revoke_feed(user=request.user)
        request.session.pop(SHOWN_ONCE, None)
        messages.success(request, "L’adresse est retirée\u00a0: elle ne montre plus rien.")
    return redirect("governance:my_meetings")


@login_not_required
@readonly_view
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The meetings of one person, for their own calendar; 404 for an address that opens nothing."""
    text = feed_for(token=token)
    if text is None:
        # Calendars ask every few minutes, all day: those that were made are not counted.
        if refusal := refused_secret(request, token, is_known=False):
            return refusal
        raise Http404
    content = text.encode()
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = f"private, max-age={POLITE}"
    response["Content-Disposition"] = 'inline; filename="reunions.ics"'
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=etag, response=response) or response
