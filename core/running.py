"""The processes of one machine: started together, stopped together, once for a folder.

Nothing here knows what they serve: `manage.py serve` names them.
"""

import ctypes
import fcntl
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 10.0
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


class AlreadyRunning(Exception):
    """Another process holds the folder."""


@contextmanager
def held(lock: Path) -> Iterator[int]:
    """Hold a folder by its lock file; `AlreadyRunning` when somebody does.

    The system gives it back when the last process that inherited it ends, however it ended: no
    stale lock to remove by hand.
    """
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        yield file.fileno()


def is_free(host: str, port: int) -> bool:
    """Whether a server may listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As gunicorn does: a port that was left a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def status_of(host: str, port: int, path: str, headers: Mapping[str, str], timeout: float) -> int:
    """The HTTP status of an address, 0 when nothing answers."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", path, headers=dict(headers))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _die_with_parent() -> None:
    """Asks Linux to stop this child when its parent is gone, even by `kill -9`."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


@dataclass
class Crew:
    """Processes that live and die together.

    Each leads its own group: a Ctrl-C in the terminal reaches this process alone, which tells them
    in order, and whatever they started ends with them.
    """

    lock: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *command: str, **environment: str) -> None:
        """Start `python -m command…` under a name."""
        self.running[name] = subprocess.Popen(  # noqa: S603 (our own commands)
            [sys.executable, "-m", *command],
            env=os.environ | environment,
            start_new_session=True,
            pass_fds=[self.lock],
            preexec_fn=_die_with_parent,
        )

    def fallen(self) -> str | None:
        """The name of a process that ended by itself."""
        for name, process in self.running.items():
            if process.poll() is not None:
                return name
        return None

    def stop(self, *, patience: float = PATIENCE) -> None:
        """Ask all to finish, wait, then end whatever is left."""
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + patience
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.0, deadline - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@dataclass
class Interrupts:
    """Ctrl-C, a polite kill, a closed terminal: noted, for a loop to look at.

    `follow` is a process (make) whose end or interruption is ours too: make keeps for itself an
    interrupt that only it received, and waits for us.
    """

    follow: int | None = None
    received: bool = False

    def __post_init__(self) -> None:
        if self.follow is not None and _was_interrupted(self.follow):
            self.follow = None  # it never caught interrupts: nothing to learn from it
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, *_: object) -> None:
        self.received = True

    def came(self) -> bool:
        return self.received or (self.follow is not None and _was_interrupted(self.follow))


def _was_interrupted(pid: int) -> bool:
    """Whether a process is gone, or no longer catches the interrupt that it caught (Linux)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    caught = re.search(r"^SigCgt:\s*(\w+)", status, re.MULTILINE)
    return caught is not None and not int(caught[1], 16) & 1 << (signal.SIGINT - 1)
