"""The documents of a set as files, and the rows that are in them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from iracing_sync.documents import Document
from iracing_sync.mappers.cars import map_car_classes, map_cars
from iracing_sync.mappers.seasons import listed_seasons, map_season
from iracing_sync.mappers.series import map_series
from iracing_sync.mappers.tracks import map_tracks
from iracing_sync.tables.base import Record
from iracing_sync.tables.cars import CarClassMember

MAPPERS = {
    "series/get": lambda document: map_series(document, logos=None, official={}),
    "track/get": map_tracks,
    "car/get": map_cars,
    "carclass/get": map_car_classes,
}


def write_files(folder: Path, documents: Iterable[Document]) -> None:
    """Write each document into a file of its own, in the order in which they are loaded."""
    folder.mkdir(parents=True, exist_ok=True)
    order = ("track/get", "car/get", "carclass/get", "series/get", "series/seasons")
    wanted = sorted((one for one in documents if one.endpoint in order), key=lambda one: order.index(one.endpoint))
    for number, document in enumerate(wanted):
        (folder / f"{number:03}-{document.endpoint.replace('/', '-')}.json").write_bytes(document.body)


def read_files(folder: Path) -> Iterator[Document]:
    """Yield the documents of a folder."""
    for path in sorted(folder.glob("*.json")):
        endpoint = path.stem.partition("-")[2].replace("-", "/")
        yield Document(endpoint, {}, path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC))


def records_of(folder: Path) -> Iterator[list[Record]]:
    """Yield the records of each document."""
    members: dict[int, list[int]] = {}
    for document in read_files(folder):
        if document.endpoint != "series/seasons":
            records = list(MAPPERS[document.endpoint](document))
            for record in records:
                if isinstance(record, CarClassMember):
                    members.setdefault(record.car_class_id, []).append(record.car_id)
            yield records
            continue
        at = document.fetched_at
        yield [
            record
            for season in listed_seasons(document)
            for record in map_season(season, members=members, fetched_at=at, rounds=[])
        ]
