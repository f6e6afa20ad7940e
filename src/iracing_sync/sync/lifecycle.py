"""A run from its beginning to its end, however it ends: lock, schema, transactions, and its row in sync_run."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import RLock
from uuid import UUID, uuid4

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, insert, text, update
from sqlalchemy.exc import DBAPIError

from iracing_sync import __version__
from iracing_sync.database import is_empty, refusal, require
from iracing_sync.errors import DatabaseError, RunLocked, SyncError, UnforeseenError, causes
from iracing_sync.fetch.prefetch import Prefetch
from iracing_sync.fetch.source import DocumentSource
from iracing_sync.instants import Clock, now
from iracing_sync.ledger.journal import CallJournal
from iracing_sync.locks import RunLock, run_lock, who_holds
from iracing_sync.result import MIRRORED_TABLES, Counts, Result
from iracing_sync.signals import SIGNALS
from iracing_sync.sync.nightly import sync_nightly
from iracing_sync.sync.options import Options
from iracing_sync.sync.run import Begin, Progress, Run
from iracing_sync.sync.writer import Writer
from iracing_sync.tables.own import CHANGES_CHANNEL, SYNC_RUN

log = logging.getLogger(__name__)


def sync(
    options: Options,
    source: DocumentSource,
    engine: Engine,
    schema: str,
    ledger: CallJournal,
    progress: Progress = lambda _what, _done, _all: None,
    clock: Clock = now,
    run_id: UUID | None = None,
) -> Result:
    """Bring the database up to date and return what was done; an error that ends the run is in the result."""
    result = Result(run_id or uuid4(), {table: Counts() for table in MIRRORED_TABLES})
    ledger.run_id = None if options.dry_run else result.run_id
    name = f"iracing-sync run {result.run_id}"
    try:
        with (
            run_lock(engine, schema, name) as lock,
            SIGNALS.heeded_by(lock.cancel_waits),
            transactions(engine, schema, lock, dry_run=options.dry_run) as begin,
            Writer() as writer,
        ):
            run = Run(options, Prefetch(source, options.width), begin, writer, result, progress, clock)
            start(run, schema)
            try:
                work(run)
                result.has_ended = True
            except Exception as error:
                result.stop(reason_to_stop(error, engine, schema, name))
            finish(run, ledger, source.warnings)
    except Exception as error:
        result.has_ended = False
        result.stop(reason_to_stop(error, engine, schema, name))
        close_row(engine, result, clock)
    return result


def reason_to_stop(error: Exception, engine: Engine, schema: str, name: str) -> SyncError:
    """Return what ends a run as an error with an exit code; of what nobody foresaw the log tells more at DEBUG.

    What fails after a signal was heard fails because of it.
    """
    if interruption := SIGNALS.interruption():
        return interruption
    if any(isinstance(cause, LockNotAvailable) for cause in causes(error)):
        holder = who_holds(engine, schema, name)
        return DatabaseError(f"waited for longer than IRACING_LOCK_TIMEOUT for what is held by {holder}")
    if isinstance(error, SyncError):
        return error
    if isinstance(error, DBAPIError):
        return DatabaseError(f"the database failed: {refusal(error)}")
    log.debug("where it happened:", exc_info=error)
    return UnforeseenError("the run broke off", error)


def start(run: Run, schema: str) -> None:
    """Migrate an empty schema and write down that the run began."""
    with run.begin() as connection:
        prepare(connection, schema)
    with run.begin() as connection:
        # we hold the lock, so whoever seems to be running is not: killed, or its server
        connection.execute(update(SYNC_RUN).where(SYNC_RUN.c.status == "running").values(status="aborted"))
        connection.execute(
            insert(SYNC_RUN).values(
                run_id=run.result.run_id,
                started_at=run.clock(),
                arguments=run.options.as_dict(),
                version=__version__,
                status="running",
            )
        )


def prepare(connection: Connection, schema: str) -> None:
    """Migrate an empty schema; raises DatabaseError for one that is in use and not at the newest revision."""
    if is_empty(connection, schema):
        from iracing_sync.schema import upgrade  # alembic takes 0.1 s to import, which only migrating needs

        upgrade(connection, schema)
    else:
        require(connection, schema)


def work(run: Run) -> None:
    """Do what was asked for."""
    if run.options.history:
        # mappers, loader and tables take 0.24 s to import, which an unchanged night need not spend
        from iracing_sync.sync.history import sync_history

        sync_history(run)
    else:
        sync_nightly(run)


def finish(run: Run, ledger: CallJournal, cache_warnings: list[str]) -> None:
    """Write down how the run ended."""
    result = run.result
    result.warnings += cache_warnings
    result.cache_hits = sum(call.cached == "hit" for call in ledger.calls)
    result.api_calls = len(ledger.calls) - result.cache_hits + ledger.made_elsewhere
    with run.begin() as connection:
        connection.execute(
            update(SYNC_RUN)
            .where(SYNC_RUN.c.run_id == result.run_id)
            .values(
                finished_at=run.clock(),
                status=result.status,
                exit_code=result.exit_code,
                counters=result.as_dict(),
                warnings=result.warnings,
            )
        )
        tell_followers(connection, result.run_id)


TELL = text("""
SELECT pg_notify(:channel, json_build_object(
    'schema', current_schema(), 'run_id', run_id, 'changes', count(*), 'last_change_id', max(change_id)
)::text)
FROM schedule_change WHERE run_id = :run_id GROUP BY run_id
""")


def tell_followers(connection: Connection, run_id: UUID) -> None:
    """Let PostgreSQL wake whoever waits for changes as soon as this is committed, if there are any."""
    connection.execute(TELL, {"channel": CHANGES_CHANNEL, "run_id": run_id})


def close_row(engine: Engine, result: Result, clock: Clock) -> None:
    """Write down that a run failed whose own session is gone; where the database is gone too, the next run does."""
    ours = (SYNC_RUN.c.run_id == result.run_id) & (SYNC_RUN.c.status == "running")
    end = {"finished_at": clock(), "status": result.status, "exit_code": result.exit_code, "warnings": result.warnings}
    with suppress(DBAPIError), engine.begin() as connection:
        connection.execute(update(SYNC_RUN).where(ours).values(**end))


@contextmanager
def transactions(engine: Engine, schema: str, lock: RunLock, *, dry_run: bool) -> Iterator[Begin]:
    """Give a function that begins a transaction, which is committed only while we hold the lock of the run.

    In a dry run all of them are rolled back together at the end.
    """
    named = text("SELECT set_config('application_name', :name, true)")

    @contextmanager
    def transaction() -> Iterator[Connection]:
        with engine.begin() as connection:
            connection.execute(named, {"name": lock.name})
            yield connection
            if not lock.is_held(connection, schema):
                raise RunLocked("the lock of this run is lost, its session has ended: nothing more is written")

    if not dry_run:
        yield transaction
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
