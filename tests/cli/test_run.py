"""The main job from outside: the real command line, a real PostgreSQL, the simulator, the recordings."""

import gzip
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from results import done, written

CHILDREN = ("car_restriction", "event_class", "event_car", "event_time")


def recorded(recordings: Path, name: str) -> Any:
    return json.loads(gzip.decompress((recordings / f"{name}.json.gz").read_bytes()))


def count(ask: Callable[[str], list[tuple[Any, ...]]], table: str) -> int:
    [(number,)] = ask(f"SELECT count(*) FROM {table}")
    return int(number)


def test_replaying_a_recorded_day_loads_exactly_what_its_documents_hold(replay, command, ask, recordings) -> None:
    result = done(command("run", "--json"))

    seasons = recorded(recordings, "2025-09-09.series.seasons")
    rounds = [(season, round_) for season in seasons for round_ in season["schedules"]]
    classes = {
        item["car_class_id"]: {car["car_id"] for car in item["cars_in_class"]}
        for item in recorded(recordings, "2025-09-09.carclass.get")
    }
    assert (len(seasons), len(rounds)) == (35, 527)
    assert count(ask, "season") == 35
    assert count(ask, "event") == 527
    assert count(ask, "series") == len(recorded(recordings, "2025-09-09.series.get"))
    assert count(ask, "sim_layout") == len(recorded(recordings, "2025-09-09.track.get"))
    assert count(ask, "car_restriction") == sum(len(round_["car_restrictions"]) for _, round_ in rounds)
    assert count(ask, "event_time") == sum(len(round_["race_time_descriptors"]) for _, round_ in rounds)
    assert count(ask, "event_class") == sum(len(season["car_class_ids"]) for season, _ in rounds)
    assert count(ask, "event_car") == sum(
        len(set().union(*(classes[one] for one in season["car_class_ids"]))) for season, _ in rounds
    )
    assert count(ask, "event e LEFT JOIN sim_layout l USING (track_id) WHERE l.track_id IS NULL") == 0
    assert result["tables"]["event"] == {"inserted": 527, "updated": 0, "unchanged": 0, "removed": 0}
    assert count(ask, "api_call_log WHERE cached = 'miss' AND http_status = 200") == result["api_calls"]


def test_the_same_run_a_second_time_writes_nothing(replay, command, ask) -> None:
    done(command("run", "--json"))
    counts = "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables WHERE schemaname = 'iracing'"
    own = "'sync_run', 'api_call_log', 'api_allowance', 'loaded_documents', 'alembic_version'"
    query = f"{counts} AND relname NOT IN ({own}) ORDER BY 1"
    ask("SELECT pg_stat_force_next_flush()")
    before = ask(query)

    again = done(command("run", "--json", "--refresh"))

    assert written(again) == 0
    assert again["seasons"] == {"seen": 35, "changed": 0, "unchanged": 35, "failed": 0}
    assert ask(query) == before
    assert sum(row[1] for row in before) > 4000


