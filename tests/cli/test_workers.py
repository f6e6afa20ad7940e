"""Runs over workers: a real broker, real worker processes, all of which are killed now and then."""

import json
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from command_line import call, environment_of
from mirrored_rows import mirrored_rows
from remembered import RememberedWorld
from results import done
from workers import Broker, Workers, send

from conftest import own_database
from iracing_sync.simulator import Simulator

pytestmark = [pytest.mark.xdist_group("workers"), pytest.mark.empty_database]

SPRING = datetime(2026, 5, 14, 9, tzinfo=UTC)
HISTORY = ("run", "--history", "--since", "2026", "--json", "--headless")
SCHEDULE = "series/season_schedule"

Ask = Callable[[str], list[tuple[Any, ...]]]


@contextmanager
def simulated() -> Iterator[tuple[Simulator, dict[str, str]]]:
    """Simulate an iRacing that lists of a quarter only what is active, so that nearly each season costs a call."""
    with Simulator(RememberedWorld(past="active"), at=SPRING, rate_limit=10**6) as simulator:
        yield simulator, simulator.environment() | {"IRACING_AT": "2026-05-14T09:00"}


@pytest.fixture
def broker() -> Iterator[Broker]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    broker = Broker(port)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def world(environment: dict[str, str]) -> Iterator[Simulator]:
    with simulated() as (simulator, settings):
        environment |= settings
        yield simulator


@pytest.fixture
def workers(environment: dict[str, str], world: Simulator, broker: Broker, tmp_path: Path) -> Iterator[Workers]:
    environment["IRACING_BROKER_URL"] = broker.url
    with Workers(environment, tmp_path) as workers:
        yield workers


