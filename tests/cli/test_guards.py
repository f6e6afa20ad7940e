"""What bounds a run: the plan of calls, the call budget, drift, what changes and who is told."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from results import done, written

MOVED = {"track_id": 111, "track_name": "Amberfield Circuit", "category": "oval", "category_id": 1}


SPRING = datetime(2025, 5, 14, 9, tzinfo=UTC)
"""The world's moment, in the ninth week of a quarter."""


def edit(path: list[str], value: Any) -> dict[str, Any]:
    return {"endpoint": "series/seasons", "kind": "edit", "path": path, "value": value}


def test_the_plan_tells_what_a_run_asks_and_asks_nothing(synthetic, command, monkeypatch) -> None:
    with monkeypatch.context() as spring:
        spring.setattr("iracing_sync.settings.now", lambda: SPRING)
        plan = json.loads(command("plan", "--json").stdout)

    assert (plan["calls"], plan["cached"]) == (7, 0)
    assert synthetic.calls["data"] == 0
    assert done(command("run", "--json"))["api_calls"] == plan["calls"]
    assert json.loads(command("plan", "--json").stdout)["calls"] == 0
    assert "0 calls, 7 documents from the cache" in command("plan").stdout
    monkeypatch.setattr("iracing_sync.settings.now", lambda: SPRING)
    assert json.loads(command("plan", "--json", "--refresh").stdout)["calls"] == 7


def test_the_plan_of_the_past_has_two_calls_for_each_quarter(synthetic, command) -> None:
    plan = json.loads(command("plan", "--history", "--since", "2024", "--json").stdout)
    bare = json.loads(command("plan", "--history", "--since", "2024", "--no-verify", "--json").stdout)

    quarters = [one for one in plan["documents"] if one["endpoint"] == "series/seasons"]
    assert quarters[-1]["params"] == {"season_year": 2024, "season_quarter": 1}
    assert plan["calls"] == 2 * len(quarters) + 6
    assert bare["calls"] == len(quarters) + 6


def test_a_budget_of_calls_is_kept_and_the_next_run_goes_on(synthetic, command, ask) -> None:
    first = done(command("run", "--max-calls", "2", "--json"), 5)

    assert first["api_calls"] == 2
    assert "--max-calls" in first["warnings"][-1]
    assert first["tables"]["season"]["inserted"] == first["seasons"]["seen"] > 20

    second = done(command("run", "--max-calls", "4", "--json"))  # none is left for lookup/current_season

    assert (second["api_calls"], second["cache_hits"]) == (4, 2)
    assert ask(
        "SELECT count(*) FROM event e LEFT JOIN event_car c USING (season_id, race_week_num) WHERE c IS NULL"
    ) == [(0,)]
    assert second["changes"] == {"past": 0, "current": 0, "future": 0}


def test_a_budget_of_none_asks_nothing(synthetic, command) -> None:
    assert done(command("run", "--max-calls", "0", "--json"), 5)["api_calls"] == 0
    assert synthetic.calls["data"] == 0


def test_an_unknown_field_is_kept_noted_and_said_once(synthetic, command, ask) -> None:
    synthetic.faults.set([edit(["0", "shiny_new_flag"], True), edit(["1", "schedules", "2", "tyre_wear"], 1.5)])

    first = done(command("run", "--json"))
    [warning] = first["warnings"]
    assert "$[].shiny_new_flag" in warning
    assert "$[].schedules[].tyre_wear" in warning
    assert ask("SELECT path, kind FROM schema_drift WHERE kind = 'unknown' ORDER BY path") == [
        ("$[].schedules[].tyre_wear", "unknown"),
        ("$[].shiny_new_flag", "unknown"),
    ]
    assert ask("SELECT count(*) FROM season WHERE settings->>'shiny_new_flag' = 'true'") == [(1,)]
    assert ask("SELECT settings->'tyre_wear' FROM event WHERE settings ? 'tyre_wear'") == [(1.5,)]

    synthetic.faults.set([edit(["0", "shiny_new_flag"], False)])
    again = done(command("run", "--refresh", "--json"))
    assert again["warnings"] == []
    assert again["changes"] == {"past": 0, "current": 0, "future": 0}
    assert ask("SELECT count(*) FROM season WHERE settings->>'shiny_new_flag' = 'false'") == [(1,)]


def test_drift_may_be_made_to_stop_the_run_before_anything_is_written(synthetic, command, ask) -> None:
    synthetic.faults.set([edit(["0", "shiny_new_flag"], True)])

    result = done(command("run", "--on-drift", "fail", "--json"), 8)

    assert "$[].shiny_new_flag is unknown" in result["warnings"][0]
    assert written(result) == 0
    assert ask("SELECT count(*) FROM season") == ask("SELECT count(*) FROM series") == [(0,)]


def test_a_needed_field_that_vanishes_is_drift(synthetic, command, ask) -> None:
    synthetic.faults.set(
        [{"endpoint": "series/get", "kind": "replace", "body": [{"series_id": 101, "category": "oval"}]}]
    )

    result = done(command("run", "--json"), 3)

    assert any("$[].series_name is gone" in warning for warning in result["warnings"])
    assert ask("SELECT path FROM schema_drift WHERE kind = 'vanished'") == [("$[].series_name",)]


