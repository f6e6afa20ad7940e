"""`run`: the main job."""

import typer

NOW = "what is active now"


def run(
    year: int | None = typer.Option(None, min=2008, max=2100, help=f"Season year; with --quarter. Without: {NOW}."),
    quarter: int | None = typer.Option(None, min=1, max=4, help="Season quarter, 1 to 4; with --year."),
    series: list[int] | None = typer.Option(None, metavar="ID", help="Only this series; may be repeated."),
    refresh: bool = typer.Option(False, "--refresh", help="Ask iRacing again, whatever the cache holds."),
    offline: bool = typer.Option(False, "--offline", help="Use the cache only, whatever its age."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Count what would be written and write nothing."),
    headless: bool = typer.Option(False, "--headless", help="Never ask, never draw: plain log lines."),
    as_json: bool = typer.Option(False, "--json", help="Print the result as one JSON object."),
) -> None:
    """Fetch, map and load series, seasons and schedules."""
    from iracing_sync.cli.opened import opened_database, opened_source, start_log
    from iracing_sync.cli.shown import progress_on, show_result
    from iracing_sync.errors import SettingsError
    from iracing_sync.settings import load_settings
    from iracing_sync.sync import Options, sync

    if (year is None) != (quarter is None):
        raise SettingsError("--year and --quarter go together: iRacing looks up past seasons by both")
    if refresh and offline:
        raise SettingsError("--refresh asks iRacing and --offline forbids it: keep one")
    settings = load_settings()
    start_log(settings)
    options = Options(year, quarter, frozenset(series or ()), refresh, offline, dry_run)
    calls: list = []  # type: ignore[type-arg]
    with (
        opened_database(settings) as engine,
        opened_source(settings, calls, refresh=refresh, offline=offline) as source,
        progress_on(not headless) as progress,
    ):
        result = sync(options, source, engine, settings.schema_name, calls, progress)
    show_result(result, as_json=as_json, drawing=not headless, dry_run=dry_run)
    raise typer.Exit(result.exit_code)
