"""Absent is not gone: what is concluded from a list that lacks something, and what is not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nights import Nights, nights
from remembered import RememberedWorld

from iracing_sync.changes.canonical import VERSION
from iracing_sync.quarters import Quarter

MAY = datetime(2025, 5, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)
QUIET = {"past": 0, "current": 0, "future": 0}
SEASON = 6
"""The place of a quarterly season in the list."""


@pytest.fixture
def spring(database_url, tmp_path) -> Iterator[Nights]:
    with nights(RememberedWorld(), database_url, tmp_path) as opened:
        yield opened


def without(*numbers: int, endpoint: str = "series/seasons") -> list[dict[str, Any]]:
    """Return faults that take entries out of a list, the last one first."""
    return [
        {"endpoint": endpoint, "kind": "edit", "path": [str(number)], "delete": True}
        for number in sorted(numbers, reverse=True)
    ]


def season_at(spring: Nights, number: int) -> dict[str, Any]:
    seasons: list[dict[str, Any]] = RememberedWorld().answer("series/seasons", {}, spring.at)
    return seasons[number]


def told(spring: Nights) -> list[tuple[Any, ...]]:
    return spring.rows("SELECT series_id, season_id, field, severity FROM schedule_change ORDER BY change_id")


def changes_of(spring: Nights, season_id: int) -> list[tuple[Any, ...]]:
    return spring.rows("SELECT field, old, new, severity FROM schedule_change WHERE season_id = :id", id=season_id)


def standing(spring: Nights, season_id: int) -> tuple[Any, ...]:
    [row] = spring.rows(
        "SELECT status, active, missing_since IS NOT NULL FROM season WHERE season_id = :season_id", season_id=season_id
    )
    return row


def times_changed(spring: Nights, season_id: int, at: datetime) -> set[tuple[bool, int]]:
    """Return how often the rounds of a season changed that are over at a moment (False), and the others (True)."""
    query = "SELECT DISTINCT ends_at > :at, times_changed FROM event WHERE season_id = :season_id"
    return set(spring.rows(query, at=at, season_id=season_id))


def test_a_season_is_withdrawn_after_the_grace_period_and_may_come_back(spring) -> None:
    spring.run(MAY)
    season_id = season_at(spring, SEASON)["season_id"]
    spring.simulator.faults.set(without(SEASON))

    spring.run(MAY + DAY)
    assert standing(spring, season_id) == ("running", True, True)
    spring.run(MAY + 21 * DAY)
    assert standing(spring, season_id) == ("running", True, True)
    spring.run(MAY + 22 * DAY)
    assert standing(spring, season_id) == ("withdrawn", False, True)
    assert times_changed(spring, season_id, MAY + 22 * DAY) == {(False, 0), (True, 1)}
    spring.run(MAY + 23 * DAY)

    spring.simulator.faults.clear()
    spring.run(MAY + 24 * DAY)
    assert standing(spring, season_id) == ("running", True, False)
    assert times_changed(spring, season_id, MAY + 24 * DAY) == {(False, 0), (True, 2)}
    spring.run(MAY + 25 * DAY)
    changes = [change for change in changes_of(spring, season_id) if change[0] == "status"]
    assert changes == [("status", "running", "withdrawn", "high"), ("status", "withdrawn", "running", "high")]


def test_a_season_that_is_back_in_time_was_never_gone(spring) -> None:
    spring.run(MAY)
    season_id = season_at(spring, SEASON)["season_id"]
    spring.simulator.faults.set(without(SEASON))
    spring.run(MAY + DAY)
    spring.simulator.faults.clear()
    spring.run(MAY + 2 * DAY)
    spring.simulator.faults.set(without(SEASON))
    spring.run(MAY + 22 * DAY)

    assert standing(spring, season_id) == ("running", True, True)
    assert [change for change in changes_of(spring, season_id) if change[0] == "status"] == []


def test_the_grace_period_is_a_setting(spring) -> None:
    spring.run(MAY)
    season_id = season_at(spring, SEASON)["season_id"]
    spring.simulator.faults.set(without(SEASON))
    spring.run(MAY + DAY, grace_days=2)
    spring.run(MAY + 3 * DAY, grace_days=2)

    assert standing(spring, season_id)[0] == "withdrawn"


def gone_series(spring: Nights) -> int:
    """Take one season and its series out of every list, and return the series."""
    season = season_at(spring, SEASON)
    spring.simulator.faults.set(without(SEASON) + without(SEASON, endpoint="series/get"))
    return int(season["series_id"])


def test_of_a_series_nothing_is_concluded_from_an_entry_that_cannot_be_read(spring) -> None:
    spring.run(MAY)
    spring.simulator.faults.set([{"endpoint": "series/get", "kind": "edit", "path": [str(SEASON)], "value": []}])

    for day in (1, 2, 40):
        assert spring.run(MAY + day * DAY, refresh=True).exit_code == 3

    assert spring.rows("SELECT count(*) FROM series WHERE missing_since IS NOT NULL OR retired_at IS NOT NULL") == [
        (0,)
    ]
    assert "missing_since" not in {field for _, _, field, _ in told(spring)}


def stats(spring: Nights, series_id: int, *, active: bool) -> None:
    """Let `series/stats_series` say of a series whether it is active."""
    listed = RememberedWorld().answer("series/stats_series", {}, spring.at)
    body = [{**one, "active": active if one["series_id"] == series_id else one["active"]} for one in listed]
    spring.simulator.faults.set({"endpoint": "series/stats_series", "kind": "replace", "body": body})


def of_series(spring: Nights, series_id: int) -> tuple[Any, ...]:
    [row] = spring.rows(
        "SELECT missing_since IS NOT NULL, retired_at IS NOT NULL, active FROM series WHERE series_id = :id",
        id=series_id,
    )
    return row


def test_a_series_that_iracing_calls_inactive_is_retired_at_once_and_comes_back(spring) -> None:
    spring.run(MAY)
    series_id = gone_series(spring)
    stats(spring, series_id, active=False)

    result = spring.run(MAY + DAY)
    assert of_series(spring, series_id) == (True, True, False)
    assert result.api_calls == 3
    assert spring.run(MAY + 2 * DAY).api_calls == 2

    spring.simulator.faults.clear()
    spring.run(MAY + 3 * DAY)
    assert of_series(spring, series_id) == (False, False, True)
    fields = [(field, severity) for one, season, field, severity in told(spring) if (one, season) == (series_id, None)]
    assert fields == [("missing_since", "low"), ("retired_at", "high"), ("retired_at", "high")]


def test_a_series_that_iracing_calls_active_waits_for_the_grace_period(spring) -> None:
    spring.run(MAY)
    series_id = gone_series(spring)
    stats(spring, series_id, active=True)

    costs = [spring.run(MAY + number * DAY).api_calls for number in range(1, 7)]
    assert of_series(spring, series_id) == (True, False, True)
    assert costs == [3, 2, 2, 2, 2, 2]

    spring.run(MAY + 22 * DAY)
    assert of_series(spring, series_id) == (True, True, False)


def test_where_active_means_that_a_season_runs_just_now_it_is_no_reason_to_retire(database_url, tmp_path) -> None:
    with nights(RememberedWorld(active_means="running"), database_url, tmp_path) as opened:
        opened.run(MAY)
        series_id = gone_series(opened)
        opened.run(MAY + DAY)
        assert of_series(opened, series_id) == (True, False, True)

        opened.run(MAY + 22 * DAY)
        assert of_series(opened, series_id) == (True, True, False)


def test_without_stats_series_only_the_grace_period_counts(spring) -> None:
    spring.run(MAY)
    series_id = gone_series(spring)
    spring.simulator.faults.set({"endpoint": "series/stats_series", "kind": "status:404"})

    result = spring.run(MAY + DAY)

    assert (result.exit_code, result.warnings) == (0, [])
    assert of_series(spring, series_id) == (True, False, True)


@pytest.mark.parametrize(
    ("options", "faults"),
    [
        ({"series": frozenset({101})}, []),
        ({"quarters": (Quarter(2025, 2),)}, []),
        ({"offline": True}, []),
        ({}, [{"endpoint": "series/seasons", "kind": "cut"}]),
        ({}, [{"endpoint": "series/get", "kind": "html"}]),
        ({}, [{"endpoint": "series/seasons", "kind": "edit", "path": ["3", "season_id"], "delete": True}]),
        ({}, [{"endpoint": "series/seasons", "kind": "edit", "path": ["3", "season_id"], "value": []}]),
        ({}, [{"endpoint": "series/seasons", "kind": "edit", "path": ["3", "schedules"], "value": "none"}]),
        ({}, [{"endpoint": "series/seasons", "kind": "replace", "body": []}]),
        ({"max_calls": 1}, []),
    ],
    ids=[
        "filtered",
        "a quarter",
        "offline",
        "cut",
        "series at fault",
        "no id",
        "an id that is none",
        "a season at fault",
        "empty",
        "budget",
    ],
)
def test_nothing_is_concluded_from_a_list_that_is_not_whole(spring, options, faults) -> None:
    spring.run(MAY)
    season_id, series_id = (season_at(spring, SEASON)[key] for key in ("season_id", "series_id"))
    spring.simulator.faults.set(faults + without(SEASON) + without(SEASON, endpoint="series/get"))
    if faults and faults[0]["kind"] == "replace":
        spring.simulator.faults.set(faults)

    spring.run(MAY + DAY, **options)

    assert standing(spring, season_id) == ("running", True, False)
    assert of_series(spring, series_id) == (False, False, True)


def test_an_old_list_from_the_cache_is_left_alone(spring, database_url, tmp_path) -> None:
    spring.run(MAY)
    with nights(RememberedWorld(), database_url, tmp_path / "elsewhere") as other:
        other.run(MAY + 20 * DAY)
    before = spring.rows("SELECT max(last_changed_at), count(*) FROM event")

    result = spring.run(MAY + 20 * DAY, offline=True)

    assert "is older than the one of 2025-05-21 05:00 UTC that was loaded" in result.warnings[0]
    assert result.changes == QUIET
    assert spring.rows("SELECT max(last_changed_at), count(*) FROM event") == before


def test_a_shrunken_list_is_not_believed_until_it_stays_so_for_the_grace_period(spring) -> None:
    spring.run(MAY)
    spring.simulator.faults.set(without(*range(4, 20)) + without(*range(4, 20), endpoint="series/get"))

    warned = [number for number in range(1, 26) if spring.run(MAY + number * DAY).warnings]

    assert warned == list(range(1, 22))
    assert spring.rows("SELECT count(*) > 10 FROM series WHERE missing_since IS NOT NULL") == [(True,)]


def test_another_version_of_the_canonical_form_sets_a_new_baseline_and_reports_nothing(spring) -> None:
    spring.run(MAY)
    spring.rows("UPDATE season SET schedule_hash_version = 0, schedule_hash = 'old' RETURNING 1")
    edit = {"path": [str(SEASON), "schedules", "11", "race_lap_limit"], "value": 99}
    spring.simulator.faults.set([{"endpoint": "series/seasons", "kind": "edit", **edit}])

    result = spring.run(MAY + timedelta(hours=1), refresh=True)

    assert result.changes == QUIET
    assert spring.rows("SELECT DISTINCT schedule_hash_version FROM season") == [(VERSION,)]
    assert result.tables["event"].updated == 1
    assert spring.run(MAY + timedelta(hours=2), refresh=True).seasons_changed == 0


def test_a_release_of_the_api_brings_columns_and_no_changes(spring) -> None:
    spring.run(datetime(2024, 3, 5, 5, tzinfo=UTC))
    assert spring.rows("SELECT count(precip_chance_pct) FROM event") == [(0,)]

    result = spring.run(datetime(2024, 3, 6, 5, tzinfo=UTC))

    assert result.changes == QUIET
    assert result.seasons_changed == result.seasons_seen
    assert spring.rows("SELECT count(*) - count(precip_chance_pct) FROM event") == [(0,)]
    assert spring.rows("SELECT count(*) FROM event WHERE category IN ('sports_car', 'formula_car')") > [(0,)]
    assert ("$[].schedules[].category",) in spring.rows("SELECT path FROM schema_drift WHERE kind = 'appeared'")


def test_a_class_that_gains_a_car_opens_the_rounds_to_come_and_no_past_one(spring) -> None:
    spring.run(MAY)
    season = season_at(spring, SEASON)
    [car_class_id] = season["car_class_ids"]
    classes = RememberedWorld().answer("carclass/get", {}, MAY)
    place = [one["car_class_id"] for one in classes].index(car_class_id)
    path = [str(place), "cars_in_class", "0", "car_id"]
    driven = "SELECT car_id FROM event_car WHERE season_id = :season_id"
    [(new,)] = spring.rows(
        f"SELECT max(car_id) FROM sim_car WHERE car_id NOT IN ({driven})", season_id=season["season_id"]
    )
    spring.simulator.faults.set([{"endpoint": "carclass/get", "kind": "edit", "path": path, "value": new}])

    spring.run(MAY + timedelta(hours=1), refresh=True)

    rounds = spring.rows(
        "SELECT ends_at <= :at, count(*) FROM event JOIN event_car USING (season_id, race_week_num) "
        "WHERE season_id = :season_id AND car_id = :car_id GROUP BY 1",
        at=MAY,
        season_id=season["season_id"],
        car_id=new,
    )
    assert [is_past for is_past, _ in rounds] == [False]
    [(field, series_id, said, was)] = spring.rows("SELECT field, series_id, sentence, old FROM schedule_change")
    assert (field, series_id, was["car_class_id"]) == ("class_cars", None, car_class_id)
    assert "in: " in said
    assert "; out: " in said
