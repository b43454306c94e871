"""Pages reached without an account, by a secret address (`decisions.md` 14)."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

# A day of reading or answering, with interruptions; the link gives another one.
LASTS = 60 * 60 * 12


@dataclass(frozen=True)
class Entrance:
    """What remembers, within the day, by which link somebody came: a signed cookie.

    The secret leaves the address at once, and opening uses nothing up: mail programs visit
    addresses before people do. The cookie is that of the pages it opens: two links open two tabs,
    and neither forgets the other.
    """

    cookie: str
    salt: str

    def let_in(self, request: HttpRequest, *, path: str, key: int) -> HttpResponse:
        """Lead to the pages under `path`, which `key_of` will know again."""
        response = led_to(path)
        response.set_signed_cookie(
            self.cookie,
            str(key),
            salt=self.salt,
            max_age=LASTS,
            path=path,
            httponly=True,
            secure=request.is_secure(),
            samesite="Lax",
        )
        return response

    def key_of(self, request: HttpRequest) -> int | None:
        """By what somebody came; nothing for whoever did not, or for a cookie that was altered."""
        value = request.get_signed_cookie(self.cookie, default="", salt=self.salt, max_age=LASTS)
        return int(value) if value else None


def led_to(to: str, *arguments: object) -> HttpResponse:
    """Another page, which is not told the address that led there."""
    response = redirect(to, *arguments)
    response.status_code = 303
    response["Referrer-Policy"] = "no-referrer"
    return response
