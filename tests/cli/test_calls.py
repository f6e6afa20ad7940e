"""The ledger: every attempt and every cache hit, whatever becomes of the run."""

import json
import signal
import time
from pathlib import Path

import psycopg
import pytest
from results import done

WAITING = "data/ledger"


def wait_for_calls(simulator, number: int) -> None:
    gives_up_at = time.monotonic() + 30
    while simulator.calls["data"] < number:
        assert time.monotonic() < gives_up_at
        time.sleep(0.01)


def logged(ask, where: str = "true") -> list[tuple[object, ...]]:
    columns = "endpoint, http_status, attempt, cached, error, run_id IS NOT NULL"
    return ask(f"SELECT {columns} FROM api_call_log WHERE {where} ORDER BY call_id")


def test_a_run_writes_a_line_for_each_call_and_the_next_for_each_hit(synthetic, command, ask, tmp_path) -> None:
    first, second = done(command("run", "--json")), done(command("run", "--json"))

    assert len(logged(ask, "cached = 'miss'")) == first["api_calls"] == synthetic.calls["data"]
    assert len(logged(ask, "cached = 'hit'")) == second["cache_hits"]
    assert ask("SELECT min(size_bytes) > 200, min(rate_limit_remaining) FROM api_call_log WHERE cached = 'miss'") == [
        (True, 10_000 - first["api_calls"])
    ]
    assert list((tmp_path / WAITING).iterdir()) == []


def test_failed_attempts_are_lines_that_say_why(synthetic, command, ask) -> None:
    synthetic.faults.set(
        [
            {"endpoint": "series/seasons", "kind": "status:502", "times": 1},
            {"endpoint": "series/get", "kind": "drop", "times": 1},
            {"endpoint": "track/get", "kind": "status:404"},
            {"endpoint": "car/get", "kind": "expired_link", "times": 1},
        ]
    )

    done(command("run", "--json"), 3)

    assert logged(ask, "endpoint = 'series/seasons'") == [
        ("series/seasons", 502, 1, "miss", "HTTP 502 from 127.0.0.1", True),
        ("series/seasons", 200, 2, "miss", None, True),
    ]
    [(_, status, _, _, error, _), _] = logged(ask, "endpoint = 'series/get'")
    assert (status, error) == (None, "RemoteProtocolError on the way to 127.0.0.1")
    assert logged(ask, "endpoint = 'track/get'") == [("track/get", 404, 1, "miss", "HTTP 404", True)]
    assert logged(ask, "endpoint = 'car/get'") == [
        ("car/get", 200, 1, "miss", "the link has ended", True),
        ("car/get", 200, 2, "miss", None, True),
    ]


def test_the_calls_of_a_killed_run_are_written_by_the_next(synthetic, command, started, ask) -> None:
    synthetic.faults.set([{"endpoint": "track/get", "kind": "slow:20", "times": 1}])
    running = started("run")
    wait_for_calls(synthetic, 4)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    before = len(logged(ask))

    done(command("run", "--json"))

    assert before == 0
    assert ("series/seasons", 200, 1, "miss", None, True) in logged(ask)
    assert ask("SELECT count(DISTINCT run_id) FROM api_call_log") == [(2,)]


def test_the_calls_of_a_run_whose_database_goes_away_wait_on_disk(
    synthetic, command, started, ask, tmp_path, server_url, database_url
) -> None:
    done(command("run", "--json", "--max-calls", "0"), 5)
    synthetic.faults.set([{"endpoint": "track/get", "kind": "slow:3", "times": 1}])
    running = started("run", "--json", "--refresh")
    wait_for_calls(synthetic, 4)
    name = database_url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(server_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [name],
        )
        shown, errors = running.communicate(timeout=60)
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    assert running.returncode == json.loads(shown)["exit_code"] == 6, errors
    assert "Traceback" not in errors
    assert "waits on disk" in errors
    assert len(list((tmp_path / WAITING).iterdir())) == 1

    done(command("run", "--json"))

    with psycopg.connect(database_url.replace("+psycopg", "", 1)) as connection:
        refreshed = connection.execute("SELECT count(*) FROM iracing.api_call_log WHERE cached = 'refresh'").fetchone()
    assert refreshed is not None
    assert refreshed[0] >= 3
    assert list((tmp_path / WAITING).iterdir()) == []


def test_a_dry_run_writes_nothing_and_its_calls_wait_for_a_real_one(synthetic, command, ask) -> None:
    dry = done(command("run", "--dry-run", "--json"))
    done(command("run", "--json"))

    assert len(logged(ask, "run_id IS NULL AND cached = 'miss'")) == dry["api_calls"] == 7


def test_lines_older_than_the_setting_are_dropped(synthetic, command, ask, environment) -> None:
    environment["IRACING_LEDGER_DAYS"] = "30"
    done(command("run", "--json"))
    ask("UPDATE api_call_log SET at = at - interval '31 days' WHERE endpoint = 'series/get' RETURNING 1")

    done(command("run", "--json"))

    assert [cached for _, _, _, cached, _, _ in logged(ask, "endpoint = 'series/get'")] == ["hit"]


def test_calls_are_listed_and_summed_up(synthetic, command, ask) -> None:
    synthetic.faults.set([{"endpoint": "series/get", "kind": "status:500", "times": 1}])
    run = done(command("run", "--json"))
    done(command("run", "--json"))

    listed = json.loads(command("calls", "--json").stdout)["calls"]
    of_the_run = json.loads(command("calls", "--json", "--run", run["run_id"]).stdout)["calls"]
    failed = json.loads(command("calls", "--json", "--endpoint", "series/get").stdout)["calls"]
    rows = {row["endpoint"]: row for row in json.loads(command("calls", "--summary", "--json").stdout)["endpoints"]}

    assert len(listed) == 14
    assert {call["run_id"] for call in of_the_run} == {run["run_id"]}
    assert [call["error"] for call in failed] == ["HTTP 500 from 127.0.0.1", None, None]
    assert {name: rows["series/get"][name] for name in ("asked", "from_cache", "failed", "lowest_remaining")} == {
        "asked": 2,
        "from_cache": 1,
        "failed": 1,
        "lowest_remaining": 9_998,
    }
    assert rows["series/get"]["median_ms"] <= rows["series/get"]["p95_ms"]
    [(size,)] = ask("SELECT sum(size_bytes) FROM api_call_log WHERE endpoint = 'series/get' AND cached <> 'hit'")
    assert rows["series/get"]["size_bytes"] == size > 0
    shown = command("calls").stdout.splitlines()
    assert shown[-1] == "14 calls"
    assert any("500" in line and "series/get  HTTP 500" in line for line in shown)
    assert "series/get" in command("calls", "--summary").stdout
    assert command("calls", "--since", "2030-01-01").returncode == 2


@pytest.mark.parametrize("arguments", [("--run", "x"), ("--since", "yesterday")])
def test_a_wrong_option_is_named(command, arguments) -> None:
    shown = command("calls", *arguments)

    assert shown.returncode == 2
    assert arguments[1] in shown.stderr


def test_a_ledger_that_cannot_wait_on_disk_does_not_end_the_run(synthetic, command, ask, tmp_path) -> None:
    Path(tmp_path / "data").mkdir()
    Path(tmp_path / WAITING).write_text("a file in the way")

    shown = command("run", "--json")

    assert done(shown)["api_calls"] == 7
    assert "ledger" in shown.stderr
