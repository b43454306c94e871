"""Which real services answer on this machine: for the tests that need them, and for `make test`.

A service answers when it accepts a connection; no variable nor process name is believed.
"""

import os
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

POSTGRESQL = (
    "postgres://postgres@127.0.0.1:5432/postgres",
    "postgres://root@127.0.0.1:5432/postgres",
)
# A continuous integration must run everything: nothing is skipped there for want of a tool.
IS_CI = bool(os.environ.get("CI"))


@dataclass(frozen=True)
class Found:
    """The address of a service that answered, or why none did."""

    url: str = ""
    reason: str = ""

    @property
    def place(self) -> str:
        """The address without its password, to be printed."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port or ''}{parts.path}"


@cache
def postgresql() -> Found:
    """PostgreSQL, as named by the environment or on this machine."""
    given = os.environ.get("TEST_POSTGRESQL_URL") or os.environ.get("DATABASE_URL", "")
    reasons = []
    for url in (given,) if given.startswith("postgres") else POSTGRESQL:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.Error as refusal:
            reasons.append(str(refusal).strip().splitlines()[0])
        else:
            return Found(url=url)
    return Found(reason=f"PostgreSQL does not answer ({'; '.join(reasons)})")


@cache
def redis_server() -> Found:
    """Redis, as named by the environment or on this machine."""
    named = os.environ.get("TEST_REDIS_URL") or os.environ.get("REDIS_URL")
    url = named or "redis://127.0.0.1:6379/5"
    try:
        redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2).ping()
    except (redis.RedisError, ValueError) as refusal:
        return Found(reason=f"Redis does not answer ({refusal})")
    return Found(url=url)


def required(found: Found) -> str:
    """The address, or a skip with its reason; in continuous integration, a failure."""
    if found.reason:
        (pytest.fail if IS_CI else pytest.skip)(found.reason)
    return found.url