def test_replaying_thirteen_moments_never_doubles_a_round(replay, command, ask, recordings) -> None:
    moments = sorted(path.name[:17] for path in recordings.glob("202[34]*.series.seasons.json.gz"))
    assert len(moments) == 13

    for moment in moments:
        replay.at = datetime.strptime(moment, "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC)
        result = done(command("run", "--json", "--refresh"))
        assert result["warnings"] == []
        assert ask("SELECT season_id, race_week_num FROM event GROUP BY 1, 2 HAVING count(*) > 1") == []
        seasons = recorded(recordings, f"{moment}.series.seasons")
        assert result["seasons"]["seen"] == len(seasons)
        assert ask("SELECT car_class_id FROM car_class WHERE is_stub") in ([], [(4047,)])

    assert ask("SELECT car_class_id FROM car_class WHERE is_stub") == [(4047,)]


def test_no_member_of_a_restricted_season_is_anywhere_in_the_database(replay, command, database_url, ask) -> None:
    replay.at = datetime(2023, 11, 22, tzinfo=UTC)
    done(command("run", "--json"))

    from iracing_sync.embedded_server import programs_folder

    pg_dump = programs_folder() / "pg_dump"
    dump = subprocess.run(
        [pg_dump, database_url.replace("+psycopg", "", 1)], capture_output=True, text=True, check=True
    ).stdout

    assert count(ask, "season WHERE season_id = 4538") == 1
    assert "Member 1" not in dump
    assert "9000" + "01" not in dump
    assert "allowed_season_members" not in dump
    assert "X-Amz-" not in dump
    assert "cust_id" not in dump


@pytest.mark.parametrize("arguments", [(), ("--year", "2025", "--quarter", "2")])
def test_the_active_seasons_and_those_of_a_quarter_are_loaded(synthetic, command, ask, arguments) -> None:
    result = done(command("run", "--json", *arguments))

    assert result["seasons"]["seen"] == count(ask, "season") > 10
    assert result["seasons"]["failed"] == 0
    assert count(ask, "event") > 100


def test_offline_asks_nothing_and_refresh_asks_again(synthetic, command) -> None:
    first = done(command("run", "--json"))
    asked = sum(synthetic.calls["by_endpoint"].values())
    assert first["api_calls"] == asked > 0

    offline = done(command("run", "--offline", "--json"))
    assert sum(synthetic.calls["by_endpoint"].values()) == asked
    assert (offline["api_calls"], offline["cache_hits"]) == (0, 6)

    refreshed = done(command("run", "--refresh", "--json"))
    assert refreshed["api_calls"] == 7
    assert sum(synthetic.calls["by_endpoint"].values()) == asked + 7


def test_offline_without_a_cache_says_what_is_missing(synthetic, command) -> None:
    result = done(command("run", "--offline", "--json"), 3)

    assert any("iracing:seasons" in warning and "--offline" in warning for warning in result["warnings"])
    assert synthetic.calls["data"] == 0


@pytest.mark.empty_database
def test_a_dry_run_counts_like_a_real_one_and_leaves_no_row(synthetic, command, ask) -> None:
    dry = done(command("run", "--dry-run", "--json"))
    assert ask("SELECT 1 FROM information_schema.tables WHERE table_schema = 'iracing'") == []

    real = done(command("run", "--json"))

    assert dry["tables"] == real["tables"]
    assert dry["seasons"] == real["seasons"]

    runs = count(ask, "sync_run")
    done(command("run", "--dry-run", "--json"))
    assert count(ask, "sync_run") == runs


def test_a_document_cut_in_half_is_named_and_the_rest_committed(synthetic, command, ask) -> None:
    synthetic.faults.set([{"endpoint": "series/seasons", "kind": "cut"}])

    result = done(command("run", "--json"), 3)

    [warning] = result["warnings"]
    assert "series/seasons" in warning
    assert "not JSON from 1:" in warning
    assert result["status"] == "partial"
    assert count(ask, "series") > 10
    assert count(ask, "season") == 0

    synthetic.faults.set([])
    assert done(command("run", "--json"))["seasons"]["failed"] == 0


def test_a_season_without_its_id_is_named_and_the_others_committed(synthetic, command, ask) -> None:
    synthetic.faults.set([{"endpoint": "series/seasons", "kind": "edit", "path": ["3", "season_id"], "delete": True}])

    result = done(command("run", "--json"), 3)

    assert result["warnings"] == ["series/seasons: $[3].season_id is missing"]
    assert result["seasons"]["failed"] == 1
    assert count(ask, "season") == result["seasons"]["seen"] - 1


def test_text_where_a_number_belongs_is_named_and_the_other_seasons_committed(synthetic, command, ask) -> None:
    path = ["2", "schedules", "1", "race_week_num"]
    synthetic.faults.set([{"endpoint": "series/seasons", "kind": "edit", "path": path, "value": "second"}])

    result = done(command("run", "--json"), 3)

    [warning] = result["warnings"]
    season, _, what = warning.partition(": ")
    assert re.fullmatch(r"season \d+ \(.*\d{4} Season.*\)", season)
    assert what == "series/seasons: $[2].schedules[1].race_week_num: expected a whole number, not 'second'"
    assert count(ask, "season") == result["seasons"]["seen"] - 1


def test_seasons_that_postgresql_refuses_are_named_and_their_neighbours_committed(
    synthetic, command, ask, database_url
) -> None:
    assert command("db", "upgrade").returncode == 0
    with psycopg.connect(database_url.replace("+psycopg", "", 1)) as connection:  # what others add may refuse, too
        connection.execute("ALTER TABLE iracing.season ADD CONSTRAINT of_others CHECK (max_weeks < 1000)")
    too_long = {"kind": "edit", "endpoint": "series/seasons", "value": 5000}
    refused = ("2", "3", "17")
    synthetic.faults.set([{**too_long, "path": [number, "max_weeks"]} for number in refused])

    result = done(command("run", "--json"), 3)

    assert len(result["warnings"]) == result["seasons"]["failed"] == 3
    assert all("season " in warning and "PostgreSQL refuses a row" in warning for warning in result["warnings"])
    assert count(ask, "season") == result["seasons"]["changed"] == result["seasons"]["seen"] - 3

    synthetic.faults.set([])
    assert done(command("run", "--json", "--refresh"))["seasons"]["changed"] == 3


def test_an_unknown_layout_is_kept_and_costs_one_catalogue_call(synthetic, command, ask) -> None:
    new = {"track_id": 99991, "track_name": "Brand New Raceway", "category": "road", "category_id": 2}
    path = ["0", "schedules", "0", "track"]
    done(command("run", "--json"))
    synthetic.faults.set([{"endpoint": "series/seasons", "kind": "edit", "path": path, "value": new}])
    quarter = ("--year", "2025", "--quarter", "2")
    synthetic.reset_calls()

    result = done(command("run", "--json", *quarter))

    assert synthetic.calls["by_endpoint"] == {"season/list": 1, "series/seasons": 1, "track/get": 1}
    assert result["tables"]["sim_layout"]["inserted"] == 1
    assert ask("SELECT name, is_stub FROM sim_layout WHERE track_id = 99991") == [("Brand New Raceway", True)]
    assert done(command("run", "--json", *quarter))["api_calls"] == 0


@pytest.mark.empty_database
def test_a_database_that_is_not_ours_is_left_alone(synthetic, command, ask, database_url) -> None:
    with psycopg.connect(database_url.replace("+psycopg", "", 1)) as connection:
        connection.execute("CREATE SCHEMA iracing")
        connection.execute("CREATE TABLE iracing.lap (id int)")

    result = done(command("run", "--json"), 6)

    assert "iracing-sync db upgrade" in result["warnings"][0]
    assert ask("SELECT tablename FROM pg_tables WHERE schemaname = 'iracing'") == [("lap",)]


def test_a_run_beside_another_stops_with_seven(synthetic, command, database_url) -> None:
    from iracing_sync.database import connect
    from iracing_sync.locks import run_lock

    engine = connect(database_url, "iracing")
    with run_lock(engine, "iracing"):
        assert done(command("run", "--json"), 7)["status"] == "failed"
    engine.dispose()


def test_refused_credentials_stop_with_four(synthetic, command, environment) -> None:
    environment["IRACING_PASSWORD"] = "wrong-password"

    completed = command("run", "--json")

    assert completed.returncode == 4
    assert "wrong-password" not in completed.stdout + completed.stderr


def test_missing_credentials_are_named(synthetic, command, environment) -> None:
    del environment["IRACING_CLIENT_SECRET"]

    completed = command("run", "--json")

    assert completed.returncode in {2, 4}
    assert "IRACING_CLIENT_SECRET" in completed.stderr


@pytest.mark.parametrize(
    "arguments",
    [("--year", "2025"), ("--quarter", "2"), ("--refresh", "--offline"), ("--quarter", "5", "--year", "2025")],
)
def test_wrong_usage_stops_with_two(command, arguments) -> None:
    assert command("run", *arguments).returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("--year", "2024", "--year", "2025", "--quarter", "1"),
        ("--year", "2024", "--quarter", "2024Q1"),
        ("--year", "2024", "--quarter", "1", "--quarter", "2024Q2"),
        ("--quarter", "2024Q1", "--quarter", "2"),
        ("--quarter", "2024Q5"),
        ("--quarter", "2007Q1"),
        ("--history", "--quarter", "2024Q1"),
    ],
)
@pytest.mark.parametrize("name", ["run", "plan"])
def test_quarters_that_cannot_be_told_stop_with_two_and_one_line(command, name, arguments) -> None:
    completed = command(name, *arguments)

    assert completed.returncode == 2
    assert completed.stdout == ""
    assert len(completed.stderr.splitlines()) == 1


