"""Signals end a command at any moment with one line, and nobody's lock holds a run for ever."""

import signal
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from iracing_sync.simulator import Simulator

CODES = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)]


@pytest.fixture
def other(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """Somebody else's session."""
    url = database_url.replace("+psycopg", "", 1)
    with psycopg.connect(url, autocommit=True, application_name="somebody's psql") as connection:
        connection.execute("SET search_path TO iracing")
        yield connection


def wait_until(running: Any, condition: Any) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def waits_for_a_lock(ask) -> bool:
    query = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name LIKE 'iracing-sync run %'"
    return bool(ask(query))


@pytest.mark.parametrize(("number", "code"), CODES)
@pytest.mark.parametrize("moment", [0.05, 0.15, 0.3, 0.6, 1.0])
def test_a_signal_in_the_first_second_ends_the_run_with_one_line(
    synthetic: Simulator, started, number, code, moment
) -> None:
    synthetic.faults.set([{"endpoint": "series/get", "kind": "hang"}])
    running = started("run", "--headless")
    time.sleep(moment)

    running.send_signal(number)
    shown, said = running.communicate(timeout=30)

    # before Python itself is up, no program can hear a signal
    assert running.returncode in (code, -number) if moment < 0.1 else running.returncode == code, said
    assert "Traceback" not in said
    assert said.count("interrupted by") == (running.returncode == code), (shown, said)


@pytest.mark.parametrize(("number", "code"), CODES)
def test_a_signal_cancels_a_statement_that_waits_for_a_lock_at_once(
    synthetic: Simulator, started, ask, other, number, code
) -> None:
    other.execute("BEGIN")
    other.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE")
    running = started("run", "--headless")
    wait_until(running, lambda: waits_for_a_lock(ask))

    asked_at = time.monotonic()
    running.send_signal(number)
    _, said = running.communicate(timeout=30)

    assert running.returncode == code, said
    assert time.monotonic() - asked_at < 10
    other.execute("COMMIT")
    assert ask("SELECT status, exit_code FROM sync_run") == [("failed", code)]


@pytest.mark.parametrize("statement", ["LOCK TABLE event", "SELECT * FROM season FOR UPDATE"])
def test_somebodys_lock_is_waited_for_and_then_named(
    synthetic: Simulator, command, environment, ask, other, statement
) -> None:
    assert command("run").returncode == 0
    environment["IRACING_LOCK_TIMEOUT"] = "1"
    other.execute("BEGIN")
    other.execute(statement)
    edits = [
        {"endpoint": "series/seasons", "kind": "edit", "path": [str(place), "schedule_description"], "value": "new"}
        for place in range(5)
    ]
    synthetic.faults.set(edits)

    ran = command("run", "--refresh")

    assert ran.returncode == 6, ran.stderr
    assert "waited for longer than IRACING_LOCK_TIMEOUT for what is held by the session with pid" in ran.stderr
    assert "somebody's psql" in ran.stderr
    assert statement.split()[0] in ran.stderr
    other.execute("COMMIT")
    assert command("run", "--refresh").returncode == 0


def test_each_session_of_a_run_bears_its_id(synthetic: Simulator, started, ask) -> None:
    synthetic.faults.set([{"endpoint": "series/get", "kind": "hang"}])
    running = started("run", "--headless")
    wait_until(running, lambda: synthetic.calls["by_endpoint"].get("series/get"))

    names = ask(
        "SELECT DISTINCT application_name FROM pg_stat_activity WHERE application_name LIKE 'iracing-sync run %'"
    )

    assert names == [(f"iracing-sync run {run_id}",) for (run_id,) in ask("SELECT run_id FROM sync_run")]
