"""One bad season, or one bad row of a catalogue, never costs its neighbours: whatever it holds."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hostile import SpoiltWorld, nested, spoilt
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from nights import Nights, nights
from remembered import RememberedWorld

from iracing_sync.result import Result
from iracing_sync.tables.views import VIEWS

pytestmark = pytest.mark.xdist_group("one-bad-thing")

AT = datetime(2025, 5, 14, 9, tzinfo=UTC)
EXAMPLES = int(os.environ.get("FUZZ_DOCUMENTS", "15"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
SEASONS = "series/seasons"
LISTS = {
    SEASONS: ("season", "season_id", "season_name", "name"),
    "series/get": ("series", "series_id", "series_name", "name"),
    "track/get": ("sim_layout", "track_id", "track_name", "name"),
    "car/get": ("sim_car", "car_id", "car_name", "name"),
    "carclass/get": ("car_class", "car_class_id", "name", "name"),
}
"""By endpoint: its table, its key, and the name of a thing in the document and in the table."""


class Hostile:
    """A world that can be spoilt, and the runs against it."""

    def __init__(self, world: SpoiltWorld, runs: Nights) -> None:
        self.world = world
        self.runs = runs
        self._nights = 0

    def run(self, endpoint: str, entry: Any, *more: Any) -> Result:
        """Run with something in the place of the first entry of a list; the neighbours have other names each time."""
        self._nights += 1
        _, key, name, column = LISTS[endpoint]
        neighbours = [one | {name: f"{one[name]} {self._nights}"} for one in self.world.list(endpoint)[1:]]
        self.world.instead = {endpoint: [entry, *more, *neighbours]}
        try:
            result = self.runs.run(AT + timedelta(hours=self._nights), refresh=True)
        finally:
            self.world.instead = {}
        table = LISTS[endpoint][0]
        stored = dict(self.runs.rows(f"SELECT {key}, {column} FROM {table}"))
        lost = [one[key] for one in neighbours if stored.get(one[key]) != one[name]]
        assert not lost, result.warnings
        for view in VIEWS:
            self.runs.rows(f"SELECT * FROM {view}")
        return result

    def first(self, endpoint: str = SEASONS, **said: Any) -> dict[str, Any]:
        return self.world.list(endpoint)[0] | said

    def first_round(self, **said: Any) -> dict[str, Any]:
        season = self.first()
        season["schedules"][0] |= said
        return season


@pytest.fixture(scope="module")
def hostile(server_url: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    from conftest import own_database

    world = SpoiltWorld(RememberedWorld(), AT)
    folder: Path = tmp_path_factory.mktemp("hostile")
    with own_database(server_url, migrated) as url, nights(world, url, folder) as runs:
        assert runs.run(AT).exit_code == 0
        yield Hostile(world, runs)


@seed(SEED)
@settings(max_examples=EXAMPLES, derandomize=False, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_one_thing_holds_its_neighbours_are_stored(hostile: Hostile, data: st.DataObject) -> None:
    endpoint = data.draw(st.sampled_from([SEASONS, *LISTS]))
    result = hostile.run(endpoint, data.draw(spoilt(hostile.first(endpoint))))

    assert (result.exit_code, result.has_ended) in ((0, True), (3, True)), result.warnings


def parts_of(season: dict[str, Any]) -> Iterator[tuple[str | int, ...]]:
    """Yield where lists and objects stand in a season and in its first round, and that round."""
    yield ("schedules", 0)
    yield from ((key,) for key, value in season.items() if isinstance(value, list | dict))
    first = season["schedules"][0]
    yield from (("schedules", 0, key) for key, value in first.items() if isinstance(value, list | dict))


@pytest.mark.parametrize("value", [7, None])
def test_a_part_of_another_kind_costs_no_more_than_its_season(hostile: Hostile, value) -> None:
    paths = list(parts_of(hostile.first()))
    assert len(paths) > 10
    for path in paths:
        season = hostile.first()
        place: Any = season
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

        result = hostile.run(SEASONS, season)

        assert result.has_ended, (path, result.warnings)
        assert result.seasons_failed <= 1


TIMES = {"repeating": True, "start_date": "2025-05-13", "first_session_time": "00:45:00", "repeat_minutes": 120}
RESTRICTION = {"car_id": 1, "power_adjust_pct": 1e308, "weight_penalty_kg": 1e308}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"start_date": "9999-12-31"}, "schedules[0].start_date"),
        ({"start_date": "0001-01-01T00:00:00+14:00"}, "schedules[0].start_date"),
        ({"track": None}, "schedules[0].track"),
        ({"race_week_num": 2**40}, "schedules[0].race_week_num"),
        ({"race_week_num": 100}, "schedules[0].race_week_num"),
        ({"race_week_num": -1}, "schedules[0].race_week_num"),
    ],
)
def test_a_round_at_fault_costs_its_season_and_is_named_by_its_path(hostile: Hostile, said, words) -> None:
    result = hostile.run(SEASONS, hostile.first_round(**said))

    assert (result.exit_code, result.seasons_failed) == (3, 1)
    assert words in " ".join(result.warnings)


@pytest.mark.parametrize("said", [{"unknown": 1}, {"nul\0": "a\0b"}, {"start_date": None}, {"drops": 12.0}])
def test_a_trifle_costs_nothing(hostile: Hostile, said) -> None:
    result = hostile.run(SEASONS, hostile.first(**said))

    assert (result.exit_code, result.seasons_failed) == (0, 0), result.warnings


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"race_time_descriptors": [{**TIMES, "day_offset": [99999999]}]}, "race_time_descriptors[0].day_offset[0]"),
        ({"race_time_descriptors": [{**TIMES, "session_minutes": -(2**31)}]}, "descriptors[0].session_minutes"),
        ({"race_time_descriptors": [{**TIMES, "end_offset_minutes": 2**31}]}, "descriptors[0].end_offset_minutes"),
        ({"weather": {"weather_summary": {"precip_chance": 101}}}, "weather_summary.precip_chance"),
        ({"weather": {"temp_units": 7, "temp_value": 20}}, "weather.temp_units"),
        ({"car_restrictions": [{"car_id": 1, "max_pct_fuel_fill": 250}]}, "car_restrictions[0].max_pct_fuel_fill"),
    ],
)
def test_a_value_beyond_what_it_can_be_is_left_out_and_named(hostile: Hostile, said, path) -> None:
    result = hostile.run(SEASONS, hostile.first_round(**said))

    assert (result.exit_code, result.seasons_failed) == (0, 0), result.warnings
    assert hostile.runs.rows(f"SELECT kind FROM schema_drift WHERE path LIKE '%{re.sub('[0-9]', '', path)}'") == [
        ("misfit",)
    ]


@pytest.mark.parametrize("every", [{"repeat_minutes": 0}, {}, {"repeat_minutes": -30}])
def test_without_a_repeat_there_is_one_session_a_day(hostile: Hostile, every) -> None:
    times = {"repeating": True, "start_date": "2025-05-13", "first_session_time": "00:45:00", "session_minutes": 60}
    result = hostile.run(SEASONS, hostile.first_round(race_time_descriptors=[{**times, "day_offset": [0, 1], **every}]))

    assert (result.exit_code, result.seasons_failed) == (0, 0), result.warnings
    first = hostile.first()
    found = "SELECT count(*) FROM session_schedule WHERE season_id = {season_id} AND race_week_num = 0"
    assert hostile.runs.rows(found.format(**first)) == [(2,)]


def test_no_session_times_and_the_largest_of_numbers_are_stored(hostile: Hostile) -> None:
    none = {"repeating": False, "session_minutes": 60, "session_times": []}
    result = hostile.run(SEASONS, hostile.first_round(race_time_descriptors=[none], car_restrictions=[RESTRICTION]))

    assert (result.exit_code, result.seasons_failed) == (0, 0), result.warnings
    assert hostile.runs.rows("SELECT power_adjust_pct = 1e308::numeric FROM car_restriction WHERE car_id = 1") == [
        (True,)
    ]


def test_what_is_deeper_than_anything_costs_its_season_alone(hostile: Hostile) -> None:
    deep = orjson.dumps(hostile.first())[:-1] + b',"deep":' + nested(500) + b"}"

    result = hostile.run(SEASONS, orjson.Fragment(deep))

    assert (result.exit_code, result.seasons_failed) == (3, 1)
    assert "series/seasons: $[0]: " in " ".join(result.warnings)


@pytest.mark.parametrize("endpoint", LISTS)
def test_a_null_in_a_list_costs_that_entry(hostile: Hostile, endpoint) -> None:
    result = hostile.run(endpoint, None)

    assert result.exit_code == 3
    assert f"{endpoint}: $[0]: expected an object, not None" in result.warnings


@pytest.mark.parametrize("endpoint", LISTS)
def test_a_lone_surrogate_and_bytes_that_are_no_utf8_cost_a_character(hostile: Hostile, endpoint) -> None:
    _, key, name, column = LISTS[endpoint]
    entry = hostile.first(endpoint)
    written = orjson.dumps(entry | {name: "HERE"}).replace(b"HERE", rb"Ring \ud800" + b" \xff")

    result = hostile.run(endpoint, orjson.Fragment(written))

    assert result.exit_code == 0, result.warnings
    table = LISTS[endpoint][0]
    found = hostile.runs.rows(f"SELECT {column} FROM {table} WHERE {key} = {entry[key]}")
    assert found == [("Ring \ufffd \ufffd",)]


@pytest.mark.parametrize("endpoint", LISTS)
def test_what_is_listed_twice_and_differs_is_kept_as_it_was_on_every_run(hostile: Hostile, endpoint) -> None:
    table, key, name, column = LISTS[endpoint]
    entry = hostile.first(endpoint)
    assert hostile.run(endpoint, entry).exit_code == 0
    before = hostile.runs.rows(f"SELECT {column} FROM {table} WHERE {key} = {entry[key]}")
    changes = hostile.runs.rows("SELECT count(*) FROM schedule_change WHERE new::text LIKE '%Another%'")

    for _ in range(2):
        result = hostile.run(endpoint, entry, entry | {name: "Another"})
        assert result.exit_code == 3
        assert f"{key} {entry[key]} is listed more than once, with different contents" in " ".join(result.warnings)

    assert hostile.runs.rows(f"SELECT {column} FROM {table} WHERE {key} = {entry[key]}") == before
    assert hostile.runs.rows("SELECT count(*) FROM schedule_change WHERE new::text LIKE '%Another%'") == changes


def test_the_same_season_twice_is_one(hostile: Hostile) -> None:
    assert hostile.run(SEASONS, hostile.first(), hostile.first()).exit_code == 0


def test_a_week_that_is_listed_twice_costs_its_season(hostile: Hostile) -> None:
    season = hostile.first()
    season["schedules"].append(season["schedules"][0])

    result = hostile.run(SEASONS, season)

    assert (result.exit_code, result.seasons_failed) == (3, 1)
    assert "$[0].schedules holds race_week_num 0 more than once" in " ".join(result.warnings)


def test_a_fraction_in_a_count_is_left_out_and_said_once(hostile: Hostile) -> None:
    result = hostile.run(SEASONS, hostile.first(max_weeks=12.5))
    again = hostile.run(SEASONS, hostile.first(max_weeks=12.25))

    assert (result.exit_code, again.exit_code) == (0, 0)
    assert "series/seasons: $[0].max_weeks: expected a whole number, not 12.5: left out" in result.warnings
    assert again.warnings == []
    assert hostile.runs.rows(f"SELECT max_weeks FROM season WHERE season_id = {hostile.first()['season_id']}") == [
        (None,)
    ]


def test_a_fraction_in_a_measure_is_stored(hostile: Hostile) -> None:
    half = {"car_id": 2, "max_pct_fuel_fill": 47.5}

    assert hostile.run(SEASONS, hostile.first_round(car_restrictions=[half])).exit_code == 0
    assert hostile.runs.rows("SELECT max_fuel_fill_pct FROM car_restriction WHERE car_id = 2") == [(47.5,)]


def test_a_release_that_writes_whole_numbers_as_fractions_changes_nothing(hostile: Hostile) -> None:
    hostile.runs.run(AT + timedelta(days=10), refresh=True)
    counted = "SELECT (SELECT count(*) FROM schedule_change), (SELECT count(*) FROM schema_drift)"
    before = hostile.runs.rows(counted)
    hostile.world.instead = {endpoint: with_fractions(hostile.world.list(endpoint)) for endpoint in LISTS}
    try:
        result = hostile.runs.run(AT + timedelta(days=10, hours=1), refresh=True)
    finally:
        hostile.world.instead = {}

    assert (result.exit_code, result.warnings, result.seasons_changed) == (0, [], 0)
    assert hostile.runs.rows(counted) == before
    assert {table: counts.written for table, counts in result.tables.items() if counts.written} == {}


def with_fractions(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: with_fractions(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_fractions(item) for item in value]
    return float(value) if type(value) is int else value
