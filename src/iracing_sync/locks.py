"""The locks in the database: one run a schema, one user of an account's tokens, and who holds what others wait for."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from iracing_sync.errors import DatabaseError, RunLocked

log = logging.getLogger(__name__)

LOCK_NAMESPACE = 0x19ACE
"""First half of the advisory lock's key; the second is the hash of the schema's name."""

ACCOUNT_NAMESPACE = 0x19ACF
"""The same for the lock of an account, whose second half is the hash of its owner."""

ACCOUNT_WAIT = "120s"

CANCEL_EVERY_SECONDS = 0.2

JOB_LOCK = "hashtextextended(current_schema() || ' ' || key, 0)"

JOB_IS_HELD = f"""EXISTS (
    SELECT FROM pg_locks held
    WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
      AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND held.classid = (({JOB_LOCK} >> 32) & 4294967295)::oid AND held.objid = ({JOB_LOCK} & 4294967295)::oid
)"""
"""Whether somebody works on a row of `job`: who does holds the advisory lock of its key in this schema."""


class RunLock:
    """The lock of a schema, held by a session of its own until the run ends.

    `session` is the process id of that session, `name` what each session of the run calls itself.
    """

    def __init__(self, connection: Connection, session: int, name: str) -> None:
        self.session = session
        self.name = name
        self._connection = connection
        self._has_ended = threading.Event()

    def is_held(self, connection: Connection, schema: str) -> bool:
        """Tell by another session whether the lock is still ours."""
        return lock_holder(connection, schema) == self.session

    def cancel_waits(self) -> None:
        """Cancel, from now on to the end of the run, each of its statements that waits for somebody's lock."""
        threading.Thread(target=self._cancel_waits, daemon=True, name="cancel waits").start()

    def end(self) -> None:
        """Give the lock back."""
        self._has_ended.set()
        with suppress(DBAPIError):
            self._connection.execute(text("SELECT pg_advisory_unlock_all()"))

    def _cancel_waits(self) -> None:
        waiting = text(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = :name AND wait_event_type = 'Lock'"
        )
        while not self._has_ended.wait(CANCEL_EVERY_SECONDS):
            with suppress(DBAPIError):
                self._connection.execute(waiting, {"name": self.name})


@contextmanager
def run_lock(engine: Engine, schema: str, name: str = "iracing-sync") -> Iterator[RunLock]:
    """Hold the lock of a schema; raises RunLocked where another run holds it."""
    key = text("SELECT pg_try_advisory_lock(:space, hashtext(:schema)), pg_backend_pid()")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()  # so that closing it ends the session, and with it the lock, where unlocking fails
        is_mine, session = connection.execute(key, {"space": LOCK_NAMESPACE, "schema": schema}).one()
        if not is_mine:
            raise RunLocked(f"another run is at work on the schema {schema}: wait for its end")
        connection.execute(text("SELECT set_config('application_name', :name, false)"), {"name": name})
        require_own_session(engine, connection, session)
        lock = RunLock(connection, session, name)
        try:
            yield lock
        finally:
            lock.end()


def require_own_session(engine: Engine, connection: Connection, session: int) -> None:
    """Raise DatabaseError where a pooler gives each transaction another session, which no lock outlives.

    While another transaction is open on the session just used, such a pooler must answer from a different one.
    """
    with engine.begin() as other:
        other.execute(text("SELECT"))
        if connection.scalar(text("SELECT pg_backend_pid()")) != session:
            raise DatabaseError(
                "a transaction pooler stands before the database: connect to PostgreSQL itself, or by session pooling "
                "(pool_mode = session)"
            )


HOLDERS = text(
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = :space AND granted "
    "AND objid = hashtext(:schema)::bigint & 4294967295 "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def lock_holder(connection: Connection, schema: str) -> int | None:
    """Return the process id of the session that holds the lock of a schema, None where no run is at work."""
    return connection.execute(HOLDERS, {"space": LOCK_NAMESPACE, "schema": schema}).scalar_one_or_none()


@contextmanager
def account_lock(engine: Engine, owner: str) -> Iterator[None]:
    """Hold the tokens of an owner against other machines that use this database.

    Waits for whoever holds it. Where the database fails, the file's lock must do.
    """
    connection = None
    try:
        connection = _account_connection(engine, owner)
    except SQLAlchemyError as error:
        log.info("no lock in the database for the tokens, only that of the file: %s", type(error).__name__)
    try:
        yield
    finally:
        if connection is not None:
            connection.close()


def _account_connection(engine: Engine, owner: str) -> Connection:
    """Return a connection that holds the lock and, being of no pool, gives it back when closed."""
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        connection.detach()
        connection.execute(text("SELECT set_config('lock_timeout', :wait, false)"), {"wait": ACCOUNT_WAIT})
        lock = text("SELECT pg_advisory_lock(:space, hashtext(:owner))")
        connection.execute(lock, {"space": ACCOUNT_NAMESPACE, "owner": owner})
    except BaseException:
        connection.close()
        raise
    return connection


def who_holds(engine: Engine, schema: str, name: str) -> str:
    """Say who holds something of a schema that we waited for: the one of them at it for longest."""
    others = text(
        "SELECT a.pid, a.application_name, left(regexp_replace(a.query, '\\s+', ' ', 'g'), 60), a.state "
        "FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace "
        "JOIN pg_stat_activity a ON a.pid = l.pid "
        "WHERE n.nspname = :schema AND l.granted AND l.mode <> 'AccessShareLock' AND a.application_name <> :name "
        "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        "ORDER BY a.xact_start LIMIT 1"
    )
    try:
        with engine.begin() as connection:
            found = connection.execute(others, {"schema": schema, "name": name}).one_or_none()
    except DBAPIError:
        found = None
    if found is None:
        return "someone who has let go by now"
    pid, application, query, state = found
    return f"the session with pid {pid} ({application or 'no application_name'}, {state}): {query}"
