"""The database that the settings name, or the embedded one."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from iracing_sync.database import connect, require
from iracing_sync.embedded import embedded_postgres, psql_command
from iracing_sync.errors import DatabaseError
from iracing_sync.settings import Settings

log = logging.getLogger(__name__)


@contextmanager
def open_database(settings: Settings) -> Iterator[Engine]:
    """Give an engine for IRACING_DATABASE_URL, or for the embedded PostgreSQL while it is needed."""
    if settings.database_url:
        with open_engine(settings.database_url, settings) as engine:
            yield engine
        return
    with embedded_postgres(settings.data_dir) as url:
        log.info("embedded PostgreSQL, until this command ends: %s", psql_command(url))
        with open_engine(url, settings) as engine:
            yield engine


@contextmanager
def open_engine(url: str, settings: Settings) -> Iterator[Engine]:
    """Give an engine whose connections are closed at the end, however that comes."""
    engine = connect(url, settings.schema_name, settings.lock_timeout)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def open_tables(settings: Settings) -> Iterator[Connection]:
    """Give a connection to the migrated tables, for a command that only reads; raises DatabaseError for others."""
    with open_database(settings) as engine, engine.begin() as connection:
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
