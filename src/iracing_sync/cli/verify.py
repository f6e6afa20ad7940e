"""`verify`: whether a quarter is complete."""

import typer


def verify(
    year: int = typer.Option(..., min=2008, max=2100, help="Season year."),
    quarter: int = typer.Option(..., min=1, max=4, help="Season quarter, 1 to 4."),
    refresh: bool = typer.Option(False, "--refresh", help="Ask iRacing again, whatever the cache holds."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object."),
) -> None:
    """Compare a quarter with iRacing's own list of it, one call; exit 3 where seasons or schedules are missing."""
    from iracing_sync.cli.opened import opened_database, opened_source, start_log
    from iracing_sync.cli.shown import print_json
    from iracing_sync.database import require
    from iracing_sync.quarters import Quarter
    from iracing_sync.settings import load_settings
    from iracing_sync.sync.plan import LIST, settled_for
    from iracing_sync.sync.run import write_calls
    from iracing_sync.sync.verify import compare

    settings = load_settings()
    start_log(settings)
    asked = Quarter(year, quarter)
    calls: list = []  # type: ignore[type-arg]
    with (
        opened_database(settings) as engine,
        opened_source(settings, calls, refresh=refresh, engine=engine) as source,
    ):
        with engine.begin() as connection:
            require(connection, settings.schema_name)
        try:
            light = source.document(LIST, asked.params, settled=settled_for(asked.params))
        finally:
            with engine.begin() as connection:
                write_calls(connection, calls, None)
        with engine.begin() as connection:
            verdict = compare(connection, asked, light)
    if as_json:
        print_json(verdict.as_dict())
    else:
        for label, ids in (("missing", verdict.missing), ("without schedule", verdict.without_schedule)):
            for season_id in ids:
                typer.echo(f"{label}: {season_id} {verdict.listed[season_id]}")
        said = verdict.as_dict()
        typer.echo(
            f"{asked.name}: {said['listed']} seasons listed by iRacing, {said['stored']} stored with schedule, "
            f"{len(verdict.unlisted)} stored that are not listed"
        )
    raise typer.Exit(0 if verdict.is_complete else 3)
