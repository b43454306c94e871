"""The application served as in production, and people who ask it for pages."""

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts.models import User
from bench.pages import BACKEND

GUNICORN = "-m gunicorn --config python:ptsm.gunicorn --log-level error"
PATIENCE = 30
FORM_TOKEN = "b" * 32


@dataclass(frozen=True)
class Served:
    """A site that answers, and the process whose children serve it."""

    port: int
    master: int


@contextlib.contextmanager
def served() -> Iterator[Served]:
    """gunicorn with two workers, on the base of this process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, *GUNICORN.split(), "--bind", f"127.0.0.1:{port}", "ptsm.wsgi"]
    # Its access log is of no use here.
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while not answers(port):
            if time.monotonic() > deadline:
                raise RuntimeError("gunicorn does not answer.")
            time.sleep(0.1)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Visitor:
    """Somebody signed in, over one connection that stays open."""

    def __init__(self, site: Served, user: User) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        self.headers = {
            "Host": "localhost",
            "Cookie": (
                f"{settings.SESSION_COOKIE_NAME}={session.session_key}; "
                f"{settings.CSRF_COOKIE_NAME}={FORM_TOKEN}"
            ),
            "X-CSRFToken": FORM_TOKEN,
        }

    def ask(self, address: str) -> tuple[float, bytes]:
        """Read a page; the milliseconds that it took, and what was answered."""
        return self._exchange("GET", address)

    def send(self, address: str, sent: object) -> tuple[float, bytes]:
        """Send what a script sends; the same."""
        return self._exchange("POST", address, json.dumps(sent))

    def _exchange(self, method: str, address: str, body: str | None = None) -> tuple[float, bytes]:
        started = time.perf_counter()
        headers = self.headers | ({"Content-Type": "application/json"} if body else {})
        try:
            self.connection.request(method, address, body=body, headers=headers)
            response = self.connection.getresponse()
        except http.client.RemoteDisconnected:
            # A connection left idle was closed: as a browser does, open another.
            self.connection.request(method, address, body=body, headers=headers)
            response = self.connection.getresponse()
        answer = response.read()
        if response.status != http.client.OK:
            raise RuntimeError(f"{address}: {response.status}")
        return (time.perf_counter() - started) * 1000, answer


def times(visitors: list[Visitor], address: str, *, rounds: int) -> list[float]:
    """How long each asking took, all visitors asking at once, so many times each."""

    def ask_again(visitor: Visitor) -> list[float]:
        return [visitor.ask(address)[0] for _ in range(rounds)]

    with ThreadPoolExecutor(len(visitors)) as pool:
        return [took for each in pool.map(ask_again, visitors) for took in each]
