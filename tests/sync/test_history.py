"""The past: one call for each quarter, whatever iRacing makes of them, and resumable wherever it broke off."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nights import Nights, nights
from remembered import RememberedWorld

from conftest import own_database

AUTUMN = datetime(2025, 9, 24, 9, tzinfo=UTC)
SINCE = 2024
QUARTERS = 7
"""2024 S1 to 2025 S3."""

ROUNDS = (
    "SELECT season_id, race_week_num, track_id, starts_at, ends_at, race_laps, race_minutes, removed_at "
    "FROM event WHERE NOT is_stub ORDER BY 1, 2"
)


@pytest.fixture
def world() -> RememberedWorld:
    return RememberedWorld()


@pytest.fixture
def past(world, database_url, tmp_path):
    with nights(world, database_url, tmp_path) as opened:
        yield opened


def loaded(server_url: str, tmp_path: Any, world: RememberedWorld, **options: Any) -> list[tuple[Any, ...]]:
    with own_database(server_url) as url, nights(world, url, tmp_path / "other") as opened:
        assert opened.run(AUTUMN, history=True, since=SINCE, **options).exit_code == 0
        return opened.rows(ROUNDS)


def calls(past: Nights) -> dict[str, int]:
    return {endpoint: count for endpoint, count in past.simulator.calls["by_endpoint"].items() if "s" in endpoint}


def test_a_quarter_costs_one_call_and_one_more_for_the_comparison(past) -> None:
    result = past.run(AUTUMN, history=True, since=SINCE)

    assert result.exit_code == 0
    assert result.api_calls == 2 * QUARTERS + 6
    assert calls(past)["series/seasons"] == calls(past)["season/list"] == QUARTERS
    assert past.rows("SELECT count(*), sum(lacking) FROM past_quarter") == [(QUARTERS, 0)]


def test_without_the_comparison_it_is_one_call(past) -> None:
    assert past.run(AUTUMN, history=True, since=SINCE, complete=False).api_calls == QUARTERS + 6
    assert past.rows("SELECT DISTINCT lacking FROM past_quarter") == [(None,)]

    past.run(AUTUMN, history=True, since=SINCE)
    assert past.rows("SELECT count(*), sum(lacking) FROM past_quarter") == [(QUARTERS, 0)]


def test_a_finished_quarter_is_never_asked_for_again(past) -> None:
    past.run(AUTUMN, history=True, since=SINCE)
    still_running = past.rows("SELECT season_year, season_quarter FROM past_quarter WHERE NOT is_over")
    past.simulator.reset_calls()

    past.run(AUTUMN + timedelta(days=40), history=True, since=SINCE)

    assert still_running == [(2025, 3), (2025, 1)]  # the last one, and the one whose year-long seasons still run
    assert calls(past)["series/seasons"] == calls(past)["season/list"] == 2
    assert past.rows("SELECT season_year, season_quarter FROM past_quarter WHERE NOT is_over") == [(2025, 1)]


def test_a_list_in_which_something_cannot_be_read_proves_nothing_and_is_asked_for_again(past) -> None:
    spoilt = {"endpoint": "season/list", "kind": "edit", "path": ["seasons", "0"], "value": []}
    past.simulator.faults.set([spoilt | {"times": 2}])

    first = past.run(AUTUMN, history=True, since=2025)
    healed = past.run(AUTUMN + timedelta(hours=1), history=True, since=2025)

    assert first.exit_code == 3
    assert first.seasons_named == first.seasons_stored + 2
    assert any("of the list" in one or "no schedule is stored of 1 of" in one for one in first.warnings)
    assert (healed.exit_code, healed.seasons_named) == (0, healed.seasons_stored)
    assert past.rows("SELECT count(*) FROM past_quarter WHERE lacking > 0") == [(0,)]


def test_a_refresh_asks_for_every_quarter_again_and_writes_nothing(past) -> None:
    past.run(AUTUMN, history=True, since=2025)
    past.simulator.reset_calls()

    again = past.run(AUTUMN + timedelta(hours=1), history=True, since=2025, refresh=True)

    assert calls(past)["series/seasons"] == 3
    assert not any(counts.written for counts in again.tables.values())
    assert again.changes == {"past": 0, "current": 0, "future": 0}


def test_quarters_without_schedules_are_completed_season_by_season_and_the_plan_changes(
    server_url, database_url, tmp_path, world
) -> None:
    with nights(RememberedWorld(past="without_schedules"), database_url, tmp_path) as bare:
        result = bare.run(AUTUMN, history=True, since=SINCE)

        assert result.exit_code == 0
        [warning] = result.warnings
        assert "3 quarters running, up to 2025 S1, came without schedules" in warning
        assert calls(bare)["series/seasons"] == 3
        assert calls(bare)["season/list"] == QUARTERS
        assert calls(bare)["series/season_schedule"] == result.seasons_seen
        assert bare.rows("SELECT count(*), sum(lacking) FROM past_quarter") == [(QUARTERS, 0)]
        assert bare.rows(ROUNDS) == loaded(server_url, tmp_path, world)


def test_what_a_quarter_lacks_is_completed(server_url, database_url, tmp_path, world) -> None:
    with nights(RememberedWorld(past="partial"), database_url, tmp_path) as patchy:
        result = patchy.run(AUTUMN, history=True, since=SINCE)

        assert (result.exit_code, result.warnings) == (0, [])
        assert result.seasons_changed == result.seasons_seen
        assert calls(patchy)["series/seasons"] == QUARTERS
        assert 0 < calls(patchy)["series/past_seasons"] <= 35
        assert patchy.rows(ROUNDS) == loaded(server_url, tmp_path, world)


def test_a_season_that_iracing_has_no_schedule_of_is_kept_as_a_stub_and_counted(database_url, tmp_path) -> None:
    with nights(RememberedWorld(past="partial"), database_url, tmp_path) as patchy:
        patchy.simulator.faults.set([{"endpoint": "series/season_schedule", "kind": "status:404"}])

        result = patchy.run(AUTUMN, history=True, since=2025)

        [(lacking,)] = patchy.rows("SELECT sum(lacking) FROM past_quarter")
        assert result.exit_code == 3
        assert len(result.warnings) == 3
        assert result.warnings[0].startswith("2025 S3: iRacing has no schedule for ")
        assert patchy.rows("SELECT count(*) FROM season WHERE is_stub") == [(lacking,)]
        assert lacking > 0 < patchy.rows("SELECT count(*) FROM event WHERE is_stub")[0][0]

        patchy.simulator.faults.clear()
        mended = patchy.run(AUTUMN + timedelta(hours=1), history=True, since=2025, refresh=True)
        assert mended.changes == {"past": 0, "current": 0, "future": 0}
        assert patchy.rows("SELECT count(*) FROM season WHERE is_stub") == [(0,)]


def test_a_budget_of_calls_is_spent_quarter_by_quarter(server_url, past, tmp_path, world) -> None:
    codes = []
    while not codes or codes[-1] == 5:
        codes.append(past.run(AUTUMN, history=True, since=SINCE, max_calls=6).exit_code)

    assert codes == [5, 5, 5, 0]
    assert past.rows(ROUNDS) == loaded(server_url, tmp_path, world)


def test_one_series_alone_leaves_the_quarters_to_be_loaded(past) -> None:
    result = past.run(AUTUMN, history=True, since=SINCE, series=frozenset({111}))

    assert result.seasons_seen == QUARTERS
    assert past.rows("SELECT DISTINCT series_id FROM season") == [(111,)]
    assert past.rows("SELECT count(*) FROM past_quarter") == [(0,)]


def test_a_season_whose_id_is_none_fails_alone(past) -> None:
    past.simulator.faults.set([{"endpoint": "series/seasons", "kind": "edit", "path": ["0", "season_id"], "value": []}])

    result = past.run(AUTUMN, history=True, since=2025)

    assert result.exit_code == 3
    assert result.seasons_failed == 3
    assert past.rows("SELECT count(*) FROM season") == [(result.seasons_seen - 3,)]
    assert past.rows("SELECT count(*) FROM past_quarter") == [(0,)]


def open_files(name: str) -> int:
    """Count how often this process has a file open."""
    found = 0
    for one in list(Path("/proc/self/fd").iterdir()):
        with suppress(FileNotFoundError):  # closed at this moment
            found += one.readlink().name == name
    return found


def test_however_many_documents_are_fetched_few_files_are_open(database_url, tmp_path) -> None:
    open_at_once = []

    with nights(RememberedWorld(past="active"), database_url, tmp_path) as opened:
        opened.run(
            AUTUMN,
            history=True,
            since=2025,
            parallel=4,
            progress=lambda *_: open_at_once.append(open_files("cache.db")),
        )

    assert len(open_at_once) > 50
    assert 1 <= max(open_at_once) <= 6  # of four threads, and those of the run itself
