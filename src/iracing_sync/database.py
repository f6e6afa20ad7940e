"""The connection to PostgreSQL, and whether the schema is migrated."""

from pathlib import Path
from urllib.parse import unquote

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from iracing_sync.errors import DatabaseError
from iracing_sync.json_text import from_json, to_json

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
        raise DatabaseError(
            "IRACING_DATABASE_URL is no PostgreSQL URL: postgresql://user:password@host/database, "
            "in whose password @ / ? # are written %40 %2F %3F %23"
        ) from None
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
    """Return an address as libpq takes it: without the options of other tools, and a socket's folder in plain.

    Raises ValueError where an @ of the password would make the rest of it a name that is shown.
    """
    if any("@" in part for part in (url.host or "", url.database or "", *url.query)):
        raise ValueError
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


def shown_url(engine: Engine) -> str:
    """Return the address to which an engine has connected, without its password: whatever it was told by."""
    with engine.connect() as connection:
        info = connection.connection.dbapi_connection.info  # type: ignore[union-attr] # psycopg's own
    if info.host.startswith("/"):
        where = {"host": info.host, "port": str(info.port)}
        return str(URL.create("postgresql", info.user, database=info.dbname, query=where))
    return str(URL.create("postgresql", info.user, None, info.host, info.port, info.dbname))


def without_secrets(said: str, url: URL) -> str:
    """Return a message without any value of the address that may be secret."""
    secrets = [url.password, *(url.query[name] for name in url.query if "pass" in name.lower())]
    for secret in secrets:
        for one in (secret,) if isinstance(secret, str) else secret or ():
            said = said.replace(str(one), "***") if one else said
    return said


RIGHT_LACKING = "42501"
READ_ONLY = "25006"


def refusal(error: DBAPIError) -> str:
    """Return what PostgreSQL said, and what to do where that is known."""
    said, code = first_line(error), getattr(error.orig, "sqlstate", None)
    if code == RIGHT_LACKING:
        return f"{said}: this role lacks a right; docs/operations.md has those for reading and for writing"
    if code == READ_ONLY:
        return f"{said}: a standby, or a role or database with default_transaction_read_only, takes no rows"
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
