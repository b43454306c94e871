"""`make bench-nation`: the whole country in one base, its screens asked for by one and by eight.

104 territories × 30 sheets × 4 objectives × 20 quarters and 3,000 accounts, on SQLite, then on
PostgreSQL where it answers (`BENCH_POSTGRESQL_URL`); each served by gunicorn as in production.
Then the papers and workbooks, by a worker of two processes; then readers and writers at once.
"""
