"""Fixtures for tests from outside: the real command line against a simulator and a real PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from iracing_sync.simulator import ReplayWorld, Simulator, SyntheticWorld

WEEK_13 = datetime(2025, 9, 9, 12, tzinfo=UTC)
SPRING = datetime(2025, 5, 14, 9, tzinfo=UTC)

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "IRACING_DATABASE_URL": database_url,
        "IRACING_DATA_DIR": str(tmp_path / "data"),
        "IRACING_CACHE_DIR": str(tmp_path / "cache"),
        "IRACING_API_RPS": "1000",
    }


@pytest.fixture
def command(environment: dict[str, str], tmp_path: Path) -> Run:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "iracing_sync", *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def synthetic(environment: dict[str, str]) -> Iterator[Simulator]:
    with Simulator(SyntheticWorld(), at=SPRING, rate_limit=10_000) as simulator:
        environment |= simulator.environment()
        yield simulator


@pytest.fixture
def replay(environment: dict[str, str], recordings: Path) -> Iterator[Simulator]:
    with Simulator(ReplayWorld(recordings), at=WEEK_13, rate_limit=10_000) as simulator:
        environment |= simulator.environment()
        yield simulator


@pytest.fixture
def ask(database_url: str) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    with psycopg.connect(database_url.replace("+psycopg", "", 1), autocommit=True) as connection:

        def rows(query: str) -> list[tuple[Any, ...]]:
            connection.execute("SET search_path TO iracing")
            return connection.execute(query).fetchall()

        yield rows
