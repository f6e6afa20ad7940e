"""Catalogues: layouts, cars and classes, asked for anew at most once a run for ids that they do not explain."""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError
from iracing_sync.mappers.cars import map_car_classes, map_cars
from iracing_sync.mappers.named import named_ids
from iracing_sync.mappers.tracks import map_tracks
from iracing_sync.records import Record
from iracing_sync.stored import KEYS, stored_ids
from iracing_sync.sync.drift import examine
from iracing_sync.sync.run import Run

log = logging.getLogger(__name__)

Mapper = Callable[[Document], Iterator[Record]]

CATALOGUES: Mapping[str, tuple[str, Mapper]] = {
    "sim_layout": ("track/get", map_tracks),
    "sim_car": ("car/get", map_cars),
    "car_class": ("carclass/get", map_car_classes),
}
"""By the table that a catalogue explains: its endpoint and its mapper."""


def load_catalogue(run: Run, table: str, document: Document) -> None:
    """Load the catalogue that explains a table."""
    with run.skipping():
        run.load(CATALOGUES[table][1](document))


def fetch_catalogue(run: Run, endpoint: str, *, fresh: bool = False) -> Document | None:
    """Fetch a catalogue and look at it."""
    document = run.fetched(endpoint, fresh=fresh)
    if document is None or not document.from_cache:
        run.asked.add(endpoint)
    return document if document and examine(run, document) else None


def explain(run: Run, content: Any, catalogues: Mapping[str, Document]) -> None:
    """Load each catalogue, fetched anew where it lacks an id that `content` names and the database has not either.

    iRacing is asked for each at most once a run. An id that the database holds is no reason to ask, even as a stub: it
    was looked up when it came.
    """
    named = named_ids(content)
    for table, (endpoint, mapper) in CATALOGUES.items():
        document = catalogues.get(endpoint)
        unknown = named[table] - explained(document, mapper, table)
        may_ask = not run.options.offline and endpoint not in run.asked
        if unknown and may_ask and (unknown := unknown - stored(run, table)):
            log.info("%s does not know %s: asking again", endpoint, sorted(unknown))
            document = fetch_catalogue(run, endpoint, fresh=True) or document
            run.asked.add(endpoint)
        if document:
            load_catalogue(run, table, document)


def stored(run: Run, table: str) -> set[int]:
    """Return the ids that the database holds, stubs among them."""
    with run.begin() as connection:
        return stored_ids(connection, table)


def explained(document: Document | None, mapper: Mapper, table: str) -> set[int]:
    """Return the ids that a catalogue explains; none where its mapper refuses it, which loading then reports."""
    try:
        records = list(mapper(document)) if document else []
    except DocumentError:
        return set()
    own = [record for record in records if record.__tablename__ == table and not getattr(record, "is_stub", False)]
    return {getattr(record, KEYS[table].key) for record in own}
