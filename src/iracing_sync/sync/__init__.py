"""The pipeline: plan the calls, then fetch, map and load each document."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from uuid import uuid4

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from iracing_sync.cache import Clock, DocumentSource, now
from iracing_sync.database import first_line, run_lock
from iracing_sync.errors import DatabaseError, SyncError
from iracing_sync.ledger import CallLedger
from iracing_sync.result import MIRRORED_TABLES, Counts, Result
from iracing_sync.sync.active import sync_active
from iracing_sync.sync.options import Options
from iracing_sync.sync.run import Begin, Progress, Run, stop
from iracing_sync.sync.writer import Writer

__all__ = ["Options", "sync"]


def sync(
    options: Options,
    source: DocumentSource,
    engine: Engine,
    schema: str,
    ledger: CallLedger,
    progress: Progress = lambda _what, _done, _all: None,
    clock: Clock = now,
) -> Result:
    """Bring the database up to date and return what was done; an error that ends the run is in the result."""
    result = Result(uuid4(), {table: Counts() for table in MIRRORED_TABLES})
    ledger.run_id = None if options.dry_run else result.run_id
    try:
        with (
            run_lock(engine, schema),
            transactions(engine, dry_run=options.dry_run) as begin,
            Writer() as writer,
        ):
            run = Run(options, source, ledger.calls, begin, writer, result, progress, clock)
            run.start(schema)
            work(run)
    except SyncError as error:
        stop(result, error)
    except DBAPIError as error:
        stop(result, DatabaseError(f"the database failed: {first_line(error)}"))
    return result


def work(run: Run) -> None:
    """Do what was asked for and write down how it ended, however it ends."""
    try:
        if run.options.history:
            from iracing_sync.sync.history import sync_history  # takes a fifth of a second to import

            sync_history(run)
        else:
            sync_active(run)
    except SyncError as error:
        run.stopped(error)
    except DBAPIError as error:
        run.stopped(DatabaseError(f"PostgreSQL refuses: {first_line(error)}"))
    finally:
        run.finish()


@contextmanager
def transactions(engine: Engine, *, dry_run: bool) -> Iterator[Begin]:
    """Give a function that begins a transaction; in a dry run all of them are rolled back together at the end."""
    if not dry_run:
        yield engine.begin
        return
    one_at_a_time = RLock()
    with engine.connect() as connection, connection.begin() as outer:

        @contextmanager
        def savepoint() -> Iterator[Connection]:
            with one_at_a_time, connection.begin_nested():
                yield connection

        try:
            yield savepoint
        finally:
            outer.rollback()
