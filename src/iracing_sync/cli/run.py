"""`run`, the main job."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

import typer

from iracing_sync.app.database import open_database
from iracing_sync.app.log import log_run
from iracing_sync.app.run import run_once
from iracing_sync.cli.ending import leave
from iracing_sync.cli.for_all import is_quiet, new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_JSON, AT, HEADLESS, OFFLINE, REFRESH, SERIES
from iracing_sync.cli.output import print_json, progress_bar, show_next_steps, show_result
from iracing_sync.cli.run_options import COMPLETE, HISTORY, QUARTER, SINCE, YEAR, run_options
from iracing_sync.cli.start import start
from iracing_sync.errors import OutputError, SettingsError, SyncError
from iracing_sync.extras import is_installed
from iracing_sync.jobs.broker import publish_unheld, sender_of
from iracing_sync.whole_numbers import LARGEST

if TYPE_CHECKING:
    from iracing_sync.notices import Services

app = new_app()

OCCASIONS = ("failure", "changes", "new-season")

NOTIFY = typer.Option(
    None, metavar="URL", help="Tell this service, an address of apprise such as ntfy://TOPIC; may be repeated."
)
NOTIFY_ON = typer.Option(
    ",".join(OCCASIONS), metavar="LIST", help="Of what --notify tells: failure, changes, new-season."
)


class OnDrift(StrEnum):
    """What to do about fields that this version does not know."""

    WARN = "warn"
    FAIL = "fail"


@app.command()
def run(
    year: list[int] | None = YEAR,
    quarter: list[str] | None = QUARTER,
    series: list[int] | None = SERIES,
    refresh: bool = REFRESH,
    offline: bool = OFFLINE,
    history: bool = HISTORY,
    since: int = SINCE,
    complete: bool = COMPLETE,
    max_calls: int | None = typer.Option(
        None, min=0, max=LARGEST, metavar="N", help="Ask iRacing no more than N times; the next run goes on."
    ),
    strict: bool = typer.Option(False, "--strict", help="Stop with exit 8 where a list has shrunk suspiciously."),
    on_drift: OnDrift = typer.Option(OnDrift.WARN, help="Where fields are unknown: go on, or stop with exit 8."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Count what would be written and write nothing."),
    notify_url: str | None = typer.Option(None, metavar="URL", help="POST the run's important changes here."),
    notify: list[str] | None = NOTIFY,
    notify_on: str = NOTIFY_ON,
    queue: bool = typer.Option(False, "--queue", help="Let workers fetch; docs/scaling.md tells when that helps."),
    no_wait: bool = typer.Option(False, "--no-wait", help="With --queue: leave the whole run to the workers."),
    at: str | None = AT,
    headless: bool = HEADLESS,
    as_json: bool = AS_JSON,
) -> None:
    """Fetch, map and load series, seasons and schedules."""
    with told_of_failures(notify or (), notify_on, dry_run=dry_run) as services:
        settings = start(at=at, fills_database=True)
        if notify_url:
            require_address(notify_url)
        run_id = uuid4()
        log_run(run_id)
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
        way = None
        if queue or no_wait:
            from iracing_sync.cli.queue_run import leave_to_workers, way_over_workers  # what no other run needs

            if no_wait:
                alone = not (notify or notify_url or at)
                leave_to_workers(settings, options, queued=queue, alone=alone, as_json=as_json)
            way, options = way_over_workers(settings, options, run_id)
        with open_database(settings) as engine, progress_bar(not headless) as progress:
            result = run_once(settings, engine, options, run_id, progress, way)
            if settings.broker_url and not dry_run and is_installed("celery"):
                publish_unheld(sender_of(settings), engine)
            if services:
                services.tell_of_run(engine, result)
            if notify_url and not dry_run:
                from iracing_sync.notify import post_changes  # it loads the tables, which an unchanged night need not

                post_changes(notify_url, engine, result)
    try:
        if as_json:
            print_json(result.as_dict())
        elif result.exit_code or not is_quiet():
            show_result(result, drawing=not headless, dry_run=dry_run)
        if not (as_json or headless or is_quiet() or result.ended_by):
            show_next_steps(result, dry_run=dry_run)
    except OutputError as error:  # what the run did is done, and written down with its exit code
        say(f"iracing-sync: {error}", err=True)
    if result.ended_by:
        leave(result.ended_by)
    raise typer.Exit(result.exit_code)


@contextmanager
def told_of_failures(urls: Sequence[str], occasions: str, *, dry_run: bool) -> "Iterator[Services | None]":
    """Give the services to tell, and tell them where the run cannot even begin; a dry run tells nobody."""
    wanted = occasions_of(occasions)
    if not urls or dry_run:
        yield None
        return
    from iracing_sync.notices import Services  # as above

    services = Services(urls, wanted)
    try:
        yield services
    except SyncError as error:
        services.tell_of_failure(error)
        raise


def occasions_of(said: str) -> list[str]:
    """Read of what --notify is to tell; raises SettingsError for a word that is none."""
    wanted = [one.strip() for one in said.split(",") if one.strip()]
    if unknown := [one for one in wanted if one not in OCCASIONS]:
        raise SettingsError(f"--notify-on {unknown[0]}: expected some of {', '.join(OCCASIONS)}")
    return wanted


def require_address(url: str) -> None:
    """Raise SettingsError where nothing can be posted to an address; it is not shown, for it may hold a secret."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError("--notify-url: expected an address such as https://host/path; for services: --notify")
