"""`make test`: the whole suite on SQLite, then on PostgreSQL and Redis where they answer.

Says at the end, in clear, what was run and what was not. Arguments are handed to pytest.
"""

import os
import subprocess
import sys
import time

from tests import services

# Twice the cores is no quicker, and each process has its own database.
PYTEST = "-m pytest --numprocesses auto --maxprocesses 8"
# The browser is driven through an event loop that stays in its process: Django's connections to
# the database would not be the same before and after. It has processes of its own. The tests of one
# of its files share a site, on which each leaves what it wrote: they run in the order of the file.
PARTS = {
    "not browser": "--dist worksteal",
    "browser": "--dist loadfile -p no:randomly",
}
NOTHING_COLLECTED = 5
CHOSEN_HERE = ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "PTSM_MODE", "PTSM_DEMO", "PTSM_VAR_DIR")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(title: str, arguments: list[str], **environment: str) -> tuple[str, bool]:
    """One passage of the suite: its line of the summary, and whether it passed."""
    say(f"\n=== {title} ===")
    kept = {name: value for name, value in os.environ.items() if name not in CHOSEN_HERE}
    started = time.monotonic()
    statuses = [
        subprocess.call(
            [sys.executable, *PYTEST.split(), *options.split(), "-m", part, *arguments],
            env=kept | environment,
        )
        for part, options in PARTS.items()
    ]
    is_good = 0 in statuses and set(statuses) <= {0, NOTHING_COLLECTED}
    took = f"in {time.monotonic() - started:.0f} s"
    return f"{title}: {'passed' if is_good else 'FAILED'} {took}", is_good


def main(arguments: list[str]) -> int:
    database, broker = services.postgresql(), services.redis_server()
    found = {"TEST_POSTGRESQL_URL": database.url, "TEST_REDIS_URL": broker.url}
    runs_twice = bool(database.url and broker.url)
    # The commands of test_running choose their own database: once is enough.
    once = ["--ignore", "tests/test_running.py"] if runs_twice and not arguments else []
    passages = [run("SQLite, broker in a folder", arguments + once, **found)]
    if runs_twice:
        title = f"PostgreSQL ({database.place}) and Redis ({broker.place})"
        served = found | {"DATABASE_URL": database.url, "REDIS_URL": broker.url}
        passages.append(run(title, arguments, **served))
    else:
        reasons = "; ".join(each.reason for each in (database, broker) if each.reason)
        passages.append((f"PostgreSQL and Redis: NOT RUN, {reasons}", not services.IS_CI))
    say("\n=== Summary ===")
    for line, _ in passages:
        say(line)
    return 0 if all(is_good for _, is_good in passages) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
