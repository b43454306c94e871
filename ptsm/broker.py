"""The broker of the embedded way: kombu's folder of messages, made safe for several processes.

Kombu writes a message in the place where others read it, and an exchange's table in a file that
exists empty for a moment. A worker that reads at that moment stops on a JSON error. Here a message
appears whole or not at all, and the tables are read and written one process at a time.
"""

import fcntl
import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem, virtual
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Messages are files named by date, queue last; a leading dot hides what is not one yet."""

    @property
    def messages(self) -> Path:
        return Path(self.data_folder_in)

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex}.{queue}.msg"
        draft = self.messages / f".{name}"
        draft.write_text(dumps(payload))  # type: ignore[no-untyped-call]
        draft.rename(self.messages / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ARG002
        for message in self._waiting(queue):
            taken = message.with_name(f".{message.name}.taken")
            try:
                message.rename(taken)
            except FileNotFoundError:
                continue  # another worker was quicker
            text = taken.read_text()
            taken.unlink()
            try:
                return loads(text)  # type: ignore[no-untyped-call]
            except ValueError:
                # What was ordered is a row: the sweep will send it again.
                log.warning("Unreadable message dropped: %s", message.name)
        raise Empty

    def _waiting(self, queue: str) -> list[Path]:
        """The oldest first."""
        ending = f"{queue}.msg"
        return sorted(
            path for path in self.messages.iterdir() if path.name.partition(".")[2] == ending
        )

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        waiting = self._waiting(queue)
        for message in waiting:
            message.unlink(missing_ok=True)
        return len(waiting)

    def get_table(self, exchange: str) -> Any:
        with self._tables():
            return super().get_table(exchange)  # type: ignore[no-untyped-call]

    def _queue_bind(self, *args: Any) -> None:
        with self._tables():
            super()._queue_bind(*args)  # type: ignore[no-untyped-call]

    def _delete(self, *args: Any, **kwargs: Any) -> None:
        with self._tables():
            super()._delete(*args, **kwargs)  # type: ignore[no-untyped-call]

    @contextmanager
    def _tables(self) -> Iterator[None]:
        """The exchanges' tables, for this process alone."""
        folder = Path(self.control_folder)
        folder.mkdir(mode=0o700, exist_ok=True)
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """`filesystem://`, with the channel above."""

    Channel = Channel

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        # What is declared belongs to a folder, not to the process: kombu would not write it twice.
        self.state = virtual.BrokerState()  # type: ignore[no-untyped-call]
