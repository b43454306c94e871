"""The folder of messages of the embedded way, used by several processes at once."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu.connection import Connection

TRANSPORT = "ptsm.broker:Transport"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def connection(folder: Path) -> Iterator[Connection]:
    with opened(folder) as connection:
        yield connection


def opened(folder: Path) -> Connection:
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder / "control"),
    }
    return Connection("filesystem://localhost/", transport=TRANSPORT, transport_options=options)


def texts(connection: Connection, queue: str) -> list[Any]:
    """Everything that waits in a queue, taken."""
    waiting = connection.SimpleQueue(queue)
    taken = []
    with suppress(Empty):
        while True:
            message = waiting.get(block=False)
            message.ack()
            taken.append(message.payload)
    waiting.close()
    return taken


def test_messages_come_out_in_the_order_they_went_in(connection: Connection) -> None:
    queue = connection.SimpleQueue("papers")
    for number in range(5):
        queue.put(number)
    assert texts(connection, "papers") == [0, 1, 2, 3, 4]


def test_a_message_being_written_is_not_read(connection: Connection, folder: Path) -> None:
    connection.SimpleQueue("papers").put("whole")
    (folder / ".00000000000000000001-half.papers.msg").write_text("{")
    assert texts(connection, "papers") == ["whole"]


def test_a_spoilt_message_does_not_stop_the_worker(connection: Connection, folder: Path) -> None:
    connection.SimpleQueue("papers").put("whole")
    (folder / "00000000000000000001-spoilt.papers.msg").touch()
    assert connection.SimpleQueue("papers").get(block=False).payload == "whole"
    assert not list(folder.glob("*spoilt*"))


def test_queues_whose_names_end_alike_are_not_mixed(connection: Connection) -> None:
    connection.SimpleQueue("other.papers").put("theirs")
    connection.SimpleQueue("papers").put("ours")
    assert texts(connection, "papers") == ["ours"]


def test_a_taken_message_is_not_taken_twice(connection: Connection, folder: Path) -> None:
    for number in range(40):
        connection.SimpleQueue("papers").put(number)
    taken: list[Any] = []

    def work() -> None:
        with opened(folder) as own:
            taken.extend(texts(own, "papers"))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == list(range(40))


def test_an_emptied_queue_holds_nothing(connection: Connection) -> None:
    queue = connection.SimpleQueue("papers")
    queue.put("a")
    assert queue.clear() == 1
    assert queue.qsize() == 0
