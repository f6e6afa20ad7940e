"""Fixtures for tests of the whole command line, against a simulator and a real PostgreSQL."""

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest
from command_line import Completed, call, environment_of, start
from remembered import RememberedWorld

from iracing_sync.simulator import ReplayWorld, Simulator

WEEK_13 = datetime(2025, 9, 9, 12, tzinfo=UTC)
SPRING = datetime(2025, 5, 14, 9, tzinfo=UTC)

Run = Callable[..., Completed]


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return environment_of(database_url, tmp_path) | {"IRACING_API_RPS": "1000"}


@pytest.fixture
def command(environment: dict[str, str], tmp_path: Path) -> Run:
    """Call the command line in this process."""
    return lambda *arguments: call(arguments, environment, tmp_path)


@pytest.fixture
def started(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the command line as a process of its own, for what only a process can show; none outlives the test."""
    with ExitStack() as processes:

        def begin(*arguments: str, **options: Any) -> subprocess.Popen[str]:
            process = processes.enter_context(start(arguments, environment, tmp_path, **options))
            processes.callback(process.kill)
            return process

        yield begin


@pytest.fixture
def process(started: Callable[..., subprocess.Popen[str]]) -> Run:
    """Run the command line as a process of its own, and wait for its end."""

    def run(*arguments: str, **options: Any) -> Completed:
        running = started(*arguments, **options)
        shown, said = running.communicate(timeout=120)
        return subprocess.CompletedProcess(running.args, running.returncode, shown, said)

    return run


@pytest.fixture
def synthetic(environment: dict[str, str]) -> Iterator[Simulator]:
    with Simulator(RememberedWorld(), at=SPRING, rate_limit=10_000) as simulator:
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


class Receiver(BaseHTTPRequestHandler):
    """Notes what is posted, and answers as told."""

    posted: list[Any]
    status: int

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.posted.append(json.loads(body))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Any]:
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.posted, server.status = [], 200  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
