"""What must be settled between the browser and every view."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url


class LostSessionMiddleware:
    """A fragment asked for after the session ended: the whole page is asked again, to sign in.

    Otherwise HTMX would follow the redirection and put the sign-in page inside the fragment.
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
        return response