@pytest.fixture(scope="module")
def expected(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of a run without workers."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with own_database(server_url) as url, simulated() as (_, environment):
        done(call(HISTORY, environment_of(url, folder) | environment | {"IRACING_API_RPS": "1000"}, folder))
        return mirrored_rows(url)


def wait_until(what: Callable[[], Any], seconds: float = 60) -> None:
    gives_up_at = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < gives_up_at
        time.sleep(0.05)


def asked_more_than_once(ask: Ask) -> int:
    """Return how many answers of iRacing were asked for beyond one a document."""
    [(more,)] = ask("""
        SELECT coalesce(sum(often - 1), 0)::int
        FROM (SELECT count(*) AS often FROM api_call_log WHERE cached <> 'hit' GROUP BY endpoint, params) AS asked
    """)
    return int(more)


def test_two_workers_end_with_the_rows_of_a_run_without_any(expected, command, workers, database_url, ask) -> None:
    workers.start(2)

    result = done(command(*HISTORY, "--queue"))

    assert mirrored_rows(database_url) == expected
    assert asked_more_than_once(ask) == 0
    [(calls, runs)] = ask("SELECT count(*), count(DISTINCT run_id) FROM api_call_log WHERE cached <> 'hit'")
    assert (calls, runs) == (result["api_calls"], 1)
    assert ask("SELECT state, count(*), count(body) FROM job GROUP BY state") == [("done", calls, 0)]


KILLS = 4


def test_whoever_is_killed_nothing_is_lost_and_nothing_asked_twice_but_what_was_under_way(
    expected, started, workers, broker, world, environment, database_url, ask
) -> None:
    workers.start(2)
    running = started(*HISTORY, "--queue")
    dice = random.Random(2)  # noqa: S311 - guards nothing
    for number in range(KILLS):
        wait_until(lambda number=number: world.calls["data"] > 12 * (number + 1) or running.poll() is not None)
        assert running.poll() is None
        keys = [key for (key,) in ask("SELECT key FROM job")]
        send(environment, *keys, *keys)  # the whole set once more, each message twice
        workers.kill(dice.randrange(2))
        workers.start()
        if number == 1:
            broker.kill()
            time.sleep(1)
            broker.start()
    shown, said = running.communicate(timeout=120)

    assert running.returncode == 0, said
    assert json.loads(shown)["status"] == "ok"
    assert mirrored_rows(database_url) == expected
    assert asked_more_than_once(ask) <= KILLS


def test_what_a_killed_worker_had_in_hand_is_taken_up_within_half_a_minute(started, workers, world, ask) -> None:
    workers.start()
    world.faults.set([{"endpoint": "series/get", "kind": "slow:60", "times": 1}])
    running = started("run", "--queue", "--json", "--headless")
    wait_until(lambda: world.calls["by_endpoint"].get("series/get"))
    workers.kill(0)
    killed_at = time.monotonic()
    workers.start()

    wait_until(lambda: ask("SELECT FROM job WHERE key = 'iracing:series' AND state = 'done'"), 30)
    assert time.monotonic() - killed_at < 30
    running.communicate(timeout=120)
    assert running.returncode == 0


def test_a_run_that_is_killed_is_gone_on_with_and_what_was_fetched_is_not_fetched_again(
    expected, started, command, workers, world, database_url, ask
) -> None:
    workers.start()
    running = started(*HISTORY, "--queue")
    wait_until(lambda: world.calls["data"] > 30)
    running.kill()
    running.wait()
    wait_until(lambda: not ask("SELECT FROM job WHERE state = 'waiting' AND published_at IS NOT NULL"))

    done(command(*HISTORY, "--queue"))

    assert mirrored_rows(database_url) == expected
    assert asked_more_than_once(ask) == 0


def test_a_signal_ends_the_run_and_not_the_workers(started, command, workers, world) -> None:
    workers.start()
    world.faults.set([{"endpoint": "series/get", "kind": "slow:5", "times": 1}])
    running = started("run", "--queue", "--json", "--headless")
    wait_until(lambda: world.calls["by_endpoint"].get("series/get"))
    running.send_signal(signal.SIGTERM)

    assert running.wait(20) == 143
    assert done(command("run", "--queue", "--json", "--headless"))["status"] == "ok"


def test_what_may_pass_is_tried_again_and_what_may_not_fails_and_can_be_requeued(command, workers, world, ask) -> None:
    workers.start()
    world.faults.set(
        [
            {"endpoint": "car/get", "kind": "status:503", "times": 2},
            {"endpoint": "track/get", "kind": "status:404"},
        ]
    )

    result = done(command("run", "--queue", "--json", "--headless"), 3)

    assert "track/get" in str(result["warnings"])
    assert ask("SELECT state, attempt, calls FROM job WHERE endpoint = 'car/get'") == [("done", 3, 3)]
    failed = json.loads(command("jobs", "failed", "--json").stdout)["jobs"]
    assert [(job["key"], job["error_kind"]) for job in failed] == [("iracing:tracks", "NothingFound")]
    assert "404" in command("jobs", "failed").stdout

    world.faults.set([])
    assert json.loads(command("jobs", "requeue", "--json").stdout) == {"requeued": ["iracing:tracks"]}
    wait_until(lambda: ask("SELECT FROM job WHERE endpoint = 'track/get' AND state = 'done'"))
    assert done(command("run", "--queue", "--json", "--headless"))["status"] == "ok"


def test_a_whole_run_is_left_to_the_only_worker_which_helps_itself(command, workers, environment, ask) -> None:
    queued = command("run", "--queue", "--no-wait", "--json")
    assert (queued.returncode, json.loads(queued.stdout)) == (0, {"queued": "run {}"})
    workers.start()
    wait_until(lambda: ask("SELECT FROM job WHERE kind = 'run' AND state = 'done'"), 120)

    assert ask("SELECT status, exit_code FROM sync_run") == [("ok", 0)]
    [(seasons,)] = ask("SELECT count(*) FROM season")
    assert seasons > 20

    send(environment, task="iracing_sync.queue_season_schedule_fetch", series_id=101)
    wait_until(lambda: ask("SELECT FROM job WHERE kind = 'run' AND state <> 'waiting' AND params ? 'series'"), 120)
    assert ask("SELECT arguments->'series' FROM sync_run ORDER BY started_at DESC LIMIT 1") == [([101],)]


def test_a_worker_that_begins_takes_up_what_no_message_tells_of(command, workers, broker, ask) -> None:
    command("run", "--queue", "--no-wait", "--series", "101")
    broker.kill()
    broker.start()

    workers.start()

    wait_until(lambda: ask("SELECT FROM job WHERE kind = 'run' AND state = 'done'"), 120)


LEAGUE = """
import os
from celery import Celery

app = Celery("league", broker=os.environ["LEAGUE_BROKER"], include=["iracing_sync.contrib.celery.tasks"])
app.conf.task_default_queue = "league"
app.conf.worker_redirect_stdouts = False
"""


def test_an_application_needs_no_other_broker_nor_queue_than_its_own(
    environment, workers, broker, command, ask, tmp_path
) -> None:
    del environment["IRACING_BROKER_URL"]
    environment |= {"LEAGUE_BROKER": broker.url, "PYTHONPATH": str(tmp_path)}
    (tmp_path / "league.py").write_text(LEAGUE)
    command("db", "upgrade")
    workers.start(1, app="league")

    asked = "from iracing_sync.contrib.celery import tasks; import league; "
    for arguments in ("101", "'x'"):
        code = f"{asked}tasks.queue_season_schedule_fetch.apply_async([{arguments}])"
        subprocess.run([sys.executable, "-c", code], env=environment, check=True, cwd=tmp_path)

    wait_until(lambda: ask("SELECT FROM job WHERE kind = 'run' AND state = 'done'"), 120)
    wait_until(lambda: "'x' is no id of a series" in workers.log())
    assert ask("SELECT count(*) FROM job WHERE kind = 'run'") == [(1,)]


def test_how_a_whole_run_ended_is_told_by_its_job(command, workers, world, ask) -> None:
    world.faults.set([{"endpoint": "track/get", "kind": "status:404"}])
    command("run", "--queue", "--no-wait")
    workers.start()
    wait_until(lambda: ask("SELECT FROM job WHERE kind = 'run' AND state = 'done'"), 120)

    [(run_id,)] = ask("SELECT run_id FROM sync_run")
    assert ask("SELECT error FROM job WHERE kind = 'run'") == [(f"partial, exit 3: iracing-sync runs show {run_id}",)]


def test_the_calls_of_a_run_are_bounded_over_all_workers(command, workers, world) -> None:
    workers.start(2)

    result = done(command("run", "--queue", "--max-calls", "3", "--json", "--headless"), 5)

    assert result["api_calls"] == 3 == world.calls["data"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--queue", "--offline"], "--queue"),
        (["--no-wait"], "--no-wait"),
        (["--queue"], "IRACING_BROKER_URL"),
        (["--queue", "--no-wait"], "IRACING_BROKER_URL"),
        (["--queue", "--no-wait", "--at", "2025-05-14"], "without --offline"),
        (["--queue", "--no-wait", "--notify-url", "http://127.0.0.1:1/"], "without --offline"),
    ],
)
def test_what_cannot_be_queued_is_said_before_anything_is_put(command, ask, options, said) -> None:
    refused = command("run", *options)

    assert refused.returncode == 2
    assert said in refused.stderr
    assert ask("SELECT to_regclass('iracing.job')") == [(None,)]


