"""One process for each base, which prints its report.

`make bench-nation ARGS="--base sqlite --only papers"` measures a part.
"""

import argparse
import os
import subprocess
import sys
import uuid

import psycopg

POSTGRESQL = os.environ.get("BENCH_POSTGRESQL_URL", "postgres://postgres@127.0.0.1:5432/postgres")


BASES = ("sqlite", "postgresql")
PARTS = ("screens", "papers", "together")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.nation")
    parser.add_argument("--base", choices=BASES, action="append")
    parser.add_argument("--only", choices=PARTS, action="append")
    asked = parser.parse_args()
    on = {"sqlite": on_sqlite, "postgresql": on_postgresql}
    return max([on[base](asked.only or list(PARTS)) for base in asked.base or BASES])


def on_sqlite(parts: list[str]) -> int:
    return one_base("SQLite", parts, {})


def on_postgresql(parts: list[str]) -> int:
    """On a base made for it, and dropped."""
    name = f"ptsm_bench_{uuid.uuid4().hex[:8]}"
    try:
        with psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=3) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
    except psycopg.OperationalError:
        print("PostgreSQL does not answer: not measured.")
        return 0
    try:
        url = f"{POSTGRESQL.rpartition('/')[0]}/{name}"
        return one_base("PostgreSQL", parts, {"BENCH_DATABASE_URL": url})
    finally:
        with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def one_base(title: str, parts: list[str], environment: dict[str, str]) -> int:
    print(f"\n=== {title} ===", flush=True)
    command = [sys.executable, "-m", "bench.nation.report", *parts]
    return subprocess.call(command, env=os.environ | environment)


if __name__ == "__main__":
    sys.exit(main())
