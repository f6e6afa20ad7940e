"""The schema: made, brought to the newest revision, compared with what the records define."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import CheckConstraint, Connection, text
from sqlalchemy.exc import DBAPIError

from iracing_sync.comments import comments
from iracing_sync.database import is_empty, migrations_folder, refusal, require, require_released
from iracing_sync.errors import DatabaseError
from iracing_sync.tables.mirrored import METADATA
from iracing_sync.tables.views import FUNCTIONS, VIEWS


def alembic_config(connection: Connection | None, schema: str) -> Config:
    """Configure alembic for one connection."""
    config = Config(stdout=StringIO())  # what alembic says is for its own command line
    config.set_main_option("script_location", str(migrations_folder()))
    config.attributes.update(connection=connection, schema=schema)
    return config


def upgrade(connection: Connection, schema: str) -> None:
    """Create the schema where it is missing and bring it to the newest revision."""
    require_released(connection, schema)
    known = text("SELECT FROM pg_namespace WHERE nspname = :schema")
    try:
        if connection.execute(known, {"schema": schema}).one_or_none() is None:  # only who must needs the right to
            connection.execute(text(f'CREATE SCHEMA "{schema}"'))
        command.upgrade(alembic_config(connection, schema), "head")
    except DBAPIError as error:
        raise DatabaseError(f"the schema {schema} cannot be migrated: {refusal(error)}") from error
    except CommandError as error:
        require(connection, schema)
        raise DatabaseError(f"the schema {schema} cannot be migrated: {error}") from error


def differences(connection: Connection, schema: str) -> list[str]:
    """Return what of ours a schema lacks or has otherwise; what others added to it is theirs.

    Raises DatabaseError for one that is empty or not at the newest revision. Writes nothing.
    """
    if is_empty(connection, schema):
        raise DatabaseError(f"the schema {schema} is not there or empty: `iracing-sync db upgrade` makes it")
    require(connection, schema)
    connection.dialect.default_schema_name = schema
    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
    found = [said for change in compare_metadata(context, METADATA) for said in in_words(change)]
    return [*found, *lacking(connection, schema)]


def is_ours(_object: Any, _name: str | None, _kind: str, reflected: bool, compared_to: Any) -> bool:
    """Tell alembic to leave alone what stands in the database and nowhere in the records."""
    return not (reflected and compared_to is None)


def in_words(change: Any) -> Iterator[str]:
    """Yield what a difference means to a person; alembic groups those of one column in a list."""
    if isinstance(change, list):
        for one in change:
            yield from in_words(one)
        return
    kind, *about = change
    match kind:
        case "add_table":
            yield f"table {about[0].name} is missing"
        case "add_column":
            yield f"column {about[1]}.{about[2].name} is missing"
        case "add_index" | "add_constraint" | "add_fk":
            yield f"{kind.removeprefix('add_')} {about[0].name} of {about[0].table.name} is missing"
        case "modify_type":
            yield f"column {about[1]}.{about[2]} is {about[4]}, not {about[5]}"
        case "modify_nullable":
            yield f"column {about[1]}.{about[2]} {'may' if about[4] else 'may not'} be null"
        case "modify_comment" | "add_table_comment" | "remove_table_comment":
            pass  # what lacks one is found below, views and functions among them
        case _:
            yield f"{kind.replace('_', ' ')}: {about[0]}"


def lacking(connection: Connection, schema: str) -> Iterator[str]:
    """Yield the views, functions, checks and comments that are not there; alembic looks at none of them."""
    functions = {name.partition("(")[0] for name in FUNCTIONS}
    checks = {
        str(one.name)
        for table in METADATA.tables.values()
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    }
    promised = (
        ("view", VIEWS, "SELECT viewname FROM pg_views WHERE schemaname = :schema"),
        ("function", sorted(functions), "SELECT proname FROM pg_proc WHERE pronamespace = to_regnamespace(:schema)"),
        ("check", sorted(checks), "SELECT conname FROM pg_constraint WHERE connamespace = to_regnamespace(:schema)"),
    )
    for kind, names, query in promised:
        there = set(connection.scalars(text(query), {"schema": f'"{schema}"' if "regnamespace" in query else schema}))
        yield from (f"{kind} {name} is missing" for name in names if name not in there)
    for one, _, found in comments(connection, schema):
        if found is None:
            yield f"the comment of {one.in_words()} is missing: `iracing-sync db upgrade` writes it"
