"""A small IMAP server for tests: one box, as much of RFC 3501 as reading notifications takes."""

import re
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import pytest
from pytest_django import Settings

USER, PASSWORD = "retours@exemple.fr", "secret:/@"


@dataclass
class ReturnBox:
    """Its messages, those that were read, and what it was asked."""

    messages: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    # A command that it hangs up on.
    hangs_up_on: str = ""
    port: int = 0

    def answer(self, command: str) -> list[bytes]:
        """What follows a command, before its OK."""
        if command == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1"]
        if command.startswith("SELECT"):
            return [b"* %d EXISTS" % len(self.messages)]
        if command.startswith("UID SEARCH UNSEEN"):
            return [b"* SEARCH " + b" ".join(b"%d" % key for key in self._unseen())]
        if fetch := re.match(r"UID FETCH (\d+) ", command):
            key = int(fetch[1])
            content = self.messages[key - 1]
            head = b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n" % (key, key, len(content))
            return [head + content + b")"]
        if store := re.match(r"UID STORE (\d+) \+FLAGS", command):
            self.seen.add(int(store[1]))
        return [b"* BYE"] if command == "LOGOUT" else []

    def _unseen(self) -> list[int]:
        """Those not read whose type names a notification, as HEADER would find them."""
        found = []
        for key, content in enumerate(self.messages, start=1):
            head = content.replace(b"\r\n", b"\n").partition(b"\n\n")[0].lower()
            if key not in self.seen and b"delivery-status" in head:
                found.append(key)
        return found


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box = cast("_Server", self.server).box
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            box.asked.append(command)
            if box.hangs_up_on and command.startswith(box.hangs_up_on):
                return
            is_known = not command.startswith("LOGIN") or command == (f'LOGIN {USER} "{PASSWORD}"')
            for said in box.answer(command):
                self.wfile.write(said + b"\r\n")
            self.wfile.write(f"{tag} {'OK done' if is_known else 'NO unknown'}\r\n".encode())
            if command == "LOGOUT":
                return


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, box: ReturnBox) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.box = box


@pytest.fixture
def return_box(settings: Settings) -> Iterator[ReturnBox]:
    """The application's return box for the length of a test."""
    box = ReturnBox()
    with _Server(box) as server:
        box.port = server.server_address[1]
        settings.BOUNCE_IMAP_URL = (
            f"imap://retours%40exemple.fr:secret%3A%2F%40@127.0.0.1:{box.port}/Retours"
        )
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield box
        server.shutdown()
        thread.join()
