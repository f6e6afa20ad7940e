"""What a run says of itself: a success only where it came to its end, and nothing bad is kept."""

import time
from typing import Any

import psycopg
import pytest
from results import done

from iracing_sync.sync import nightly

LISTS = ("series/seasons", "series/get")
NO_LISTS: tuple[Any, ...] = ({}, {"error": "Not Found"}, "text", None, [1, 2, 3])


def last_run(ask) -> tuple[Any, ...]:
    [row] = ask("SELECT status, exit_code FROM sync_run ORDER BY started_at DESC LIMIT 1")
    return row


def test_an_unforeseen_error_is_one_line_exit_1_and_a_failed_run(synthetic, command, ask, monkeypatch) -> None:
    done(command("run", "--json"))

    def break_off(*_arguments: object) -> None:
        raise ZeroDivisionError("nobody thought of this")

    monkeypatch.setattr(nightly, "fetch_planned", break_off)
    ran = command("run", "--json")

    result = done(ran, 1)
    assert result["status"] == "failed"
    assert "ZeroDivisionError: nobody thought of this; this is a fault of iracing-sync: please report" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert last_run(ask) == ("failed", 1)


def test_with_debug_the_log_tells_where_it_happened(synthetic, command, environment, monkeypatch) -> None:
    def break_off(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(nightly, "fetch_planned", break_off)
    environment["IRACING_LOG_LEVEL"] = "DEBUG"

    assert "in break_off" in command("run").stderr


def test_after_a_failed_run_status_is_as_old_as_the_last_good_one(synthetic, command, ask, monkeypatch) -> None:
    done(command("run", "--json"))
    ask("UPDATE sync_run SET started_at = started_at - interval '30 hours' RETURNING 1")
    assert command("status", "--max-age", "26").returncode == 8

    monkeypatch.setattr(nightly, "fetch_planned", lambda _run: 1 / 0)
    done(command("run", "--json"), 1)

    assert command("status", "--max-age", "26").returncode == 8


def test_a_run_that_was_killed_is_aborted_at_once_for_status_and_then_for_good(
    synthetic, command, started, ask
) -> None:
    synthetic.faults.set([{"endpoint": "series/get", "kind": "hang"}])
    running = started("run")
    while not ask("SELECT FROM pg_tables WHERE tablename = 'sync_run'") or not ask("SELECT FROM sync_run"):
        assert running.poll() is None
        time.sleep(0.05)
    assert "running" in command("status").stdout
    running.kill()
    running.wait()

    deadline = time.monotonic() + 20
    while "aborted" not in command("status").stdout:
        assert time.monotonic() < deadline
    assert last_run(ask) == ("running", None)

    synthetic.faults.set([])
    done(command("run", "--json"))

    assert ask("SELECT status FROM sync_run ORDER BY started_at") == [("aborted",), ("ok",)]


@pytest.mark.parametrize("content", NO_LISTS, ids=str)
@pytest.mark.parametrize("endpoint", LISTS)
def test_what_is_no_list_is_at_fault_on_an_empty_database_too_and_is_not_kept(
    synthetic, command, ask, endpoint, content
) -> None:
    synthetic.faults.set([{"endpoint": endpoint, "kind": "replace", "body": content}])
    ran = command("run", "--json")
    assert f"{endpoint}: iRacing sent" in done(ran, 3)["warnings"][0]
    assert last_run(ask) == ("partial", 3)

    synthetic.faults.set([])
    again = done(command("run", "--json"))

    assert again["seasons"]["seen"] > 20
    assert not any("shrink guard" in warning for warning in again["warnings"])
    assert synthetic.calls["by_endpoint"][endpoint] == 2  # once in vain


@pytest.mark.parametrize("endpoint", LISTS)
def test_an_empty_list_where_something_is_stored_is_the_shrink_guards_case(synthetic, command, ask, endpoint) -> None:
    done(command("run", "--json"))
    before = ask("SELECT count(*) FILTER (WHERE active), count(*) FROM season")
    synthetic.faults.set([{"endpoint": endpoint, "kind": "replace", "body": []}])

    lax, strict = command("run", "--json", "--refresh"), command("run", "--json", "--refresh", "--strict")

    warned = [warning for warning in done(lax, lax.returncode)["warnings"] if "shrink guard" in warning]
    assert f"shrink guard: {endpoint} lists 0" in warned[0]
    assert done(strict, 8)["status"] == "failed"
    assert ask("SELECT count(*) FILTER (WHERE active), count(*) FROM season") == before
    assert ask("SELECT count(*) FROM series WHERE missing_since IS NOT NULL") == [(0,)]


def test_a_list_of_series_that_is_empty_beside_seasons_is_no_success(synthetic, command, ask) -> None:
    synthetic.faults.set([{"endpoint": "series/get", "kind": "replace", "body": []}])
    result = done(command("run", "--json"), 3)
    synthetic.faults.set([])

    assert result["warnings"] == ["series/get lists no series, and series/seasons has seasons of 29"]
    assert done(command("run", "--json"))["status"] == "ok"
    assert ask("SELECT count(*) FROM series WHERE is_stub") == [(0,)]


@pytest.mark.parametrize("endpoint", LISTS)
def test_an_empty_list_is_not_believed_out_of_the_cache(synthetic, command, endpoint) -> None:
    done(command("run", "--json"))
    synthetic.faults.set([{"endpoint": endpoint, "kind": "replace", "body": []}])
    command("run", "--json", "--refresh")
    synthetic.faults.set([])

    assert done(command("run", "--json"))["api_calls"] == 1


def test_a_list_that_cannot_be_had_has_not_shrunk(synthetic, command, ask) -> None:
    done(command("run", "--json"))
    length = "SELECT listings->'series/get'->'good_items' FROM sync_run WHERE listings IS NOT NULL"
    length += " ORDER BY started_at DESC LIMIT 1"
    before = ask(length)
    synthetic.faults.set([{"endpoint": "series/get", "kind": "replace", "body": None}])

    warnings = done(command("run", "--json", "--refresh"), 3)["warnings"]

    assert any("series/get: iRacing sent null in place of" in warning for warning in warnings)
    assert not any("shrink guard" in warning for warning in warnings)
    assert ask(length) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--series", "1"), "no season of series 1 is listed; near that number: 101 is"),
        (("--year", "2031", "--quarter", "2"), "iRacing lists no season of 2031 S2; the present quarter is"),
    ],
)
def test_a_run_that_finds_nothing_says_where_one_could_look_and_is_no_success(
    synthetic, command, ask, arguments, words
) -> None:
    ran = command("run", "--json", *arguments)

    assert any(words in warning for warning in done(ran, 3)["warnings"]), ran.stderr
    assert last_run(ask) == ("partial", 3)
    assert command("status", "--max-age", "26").returncode == 8


