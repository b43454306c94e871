"""Secrets of links stay out of our own logs.

Plug it on handlers, which see every record (a logger's filter misses its children's):
`"filters": {"secrets": {"()": "core.logs.HideSecrets", "after": ["/invitation/"]}}`.
"""

import contextlib
import logging
import re
from collections.abc import Iterable, Iterator

HIDDEN = "[secret]"


class HideSecrets(logging.Filter):
    """Hides the part of an address that follows one of the given beginnings."""

    def __init__(self, after: Iterable[str]) -> None:
        super().__init__()
        beginnings = "|".join(re.escape(beginning) for beginning in after)
        self.secret = re.compile(rf"({beginnings})[^/\s\"'?#]+")

    def filter(self, record: logging.LogRecord) -> bool:
        """Always keep the record, without its secrets."""
        words = record.getMessage()
        hidden = self.secret.sub(rf"\1{HIDDEN}", words)
        if hidden != words:
            record.msg, record.args = hidden, None
        return True


@contextlib.contextmanager
def warnings_only() -> Iterator[None]:
    """Keep quiet about the hundred steps of what a command tells in one line."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(before)
