"""The owner's command over a recorded quarter: iRacing names 164 seasons and lists those alone that are active."""

import gzip
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from builders import a_round
from nights import Nights, nights

from conftest import own_database
from iracing_sync.quarters import Quarter
from iracing_sync.simulator import ReplayWorld

AT = datetime(2025, 9, 9, 22, 28, tzinfo=UTC)
THIRD = Quarter(2025, 3)
NAMED, LISTED = 164, 30


def read(path: Path) -> Any:
    if not path.exists():
        pytest.skip(f"{path.name} is absent")
    return orjson.loads(gzip.decompress(path.read_bytes()))


class RecordedQuarter(ReplayWorld):
    """The recorded lists of the quarter; of the schedules that no list holds, which nobody recorded, one of our own."""

    def __init__(self, recordings: Path) -> None:
        super().__init__(recordings)
        self.light = read(recordings / "2025-09-09.season.list.json.gz")
        more = recordings / "../recordings-more/2025-09-09T222800.series.seasons.year-quarter.json.gz"
        self.active = read(more)

    def answer(self, endpoint: str, params: Mapping[str, str], at: datetime) -> Any:
        if endpoint == "season/list":
            return self.light
        if endpoint == "series/seasons" and params:
            return self.active
        if endpoint == "series/season_schedule":
            days = [THIRD.starts_at + timedelta(weeks=week) for week in range(12)]
            rounds = [a_round(week, start_date=f"{day:%Y-%m-%d}") for week, day in enumerate(days)]
            return {"success": True, "season_id": int(params["season_id"]), "schedules": rounds}
        return super().answer(endpoint, params, at)


@pytest.fixture
def runs(recordings: Path, server_url: str, migrated: str, tmp_path: Path) -> Iterator[Nights]:
    with own_database(server_url, migrated) as url, nights(RecordedQuarter(recordings), url, tmp_path) as opened:
        yield opened


def asked(runs: Nights) -> dict[str, int]:
    counted = dict(runs.simulator.calls["by_endpoint"])
    runs.simulator.reset_calls()
    return counted


def test_the_quarter_is_whole_by_one_call_a_season_and_again_by_none(runs) -> None:
    result = runs.run(AT, quarters=(THIRD,))

    assert (result.exit_code, result.warnings) == (0, [])
    assert (result.seasons_named, result.seasons_stored) == (NAMED, NAMED)
    calls = asked(runs)
    assert calls["series/season_schedule"] == NAMED - LISTED
    assert (calls["season/list"], calls["series/seasons"]) == (
        1,
        2,
    )  # and what is active
    tagged = "SELECT count(*) FROM season WHERE (season_year, season_quarter) = (2025, 3) AND NOT is_stub"
    assert runs.rows(tagged) == [(NAMED,)]

    again = runs.run(AT + timedelta(hours=1), quarters=(THIRD,))
    assert (again.exit_code, again.seasons_named, again.seasons_stored) == (0, NAMED, NAMED)
    assert asked(runs) == {}


def test_broken_off_ten_times_it_goes_on_where_it_was(runs) -> None:
    stored = []
    for _ in range(10):
        assert runs.run(AT, quarters=(THIRD,), max_calls=15).exit_code == 5
        stored += runs.rows("SELECT count(*) FROM season WHERE NOT is_stub")

    assert stored == sorted(stored)
    assert runs.run(AT, quarters=(THIRD,)).seasons_stored == NAMED
    assert asked(runs)["series/season_schedule"] == NAMED - LISTED
