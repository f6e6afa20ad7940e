"""Our sessions beside iRacing's own guide to the races of the next three hours."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
from nights import nights

from conftest import own_database
from iracing_sync.simulator import ReplayWorld

MOMENT = datetime(2025, 9, 9, 12, tzinfo=UTC)
OURS = "SELECT season_id, race_week_num, starts_at, event_id, is_super_session FROM upcoming_sessions(:since, :until)"


def test_every_session_of_the_guide_is_ours_and_none_of_ours_is_missing_there(
    server_url: str, migrated: str, recordings: Path, tmp_path: Path
) -> None:
    guide = orjson.loads(gzip.decompress((recordings / "2025-09-09.season.race_guide.json.gz").read_bytes()))
    told = {
        (
            one["season_id"],
            one["race_week_num"],
            datetime.fromisoformat(one["start_time"]),
            100 * one["season_id"] + one["race_week_num"],
            one["super_session"],
        )
        for one in guide["sessions"]
    }
    until = datetime.fromisoformat(guide["block_end_time"])
    with own_database(server_url, migrated) as url, nights(ReplayWorld(recordings), url, tmp_path) as opened:
        opened.run(MOMENT)
        found = opened.rows(OURS, since=MOMENT, until=until + timedelta(seconds=1))

    assert len(told) == 133
    assert set(found) == told
    assert len(found) == len(told)
