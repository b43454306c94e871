"""The « livret en vigueur » opened by a link, without an account (`decisions.md` 14)."""

from csp.decorators import csp_exempt
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.adapters import refused_secret
from accounts.enums import LinkPurpose
from accounts.models import AccessLink
from core.http import readonly_view
from core.links import Entrance, led_to
from documents.models import Pin, PinLink
from documents.services.pins import count_reading, why_not_in_force
from documents.views.files import file_response

ENTRANCE = Entrance(cookie="livret", salt="documents.booklet")


@login_not_required
@never_cache
@readonly_view
def booklet_open(request: HttpRequest, token: str) -> HttpResponse:
    """Moves the secret out of the address, and uses nothing up: mail scanners come here first."""
    link = AccessLink.objects.for_token(token, purpose=LinkPurpose.BOOKLET).first()
    known = PinLink.objects.filter(link=link).first() if link else None
    if refusal := refused_secret(request, token, is_known=known is not None):
        return refusal
    if known is None:
        return led_to("documents:booklet_unknown")
    path = reverse("documents:booklet_read", args=[known.pk])
    return ENTRANCE.let_in(request, path=path, key=known.pk)


@login_not_required
@never_cache
@readonly_view
def booklet_unknown(request: HttpRequest) -> HttpResponse:
    """A link that nobody made, cut on its way, or whose page was opened without it."""
    return render(request, "documents/booklet_unknown.html")


@login_not_required
@never_cache
@readonly_view
def booklet_read(request: HttpRequest, pk: int) -> HttpResponse:
    """What is in force, and the way to its file; of a link that opens nothing any more, why."""
    came = _came(request, pk)
    if came is None:
        return led_to("documents:booklet_unknown")
    territory = came.project.territory
    context = {"pin_link": came, "territory": territory, "section": "booklet"}
    if not came.link.is_usable():
        context["is_revoked"] = came.link.revoked_at is not None
        return render(request, "documents/booklet_closed.html", context, status=410)
    pin = Pin.objects.in_force().with_file().filter(project=came.project).first()
    is_there = bool(pin and pin.document and not why_not_in_force(pin.document))
    context |= {"pin": pin, "is_there": is_there}
    return render(request, "documents/booklet_read.html", context)


# The browser's own reader draws the file with styles of its own, which our policy would refuse.
@csp_exempt()  # type: ignore[arg-type]
@login_not_required
@readonly_view
def booklet_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file in force at this moment; each time that it is sent is counted."""
    came = _came(request, pk)
    if came is None:
        return led_to("documents:booklet_unknown")
    pin = Pin.objects.in_force().with_file().filter(project=came.project).first()
    response = None
    if came.link.is_usable() and pin is not None and pin.document is not None:
        response = file_response(request, pin.document)
    if response is None:
        return redirect("documents:booklet_read", pk)
    if response.status_code == 200 and request.method == "GET":
        count_reading(pin_link=came)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _came(request: HttpRequest, pk: int) -> PinLink | None:
    """The link by which somebody came to this page, within the day. One query."""
    if ENTRANCE.key_of(request) != pk:
        return None
    return PinLink.objects.with_place().filter(pk=pk).first()
