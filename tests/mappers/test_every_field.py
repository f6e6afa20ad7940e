"""Every field of the recordings makes a difference to what is stored, or is left out with a reason."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from iracing_sync.documents import Document
from iracing_sync.errors import MappingError
from iracing_sync.mappers import cars, seasons, series, tracks
from iracing_sync.tables.base import Record
from iracing_sync.tables.ignored import Ignore, ignored_keys

NOON = datetime(2025, 9, 9, 12, tzinfo=UTC)


def season_records(document: Document) -> Iterator[Record]:
    for one in seasons.listed_seasons(document):
        yield from seasons.map_season(one, members={}, fetched_at=NOON)


def listed_season_records(document: Document) -> Iterator[Record]:
    for one in seasons.listed_seasons(document):
        yield series.series_stub(one.whole("series_id"), one.maybe_text("series_name"))
        yield from seasons.map_past_season(one, series_id=one.whole("series_id"), members={}, fetched_at=NOON)


def past_season_records(document: Document) -> Iterator[Record]:
    header = seasons.past_series(document)
    yield series.map_past_series(header)
    for one in header.objects("seasons"):
        yield from seasons.map_past_season(one, series_id=header.whole("series_id"), members={}, fetched_at=NOON)


def series_records(document: Document) -> Iterator[Record]:
    return series.map_series(document, logos={}, official={})


Mapper = Callable[[Document], Iterable[Record]]

CASES: list[tuple[str, str, str, Mapper]] = [
    ("*.series.seasons", "series/seasons", "", season_records),
    ("*.season.list", "season/list", "seasons", listed_season_records),
    ("*.series.past_seasons.*", "series/past_seasons", "series.seasons", past_season_records),
    ("*.series.get", "series/get", "", series_records),
    ("*.track.get", "track/get", "", tracks.map_tracks),
    ("*.car.get", "car/get", "", cars.map_cars),
    ("*.carclass.get", "carclass/get", "", cars.map_car_classes),
]

OF_ITS_NEIGHBOURS = {
    "season/list": {"season_year", "season_quarter"},  # of the whole list: each season says its own
    "series/past_seasons": {"series_id", "success"},  # of the answer: the series in it says its own
}


def small_documents(content: Any, around: str) -> Iterator[Any]:
    """Yield a document for each item of one, so that changing a value and mapping it again is quick."""
    if not around:
        yield from ([item] for item in content)
        return
    *way, last = around.split(".")
    holder = content
    for key in way:
        holder = holder[key]
    items = holder[last]
    for item in items:
        holder[last] = [item]
        yield orjson.loads(orjson.dumps(content))


def places(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield each key with its path, `[]` for any item of a list, and the object that holds it."""
    if isinstance(value, dict):
        for key, item in value.items():
            here = f"{path}.{key}".lstrip(".")
            yield here, value, key
            yield from places(item, here)
    elif isinstance(value, list):
        for item in value:
            yield from places(item, f"{path}[]")


def others(value: Any) -> list[Any]:
    """Return values that may stand in the place of one and say something else."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1]
    if isinstance(value, str):
        return [f"{value}x", "2031-01-01T00:00:00Z"]
    return [1, "other", True, {"other": 1}, [{"other": 1}]] if value is None or not value else [None]


def makes_a_difference(document: Any, holder: dict[str, Any], key: str, records: Callable[[], list[Any]]) -> bool:
    """Tell whether another value gives other records, or none that could be mapped: then it was read."""
    before, value = records(), holder[key]
    try:
        for other in others(value):
            holder[key] = other
            if records() != before:
                return True
    finally:
        holder[key] = value
    return False


@pytest.mark.parametrize(("pattern", "endpoint", "around", "mapper"), CASES, ids=[case[1] for case in CASES])
def test_no_field_of_a_recording_is_lost(
    recordings: Path, pattern: str, endpoint: str, around: str, mapper: Mapper
) -> None:
    files = sorted(recordings.glob(f"{pattern}.json.gz"))
    assert files
    left_out = {key.path for key in ignored_keys(endpoint, Ignore.STORE)}
    told: set[str] = set(OF_ITS_NEIGHBOURS.get(endpoint, ()))
    silent: set[str] = set()
    for path in files:
        for document in small_documents(orjson.loads(gzip.decompress(path.read_bytes())), around):

            def records(document: Any = document) -> list[Any]:
                try:
                    return [vars(one) for one in mapper(Document(endpoint, {}, orjson.dumps(document), NOON))]
                except MappingError as error:
                    return [str(error)]

            for place, holder, key in places(document):
                name = place.removeprefix("[].").removeprefix("seasons[]." if endpoint == "season/list" else "series.")
                if name in told or name in left_out or any(name.startswith((f"{one}.", f"{one}[")) for one in left_out):
                    continue
                found = told if makes_a_difference(document, holder, key, records) else silent
                found.add(name)

    assert silent - told == set()
    assert told > {"season_id"} or told > {"series_id"} or told
