"""What comes by post: the mail server of the test, and the worker that serves it."""

import re
from collections.abc import Callable
from typing import Protocol, TypeVar
from unittest import mock

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from core import delivery, tasks
from tests.core.post_office import PostOffice, post_office

__all__ = ["post_office"]

T = TypeVar("T")


class Posting(Protocol):
    """Does something, then lets the worker send what was ordered."""

    def __call__(self, step: Callable[[], T]) -> T: ...


@pytest.fixture
def posting(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Posting:
    """Mails leave at the end of a step, as they do once a request is answered."""

    def act(step: Callable[[], T]) -> T:
        def work(args: list[int], **_: object) -> None:
            delivery.deliver(*args)

        with (
            mock.patch.object(tasks.send_mail, "apply_async", side_effect=work),
            django_capture_on_commit_callbacks(execute=True),
        ):
            return step()

    return act


def text_of(office: PostOffice) -> str:
    """The words of the last message received."""
    return str(office.received[-1].get_content())


def path_in(office: PostOffice) -> str:
    """The path of the first address of the last message received."""
    found = re.search(r"http://testserver(/\S+)", text_of(office))
    assert found is not None
    return found[1]
