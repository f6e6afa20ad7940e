"""The schema: made, brought to the newest revision, compared with what the records define."""

from io import StringIO

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from iracing_sync.database import first_line, migrations_folder
from iracing_sync.errors import DatabaseError


def alembic_config(connection: Connection | None, schema: str) -> Config:
    """Configure alembic for one connection."""
    config = Config(stdout=StringIO())  # what alembic says is for its own command line
    config.set_main_option("script_location", str(migrations_folder()))
    config.attributes.update(connection=connection, schema=schema)
    return config


def upgrade(connection: Connection, schema: str) -> None:
    """Create the schema where it is missing and bring it to the newest revision."""
    try:
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
        command.upgrade(alembic_config(connection, schema), "head")
    except DBAPIError as error:
        raise DatabaseError(f"the schema {schema} cannot be migrated: {first_line(error)}") from error


def differences(connection: Connection, schema: str) -> str | None:
    """Say how the schema differs from what the records define, None where it does not."""
    try:
        command.check(alembic_config(connection, schema))
    except CommandError as error:
        return str(error)
    return None
