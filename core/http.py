"""Doors: who is asking, and which methods a view may answer."""

from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.middleware import HtmxDetails

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponse]


class PageRequest(HttpRequest):
    """A request as the middlewares leave it."""

    htmx: HtmxDetails


class SignedInRequest(PageRequest):
    """What a view receives once the doors of sign-in are passed."""

    user: Any


def readonly_view(view: View[R, P]) -> View[R, P]:
    """A view that only reads: GET and HEAD."""
    return require_safe(view)


def writes(*methods: str) -> Callable[[View[R, P]], View[R, P]]:
    """A view that may write, by the methods named."""

    def decorate(view: View[R, P]) -> View[R, P]:
        return require_http_methods(["GET", "HEAD", *methods])(view)

    return decorate


def require(allowed: bool) -> None:  # noqa: FBT001 (reads as a sentence: require(can_…))
    """Stop with 403 what a person may see but not do."""
    if not allowed:
        raise PermissionDenied


def push_address(request: PageRequest, response: HttpResponse, query: str) -> HttpResponse:
    """The address keeps the filters chosen, not the empty fields; the same twice is one step back.

    `query` is the part after « ? », already encoded.
    """
    address = "?".join(filter(None, [request.path, query]))
    is_there = request.htmx.current_url_abs_path == address
    response["HX-Push-Url"] = "false" if is_there else address
    return response


def render_part(
    request: PageRequest, page: str, part: str, context: Mapping[str, Any]
) -> HttpResponse:
    """The page, or its part alone when HTMX asks for it; « back » asks for the whole page."""
    is_part = request.htmx and not request.htmx.history_restore_request
    response = render(request, f"{page}#{part}" if is_part else page, dict(context))
    patch_vary_headers(response, ["HX-Request"])
    return response


def address_with(choices: Mapping[str, str], name: str, value: str) -> str:
    """The same filters with one more; the same one again takes it away."""
    others = {key: kept for key, kept in choices.items() if key != name}
    if choices.get(name) != value:
        others[name] = value
    return "?" + urlencode(others)
