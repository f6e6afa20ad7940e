"""`run`, the main job."""

from enum import StrEnum

import typer

from iracing_sync.app.database import open_database
from iracing_sync.app.documents import open_ledger, open_source
from iracing_sync.app.log import start
from iracing_sync.cli.options import HEADLESS, REFRESH
from iracing_sync.cli.output import progress_bar, show_result
from iracing_sync.cli.run_options import COMPLETE, HISTORY, QUARTER, SINCE, YEAR, run_options
from iracing_sync.sync.lifecycle import sync

app = typer.Typer(rich_markup_mode=None, add_completion=False)


class OnDrift(StrEnum):
    """What to do about fields that this version does not know."""

    WARN = "warn"
    FAIL = "fail"


@app.command()
def run(
    year: list[int] | None = YEAR,
    quarter: list[str] | None = QUARTER,
    series: list[int] | None = typer.Option(None, metavar="ID", help="Only this series; may be repeated."),
    refresh: bool = REFRESH,
    offline: bool = typer.Option(False, "--offline", help="Use the cache only, whatever its age."),
    history: bool = HISTORY,
    since: int = SINCE,
    complete: bool = COMPLETE,
    max_calls: int | None = typer.Option(
        None, min=0, metavar="N", help="Ask iRacing no more than N times; the next run goes on."
    ),
    strict: bool = typer.Option(False, "--strict", help="Stop with exit 8 where a list has shrunk suspiciously."),
    on_drift: OnDrift = typer.Option(OnDrift.WARN, help="Where fields are unknown: go on, or stop with exit 8."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Count what would be written and write nothing."),
    notify_url: str | None = typer.Option(None, metavar="URL", help="POST the run's important changes here."),
    headless: bool = HEADLESS,
    as_json: bool = typer.Option(False, "--json", help="Print the result as one JSON object."),
) -> None:
    """Fetch, map and load series, seasons and schedules."""
    settings = start()
    options = run_options(
        settings,
        year=year,
        quarter=quarter,
        series=frozenset(series or ()),
        refresh=refresh,
        offline=offline,
        dry_run=dry_run,
        history=history,
        since=since,
        complete=complete,
        max_calls=max_calls,
        strict=strict,
        on_drift=on_drift.value,
    )
    with (
        open_database(settings) as engine,
        open_ledger(settings, engine, dry_run=dry_run) as ledger,
        open_source(settings, engine, ledger, refresh=refresh, offline=offline, max_calls=max_calls) as source,
        progress_bar(not headless) as progress,
    ):
        result = sync(options, source, engine, settings.schema_name, ledger, progress)
        if notify_url and not dry_run:
            from iracing_sync.notify import notify  # it loads the tables, which an unchanged night need not

            notify(notify_url, engine, result)
    show_result(result, as_json=as_json, drawing=not headless, dry_run=dry_run)
    raise typer.Exit(result.exit_code)