def test_a_refused_refresh_of_one_catalogue_does_not_cost_the_run(synthetic, command, ask) -> None:
    done(command("run", "--json"))
    ask("DELETE FROM loaded_documents RETURNING 1")
    new_car = [{"car_id": 987654}]
    synthetic.faults.set(
        [
            {"endpoint": "series/seasons", "kind": "edit", "path": ["0", "schedules", "0", "car_restrictions"]}
            | {"value": new_car},
            {"endpoint": "car/get", "kind": "status:403"},
        ]
    )

    # the list is asked for anew, the catalogues are still fresh
    command("cache", "clear", "--key", "iracing:seasons")
    result = done(command("run", "--json"), 3)

    assert any("car/get: iRacing refuses access" in warning for warning in result["warnings"])
    assert ask("SELECT is_stub FROM sim_car WHERE car_id = 987654") == [(True,)]
    assert result["seasons"]["failed"] == 0


def test_a_lost_lock_ends_the_run_before_the_next_commit(synthetic, started, ask, database_url) -> None:
    synthetic.faults.set([{"endpoint": "track/get", "kind": "slow:4"}])
    running = started("run", "--json")
    with psycopg.connect(database_url.replace("+psycopg", "", 1), autocommit=True) as killer:
        held = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 105166"
        while not (found := killer.execute(held).fetchall()):
            assert running.poll() is None
            time.sleep(0.02)
        while not synthetic.calls["by_endpoint"].get("track/get"):
            time.sleep(0.02)
        killer.execute("SELECT pg_terminate_backend(%s)", found[0])
    _, said = running.communicate(timeout=60)

    assert running.returncode in (6, 7), said
    assert "lock of this run is lost" in said
    assert "Traceback" not in said
    assert ask("SELECT count(*) FROM season") == [(0,)]
    assert last_run(ask) == ("failed", running.returncode)


def test_a_connection_lost_while_rows_are_copied_is_the_databases_fault(synthetic, started, ask, database_url) -> None:
    with psycopg.connect(database_url.replace("+psycopg", "", 1)) as other:
        other.execute("LOCK TABLE iracing.event IN ACCESS EXCLUSIVE MODE")
        running = started("run", "--json")
        waiting = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        while not ask(waiting):
            assert running.poll() is None, running.communicate()
            time.sleep(0.05)
    _, said = running.communicate(timeout=60)

    assert running.returncode == 6, said
    assert "refuses a row" not in said
