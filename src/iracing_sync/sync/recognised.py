"""The same documents once more: recognised by their bytes, before anything of them is decoded.

So it is for a cron entry that runs more often than documents grow old. What is known is forgotten as soon as another
run writes; rows that somebody deleted by hand are noticed by their number.
"""

import logging
from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import Connection, delete, func, insert, literal, select, table

from iracing_sync import __version__
from iracing_sync.documents import Document
from iracing_sync.json_text import to_json
from iracing_sync.own_tables import LOADED_DOCUMENTS
from iracing_sync.result import MIRRORED_TABLES
from iracing_sync.sync.options import Options
from iracing_sync.sync.run import Run

log = logging.getLogger(__name__)


def fingerprint(options: Options, documents: Iterable[Document]) -> str:
    """Return by what a run is recognised: all on which its outcome depends, the present moment aside."""
    seen = [
        [document.name, document.fetched_at.isoformat(), sha256(document.body).hexdigest()] for document in documents
    ]
    return sha256(to_json([__version__, options.as_dict(), seen]).encode()).hexdigest()


def is_recognised(run: Run, known_by: str) -> bool:
    """Tell whether the tables stand for these documents already, and count the rows if they do."""
    if run.result.warnings or run.options.refresh:
        return False
    with run.begin() as connection:
        loaded = connection.execute(
            select(LOADED_DOCUMENTS.c.seasons, LOADED_DOCUMENTS.c.rows, LOADED_DOCUMENTS.c.stored).where(
                LOADED_DOCUMENTS.c.fingerprint == known_by
            )
        ).one_or_none()
        if loaded is None or loaded.stored != stored_rows(connection):
            return False
    log.info("the documents are those that were loaded last")
    run.result.confirm(loaded.rows)
    run.result.seasons_seen += loaded.seasons
    return True


def forget(run: Run) -> None:
    """Say that the tables stand for no documents, before they change."""
    with run.begin() as connection:
        connection.execute(delete(LOADED_DOCUMENTS))


def remember(run: Run, known_by: str) -> None:
    """Write down for which documents the tables stand now, unless something of them needs to be said again."""
    if run.result.warnings:
        return
    with run.begin() as connection:
        connection.execute(
            insert(LOADED_DOCUMENTS).values(
                fingerprint=known_by,
                loaded_at=run.clock(),
                seasons=run.result.seasons_seen,
                rows=run.result.rows,
                stored=stored_rows(connection),
            )
        )


def stored_rows(connection: Connection) -> dict[str, int]:
    """Count the rows of each mirrored table."""
    counts = [select(literal(name), func.count()).select_from(table(name)) for name in MIRRORED_TABLES]
    rows = connection.execute(counts[0].union_all(*counts[1:]))
    return {row[0]: row[1] for row in rows}
