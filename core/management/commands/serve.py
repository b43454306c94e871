"""The embedded way in one command: the web server, the worker and the clock."""

import io
import os
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.commands import FrenchCommand
from core.running import AlreadyRunning, Crew, Interrupts, held, is_free, status_of

SECONDS_TO_ANSWER = 60
WEB = "serveur web"
WORKER = "ouvrier"
CLOCK = "horloge"
WEB_COMMAND = "gunicorn --config python:ptsm.gunicorn --log-level warning ptsm.wsgi"
WORKER_COMMAND = (
    "celery --quiet --app ptsm worker --loglevel WARNING --pool threads "
    "--without-gossip --without-mingle --without-heartbeat"
)
CLOCK_COMMAND = "celery --quiet --app ptsm beat --loglevel WARNING --pidfile="

# The terminal is for what goes wrong; Celery's warnings are for whoever runs a farm of servers.
QUIET = {"PYTHONWARNINGS": "ignore", "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING")}


class Command(FrenchCommand):
    help = "Démarre le serveur web, l’ouvrier et l’horloge, et les arrête ensemble."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="adresse d’écoute")
        parser.add_argument("--port", type=int, default=8000, help="port d’écoute")
        parser.add_argument("--workers", type=int, default=1, help="nombre de processus web")
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="met d’abord la base à jour et, pour la démonstration, charge ses données",
        )
        parser.add_argument("--follow", type=int, help="s’arrête avec ce processus (make)")

    def handle(
        self,
        *,
        host: str,
        port: int,
        workers: int,
        prepare: bool,
        follow: int | None,
        **_: Any,
    ) -> None:
        if not is_free(host, port):
            raise CommandError(
                f"Le port {port} est déjà pris sur {host}\u00a0: choisissez-en un autre, par "
                f"exemple PORT={port + 1} make demo, ou manage.py serve --port {port + 1}."
            )
        try:
            with held(settings.VAR_DIR / "serve.lock") as lock:
                said = self.prepared() if prepare else ""
                require_migrated()
                self.run(Crew(lock), Interrupts(follow), host, port, workers, said)
        except AlreadyRunning:
            raise CommandError(
                f"Le site tourne déjà sur {settings.VAR_DIR}\u00a0: arrêtez-le d’abord, ou donnez "
                "un autre dossier par PTSM_VAR_DIR."
            ) from None
        except KeyboardInterrupt:
            raise CommandError("Arrêté avant d’avoir démarré.") from None

    def prepared(self) -> str:
        """Bring the database up to date; what the demonstration has to say, for the end."""
        said = io.StringIO()
        self.stdout.write("Préparation de la base…")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if settings.IS_DEMO:
            call_command("load_demo", stdout=said)
        return said.getvalue()

    def run(
        self, crew: Crew, interrupts: Interrupts, host: str, port: int, workers: int, said: str
    ) -> None:
        try:
            start(crew, host, port, workers)
            if has_answered(crew, interrupts, host, port):
                crew.start(CLOCK, *CLOCK_COMMAND.split(), **QUIET)
                self.welcome(host, port, said)
            wait(crew, interrupts)
        finally:
            crew.stop()
        self.stdout.write("Arrêté.")

    def welcome(self, host: str, port: int, said: str) -> None:
        self.stdout.write(
            f"Serveur web, ouvrier (impressions et courriels) et horloge en marche.\n"
            f"Données\u00a0: {settings.VAR_DIR}\n{said}\n"
            f"Le site répond\u00a0: {address(host, port)}/\n"
            "Ctrl-C pour arrêter."
        )
        self.stdout.flush()


def require_migrated() -> None:
    """The tables are those of this code, and the cache has its own."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(
            "La base n’est pas à jour\u00a0: lancez d’abord «\u00a0manage.py migrate\u00a0», "
            "ou ajoutez --prepare."
        )
    call_command("createcachetable", verbosity=0)
    connection.close()


def start(crew: Crew, host: str, port: int, workers: int) -> None:
    """The web server and the worker; the clock comes after them, when the site answers."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    crew.start(
        WEB,
        *WEB_COMMAND.split(),
        PTSM_BIND=bind,
        WEB_CONCURRENCY=str(workers),
        WEB_ACCESS_LOG="0",
        SITE_URL=site_url(host, port),
        **QUIET,
    )
    crew.start(WORKER, *WORKER_COMMAND.split(), SITE_URL=site_url(host, port), **QUIET)


def has_answered(crew: Crew, interrupts: Interrupts, host: str, port: int) -> bool:
    """Wait for the first answer; false when somebody interrupts before it."""
    knock = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    allowed = settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while not interrupts.came():
        require_whole(crew)
        if status_of(knock, port, "/sante/", {"Host": allowed}, timeout=5) == 200:
            return True
        if time.monotonic() > deadline:
            raise CommandError(f"Le site n’a pas répondu en {SECONDS_TO_ANSWER} secondes.")
        time.sleep(0.1)
    return False


def wait(crew: Crew, interrupts: Interrupts) -> None:
    """Until somebody interrupts, or one process falls."""
    while not interrupts.came():
        require_whole(crew)
        time.sleep(0.2)


def require_whole(crew: Crew) -> None:
    """One process alone is no site."""
    fallen = crew.fallen()
    if fallen:
        raise CommandError(
            f"Le processus «\u00a0{fallen}\u00a0» s’est arrêté seul\u00a0: tout est arrêté."
        )


def site_url(host: str, port: int) -> str:
    """The address of mails: the one configured, or where this server answers."""
    configured: str = settings.SITE_URL
    return configured if settings.IS_SERVED else address(host, port)


def address(host: str, port: int) -> str:
    """Where a browser of this machine finds the site."""
    name = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104
    return f"http://{name}:{port}"
