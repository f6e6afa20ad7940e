"""The ledger of calls: a line on disk for each as it is made, rows of the database at the end of a command.

So nothing of it is lost when a run is killed, rolled back, or finds its database gone: what waits on disk is written by
the next command that can.
"""

import logging
import os
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

import orjson
from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from iracing_sync.api.ledger import Call
from iracing_sync.locks import make_private_folder, take_lock
from iracing_sync.own_tables import API_CALL_LOG, SYNC_RUN

log = logging.getLogger(__name__)

BATCH = 1000


class CallLedger:
    """The calls of one command, on disk as soon as they are told of.

    `run_id` is that of the run in which they are made, null outside of one.
    """

    def __init__(self, folder: Path) -> None:
        self.calls: list[Call] = []
        self.run_id: UUID | None = None
        self._folder = folder
        self._path = folder / f"{uuid4().hex}.jsonl"
        self._descriptor = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, call: Call) -> None:
        """Take down a call; from any thread, in one write."""
        self.calls.append(call)
        values = {column.name: getattr(call, column.name) for column in fields(call)}
        line = orjson.dumps(values | {"params": dict(call.params), "run_id": self.run_id}) + b"\n"
        try:
            if self._descriptor is not None:
                os.write(self._descriptor, line)
        except OSError as error:
            log.warning("a line of the ledger is lost, %s cannot be written: %s", self._path, error.strerror)

    def deliver(self, engine: Engine, keep: timedelta) -> None:
        """Write what waits on disk into the database, of killed commands too, and drop rows older than `keep`."""
        try:
            if self._descriptor is not None:
                deliver_file(engine, self._path)
                os.ftruncate(self._descriptor, 0)
                os.lseek(self._descriptor, 0, os.SEEK_SET)
            deliver_left(engine, self._folder)
            with engine.begin() as connection:
                connection.execute(delete(API_CALL_LOG).where(API_CALL_LOG.c.at < datetime.now(UTC) - keep))
        except (SQLAlchemyError, OSError) as error:
            log.warning("the ledger of calls waits on disk for the next run: %s", type(error).__name__)

    def close(self) -> None:
        """Let go of the file; one without a line is removed."""
        if self._descriptor is None:
            return
        if os.fstat(self._descriptor).st_size == 0:
            self._path.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = None

    def _open(self) -> int | None:
        try:
            make_private_folder(self._folder)
            return take_lock(self._path, wait=False)
        except OSError as error:
            log.warning("the ledger of calls cannot wait in %s: %s", self._folder, error.strerror)
            return None


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
        for batch in batched(rows, BATCH):
            connection.execute(insert(API_CALL_LOG).on_conflict_do_nothing(index_elements=["entry_id"]), batch)


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


def batched(rows: list[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """Yield a list in pieces."""
    for first in range(0, len(rows), size):
        yield rows[first : first + size]
