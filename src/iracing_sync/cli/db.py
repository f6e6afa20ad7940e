"""`db`: the schema, and the ways to the database."""

from iracing_sync.app.database import open_database
from iracing_sync.cli import db_access
from iracing_sync.cli.ending import leave
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_JSON
from iracing_sync.cli.output import print_json
from iracing_sync.cli.start import start
from iracing_sync.database import current_revision, head_revision
from iracing_sync.errors import DatabaseError
from iracing_sync.locks import run_lock
from iracing_sync.plain_text import how_many
from iracing_sync.schema import differences
from iracing_sync.schema import upgrade as upgrade_schema

app = new_app("Look into the database, keep an embedded one up, migrate and check.")
for command in (db_access.shell, db_access.url, db_access.start, db_access.stop, db_access.status):
    app.command()(command)


@app.command()
def upgrade(as_json: bool = AS_JSON) -> None:
    """Create the schema where it is missing and bring it to the newest revision."""
    settings = start(fills_database=True)
    schema = settings.schema_name
    with open_database(settings) as engine, run_lock(engine, schema):
        with engine.begin() as connection:
            upgrade_schema(connection, schema)
        with engine.begin() as connection:
            revision = current_revision(connection, schema)
    if as_json:
        print_json({"schema": schema, "revision": revision})
    else:
        say(f"{schema} is at revision {revision}")


@app.command()
def current(as_json: bool = AS_JSON) -> None:
    """Show the schema's revision and the newest one."""
    settings = start()
    schema = settings.schema_name
    with open_database(settings, reading=True) as engine, engine.begin() as connection:
        found, newest = current_revision(connection, schema), head_revision()
    if as_json:
        print_json({"schema": schema, "revision": found, "newest": newest})
    else:
        say(f"{schema}: revision {found or 'none'}, newest {newest}")


@app.command()
def check(as_json: bool = AS_JSON) -> None:
    """Compare the schema with what this version expects, writing nothing; exit 6 where something of it differs."""
    settings = start()
    schema = settings.schema_name
    with open_database(settings, reading=True) as engine, engine.begin() as connection:
        found = differences(connection, schema)
    if as_json:
        print_json({"schema": schema, "ok": not found, "differences": found})
    else:
        for one in found:
            say(one)
    if found:
        leave(
            DatabaseError(f"the schema {schema} is not as this version expects it, in {how_many(len(found), 'place')}")
        )
    if not as_json:
        say(f"{schema} is as this version expects it")