def test_an_unreachable_database_stops_with_six(command, environment) -> None:
    environment["IRACING_DATABASE_URL"] = "postgresql://u:hidden-word@127.0.0.1:1/none"

    completed = command("run", "--json")

    assert completed.returncode == 6
    assert "hidden-word" not in completed.stderr
    assert "Traceback" not in completed.stderr


def test_without_a_terminal_the_result_is_plain_lines(synthetic, command) -> None:
    completed = command("run", "--headless")

    assert completed.stdout.splitlines()[-1].startswith("ok: ")
    assert "\x1b" not in completed.stdout + completed.stderr
    assert any(line.startswith("event: ") for line in completed.stdout.splitlines())


def test_one_series_is_all_that_is_loaded_when_asked_for(synthetic, command, ask) -> None:
    done(command("run", "--json"))
    [(series_id,)] = ask("SELECT min(series_id) FROM season")
    ask("SELECT 1")

    result = done(command("run", "--json", "--series", str(series_id)))

    assert result["seasons"]["seen"] == count(ask, f"season WHERE series_id = {series_id}")


def test_help_loads_neither_the_database_nor_the_client(environment) -> None:
    code = "import sys; from iracing_sync.cli import app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    heavy = {"sqlalchemy", "httpx", "alembic", "pydantic", "rich", "uvicorn", "diskcache", "orjson"}
    assert heavy.isdisjoint(loaded)


