"""Builders: a test spells out only the values it is about."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson

from iracing_sync.documents import Document
from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.mappers.seasons import map_season
from iracing_sync.mappers.series import series_stub
from iracing_sync.tables.base import Record
from iracing_sync.tables.series import Series

Kind = TypeVar("Kind", bound=Record)

NOON = datetime(2025, 5, 14, 12, tzinfo=UTC)


def a_round(number: int = 0, *, track_id: int = 191, **said: Any) -> dict[str, Any]:
    times = {"repeating": False, "session_minutes": 60, "session_times": ["2025-05-13T18:00:00Z"]}
    return {
        "race_week_num": number,
        "series_name": "Harbour Cup",
        "start_date": "2025-05-13",
        "track": {"track_id": track_id, "track_name": "Harbour Ring"},
        "race_time_descriptors": [times],
        "car_restrictions": [],
        **said,
    }


def a_season(rounds: Sequence[dict[str, Any]], **said: Any) -> dict[str, Any]:
    return {
        "season_id": 7,
        "series_id": 3,
        "season_name": "Harbour Cup - 2025 Season 2",
        "season_year": 2025,
        "season_quarter": 2,
        "start_date": "2025-03-11T00:00:00Z",
        "active": True,
        "official": True,
        "fixed_setup": False,
        "driver_changes": False,
        "car_class_ids": [5],
        "schedules": list(rounds),
        **said,
    }


def mapped(season: dict[str, Any], members: dict[int, list[int]] | None = None) -> Iterator[Record]:
    return map_season(JsonObject("series/seasons", season), members=members or {}, fetched_at=NOON)


def a_series(**said: Any) -> Series:
    return Series(**{**vars(series_stub(3, "Harbour Cup")), "is_stub": False, **said})


def a_document(endpoint: str, content: Any) -> Document:
    return Document(endpoint, {}, orjson.dumps(content), NOON)


def of_kind(kind: type[Kind], records: Iterable[Record]) -> list[Kind]:
    return [record for record in records if isinstance(record, kind)]