def test_changes_read_as_sentences(synthetic, command) -> None:
    done(command("run", "--json"))
    synthetic.faults.set(
        [edit(["4", "schedules", "11", "track"], MOVED), edit(["5", "schedules", "3", "start_type"], "Standing")]
    )

    result = done(command("run", "--refresh", "--json"))

    assert sum(result["changes"].values()) == 2
    shown = command("changes", "--all").stdout
    assert " moves from " in shown
    assert "start type Standing instead of Rolling" in shown
    assert shown.endswith(" UTC\n")
    high = json.loads(command("changes", "--severity", "high", "--json").stdout)["changes"]
    [moved] = high
    assert (moved["field"], moved["race_week_num"], moved["new"]) == ("track_id", 11, 111)
    assert command("changes", "--series", "999").returncode == 2
    of_none = next(name for name in ("kettle", "clay") if name not in str(high).lower())
    assert json.loads(command("changes", "--json", "--series", of_none).stdout)["changes"] == []
    assert len(command("changes", "--csv").stdout.splitlines()) == 1 + len(
        json.loads(command("changes", "--json").stdout)["changes"]
    )
    assert json.loads(command("changes", "--json", "--since", "2000-01-01").stdout)["changes"][0]["old"]
    assert done(command("run", "--refresh", "--json"))["changes"] == {"past": 0, "current": 0, "future": 0}
    assert command("changes", "--since", "yesterday").returncode == 2


def test_the_schedule_of_a_quarter_has_the_seasons_that_run_in_it(synthetic, command) -> None:
    done(command("run", "--json"))
    quarter = ("--year", "2025", "--quarter", "2")

    running = json.loads(command("schedule", *quarter, "--json").stdout)["rounds"]
    tagged = json.loads(command("schedule", *quarter, "--tagged", "--json").stdout)["rounds"]

    names = {one["season_name"] for one in running} - {one["season_name"] for one in tagged}
    assert len(names) >= 3
    assert all(name.endswith("2025 Season") for name in names)
    assert command("schedule", *quarter).stdout.endswith(f"{len(running)} rounds in 2025 S2\n")


@pytest.mark.empty_database
def test_reading_an_empty_schema_says_what_to_do(command) -> None:
    completed = command("changes")

    assert completed.returncode == 6
    assert "`iracing-sync run` fills it" in completed.stderr


def test_a_complete_quarter_is_verified_and_a_gap_is_named(synthetic, command, ask) -> None:
    quarter = ("--year", "2024", "--quarter", "3")
    done(command("run", "--json", *quarter))
    synthetic.reset_calls()

    verdict = json.loads(command("verify", *quarter, "--json").stdout)
    assert verdict["complete"]
    assert verdict["stored"] == verdict["listed"] > 20
    assert synthetic.calls["data"] == 0  # the run has asked for the list already
    assert json.loads(command("verify", *quarter, "--json", "--refresh").stdout) == verdict
    assert synthetic.calls["by_endpoint"] == {"season/list": 1}

    [(season_id, name)] = ask(
        "WITH gone AS (DELETE FROM event WHERE season_id = (SELECT min(season_id) FROM season) RETURNING season_id) "
        "SELECT DISTINCT season_id, name FROM gone JOIN season USING (season_id)"
    )
    completed = command("verify", *quarter)
    assert completed.returncode == 3
    assert f"without schedule: {season_id} {name}".strip() in completed.stdout


def test_an_empty_list_verifies_nothing(synthetic, command) -> None:
    quarter = ("--year", "2024", "--quarter", "3")
    synthetic.faults.set([{"endpoint": "season/list", "kind": "replace", "body": {"seasons": []}}])
    completed = command("verify", *quarter)
    assert completed.returncode == 3
    assert "which proves nothing" in completed.stdout

    synthetic.faults.set([])
    done(command("run", "--json", *quarter))

    assert json.loads(command("verify", *quarter, "--json").stdout)["complete"]


def test_another_program_is_told_of_the_high_changes_to_come(synthetic, command, receiver) -> None:
    url = f"http://127.0.0.1:{receiver.server_port}/hook?token=secret-word"
    synthetic.at += timedelta(days=1)
    done(command("run", "--json", "--notify-url", url))
    assert receiver.posted == []

    body = {"start_date": "2099-01-05", "week_end_time": "2099-01-11T23:45:00Z", "race_lap_limit": 99}
    path = ["4", "schedules", "11"]
    synthetic.faults.set([edit([*path, key], value) for key, value in body.items()])
    receiver.status = 500
    result = done(command("run", "--json", "--refresh", "--notify-url", url))

    [told] = receiver.posted
    assert told["run_id"] == result["run_id"]
    assert {(change["field"], change["severity"]) for change in told["changes"]} == {("race_laps", "high")}
    assert "99 laps instead of" in told["changes"][0]["sentence"]
    [warning] = result["warnings"]
    assert "HTTPStatusError 500" in warning
    assert "secret-word" not in warning
