"""A real mail server for tests: it listens, answers as told, and keeps what it received."""

import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

if TYPE_CHECKING:
    import asyncio


class _AnyPort(Controller):
    """A controller that listens on a port that the machine chooses, or again on the same one."""

    def _create_server(self) -> Any:
        listening = socket.create_server(("127.0.0.1", self.port))
        # Its lines leave one by one: each would wait 40 ms for the acknowledgement of the last.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = listening.getsockname()[1]
        return self.loop.create_server(self._factory_invoker, sock=listening)


@dataclass
class PostOffice:
    """What it answers can be changed between two messages."""

    received: list[EmailMessage] = field(default_factory=list)
    # The answer to a recipient, and to a content, when it is not yes.
    answers_to: dict[str, str] = field(default_factory=dict)
    hangs_up_on_content: bool = False
    port: int = 0
    _controller: _AnyPort | None = None

    def open(self) -> None:
        self._controller = _AnyPort(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        self.port = self._controller.port

    def close(self) -> None:
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        answer = self.answers_to.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = cast("bytes", envelope.content).replace(b"\r\n", b"\n")
        parsed = email.message_from_bytes(content, policy=email.policy.default)
        self.received.append(parsed)
        if self.hangs_up_on_content:
            cast("asyncio.Transport", server.transport).abort()
        return "250 Taken"


@pytest.fixture
def post_office(settings: Settings) -> Iterator[PostOffice]:
    """The application's mail server for the length of a test."""
    office = PostOffice()
    office.open()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = office.port
    settings.EMAIL_TIMEOUT = 2
    yield office
    office.close()
