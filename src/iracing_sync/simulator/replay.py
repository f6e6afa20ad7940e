"""A world made of recordings: real documents, answered as they were at the moment asked for."""

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from iracing_sync.errors import SettingsError
from iracing_sync.simulator.synthetic import constants
from iracing_sync.simulator.world import has_quarter

SEASON_LIST_KEYS = (
    "season_id",
    "series_id",
    "season_name",
    "official",
    "season_year",
    "season_quarter",
    "license_group",
    "fixed_setup",
    "driver_changes",
)
"""What `season/list` tells of a season, beside the name of its series."""


@dataclass(frozen=True, order=True)
class Recording:
    """One recorded document: `<captured at>.<endpoint with dots>[.<parameters>].json.gz`."""

    captured_at: datetime
    endpoint: str
    params: str
    path: Path

    @classmethod
    def from_path(cls, path: Path) -> "Recording":
        """Read what a file name tells; raises ValueError where it is no recording's name."""
        captured_at, *words = path.name.removesuffix(".json.gz").split(".")
        return cls(_capture_time(captured_at), "/".join(words[:2]), ".".join(words[2:]), path)


class ReplayWorld:
    """Answers from a folder of recordings, which it only reads.

    Each endpoint is answered with the newest recording not later than the moment asked for. Where none is that old,
    the oldest there is stands in, for a world that knew nothing yet would be of no use.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise SettingsError(f"no folder of recordings: {folder}")
        self._recordings = sorted(_recordings(folder))
        if not self._recordings:
            raise SettingsError(f"no recordings (*.json.gz) in {folder}")
        self._decoded: dict[Path, Any] = {}

    def answer(self, endpoint: str, params: Mapping[str, str], at: datetime) -> Any:
        """Return a recorded document, or one put together from recordings; raises LookupError where there is none."""
        match endpoint:
            case "lookup/current_season":
                return constants.lookup_current_season(at)
            case "series/past_seasons":
                return self._newest(endpoint, at, str(int(params["series_id"])))
            case "series/season_schedule":
                return self._schedule(int(params["season_id"]), at)
            case "season/list":
                return self._season_list(int(params["season_year"]), int(params["season_quarter"]), at)
            case "series/seasons" if has_quarter(params):
                return self._seasons_of_quarter(int(params["season_year"]), int(params["season_quarter"]), at)
            case "series/season_list" if has_quarter(params):
                return self._newest(endpoint, at, "year-quarter")
        return self._newest(endpoint, at)

    def _newest(self, endpoint: str, at: datetime, params: str = "") -> Any:
        found = [r for r in self._recordings if (r.endpoint, r.params) == (endpoint, params)]
        if not found:
            raise LookupError(f"no recording of {endpoint} {params}")
        past = [r for r in found if r.captured_at <= at]
        return self._read(past[-1] if past else found[0])

    def _newest_first(self, endpoint: str, at: datetime) -> Iterable[Recording]:
        """Yield the recordings from the moment backwards, then those that are younger, oldest first."""
        found = [r for r in self._recordings if r.endpoint == endpoint]
        yield from (r for r in reversed(found) if r.captured_at <= at)
        yield from (r for r in found if r.captured_at > at)

    def _schedule(self, season_id: int, at: datetime) -> Any:
        for recording in self._newest_first("series/seasons", at):
            for season in self._read(recording):
                if season["season_id"] == season_id:
                    return {"success": True, "season_id": season_id, "schedules": season["schedules"]}
        raise LookupError(f"no recorded season {season_id}")

    def _seasons_of_quarter(self, year: int, quarter: int, at: datetime) -> list[Any]:
        seasons = self._newest("series/seasons", at)
        return [s for s in seasons if (s["season_year"], s["season_quarter"]) == (year, quarter)]

    def _season_list(self, year: int, quarter: int, at: datetime) -> Any:
        for recording in self._newest_first("season/list", at):
            listed = self._read(recording)
            if (listed["season_year"], listed["season_quarter"]) == (year, quarter):
                return listed
        seasons = [_season_row(season) for season in self._seasons_of_quarter(year, quarter, at)]
        return {"season_quarter": quarter, "seasons": seasons, "season_year": year}

    def _read(self, recording: Recording) -> Any:
        if recording.path not in self._decoded:
            self._decoded[recording.path] = orjson.loads(gzip.decompress(recording.path.read_bytes()))
        return self._decoded[recording.path]


def _recordings(folder: Path) -> list[Recording]:
    found = []
    for path in folder.glob("*.json.gz"):
        try:
            found.append(Recording.from_path(path))
        except ValueError as error:
            raise SettingsError(f"{path.name} is not named like a recording: {error}") from error
    return found


def _capture_time(text: str) -> datetime:
    """Read the moment of a recording; a date without time is its midnight, a month its first day."""
    for form in ("%Y-%m-%dT%H%M%S", "%Y-%m-%d", "%Y-%m"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(f"{text} is no moment")


def _season_row(season: Mapping[str, Any]) -> dict[str, Any]:
    listed = {key: season[key] for key in SEASON_LIST_KEYS}
    return {**listed, "series_name": season["schedules"][0]["series_name"] if season["schedules"] else ""}
