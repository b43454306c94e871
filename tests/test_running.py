"""The commands that run the product, run: those of the compose file, and `serve`.

No container engine is needed: each service's own command, as the compose file spells it, is
started against a throw-away database of a real PostgreSQL and a real Redis.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis
from django.conf import settings
from psycopg import sql

from core.running import status_of
from tests import services
from tests.test_compose import SERVICES

pytestmark = [pytest.mark.slow, pytest.mark.worker]

ROOT = Path(settings.BASE_DIR)
BIN = Path(sys.executable).parent
# What the tests set for themselves must not leak into what they start.
NOT_INHERITED = re.compile(r"^(DJANGO_|PTSM_|PYTEST|DATABASE_URL|REDIS_URL|CACHE_URL|SECRET_KEY)")
Environment = Mapping[str, str]


def bare_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not NOT_INHERITED.match(name)}
    return kept | {"PATH": f"{BIN}:{kept['PATH']}", "HOSTNAME": socket.gethostname()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(happens: Callable[[], bool], *, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happens():
            return True
        time.sleep(0.1)
    return False


@contextmanager
def running(
    command: list[str], environment: Environment, log: Path, *, own_group: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """A process, with what it says in a file; ended whatever happens."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=own_group,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def of_the_compose_file(name: str) -> list[str]:
    program, *arguments = SERVICES[name]["command"]
    return [str(BIN / program), *arguments]


def is_well(name: str, environment: Environment) -> bool:
    """Run the health check of a service, as the container engine would."""
    form, *command = SERVICES[name]["healthcheck"]["test"]
    if form == "CMD-SHELL":
        command = ["sh", "-c", command[0].replace("$$", "$")]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    return done.returncode == 0


