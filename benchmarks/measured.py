"""One process, measured: its time, what it wrote, and how much memory it took."""

import os
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psycopg

from iracing_sync.result import MIRRORED_TABLES

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


class Written(NamedTuple):
    """What was written: rows of all tables, those of tables that mirror iRacing's, and bytes of log."""

    rows: int
    mirrored: int
    wal_bytes: int


class Measured(NamedTuple):
    """What one process took: seconds, what it wrote, and peak memory in MB."""

    seconds: float
    written: Written
    peak_mb: float


def measure(command: list[str], place: Place) -> Measured:
    """Run a process to its end and measure it."""
    with psycopg.connect(place.plain_url, autocommit=True) as connection:
        before = written(connection)
        begun = time.perf_counter()
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, env=environment(place), stdout=subprocess.DEVNULL, stderr=said)  # noqa: S603
            with ThreadPoolExecutor(max_workers=1) as watching:
                peak = watching.submit(peak_mb, process)
                status = process.wait()
                seconds = time.perf_counter() - begun
            if status != 0:
                said.seek(0)
                raise SystemExit(f"{command}: {said.read().decode()[-2000:]}")
        after = written(connection)
    wrote = Written(*(late - early for late, early in zip(after, before, strict=True)))
    return Measured(seconds, wrote, peak.result())


def peak_mb(process: subprocess.Popen[bytes]) -> float:
    """Return the most memory that a process held, looked at every hundredth of a second until it ends."""
    most = 0.0
    while process.returncode is None:
        with suppress(OSError, StopIteration):  # it ends while we look
            lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
            most = int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
        time.sleep(0.01)
    return most


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


def written(connection: psycopg.Connection) -> Written:
    """Return what was written since the server began, temporary tables aside."""
    connection.execute("SELECT pg_stat_force_next_flush()")
    rows = "coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del)"
    found = connection.execute(
        f"SELECT {rows}, 0)::bigint, {rows} FILTER (WHERE relname = ANY(%s)), 0)::bigint, "
        "pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint "
        "FROM pg_stat_user_tables WHERE schemaname NOT LIKE 'pg_temp%%'",
        [list(MIRRORED_TABLES)],
    ).fetchone()
    return Written(*found or (0, 0, 0))
