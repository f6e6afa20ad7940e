"""The same as last time: how documents, catalogues and seasons are recognised, and how that is remembered.

What is known of documents is forgotten as soon as another run writes; rows that somebody deleted by hand are noticed by
their number.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, literal, or_, select, table
from sqlalchemy.dialects.postgresql import insert

from iracing_sync import __version__
from iracing_sync.changes.canonical import VERSION, Hashes
from iracing_sync.documents import Document
from iracing_sync.json_text import to_json
from iracing_sync.result import MIRRORED_TABLES, Result
from iracing_sync.sync.options import Options
from iracing_sync.sync.run import Begin
from iracing_sync.tables.own import LOADED_CATALOGUE, LOADED_DOCUMENTS

if TYPE_CHECKING:
    from iracing_sync.sync.stored import StoredSeason

log = logging.getLogger(__name__)

# All documents of a run: a cron entry that runs more often than they grow old need not even decode them.


def fingerprint(options: Options, documents: Iterable[Document]) -> str:
    """Return by what a run is recognised: all on which its outcome depends, the present moment aside."""
    seen = [
        [document.name, document.fetched_at.isoformat(), sha256(document.body).hexdigest()] for document in documents
    ]
    return sha256(to_json([__version__, options.as_dict(), seen]).encode()).hexdigest()


def has_loaded_documents(begin: Begin, result: Result, known_by: str) -> bool:
    """Tell whether the tables stand for these documents already, and count the rows if they do."""
    if result.warnings:
        return False
    with begin() as connection:
        loaded = connection.execute(
            select(LOADED_DOCUMENTS.c.seasons, LOADED_DOCUMENTS.c.rows, LOADED_DOCUMENTS.c.stored).where(
                LOADED_DOCUMENTS.c.fingerprint == known_by
            )
        ).one_or_none()
        if loaded is None or loaded.stored != row_counts(connection):
            return False
    log.info("the documents are those that were loaded last")
    result.confirm(loaded.rows)
    result.seasons_seen += loaded.seasons
    return True


def forget_documents(begin: Begin) -> None:
    """Say that the tables stand for no documents, before they change."""
    with begin() as connection:
        connection.execute(delete(LOADED_DOCUMENTS))


def remember_documents(begin: Begin, result: Result, known_by: str, at: datetime) -> None:
    """Write down for which documents the tables stand now, unless something of them needs to be said again."""
    if result.warnings:
        return
    with begin() as connection:
        connection.execute(
            insert(LOADED_DOCUMENTS).values(
                fingerprint=known_by,
                loaded_at=at,
                seasons=result.seasons_seen,
                rows=result.rows,
                stored=row_counts(connection),
            )
        )


def row_counts(connection: Connection) -> dict[str, int]:
    """Count the rows of each mirrored table."""
    counts = [select(literal(name), func.count()).select_from(table(name)) for name in MIRRORED_TABLES]
    rows = connection.execute(counts[0].union_all(*counts[1:]))
    return {row[0]: row[1] for row in rows}


# One catalogue: recognised by its bytes.


def rows_of_loaded_catalogue(connection: Connection, catalogue: Document) -> dict[str, int] | None:
    """Return how many rows of each table a catalogue holds, where this version loaded the very same one last."""
    same = (LOADED_CATALOGUE.c.body_hash == body_hash(catalogue)) & (LOADED_CATALOGUE.c.version == __version__)
    rows: dict[str, int] | None = connection.scalar(
        select(LOADED_CATALOGUE.c.rows).where(LOADED_CATALOGUE.c.endpoint == catalogue.endpoint, same)
    )
    return rows


def remember_catalogue(connection: Connection, catalogue: Document, rows: Mapping[str, int], at: datetime) -> None:
    """Write down which catalogue was loaded, in the transaction of its rows."""
    values = {"body_hash": body_hash(catalogue), "version": __version__, "loaded_at": at, "rows": rows}
    statement = insert(LOADED_CATALOGUE).values(endpoint=catalogue.endpoint, **values)
    differs = or_(*(LOADED_CATALOGUE.c[name] != values[name] for name in ("body_hash", "version", "rows")))
    connection.execute(statement.on_conflict_do_update(index_elements=["endpoint"], set_=values, where=differs))


def body_hash(document: Document) -> str:
    """Return the SHA-256 of a document."""
    return sha256(document.body).hexdigest()


# One season: recognised by the hashes of its canonical form.


def is_stored_as_it_is(stored: StoredSeason, hashes: Hashes) -> bool:
    """Tell whether a season is stored as it is."""
    return (stored.schedule_hash, stored.settings_hash, stored.schedule_hash_version) == (*hashes, VERSION)
