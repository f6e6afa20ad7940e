"""Every field of the recordings is read, kept under its own name in jsonb, or left out with a reason."""

import gzip
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from iracing_sync.documents import Document
from iracing_sync.mappers import cars, rounds, seasons, series, tracks
from iracing_sync.mappers.fields import Fields

NOON = datetime(2025, 9, 9, 12, tzinfo=UTC)
IN_WEATHER_CONFIG = re.compile(r"\.weather\b")
"""`weather_config` holds the whole object."""


class Watch:
    """Notes every object that is opened, and which of its keys were read or kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: dict[str, set[str]] = {}
        self.used: dict[str, set[str]] = defaultdict(set)
        self.opened: list[tuple[str, Fields]] = []
        begin, rest = Fields.__init__, Fields.rest

        def opened(fields: Fields, document: str, data: Any, *place: Any) -> None:
            begin(fields, document, data, *place)
            self.sent[fields.path] = set(data)
            self.opened.append((fields.path, fields))

        def kept(fields: Fields, left_out: Iterable[str] = ()) -> dict[str, Any]:
            result = rest(fields, left_out)
            self.used[fields.path] |= set(result)
            return result

        monkeypatch.setattr(Fields, "__init__", opened)
        monkeypatch.setattr(Fields, "rest", kept)

    def lost(self, left_out: Iterable[str]) -> set[str]:
        for path, fields in self.opened:
            self.used[path] |= fields._seen
        return {
            f"{re.sub('[0-9]+', 'N', path)}.{key}"
            for path, keys in self.sent.items()
            for key in keys - self.used[path] - set(left_out)
            if not IN_WEATHER_CONFIG.search(path)
        }


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


def every_season(document: Document) -> list[Any]:
    found = seasons.listed_seasons(document)
    return [record for one in found for record in seasons.map_season(one, members={}, fetched_at=document.fetched_at)]


def every_header(document: Document) -> list[Any]:
    found = seasons.listed_seasons(document)
    return [record for one in found for record in seasons.map_season_list(one, fetched_at=document.fetched_at)]


def every_listed(document: Document) -> list[Any]:
    return [record for one in seasons.listed_seasons(document) for record in seasons.map_listed_season(one)]


def every_series(document: Document) -> list[Any]:
    return list(series.map_series(document, logos={}, official={}))


CASES: list[tuple[str, str, Callable[[Document], Iterable[Any]], list[Iterable[str]]]] = [
    ("*.series.seasons", "series/seasons", every_season, [seasons.LEFT_OUT, rounds.LEFT_OUT, seasons.HEAT_LEFT_OUT]),
    (
        "*.series.season_list*",
        "series/season_list",
        every_header,
        [seasons.LEFT_OUT, seasons.LESSER_LEFT_OUT, seasons.HEAT_LEFT_OUT],
    ),
    ("*.season.list", "season/list", every_listed, [seasons.LESSER_LEFT_OUT]),
    (
        "*.series.past_seasons.*",
        "series/past_seasons",
        lambda document: list(seasons.map_past_seasons(document)),
        [seasons.LESSER_LEFT_OUT, series.LEFT_OUT],
    ),
    ("*.series.get", "series/get", every_series, [series.LEFT_OUT]),
    ("*.track.get", "track/get", lambda document: list(tracks.map_tracks(document)), [tracks.LEFT_OUT]),
    ("*.car.get", "car/get", lambda document: list(cars.map_cars(document)), [cars.LEFT_OUT]),
    (
        "*.carclass.get",
        "carclass/get",
        lambda document: list(cars.map_car_classes(document)),
        [cars.CLASS_LEFT_OUT],
    ),
]


@pytest.mark.parametrize(("pattern", "endpoint", "mapped", "left_out"), CASES, ids=[case[1] for case in CASES])
def test_no_field_of_a_recording_is_lost(
    recordings: Path, watch: Watch, pattern: str, endpoint: str, mapped: Callable[..., Any], left_out: list[Any]
) -> None:
    files = sorted(recordings.glob(f"{pattern}.json.gz"))
    assert files
    lost: set[str] = set()
    for path in files:
        watch.sent.clear()
        watch.opened.clear()
        watch.used.clear()
        assert mapped(Document(endpoint, {}, gzip.decompress(path.read_bytes()), NOON))
        lost |= watch.lost({key for table in left_out for key in table})

    assert lost == set()


@pytest.mark.parametrize(
    "left_out",
    [seasons.LEFT_OUT, seasons.LESSER_LEFT_OUT, rounds.LEFT_OUT, series.LEFT_OUT, tracks.LEFT_OUT, cars.LEFT_OUT],
)
def test_every_field_that_is_left_out_has_its_reason(left_out: dict[str, str]) -> None:
    assert all(left_out.values())