def redis_away(environment: Environment) -> dict[str, str]:
    return {**environment, "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of an empty PostgreSQL database, dropped afterwards."""
    server = services.required(services.postgresql())
    name = f"ptsm_running_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield server.rpartition("/")[0] + f"/{name}"
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


@pytest.fixture(scope="module")
def served(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """What `.env` and the compose file give a container, the tables made by its own command."""
    queue = f"running-{uuid.uuid4().hex[:12]}"
    environment = bare_environment() | {
        "PTSM_MODE": SERVICES["web"]["environment"]["PTSM_MODE"],
        "PTSM_VAR_DIR": str(tmp_path_factory.mktemp("served")),
        "DATABASE_URL": database,
        "REDIS_URL": services.required(services.redis_server()),
        "CELERY_QUEUE": queue,
        "DOCUMENT_SWEEP_SECONDS": "1",
        "SECRET_KEY": "only-for-tests-" + "x" * 50,
        "ALLOWED_HOSTS": "ptsm.exemple.fr",
        "SITE_URL": "https://ptsm.exemple.fr",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "DEFAULT_FROM_EMAIL": "ptsm@exemple.fr",
    }
    subprocess.run(of_the_compose_file("migrate"), cwd=ROOT, env=environment, check=True)
    yield environment
    left = redis.Redis.from_url(environment["REDIS_URL"])
    left.delete(queue, *left.scan_iter(f"*{queue}*"))


@pytest.fixture
def embedded(tmp_path: Path) -> Environment:
    return bare_environment() | {"PTSM_VAR_DIR": str(tmp_path / "var")}


def serve(port: int, *options: str) -> list[str]:
    return [sys.executable, "manage.py", "serve", "--port", str(port), *options]


def answers(port: int, host: str = "localhost") -> bool:
    return status_of("127.0.0.1", port, "/sante/", {"Host": host}, timeout=5) == 200


def processes_of(var_dir: str) -> list[str]:
    """Every process of this machine that was started on a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if f"PTSM_VAR_DIR={var_dir}\0".encode() in environment and command:
            found.append(command.replace(b"\0", b" ").decode())
    return found


# --- The served way -----------------------------------------------------------------------------


def test_migrate_leaves_nothing_to_migrate(served: Environment) -> None:
    check = [sys.executable, "manage.py", "migrate", "--check"]
    assert subprocess.run(check, cwd=ROOT, env=served, check=False).returncode == 0


def test_two_web_processes_answer_and_stop_politely(served: Environment, tmp_path: Path) -> None:
    web = of_the_compose_file("web")
    first, second = ({**served, "PTSM_BIND": f"127.0.0.1:{free_port()}"} for _ in range(2))
    with (
        running(web, first, tmp_path / "1.log") as one,
        running(web, second, tmp_path / "2.log") as two,
    ):
        assert until(lambda: is_well("web", first)), (tmp_path / "1.log").read_text()
        assert until(lambda: is_well("web", second)), (tmp_path / "2.log").read_text()
        for process in (one, two):
            process.send_signal(signal.SIGTERM)
        assert [one.wait(timeout=25), two.wait(timeout=25)] == [0, 0]


def test_access_log_holds_no_key_of_a_link(served: Environment, tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "web.log"
    key = "AbCdEf0123456789AbCdEf0123456789"
    headers = {"Host": "ptsm.exemple.fr", "X-Forwarded-Proto": "https"}
    environment = {**served, "PTSM_BIND": f"127.0.0.1:{port}"}
    with running(of_the_compose_file("web"), environment, log) as web:
        assert until(lambda: answers(port, "ptsm.exemple.fr")), log.read_text()
        status_of("127.0.0.1", port, f"/invitation/{key}/?suite={key}", headers, timeout=10)
        web.send_signal(signal.SIGTERM)
        web.wait(timeout=25)
    assert "GET /invitation/[secret]/" in log.read_text()
    assert key not in log.read_text()


def test_web_process_is_well_without_its_cache(served: Environment, tmp_path: Path) -> None:
    port = free_port()
    environment = {**redis_away(served), "PTSM_BIND": f"127.0.0.1:{port}"}
    headers = {"Host": "ptsm.exemple.fr"}
    with running(of_the_compose_file("web"), environment, tmp_path / "web.log"):
        assert until(lambda: status_of("127.0.0.1", port, "/sante/", headers, timeout=5) == 200), (
            tmp_path / "web.log"
        ).read_text()
        assert is_well("web", environment)


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_worker_and_clock_answer_their_health_check(
    name: str, served: Environment, tmp_path: Path
) -> None:
    log = tmp_path / f"{name}.log"
    assert not is_well(name, served)
    with running(of_the_compose_file(name), served, log) as process:
        assert until(lambda: is_well(name, served)), log.read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0, log.read_text()


def test_what_the_clock_sends_the_worker_does(served: Environment, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    with (
        running(of_the_compose_file("worker"), served, log),
        running(of_the_compose_file("beat"), served, tmp_path / "beat.log"),
    ):
        assert until(
            lambda: bool(re.search(r"documents\.tasks\.sweep\[.+\] succeeded", log.read_text()))
        ), log.read_text()
    assert list(Path(served["PTSM_VAR_DIR"]).glob("beat-schedule*"))


def test_order_waits_less_than_two_seconds_for_an_absent_broker(served: Environment) -> None:
    send = (
        "import time; from ptsm.celery import app; import kombu.exceptions as wrong\n"
        "started = time.monotonic()\n"
        "try: app.send_task('documents.tasks.sweep', retry=False)\n"
        "except wrong.OperationalError: print(time.monotonic() - started)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", send],
        cwd=ROOT,
        env=redis_away(served),
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(done.stdout) < 2


def test_worker_finds_redis_again(served: Environment, tmp_path: Path) -> None:
    program = shutil.which("redis-server")
    if program is None:
        services.required(services.Found(reason="redis-server is not installed"))
    port = free_port()
    log = tmp_path / "worker.log"
    environment = {**served, "REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    own_redis = [str(program), "--port", str(port), "--save", "", "--dir", str(tmp_path)]

    def is_up() -> bool:
        try:
            return bool(redis.Redis(port=port).ping())
        except redis.ConnectionError:
            return False

    with running(of_the_compose_file("worker"), environment, log):
        with running(own_redis, environment, tmp_path / "redis.log"):
            assert until(lambda: is_well("worker", environment)), log.read_text()
        time.sleep(1)
        with running(own_redis, environment, tmp_path / "redis.log"):
            assert until(is_up)
            assert until(lambda: is_well("worker", environment), seconds=60), log.read_text()


# --- The embedded way ---------------------------------------------------------------------------


def test_serve_answers_then_leaves_nothing_behind(embedded: Environment, tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "serve.log"
    with running(serve(port, "--prepare"), embedded, log, own_group=True) as process:
        assert until(lambda: "Le site répond" in log.read_text()), log.read_text()
        assert f"http://localhost:{port}/" in log.read_text()
        assert answers(port)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=20) == 0
    assert "Traceback" not in log.read_text()
    assert processes_of(embedded["PTSM_VAR_DIR"]) == []


def test_second_serve_on_the_same_folder_is_refused(embedded: Environment, tmp_path: Path) -> None:
    log = tmp_path / "serve.log"
    with running(serve(free_port(), "--prepare"), embedded, log) as process:
        assert until(lambda: "Le site répond" in log.read_text()), log.read_text()
        refused = subprocess.run(
            serve(free_port()), cwd=ROOT, env=embedded, capture_output=True, text=True, check=False
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    assert refused.returncode == 1
    assert "Le site tourne déjà" in refused.stderr


def test_serve_killed_outright_leaves_nothing_behind(embedded: Environment, tmp_path: Path) -> None:
    var_dir = embedded["PTSM_VAR_DIR"]
    for number in range(2):
        log = tmp_path / f"{number}.log"
        with running(serve(free_port(), "--prepare"), embedded, log) as process:
            assert until(lambda log=log: "Le site répond" in log.read_text()), log.read_text()  # type: ignore[misc]
            process.kill()
        assert until(lambda: processes_of(var_dir) == []), processes_of(var_dir)


def test_when_one_process_falls_all_stop_and_say_so(embedded: Environment, tmp_path: Path) -> None:
    log = tmp_path / "serve.log"
    with running(serve(free_port(), "--prepare"), embedded, log) as process:
        assert until(lambda: "Le site répond" in log.read_text()), log.read_text()
        listed = subprocess.check_output(
            ["ps", "-o", "pid=,args=", "--ppid", str(process.pid)], text=True
        )
        worker = next(line for line in listed.splitlines() if " worker " in line)
        os.kill(int(worker.split()[0]), signal.SIGKILL)
        assert process.wait(timeout=20) == 1
    assert "« ouvrier » s’est arrêté seul" in log.read_text().replace("\u00a0", " ")
    assert processes_of(embedded["PTSM_VAR_DIR"]) == []


def test_serve_says_that_the_port_is_taken(embedded: Environment) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            serve(taken.getsockname()[1], "--prepare"),
            cwd=ROOT,
            env=embedded,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "est déjà pris" in done.stderr


def test_serve_refuses_a_base_that_is_not_up_to_date(embedded: Environment) -> None:
    done = subprocess.run(
        serve(free_port()), cwd=ROOT, env=embedded, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "La base n’est pas à jour" in done.stderr


def test_broker_folder_is_closed_to_others(embedded: Environment, tmp_path: Path) -> None:
    log = tmp_path / "serve.log"
    broker = Path(embedded["PTSM_VAR_DIR"], "broker")
    tables = broker / "control"
    with running(serve(free_port(), "--prepare"), embedded, log) as process:
        assert until(tables.exists), log.read_text()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
    assert [folder.stat().st_mode & 0o777 for folder in (broker, tables)] == [0o700, 0o700]


@pytest.mark.parametrize("to", ["make alone", "the whole group"])
def test_interrupted_make_demo_leaves_nothing_behind(
    to: str, embedded: Environment, tmp_path: Path
) -> None:
    if BIN != ROOT / ".venv" / "bin":
        pytest.skip("make demo has its own virtual environment, and this is not it")
    log = tmp_path / "make.log"
    port = free_port()
    with running(["make", "demo", f"PORT={port}"], embedded, log, own_group=True) as make:
        assert until(lambda: "Le site répond" in log.read_text(), seconds=120), log.read_text()
        assert answers(port)
        if to == "make alone":
            make.send_signal(signal.SIGINT)
        else:
            os.killpg(make.pid, signal.SIGINT)
        make.wait(timeout=20)
    assert "Arrêté." in log.read_text()
    assert "Traceback" not in log.read_text()
    assert processes_of(embedded["PTSM_VAR_DIR"]) == []
