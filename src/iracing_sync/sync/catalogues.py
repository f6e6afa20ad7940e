"""Catalogues: layouts, cars and classes, asked for anew at most once a run for ids that they do not explain."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from iracing_sync.documents import Document
from iracing_sync.errors import AccessRefused, ApiUnavailable, CallBudgetSpent, DocumentError
from iracing_sync.fetch.endpoints import CAR_CLASSES, CARS, TRACKS
from iracing_sync.loader.load import load
from iracing_sync.mappers.cars import map_car_classes, map_cars
from iracing_sync.mappers.named_ids import named_ids
from iracing_sync.mappers.tracks import map_tracks
from iracing_sync.sync.drift import note_drift
from iracing_sync.sync.run import Begin, Run
from iracing_sync.sync.stored import KEYS, stored_ids
from iracing_sync.sync.unchanged import remember_catalogue, rows_of_loaded_catalogue
from iracing_sync.tables.base import Record

log = logging.getLogger(__name__)

Mapper = Callable[[Document], Iterator[Record]]

EXPLAINED_BY: Mapping[str, tuple[str, Mapper]] = {
    "sim_layout": (TRACKS, map_tracks),
    "sim_car": (CARS, map_cars),
    "car_class": (CAR_CLASSES, map_car_classes),
}
"""By the table that a catalogue explains: its endpoint and its mapper."""


class Explained(NamedTuple):
    """Which catalogues may still be asked for once more in this run, and how many were at fault: reported."""

    askable: frozenset[str]
    failed: int


def load_catalogues(
    run: Run, catalogues: Mapping[str, Document], *, naming: Any, askable: Collection[str]
) -> Explained:
    """Load each catalogue, fetched anew where it lacks an id that `naming` names and the database has not either.

    iRacing is asked for each at most once a run, and only for the `askable`. An id that the database holds is no reason
    to ask, even as a stub: it was looked up when it came.
    """
    left = frozenset() if run.options.offline else frozenset(askable)
    named = named_ids(naming) if left else {}
    failed = 0
    for table, (endpoint, mapper) in EXPLAINED_BY.items():
        document = catalogues.get(endpoint)
        unknown = named[table] - ids_in_database(run.begin, table) if endpoint in left else set()
        if unknown and (unknown := unknown - explained_ids(document, mapper, table)):
            log.info("%s does not know %s: asking again", endpoint, sorted(unknown))
            left -= {endpoint}
            newer = fetch_newer(run, endpoint)
            failed += newer is None
            document = newer or document
        if document:
            failed += not load_catalogue(run, document, mapper)
    return Explained(left, failed)


def fetch_catalogue(run: Run, endpoint: str, *, fresh: bool = False) -> Document | None:
    """Fetch a catalogue and look at it; None where it is at fault: reported."""
    document = run.fetch(endpoint, fresh=fresh)
    return document if document and note_drift(run, document) else None


def fetch_newer(run: Run, endpoint: str) -> Document | None:
    """Fetch a catalogue that is at hand anew; where that is refused, what it lacks stays a stub and the run goes on."""
    try:
        return fetch_catalogue(run, endpoint, fresh=True)
    except CallBudgetSpent:
        raise
    except (AccessRefused, ApiUnavailable) as error:
        run.result.skip(error)
        return None


def load_catalogue(run: Run, document: Document, mapper: Mapper) -> bool:
    """Load a catalogue, unless it is the one that was loaded last; false where it is at fault: reported."""
    try:
        run.writer.submit(write_catalogue, run, document, mapper).result()
    except DocumentError as error:
        run.result.skip(error)
        return False
    return True


def write_catalogue(run: Run, document: Document, mapper: Mapper) -> None:
    """Load a catalogue in one transaction, or count its rows where they are stored as they are.

    `--refresh` loads it all the same.
    """
    with run.begin() as connection:
        rows = None if run.options.refresh else rows_of_loaded_catalogue(connection, document)
        if rows is None:
            written = load(connection, list(mapper(document)), run.result.run_id)
            remember_catalogue(connection, document, written.rows, run.clock())
            run.result.add(written)
    run.result.confirm(rows or {})


def ids_in_database(begin: Begin, table: str) -> set[int]:
    """Return the ids that the database holds, stubs among them."""
    with begin() as connection:
        return stored_ids(connection, table)


def explained_ids(document: Document | None, mapper: Mapper, table: str) -> set[int]:
    """Return the ids that a catalogue explains; none where its mapper refuses it, which loading then reports."""
    try:
        records = list(mapper(document)) if document else []
    except DocumentError:
        return set()
    own = [record for record in records if record.__tablename__ == table and not getattr(record, "is_stub", False)]
    return {getattr(record, KEYS[table].key) for record in own}
