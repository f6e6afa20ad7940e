"""One process, measured: its time, what it wrote, and how much memory it took."""

import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psycopg

HERE = Path(__file__).parent


class Place(NamedTuple):
    """A database with its schema, and the folder of the set."""

    url: str
    schema: str
    folder: Path

    @property
    def plain_url(self) -> str:
        """Return the URL as psycopg and psql take it."""
        return self.url.replace("+psycopg", "", 1)


class Measured(NamedTuple):
    """What one process took: seconds, rows and bytes written, and peak memory in MB."""

    seconds: float
    rows: int
    wal_bytes: int
    peak_mb: float


def measure(command: list[str], place: Place) -> Measured:
    """Run a process to its end and measure it; the checkpoint before it writes none of its log."""
    with psycopg.connect(place.plain_url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        before = written(connection)
        begun = time.perf_counter()
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, env=environment(place), stdout=subprocess.DEVNULL, stderr=said)  # noqa: S603
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - begun
            if status != 0:
                said.seek(0)
                raise SystemExit(f"{command}: {said.read().decode()[-2000:]}")
        after = written(connection)
    return Measured(seconds, after[0] - before[0], after[1] - before[1], used.ru_maxrss / 1024)


def environment(place: Place) -> dict[str, str]:
    """Return the environment of a contestant: the scripts of this folder, and our settings."""
    return {
        **os.environ,
        "PYTHONPATH": str(HERE),
        "IRACING_DATABASE_URL": place.url,
        "IRACING_SCHEMA": place.schema,
        "IRACING_CACHE_DIR": str(place.folder / "cache"),
        "IRACING_DATA_DIR": str(place.folder / "data"),
    }


def written(connection: psycopg.Connection) -> tuple[int, int]:
    """Return the rows written to all tables but temporary ones, and the bytes of log, since the server began."""
    connection.execute("SELECT pg_stat_force_next_flush()")
    rows = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM pg_stat_user_tables"
    [number] = connection.execute(f"{rows} WHERE schemaname NOT LIKE 'pg_temp%'").fetchone() or (0,)
    [log] = connection.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint").fetchone() or (0,)
    return number, log
