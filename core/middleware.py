"""What must be settled between the browser and every view."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.cache import add_never_cache_headers

# Fields that nobody typed, or that hold a secret.
NOT_TYPED = ("csrf", "token", "revision", "order", "seen_", "was", "next", "password")
# What is chosen is sent as a key or as a word of code.
CODE = re.compile(r"[a-z0-9_-]*")


class LostSessionMiddleware:
    """What was asked for after the session ended is not lost on the way to the sign-in page.

    A fragment: the whole page is asked again, to sign in; HTMX would otherwise follow the
    redirection and put the sign-in page inside the fragment, and the script keeps what was typed.
    A form sent by the browser itself: a redirection would drop what was typed, so it is shown, to
    be copied, beside the way to sign in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sign_in = resolve_url(settings.LOGIN_URL)
        is_sent_to_sign_in = response.status_code == 302 and response["Location"].startswith(
            sign_in
        )
        if is_sent_to_sign_in and getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Refresh": "true"})
        # A script that fetches accepts anything; a browser that leaves its page wants a page.
        if is_sent_to_sign_in and "text/html" in request.headers.get("Accept", ""):
            texts = typed_texts(request)
            return _texts_given_back(request, response["Location"], texts) if texts else response
        return response


def typed_texts(request: HttpRequest) -> list[str]:
    """What somebody typed in the form that was sent, longest first; nothing of what was chosen."""
    if request.method != "POST":
        return []
    sent = (
        text.strip()
        for name, texts in request.POST.lists()
        if not name.startswith(NOT_TYPED)
        for text in map(str, texts)
    )
    typed = {text for text in sent if not CODE.fullmatch(text)}
    return sorted(typed, key=lambda text: (-len(text), text))


def _texts_given_back(request: HttpRequest, sign_in: str, texts: list[str]) -> HttpResponse:
    context = {"sign_in": sign_in, "texts": texts}
    response = render(request, "core/lost_session.html", context, status=401)
    add_never_cache_headers(response)
    return response
