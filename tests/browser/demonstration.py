"""The demonstration, started as a user starts it: its own processes, its own database."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@dataclass
class Site:
    """One demonstration: its port and its data stay, its processes may be stopped and started."""

    var: Path
    port: int
    services: dict[str, str]
    address: str = ""
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Prepare the data where there are none yet, and wait until the site answers."""
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "ptsm.settings",
            "PTSM_VAR_DIR": str(self.var),
            "PTSM_DEMO": "1",
            **self.services,
        }
        prepare = [] if self.address else ["--prepare"]
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", *prepare, "--port", str(self.port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.address = _address_said_by(self.process.stdout)

    def stop(self) -> None:
        """Nobody answers any more; the data remain."""
        if self.process is None:
            return
        self.process.terminate()
        self.process.wait(timeout=60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None


@contextlib.contextmanager
def site_under(var: Path) -> Iterator[Site]:
    """A site with its data under `var`, started; stops it at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    site = Site(var=var, port=port, services=_own_services(port))
    try:
        site.start()
        yield site
    finally:
        site.stop()
        _forget_database(port)


@contextlib.contextmanager
def demonstration(var: Path) -> Iterator[str]:
    """The address of such a site, for those who only visit it."""
    with site_under(var) as site:
        yield site.address


def _own_services(port: int) -> dict[str, str]:
    """On the passage over PostgreSQL and Redis, a database and a queue of its own."""
    database, broker = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if not (database.startswith("postgres") and broker):
        return {}
    name = _database_of(port)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return {"DATABASE_URL": re.sub(r"/[^/]*$", f"/{name}", database), "CELERY_QUEUE": name}


def _database_of(port: int) -> str:
    return f"ptsm_browser_{os.getpid()}_{port}"


def _forget_database(port: int) -> None:
    database = os.environ.get("DATABASE_URL", "")
    if database.startswith("postgres"):
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{_database_of(port)}" WITH (FORCE)')


def _address_said_by(output: IO[str]) -> str:
    said: list[str] = []
    for line in output:
        said.append(line)
        if found := re.search(r"Le site répond\s*:\s*(http\S+)", line):
            threading.Thread(target=_drain, args=[output], daemon=True).start()
            return found[1].rstrip("/")
    raise AssertionError("The site did not start:\n" + "".join(said))


def _drain(output: IO[str]) -> None:
    with contextlib.suppress(ValueError):
        for _ in output:
            pass
