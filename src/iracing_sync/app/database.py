"""The database that the settings name, or the embedded one."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from iracing_sync.database import connect, refusal, require, shown_url
from iracing_sync.embedded import embedded_postgres, has_database
from iracing_sync.errors import DatabaseError, SettingsError
from iracing_sync.folders import DATA_DIR, require_ours
from iracing_sync.settings import Settings
from iracing_sync.signals import SIGNALS

log = logging.getLogger(__name__)


@contextmanager
def open_database(settings: Settings, *, reading: bool = False) -> Iterator[Engine]:
    """Give an engine for IRACING_DATABASE_URL, or for the embedded PostgreSQL while it is needed.

    Whoever writes is told which database that is. `reading` makes none: raises DatabaseError where there is none.
    """
    if settings.database_url:
        with open_engine(settings.database_url, settings) as engine:
            if not reading:
                log.info("database: %s, schema %s", shown_url(engine), settings.schema_name)
            yield engine
        return
    if reading:
        require_database(settings.data_dir)
    with embedded_postgres(settings.data_dir) as url:
        if not reading:
            shown = f"the embedded PostgreSQL in {settings.data_dir}, schema {settings.schema_name}"
            log.info("database: %s; to look at it: iracing-sync db shell", shown)
        with open_engine(url, settings) as engine:
            yield engine


def require_database(folder: Path) -> None:
    """Raise DatabaseError where there is no embedded database in a folder yet, SettingsError where none may be."""
    try:
        if folder.exists():
            require_ours(folder, DATA_DIR)
    except OSError as error:
        raise SettingsError(f"the folder {folder} cannot be used: {error.strerror}; {DATA_DIR}") from error
    if not has_database(folder):
        absent = DatabaseError(
            f"no database yet in {folder}: `iracing-sync run` makes it, or set IRACING_DATABASE_URL to your own"
        )
        absent.next = "iracing-sync run"
        raise absent


@contextmanager
def open_engine(url: str, settings: Settings) -> Iterator[Engine]:
    """Give an engine whose connections are closed at the end; raises DatabaseError for whatever PostgreSQL refuses.

    What fails after a signal was heard fails because of it: psycopg takes what that raises for a broken connection.
    """
    engine = connect(url, settings.schema_name, settings.lock_timeout)
    try:
        yield engine
    except (DBAPIError, DatabaseError) as error:
        if interruption := SIGNALS.interruption():
            raise interruption from error
        if isinstance(error, DatabaseError):
            raise
        raise DatabaseError(f"the database failed: {refusal(error)}") from error
    finally:
        engine.dispose()


@contextmanager
def open_tables(settings: Settings) -> Iterator[Connection]:
    """Give a connection to the migrated tables, for a command that only reads; raises DatabaseError for others."""
    with open_database(settings, reading=True) as engine, engine.begin() as connection:
        require(connection, settings.schema_name)
        yield connection


@contextmanager
def open_shared_database(settings: Settings) -> Iterator[Engine | None]:
    """Give an engine for IRACING_DATABASE_URL, None where there is none or it cannot be reached."""
    engine = None
    try:
        engine = (
            connect(settings.database_url, settings.schema_name, settings.lock_timeout)
            if settings.database_url
            else None
        )
    except DatabaseError as error:
        log.info("the tokens are locked on this machine only: %s", error)
    try:
        yield engine
    finally:
        if engine:
            engine.dispose()