def test_an_interrupted_run_says_so_and_the_next_one_works(synthetic, command, started, ask) -> None:
    synthetic.faults.set([{"endpoint": "series/seasons", "kind": "slow:30"}])
    running = started("run", "--json")
    while not synthetic.calls["by_endpoint"].get("series/seasons"):
        assert running.poll() is None
        time.sleep(0.05)

    running.send_signal(signal.SIGINT)
    shown, errors = running.communicate(timeout=30)

    assert running.returncode == 130, errors
    assert json.loads(shown)["exit_code"] == 130
    assert "Traceback" not in errors
    assert ask("SELECT status, exit_code FROM sync_run") == [("failed", 130)]

    synthetic.faults.set([])
    assert done(command("run", "--json"))["seasons"]["seen"] > 10


def test_a_season_listed_without_rounds_gets_them_from_its_own_schedule(synthetic, command, ask) -> None:
    synthetic.faults.set([{"endpoint": "series/seasons", "kind": "edit", "path": ["0", "schedules"], "delete": True}])

    result = done(command("run", "--json"))

    assert synthetic.calls["by_endpoint"]["series/season_schedule"] == 1
    assert ask("SELECT season_id FROM season WHERE is_stub") == []
    assert ask("SELECT season_id FROM season LEFT JOIN event USING (season_id) WHERE event IS NULL") == []
    assert result["api_calls"] == 8


@pytest.mark.empty_database
def test_the_demo_leaves_the_database_of_the_settings_alone(command, ask, environment, tmp_path) -> None:
    shown = command("demo", "--page", "season.html")

    assert shown.returncode == 0, shown.stderr
    assert "Second run, from the cache" in shown.stdout
    assert "open season.html in a browser" in shown.stdout
    assert '<table id="grid">' in (tmp_path / "season.html").read_text()
    assert ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'iracing'") == [(0,)]
    assert not Path(environment["IRACING_DATA_DIR"]).exists()


def test_a_catalogue_that_is_loaded_already_is_counted_and_only_a_refresh_loads_it_again(
    synthetic, command, ask
) -> None:
    first = done(command("run", "--json"))["tables"]
    ask("DELETE FROM car_class_member RETURNING 1")

    second = done(command("run", "--json"))["tables"]
    left = count(ask, "car_class_member")
    third = done(command("run", "--json", "--refresh"))["tables"]

    for table in ("sim_track", "car_class_member"):  # which hold no stubs
        assert second[table] == {"inserted": 0, "updated": 0, "unchanged": first[table]["inserted"], "removed": 0}
    assert left == 0
    assert (
        third["car_class_member"]["inserted"] == first["car_class_member"]["inserted"] == count(ask, "car_class_member")
    )


def test_rounds_that_somebody_deleted_come_back_and_are_no_change(synthetic, command, ask) -> None:
    done(command("run", "--json"))
    before = count(ask, "event")
    ask("DELETE FROM event WHERE race_week_num > 2 RETURNING 1")

    result = done(command("run", "--json", "--refresh"))

    assert count(ask, "event") == before
    assert count(ask, "event_time") > 0
    assert result["changes"] == {"past": 0, "current": 0, "future": 0}
    assert count(ask, "schedule_change") == 0
    assert done(command("run", "--json", "--refresh"))["seasons"]["changed"] == 0


def test_an_unchanged_night_leaves_hardly_a_trace_in_the_write_ahead_log(replay, command, ask) -> None:
    done(command("run", "--json"))
    [(before,)] = ask("SELECT pg_current_wal_insert_lsn()")

    done(command("run", "--json", "--offline"))

    [(written,)] = ask(f"SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '{before}')::int")
    assert 0 < written < 100_000
