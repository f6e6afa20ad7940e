"""A schedule that is told in the newer shape from one night to the next: the rows gain, and nothing has changed."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import a_season, mapped, of_kind
from nights import nights

from conftest import own_database
from iracing_sync.simulator import SyntheticWorld
from iracing_sync.tables.events import Event, EventSession, EventTime

BEFORE = datetime(2026, 1, 12, 5, tzinfo=UTC)
NIGHTS = [BEFORE + timedelta(days=days) for days in (0, 1, 2, 8, 9)]
"""Two thirds of the seasons move over before the second of them, the others before the fourth."""

SESSIONS = "SELECT count(DISTINCT (season_id, race_week_num)) FROM event_session"


def test_a_world_that_moves_to_the_newer_shape_in_parts_changes_nothing(server_url, migrated, tmp_path) -> None:
    world = SyntheticWorld()
    with own_database(server_url, migrated) as url, nights(world, url, tmp_path) as runs:
        results, sessions = [], []
        for at in NIGHTS:
            results.append(runs.run(at))
            sessions += runs.rows(SESSIONS)
        reported = runs.rows("SELECT season_id, race_week_num, field FROM schedule_change ORDER BY change_id")

    assert [result.exit_code for result in results] == [0] * len(NIGHTS)
    assert [result.warnings for result in results] == [[]] * len(NIGHTS)
    assert sessions[0] == (0,) < sessions[1] == sessions[2] < sessions[3] == sessions[4]
    happened = world.happenings(NIGHTS[0], NIGHTS[-1])
    assert {(season_id, number) for season_id, number, _ in reported} == {
        (one.season_id, one.race_week_num) for one in happened
    }


@pytest.fixture
def schedules(recordings: Path) -> dict[str, list[dict[str, Any]]]:
    found = sorted((recordings / "../recordings-more").glob("*.series.season_schedule.*.json.gz"))
    if not found:
        pytest.skip("recordings of series/season_schedule are absent")
    return {path.name.split(".")[3]: json.loads(gzip.decompress(path.read_bytes()))["schedules"] for path in found}


def test_recorded_schedules_of_2026_keep_their_sessions_and_say_the_same_without_the_older_fields(schedules) -> None:
    older = {"practice_length", "qualify_length", "qualify_laps", "warmup_length", "start_type"}
    limits = {"race_lap_limit": None, "race_time_limit": None}
    for season_id in ("5895", "4508"):
        rounds = schedules[season_id]
        beside = list(mapped(a_season(rounds)))
        gone = list(mapped(a_season([{k: v for k, v in one.items() if k not in older} | limits for one in rounds])))

        assert [vars(one) for one in of_kind(Event, beside)] == [vars(one) for one in of_kind(Event, gone)]
        assert [(one.name, one.laps) for one in of_kind(EventSession, beside)][:3] == [
            *(("Open Practice", None), ("Lone Qualifying", 2), ("Race", None)),
        ]
    [*times] = of_kind(EventTime, list(mapped(a_season(schedules["6216"]))))
    assert {one.kind for one in times} == {"race"}
