"""Catalogues: layouts, cars and classes, asked for anew at most once a run for ids that they do not explain."""

import logging
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, or_, select
from sqlalchemy.dialects.postgresql import insert

from iracing_sync import __version__
from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError
from iracing_sync.loader import load
from iracing_sync.mappers.cars import map_car_classes, map_cars
from iracing_sync.mappers.named import named_ids
from iracing_sync.mappers.tracks import map_tracks
from iracing_sync.own_tables import LOADED_CATALOGUE
from iracing_sync.records import Record
from iracing_sync.result import Written
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


def load_catalogue(run: Run, document: Document, mapper: Mapper) -> None:
    """Load a catalogue, unless it is the one that was loaded last; `--refresh` loads it all the same."""
    with run.skipping():
        run.writer.submit(write_catalogue, run, document, mapper).result()


def write_catalogue(run: Run, document: Document, mapper: Mapper) -> None:
    """Load a catalogue in one transaction, or count its rows where they are stored as they are."""
    body_hash = sha256(document.body).hexdigest()
    with run.begin() as connection:
        rows = None if run.options.refresh else loaded_rows(connection, document.endpoint, body_hash)
        if rows is None:
            written = load(connection, list(mapper(document)), run.result.run_id)
            note_loaded(run, connection, document, body_hash, written)
            run.result.add(written)
    run.result.confirm(rows or {})


def loaded_rows(connection: Connection, endpoint: str, body_hash: str) -> dict[str, int] | None:
    """Return how many rows of each table a catalogue holds, where this version loaded the very same one last."""
    same = (LOADED_CATALOGUE.c.body_hash == body_hash) & (LOADED_CATALOGUE.c.version == __version__)
    rows: dict[str, int] | None = connection.scalar(
        select(LOADED_CATALOGUE.c.rows).where(LOADED_CATALOGUE.c.endpoint == endpoint, same)
    )
    return rows


def note_loaded(run: Run, connection: Connection, document: Document, body_hash: str, written: Written) -> None:
    """Write down which catalogue was loaded, in the transaction of its rows."""
    values = {
        "body_hash": body_hash,
        "version": __version__,
        "loaded_at": run.clock(),
        "rows": written.rows,
    }
    statement = insert(LOADED_CATALOGUE).values(endpoint=document.endpoint, **values)
    differs = or_(*(LOADED_CATALOGUE.c[name] != values[name] for name in ("body_hash", "version", "rows")))
    connection.execute(statement.on_conflict_do_update(index_elements=["endpoint"], set_=values, where=differs))


def examined_catalogue(run: Run, endpoint: str, *, fresh: bool = False) -> Document | None:
    """Fetch a catalogue and look at it."""
    document = run.catalogue(endpoint, fresh=fresh)
    return document if document and examine(run, document) else None


def explain(run: Run, content: Any, catalogues: Mapping[str, Document]) -> None:
    """Load each catalogue, fetched anew where it lacks an id that `content` names and the database has not either.

    iRacing is asked for each at most once a run. An id that the database holds is no reason to ask, even as a stub: it
    was looked up when it came.
    """
    askable = {table for table, (one, _) in CATALOGUES.items() if not run.options.offline and one not in run.asked}
    named = named_ids(content) if askable else {}
    for table, (endpoint, mapper) in CATALOGUES.items():
        document = catalogues.get(endpoint)
        unknown = named[table] - stored(run, table) if table in askable else set()
        if unknown and (unknown := unknown - explained(document, mapper, table)):
            log.info("%s does not know %s: asking again", endpoint, sorted(unknown))
            document = examined_catalogue(run, endpoint, fresh=True) or document
            run.asked.add(endpoint)
        if document:
            load_catalogue(run, document, mapper)


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
