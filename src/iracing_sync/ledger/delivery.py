"""From the disk into the database: what waits there of this command, and of those that were killed."""

import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from iracing_sync.ledger.journal import CallJournal
from iracing_sync.private_files import take_lock
from iracing_sync.tables.own import API_CALL_LOG, SYNC_RUN

log = logging.getLogger(__name__)

BATCH = 1000


def deliver_calls(journal: CallJournal, engine: Engine, keep: timedelta) -> None:
    """Write what waits on disk into the database, of killed commands too, and drop rows older than `keep`."""
    try:
        if journal.is_open:
            deliver_file(engine, journal.path)
            journal.empty()
        deliver_left(engine, journal.path.parent)
        with engine.begin() as connection:
            connection.execute(delete(API_CALL_LOG).where(API_CALL_LOG.c.at < datetime.now(UTC) - keep))
    except (SQLAlchemyError, OSError) as error:
        log.warning("the ledger of calls waits on disk for the next run: %s", type(error).__name__)


def deliver_left(engine: Engine, folder: Path) -> None:
    """Write what commands left behind that are no longer at work."""
    for path in sorted(folder.glob("*.jsonl")):
        if path.stat().st_size == 0:
            continue  # one that has just begun
        try:
            descriptor = take_lock(path, wait=False)
        except BlockingIOError:
            continue
        try:
            deliver_file(engine, path)
            path.unlink(missing_ok=True)
        finally:
            os.close(descriptor)


def deliver_file(engine: Engine, path: Path) -> None:
    """Write the lines of one file; those that are there already are left alone."""
    entries = list(entries_in(path))
    with engine.begin() as connection:
        known = set(
            connection.scalars(select(SYNC_RUN.c.run_id).where(SYNC_RUN.c.run_id.in_({run for run, _ in entries})))
        )
        rows = [entry | {"run_id": run if run in known else None} for run, entry in entries]
        for first in range(0, len(rows), BATCH):
            statement = insert(API_CALL_LOG).on_conflict_do_nothing(index_elements=["entry_id"])
            connection.execute(statement, rows[first : first + BATCH])


def entries_in(path: Path) -> Iterator[tuple[UUID | None, dict[str, Any]]]:
    """Yield each entry with its run; a line cut short by the end of its command is no entry."""
    for line in path.read_bytes().splitlines():
        try:
            entry = orjson.loads(line)
            instant, entry_id = datetime.fromisoformat(entry["at"]), UUID(entry["entry_id"])
            run = UUID(entry.pop("run_id")) if entry["run_id"] else None
        except (ValueError, KeyError, TypeError):
            continue
        yield run, entry | {"at": instant, "entry_id": entry_id}
