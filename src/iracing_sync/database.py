"""The connection to PostgreSQL, its locks, and whether the schema is migrated."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from iracing_sync.errors import DatabaseError, RunLocked
from iracing_sync.json_text import from_json, to_json

log = logging.getLogger(__name__)

LOCK_NAMESPACE = 0x19ACE
"""First half of the advisory lock's key; the second is the hash of the schema's name."""

ACCOUNT_NAMESPACE = 0x19ACF
"""The same for the lock of an account, whose second half is the hash of its owner."""

ACCOUNT_WAIT = "120s"

CANCEL_EVERY_SECONDS = 0.2


FOREIGN_OPTIONS = ("pgbouncer", "schema", "connection_limit", "pool_timeout", "sslaccept")
"""What other tools write into a URL, and libpq does not know."""


def connect(url: str, schema: str, lock_timeout_seconds: float = 60) -> Engine:
    """Make an engine whose every transaction works in one schema; raises DatabaseError where it cannot connect."""
    try:
        place = plain_url(make_url(url))
        engine = create_engine(
            place,
            pool_pre_ping=True,
            json_serializer=to_json,
            json_deserializer=from_json,
            connect_args={"client_encoding": "utf8"},
        )
    except (ArgumentError, ModuleNotFoundError, ValueError):  # would quote the address, so it is no cause
        raise DatabaseError("IRACING_DATABASE_URL is no PostgreSQL URL: postgresql://user@host/database") from None
    beginning = first_statements(schema, lock_timeout_seconds)

    @event.listens_for(engine, "begin")
    def enter_schema(connection: Connection) -> None:
        connection.exec_driver_sql(beginning)

    try:
        require_usable(engine)
    except DatabaseError:
        engine.dispose()
        raise
    return engine


def plain_url(url: URL) -> URL:
    """Return an address as libpq takes it: without the options of other tools, and a socket's folder in plain."""
    host = unquote(url.host) if url.host and "%" in url.host else url.host
    return url.set(host=host).difference_update_query(FOREIGN_OPTIONS)


def first_statements(schema: str, lock_timeout_seconds: float) -> str:
    """Return how each transaction begins: with what we rely on, whatever role or database set by default."""
    settings = {
        "search_path": f'"{schema}"',
        "lock_timeout": str(round(lock_timeout_seconds * 1000)),
        "datestyle": "'ISO, YMD'",
        "intervalstyle": "postgres",
        "timezone": "'UTC'",
        "bytea_output": "hex",
        "standard_conforming_strings": "on",
    }
    written = "; ".join(f"SET LOCAL {name} TO {value}" for name, value in settings.items())
    return f"SET TRANSACTION ISOLATION LEVEL READ COMMITTED; {written}"


def require_usable(engine: Engine) -> None:
    """Connect once; raises DatabaseError where that fails or the encoding cannot hold iRacing's names.

    No message holds a password, in whatever part of the address it stands.
    """
    try:
        with engine.connect() as connection:
            encoding = connection.scalar(text("SHOW server_encoding"))
    except DBAPIError as error:
        said = without_secrets(first_line(error), engine.url)
        raise DatabaseError(f"the database {shown_place(engine.url)} cannot be reached: {said}") from None
    if encoding not in ("UTF8", "SQL_ASCII"):
        raise DatabaseError(
            f"the database {shown_place(engine.url)} is encoded in {encoding}, which cannot hold every name: "
            "make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        )


def shown_place(url: URL) -> str:
    """Return an address without password and options."""
    port = f":{url.port}" if url.port else ""
    host = url.host or url.query.get("host") or "the local socket"
    return f"{url.username or ''}{'@' if url.username else ''}{host}{port}/{url.database or ''}"


def shown_url(url: URL) -> str:
    """Return an address that may be shown: without password, and of its options those that say where."""
    where = {name: value for name, value in url.query.items() if name in ("host", "port", "dbname", "user")}
    return str(URL.create("postgresql", url.username, None, url.host, url.port, url.database, where))


def without_secrets(said: str, url: URL) -> str:
    """Return a message without any value of the address that may be secret."""
    secrets = [url.password, *(url.query[name] for name in url.query if "pass" in name.lower())]
    for secret in secrets:
        for one in (secret,) if isinstance(secret, str) else secret or ():
            said = said.replace(str(one), "***") if one else said
    return said


def first_line(error: DBAPIError) -> str:
    """Return what PostgreSQL said, in one line."""
    return str(error.orig).strip().partition("\n")[0]


def migrations_folder() -> Path:
    """Return where the migrations are: inside the wheel, or at the top of a checkout."""
    packaged = Path(__file__).parent / "_migrations"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "migrations"


def head_revision() -> str:
    """Return the newest revision of the migrations, whose files begin with it."""
    return max(path.name.partition("_")[0] for path in migrations_folder().glob("versions/[0-9]*_*.py"))


def current_revision(connection: Connection, schema: str) -> str | None:
    """Return the revision of the schema, None where it was never migrated."""
    if not inspect(connection).has_table("alembic_version", schema=schema):
        return None
    return connection.execute(text(f'SELECT version_num FROM "{schema}".alembic_version')).scalar_one_or_none()


def is_empty(connection: Connection, schema: str) -> bool:
    """Tell whether a schema holds no tables, or is not there."""
    return current_revision(connection, schema) is None and not inspect(connection).get_table_names(schema=schema)


def require(connection: Connection, schema: str) -> None:
    """Raise DatabaseError for a schema that is not at the newest revision."""
    require_released(connection, schema)
    found, wanted = current_revision(connection, schema), head_revision()
    if found == wanted:
        return
    if is_empty(connection, schema):
        raise DatabaseError(f"the schema {schema} is empty: `iracing-sync run` fills it")
    if found is None:
        raise DatabaseError(
            f"the schema {schema} holds tables that are not iracing-sync's: set IRACING_SCHEMA to another name, "
            "or run `iracing-sync db upgrade` to add the tables beside them"
        )
    if found > wanted:
        raise DatabaseError(
            f"the schema {schema} is at revision {found}, newer than the {wanted} of this version: upgrade iracing-sync"
        )
    raise DatabaseError(
        f"the schema {schema} is at revision {found}, this version needs {wanted}: run `iracing-sync db upgrade`"
    )


def require_released(connection: Connection, schema: str) -> None:
    """Raise DatabaseError for a schema of before the first release, whose tables have no comments."""
    comment = text("SELECT obj_description(to_regclass(:table), 'pg_class')")
    is_migrated = current_revision(connection, schema) is not None
    if is_migrated and connection.scalar(comment, {"table": f'"{schema}".sync_run'}) is None:
        raise DatabaseError(
            f"the schema {schema} predates the first release and cannot be upgraded: make it anew with "
            f"`DROP SCHEMA {schema} CASCADE` in psql, then `iracing-sync run`"
        )


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
