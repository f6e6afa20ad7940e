"""The tables and views as SQLAlchemy models with relationships, for reading.

`Event`, `Season`, `WeekSchedule` and so on stand on the tables that the tool itself writes by, and their relationships
have the names of Django's: `season.events`, `event.cars`, `event.layout.track`.
"""

from sqlalchemy import Engine

from iracing_sync.contrib.sqlalchemy import models
from iracing_sync.contrib.sqlalchemy.models import *  # noqa: F403 - what they are, their stub says
from iracing_sync.contrib.sqlalchemy.rows import ReadOnlyError, Row
from iracing_sync.database import connect, require
from iracing_sync.errors import DatabaseError
from iracing_sync.settings import DRIVER, NO_ADDRESS, with_driver

__all__ = ["ReadOnlyError", "Row", "open_tables"]
__all__ += models.__all__


def open_tables(url: str, schema: str = "iracing", *, read_only: bool = True) -> Engine:
    """Return an engine whose every transaction is in the schema, for an address as IRACING_DATABASE_URL takes it.

    PostgreSQL lets its transactions write nothing, unless they are not to be `read_only`: for a run, or a Follower that
    keeps its place. Raises DatabaseError where it cannot connect, or what is to be read is not there, ValueError for
    what is no address of a PostgreSQL.
    """
    address = with_driver(url)
    if not address.startswith(f"{DRIVER}://"):
        raise ValueError(NO_ADDRESS)
    engine = connect(address, schema)
    if not read_only:
        return engine
    try:
        with engine.begin() as connection:
            require(connection, schema)
    except DatabaseError:
        engine.dispose()
        raise
    return engine.execution_options(postgresql_readonly=True)
