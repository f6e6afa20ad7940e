"""What cannot be read is no change: what is stored of it stays, and what is healed changes nothing either."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mirrored_rows import mirrored_rows
from nights import Nights, nights
from remembered import RememberedWorld

from conftest import own_database
from iracing_sync.quarters import Quarter

pytestmark = pytest.mark.xdist_group("unread")

AT = datetime(2025, 5, 14, 9, tzinfo=UTC)
ROUND = ("6", "schedules", "11")


class Stored:
    """A database that holds what is active, and the runs into it."""

    def __init__(self, runs: Nights, url: str) -> None:
        self.runs, self.url = runs, url
        self.after = timedelta()
        runs.run(AT)
        self.before = mirrored_rows(url)

    def run(self, *faults: dict[str, Any]) -> Any:
        self.after += timedelta(minutes=1)
        self.runs.simulator.faults.set(list(faults))
        return self.runs.run(AT + self.after, refresh=True)


@pytest.fixture(scope="module")
def stored(server_url: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stored]:
    folder = tmp_path_factory.mktemp("unread")
    with own_database(server_url, migrated) as url, nights(RememberedWorld(), url, folder) as runs:
        yield Stored(runs, url)


def spoilt(path: tuple[str, ...], value: Any, endpoint: str = "series/seasons") -> dict[str, Any]:
    return {"endpoint": endpoint, "kind": "edit", "path": list(path), "value": value}


OF_ROUND = (
    *("race_lap_limit", "race_time_limit", "race_time_descriptors", "car_restrictions", "weather", "practice_length"),
    *("race_week_cars", "race_week_car_class_ids"),
)
PATHS = [
    *((*ROUND, key) for key in OF_ROUND),
    (*ROUND, "weather", "temp_units"),
    (*ROUND, "race_time_descriptors", "0", "session_minutes"),
    *(("6", key) for key in ("drops", "license_group", "start_date", "max_weeks")),
]


@pytest.mark.parametrize("path", PATHS, ids=".".join)
def test_a_value_that_cannot_be_read_leaves_what_is_stored(stored: Stored, path) -> None:
    for result in (stored.run(spoilt(path, "abc")), stored.run(spoilt(path, 1e30)), stored.run()):
        assert (result.exit_code, result.changes) == (0, {"past": 0, "current": 0, "future": 0})
    assert mirrored_rows(stored.url) == stored.before
    assert stored.runs.rows("SELECT FROM schedule_change") == []


def test_of_a_series_too(stored: Stored) -> None:
    stored.run(spoilt(("3", "allowed_licenses"), "abc", "series/get"))
    stored.run()

    assert mirrored_rows(stored.url) == stored.before
    assert stored.runs.rows("SELECT FROM schedule_change") == []


LAST_WEEK = datetime(2025, 9, 9, 9, tzinfo=UTC)


@pytest.mark.parametrize("body", [{}, None, {"series": {"series_id": 101, "seasons": [None]}}])
def test_a_season_whose_history_is_at_fault_is_asked_for_again(server_url, migrated, tmp_path, body) -> None:
    rows = []
    for faults in ([{"endpoint": "series/past_seasons", "kind": "replace", "body": body}], []):
        folder = tmp_path / str(len(faults))
        with (
            own_database(server_url, migrated) as url,
            nights(RememberedWorld(past="active"), url, folder) as runs,
        ):
            runs.simulator.faults.set(faults)
            first = runs.run(LAST_WEEK, quarters=(Quarter(2024, 3),))
            assert first.exit_code == (3 if faults else 0)
            runs.simulator.faults.set([])
            assert runs.run(LAST_WEEK + timedelta(hours=1), quarters=(Quarter(2024, 3),)).exit_code == 0
            rows.append(mirrored_rows(url))
    assert rows[0] == rows[1]
