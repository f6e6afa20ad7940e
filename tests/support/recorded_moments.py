"""The recordings of `series/seasons`, by the moment of each."""

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson


def recorded_moments(recordings: Path) -> list[datetime]:
    """Return the thirteen moments of 2023 and 2024, in order."""
    paths = sorted(recordings.glob("202[34]*.series.seasons.json.gz"))
    return [datetime.strptime(path.name[:17], "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC) for path in paths]


def seasons_at(recordings: Path, moment: datetime) -> dict[int, Any]:
    """Return what was recorded at a moment, by `season_id`."""
    path = recordings / f"{moment:%Y-%m-%dT%H%M%S}.series.seasons.json.gz"
    return {season["season_id"]: season for season in orjson.loads(gzip.decompress(path.read_bytes()))}
