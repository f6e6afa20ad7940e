"""`db`: the schema."""

import typer

app = typer.Typer(help="Migrate and check the database.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def upgrade() -> None:
    """Create the schema where it is missing and bring it to the newest revision."""
    from iracing_sync.cli.opened import opened_database, start_log
    from iracing_sync.database import current_revision, run_lock
    from iracing_sync.database import upgrade as to_head
    from iracing_sync.settings import load_settings

    settings = load_settings()
    start_log(settings)
    with opened_database(settings) as engine, run_lock(engine, settings.schema_name):
        with engine.begin() as connection:
            to_head(connection, settings.schema_name)
        with engine.begin() as connection:
            typer.echo(f"{settings.schema_name} is at revision {current_revision(connection, settings.schema_name)}")


@app.command()
def current(as_json: bool = typer.Option(False, "--json", help="Print one JSON object.")) -> None:
    """Show the schema's revision and the newest one."""
    from iracing_sync.cli.opened import opened_database, start_log
    from iracing_sync.database import current_revision, head_revision
    from iracing_sync.settings import load_settings

    settings = load_settings()
    start_log(settings)
    with opened_database(settings) as engine, engine.begin() as connection:
        found, newest = current_revision(connection, settings.schema_name), head_revision()
    if as_json:
        import orjson

        typer.echo(orjson.dumps({"schema": settings.schema_name, "revision": found, "newest": newest}).decode())
    else:
        typer.echo(f"{settings.schema_name}: revision {found or 'none'}, newest {newest}")


@app.command()
def check() -> None:
    """Compare the schema with what this version expects; exit 6 where they differ."""
    from iracing_sync.cli.opened import opened_database, start_log
    from iracing_sync.database import differences
    from iracing_sync.errors import DatabaseError
    from iracing_sync.settings import load_settings

    settings = load_settings()
    start_log(settings)
    with opened_database(settings) as engine, engine.begin() as connection:
        found = differences(connection, settings.schema_name)
    if found:
        raise DatabaseError(f"{settings.schema_name}: {found} Run `iracing-sync db upgrade`.")
    typer.echo(f"{settings.schema_name} is as this version expects it")
