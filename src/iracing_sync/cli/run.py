"""`run`, the main job, and `plan`, what it would ask."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from iracing_sync.api.ledger import Call
    from iracing_sync.settings import Settings
    from iracing_sync.sync.options import Options

NOW = "what is active now"


class OnDrift(StrEnum):
    """What to do about fields that this version does not know."""

    WARN = "warn"
    FAIL = "fail"


YEAR = typer.Option(None, min=2008, max=2100, help=f"Season year; with --quarter. Without: {NOW}.")
QUARTER = typer.Option(None, min=1, max=4, help="Season quarter, 1 to 4; with --year.")
REFRESH = typer.Option(False, "--refresh", help="Ask iRacing again, whatever the cache holds.")
OFFLINE = typer.Option(False, "--offline", help="Use the cache only, whatever its age.")
HISTORY = typer.Option(False, "--history", help="Every past quarter not yet stored, the newest first.")
SINCE = typer.Option(2008, min=2008, max=2100, help="With --history: back to the first quarter of this year.")
VERIFY = typer.Option(
    True, "--verify/--no-verify", help="With --history: compare each quarter with iRacing's own list."
)
MAX_CALLS = typer.Option(None, min=0, metavar="N", help="Ask iRacing no more than N times; the next run goes on.")


def run(
    year: int | None = YEAR,
    quarter: int | None = QUARTER,
    series: list[int] | None = typer.Option(None, metavar="ID", help="Only this series; may be repeated."),
    refresh: bool = REFRESH,
    offline: bool = OFFLINE,
    history: bool = HISTORY,
    since: int = SINCE,
    verify: bool = VERIFY,
    max_calls: int | None = MAX_CALLS,
    strict: bool = typer.Option(False, "--strict", help="Stop with exit 8 where a list has shrunk suspiciously."),
    on_drift: OnDrift = typer.Option(OnDrift.WARN, help="Where fields are unknown: go on, or stop with exit 8."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Count what would be written and write nothing."),
    notify_url: str | None = typer.Option(None, metavar="URL", help="POST the run's important changes here."),
    headless: bool = typer.Option(False, "--headless", help="Never ask, never draw: plain log lines."),
    as_json: bool = typer.Option(False, "--json", help="Print the result as one JSON object."),
) -> None:
    """Fetch, map and load series, seasons and schedules."""
    from iracing_sync.cli.opened import opened_database, opened_ledger, opened_source, start_log
    from iracing_sync.cli.shown import progress_on, show_result
    from iracing_sync.settings import load_settings
    from iracing_sync.sync import sync

    settings = load_settings()
    options = asked(
        settings,
        year=year,
        quarter=quarter,
        series=frozenset(series or ()),
        refresh=refresh,
        offline=offline,
        dry_run=dry_run,
        history=history,
        since=since,
        verify=verify,
        max_calls=max_calls,
        strict=strict,
        on_drift=on_drift.value,
    )
    start_log(settings)
    with (
        opened_database(settings) as engine,
        opened_ledger(settings, engine, dry_run=dry_run) as ledger,
        opened_source(settings, engine, ledger, refresh=refresh, offline=offline, max_calls=max_calls) as source,
        progress_on(not headless) as progress,
    ):
        result = sync(options, source, engine, settings.schema_name, ledger, progress)
        if notify_url and not dry_run:
            from iracing_sync.notify import notify

            notify(notify_url, engine, result)
    show_result(result, as_json=as_json, drawing=not headless, dry_run=dry_run)
    raise typer.Exit(result.exit_code)


def plan(
    year: int | None = YEAR,
    quarter: int | None = QUARTER,
    refresh: bool = REFRESH,
    history: bool = HISTORY,
    since: int = SINCE,
    verify: bool = VERIFY,
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object."),
) -> None:
    """Show what `run` with the same options would ask iRacing for, and ask nothing."""
    from iracing_sync.cache import now
    from iracing_sync.cli.opened import opened_database, opened_source, start_log
    from iracing_sync.cli.shown import show_plan
    from iracing_sync.settings import load_settings
    from iracing_sync.sync.plan import planned

    settings = load_settings()
    options = asked(settings, year=year, quarter=quarter, refresh=refresh, history=history, since=since, verify=verify)
    start_log(settings)
    with opened_database(settings) as engine, opened_source(settings, engine, unheard, refresh=refresh) as source:
        steps = planned(engine, options, source, now())
    show_plan(steps, as_json=as_json)


def unheard(_call: Call) -> None:
    """Take down nothing: a plan makes no calls."""


def asked(settings: Settings, **given: object) -> Options:
    """Return what is asked for; raises SettingsError where that contradicts itself."""
    from iracing_sync.errors import SettingsError
    from iracing_sync.sync.options import Options

    options = Options(grace_days=settings.grace_days, parallel=settings.api_parallel, **given)  # type: ignore[arg-type]
    if (options.year is None) != (options.quarter is None):
        raise SettingsError("--year and --quarter go together: iRacing looks up past seasons by both")
    if options.refresh and options.offline:
        raise SettingsError("--refresh asks iRacing and --offline forbids it: keep one")
    if options.history and options.year is not None:
        raise SettingsError("--history covers every past quarter: leave out --year and --quarter, or give --since")
    return options