def test_what_a_broker_does_not_take_waits_for_whoever_looks_next(command, environment, ask, free_port) -> None:
    environment["IRACING_BROKER_URL"] = f"redis://:hidden@127.0.0.1:{free_port}/0"
    queued = command("run", "--queue", "--no-wait", "--quiet")

    assert queued.returncode == 0
    assert f"the broker at 127.0.0.1:{free_port} takes no message" in queued.stderr
    assert "Connection refused" in queued.stderr
    assert "hidden" not in queued.stderr
    assert ask("SELECT state FROM job") == [("waiting",)]


def test_a_worker_logs_in_again_for_a_later_job(command, workers, world, ask, tmp_path) -> None:
    workers.start()
    done(command("run", "--queue", "--json", "--headless"))
    logins = world.calls["logins"]
    (tmp_path / "worker-0" / "token.json").unlink()

    assert done(command("run", "--queue", "--json", "--headless", "--refresh"))["status"] == "ok"
    assert world.calls["logins"] == logins + 1


def test_what_a_worker_was_refused_is_said_to_be_its(environment, workers, command) -> None:
    environment["IRACING_PASSWORD"] = "wrong"
    workers.start()
    environment["IRACING_PASSWORD"] = "right"
    refused = command("run", "--queue", "--headless")

    assert refused.returncode == 4
    assert "a worker says: iRacing refuses the login" in refused.stderr
    assert "iRacing refuses the login" in command("jobs", "failed").stdout


def test_a_job_that_has_not_failed_cannot_be_requeued(command, environment, free_port) -> None:
    environment["IRACING_BROKER_URL"] = f"redis://127.0.0.1:{free_port}/0"
    command("run", "--queue", "--no-wait")
    refused = command("jobs", "requeue", "nonsense")

    assert refused.returncode == 2
    assert "no failed job is called 'nonsense': `iracing-sync jobs failed` lists them" in refused.stderr


def test_a_run_whose_session_ends_while_it_waits_says_so(started, workers, ask) -> None:
    running = started("run", "--queue", "--json", "--headless")
    wait_until(lambda: ask("SELECT FROM pg_stat_activity WHERE query = 'LISTEN iracing_job'"))
    ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN iracing_job'")
    shown, _ = running.communicate(timeout=60)

    assert running.returncode == 6
    assert "the session that listens is lost" in json.loads(shown)["warnings"][-1]


def test_a_broker_that_is_away_is_waited_for(started, workers, broker, world) -> None:
    broker.kill()
    running: subprocess.Popen[str] = started("run", "--queue", "--json", "--headless")
    time.sleep(3)
    broker.start()
    workers.start()
    shown, said = running.communicate(timeout=120)

    assert json.loads(shown)["status"] == "ok", said
