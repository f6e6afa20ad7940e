"""What is wrong with a schema, as Django's checks say it."""

from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.recorder import MigrationRecorder
from sqlalchemy import Connection

from iracing_sync.contrib.django.connection import open_alias
from iracing_sync.contrib.django.options import APP_LABEL, schema
from iracing_sync.database import current_revision, head_revision, is_empty, require
from iracing_sync.errors import DatabaseError

UPGRADE = "manage.py iracing_sync db upgrade"
MIGRATION = (APP_LABEL, "0001_initial")


def schema_faults(alias: str) -> list[checks.CheckMessage]:
    """Return what is wrong with the schema under an alias: missing, older, newer, not ours or out of reach."""
    try:
        with open_alias(alias) as engine, engine.connect() as connection:
            return revision_faults(connection, alias)
    except DatabaseError as error:
        return [checks.Error(str(error), id="iracing_sync.E005")]


def revision_faults(connection: Connection, alias: str) -> list[checks.CheckMessage]:
    """Return how a schema differs from the newest revision; raises DatabaseError for one that is not ours."""
    if is_empty(connection, schema()):
        return [absence(alias)]
    found = current_revision(connection, schema())
    try:
        require(connection, schema())
    except DatabaseError as error:
        if found is None:
            raise
        if found > head_revision():
            return [checks.Error(str(error), hint="install the version that made it", id="iracing_sync.E003")]
        return [checks.Error(str(error), hint=UPGRADE, id="iracing_sync.E002")]
    return []


def absence(alias: str) -> checks.CheckMessage:
    """Return that there are no tables; until it has run, `migrate` is what makes them, and must not be kept from it."""
    said = f"the schema {schema()} is not there or empty"
    if MIGRATION in MigrationRecorder(connections[alias]).applied_migrations():
        return checks.Error(said, hint=UPGRADE, id="iracing_sync.E001")
    migrate = "manage.py migrate" + ("" if alias == DEFAULT_DB_ALIAS else f" --database {alias}")
    return checks.Warning(said, hint=f"{migrate} makes the tables", id="iracing_sync.W001")
