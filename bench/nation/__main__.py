"""One process for each base, which prints its report."""

import os
import subprocess
import sys
import uuid

import psycopg

POSTGRESQL = os.environ.get("BENCH_POSTGRESQL_URL", "postgres://postgres@127.0.0.1:5432/postgres")


def both_bases() -> int:
    statuses = [one_base("SQLite", {})]
    name = f"ptsm_bench_{uuid.uuid4().hex[:8]}"
    try:
        with psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=3) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
    except psycopg.OperationalError:
        print("PostgreSQL does not answer: not measured.")
        return max(statuses)
    try:
        url = f"{POSTGRESQL.rpartition('/')[0]}/{name}"
        statuses.append(one_base("PostgreSQL", {"BENCH_DATABASE_URL": url}))
    finally:
        with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    return max(statuses)


def one_base(title: str, environment: dict[str, str]) -> int:
    print(f"\n=== {title} ===", flush=True)
    command = [sys.executable, "-m", "bench.nation.report"]
    return subprocess.call(command, env=os.environ | environment)


if __name__ == "__main__":
    sys.exit(both_bases())
