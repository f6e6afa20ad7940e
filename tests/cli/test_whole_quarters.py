"""A quarter is whole or said not to be: against an iRacing that lists of a quarter only what is active."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from remembered import RememberedWorld
from results import done, written

from iracing_sync.simulator import Simulator

LAST_WEEK = datetime(2025, 9, 9, 22, 28, tzinfo=UTC)
QUARTER = ("--year", "2025", "--quarter", "3")
GROUND = 5
"""So many calls are made for series and catalogues."""


@pytest.fixture
def active(environment) -> Iterator[Simulator]:
    with Simulator(RememberedWorld(past="active"), at=LAST_WEEK, rate_limit=10**6) as simulator:
        environment |= simulator.environment()
        yield simulator


def stored(ask: Callable[[str], list[tuple[Any, ...]]], year: int, quarter: int) -> int:
    tagged = f"season_year = {year} AND season_quarter = {quarter} AND NOT is_stub"
    [(number,)] = ask(f"SELECT count(*) FROM season WHERE {tagged}")
    return int(number)


def test_the_quarter_is_whole_though_iracing_lists_a_part_of_it(active, command, ask) -> None:
    result = done(command("run", "--json", *QUARTER))

    seasons, calls = result["seasons"], active.calls["by_endpoint"]
    listed = ask("SELECT count(*) FROM season WHERE season_quarter = 3 AND active")
    assert seasons["named"] == seasons["stored"] == stored(ask, 2025, 3) == 29
    assert listed == [(4,)]
    assert calls["series/season_schedule"] == 25
    assert calls["series/past_seasons"] == 25
    assert result["api_calls"] == GROUND + 2 + 50 == sum(calls.values())
    assert result["warnings"] == []
    assert ask(
        "SELECT count(*) FROM event e LEFT JOIN event_car c USING (season_id, race_week_num) WHERE c IS NULL"
    ) == [(0,)]


@pytest.mark.parametrize("between", [[], ["DELETE FROM loaded_documents RETURNING 1"]])
def test_again_it_costs_no_call_and_says_the_same(active, command, ask, between) -> None:
    first = done(command("run", "--json", *QUARTER))
    active.reset_calls()
    for statement in between:
        ask(statement)

    again = done(command("run", "--json", *QUARTER))

    assert active.calls["data"] == again["api_calls"] == written(again) == 0
    assert again["seasons"] == {**first["seasons"], "changed": 0, "unchanged": first["seasons"]["seen"]}
    assert again["tables"]["event"]["unchanged"] == first["tables"]["event"]["inserted"]
    assert "29 of 29 seasons" in command("run", *QUARTER).stdout


def test_a_year_later_only_the_two_lists_of_a_quarter_that_ran_are_asked_for(active, command, ask, environment) -> None:
    done(command("run", "--json", "--year", "2024", "--quarter", "3"))
    active.reset_calls()
    environment["IRACING_CACHE_TTL"] = "0"

    again = done(command("run", "--json", "--year", "2024", "--quarter", "3"))

    assert again["seasons"]["named"] == again["seasons"]["stored"] == 28
    assert not {"season/list", "series/seasons", "series/season_schedule"} & active.calls["by_endpoint"].keys()


def test_killed_several_times_it_goes_on_where_it_was(active, command, started, ask) -> None:
    asked = 0
    for _ in range(4):
        running = started("run", "--json", *QUARTER)
        while active.calls["data"] < asked + 12:
            assert running.poll() is None
            time.sleep(0.005)
        running.send_signal(signal.SIGKILL)
        running.wait()
        asked = active.calls["data"]

    result = done(command("run", "--json", *QUARTER))

    assert result["seasons"]["stored"] == result["seasons"]["named"] == stored(ask, 2025, 3) == 29
    calls = active.calls["by_endpoint"]
    assert calls["season/list"] == calls["series/seasons"] == 1
    assert calls["series/season_schedule"] + calls["series/past_seasons"] <= 50 + 4 * 4  # what was under way


def test_a_budget_of_calls_is_kept_and_the_next_run_goes_on(active, command, ask) -> None:
    codes, calls = [], 0
    while not codes or codes[-1] == 5:
        ran = command("run", "--json", "--max-calls", "20", *QUARTER)
        codes.append(ran.returncode)
        calls += json.loads(ran.stdout)["api_calls"]

    assert codes == [5, 5, 0]
    assert calls == GROUND + 2 + 50
    assert stored(ask, 2025, 3) == 29


def test_what_is_missing_at_the_end_is_said_with_exit_three(active, command, ask) -> None:
    active.faults.set([{"endpoint": "series/season_schedule", "kind": "status:404"}])

    result = done(command("run", "--json", *QUARTER), 3)

    assert result["warnings"] == ["2025 S3: iRacing has no schedule for 25 of 29 seasons"]
    assert (result["seasons"]["named"], result["seasons"]["stored"]) == (29, 4)
    active.faults.clear()
    assert done(command("run", "--json", *QUARTER))["seasons"]["stored"] == 29


def test_the_list_alone_can_be_had(active, command, ask) -> None:
    result = done(command("run", "--json", "--no-complete", *QUARTER))

    assert "named" not in result["seasons"]
    assert active.calls["by_endpoint"].keys().isdisjoint({"season/list", "series/season_schedule"})


def test_several_quarters_are_made_whole_in_one_run(active, command, ask) -> None:
    result = done(command("run", "--json", "--quarter", "2024Q4", "--quarter", "2024q3", "--quarter", "2024Q4"))

    assert (
        result["seasons"]["named"] == result["seasons"]["stored"] == stored(ask, 2024, 3) + stored(ask, 2024, 4) == 56
    )
    assert active.calls["by_endpoint"]["season/list"] == 2
    assert ask("SELECT season_quarter, is_over, listed FROM past_quarter ORDER BY 1") == [(3, True, 0), (4, True, 0)]
    assert done(command("run", "--json", "--year", "2024", "--quarter", "3", "--quarter", "4"))["api_calls"] == 0


def test_the_plan_counts_what_a_list_lacks_once_it_is_at_hand(active, command) -> None:
    before = json.loads(command("plan", "--json", *QUARTER).stdout)
    assert before["calls"] == GROUND + 2
    assert before["more_calls"]["least"] == 0
    assert before["more_calls"]["most"] >= 50

    done(command("run", "--json", "--max-calls", "20", *QUARTER), 5)
    plan = json.loads(command("plan", "--json", *QUARTER).stdout)
    assert plan["more_calls"] == {"least": 0, "most": 0}

    assert done(command("run", "--json", *QUARTER))["api_calls"] == plan["calls"] > 30


def test_the_past_is_planned_by_what_earlier_runs_have_learnt(active, command, ask) -> None:
    active.at = datetime.now(UTC)
    history = ("--history", "--since", "2024")
    first = command("run", "--json", "--max-calls", "300", *history)
    assert done(first, 5)["warnings"][0].startswith("3 quarters running")
    assert "how much of a quarter iRacing lists is not known yet; in all between" in first.stderr
    active.reset_calls()

    plan = json.loads(command("plan", "--json", *history).stdout)
    second = command("run", "--json", *history)

    assert "iRacing lists none of a quarter (0 of" in second.stderr
    assert done(second)["warnings"] == []
    assert "series/seasons" not in active.calls["by_endpoint"]
    assert plan["more_calls"]["least"] == plan["more_calls"]["most"] > 0
    assert ask("SELECT sum(lacking) FROM past_quarter") == [(0,)]
