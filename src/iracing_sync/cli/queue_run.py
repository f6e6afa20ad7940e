"""`run --queue`: workers fetch what the run wants."""

from typing import NoReturn
from uuid import UUID

import typer

from iracing_sync.app.database import open_database
from iracing_sync.app.run import Way
from iracing_sync.cli.lines import say
from iracing_sync.cli.output import print_json
from iracing_sync.errors import SettingsError
from iracing_sync.jobs.broker import sender_of
from iracing_sync.jobs.whole_run import over_workers, queue_run, with_many_ahead
from iracing_sync.settings import Settings
from iracing_sync.sync.lifecycle import prepare
from iracing_sync.sync.options import Options


def way_over_workers(settings: Settings, options: Options, run_id: UUID) -> tuple[Way, Options]:
    """Return the way over workers, and the options by which they have enough to do."""
    if options.offline or options.dry_run:
        raise SettingsError("--queue asks iRacing and writes: leave out --offline and --dry-run")
    options = with_many_ahead(options)
    return over_workers(settings, options, run_id, sender_of(settings)), options


def leave_to_workers(settings: Settings, options: Options, *, queued: bool, alone: bool, as_json: bool) -> NoReturn:
    """Put a run for whichever worker takes it, and end; one is not `alone` where more is asked than a job holds."""
    if not queued or not alone or options.offline or options.dry_run or options.max_calls is not None:
        raise SettingsError(
            "--no-wait goes with --queue, and without --offline, --dry-run, --max-calls, --at and --notify"
        )
    sender = sender_of(settings)
    with open_database(settings) as engine:
        with engine.begin() as connection:
            prepare(connection, settings.schema_name)
        key = queue_run(sender, engine, options)
    if as_json:
        print_json({"queued": key})
    else:
        say(f"queued: {key}; `iracing-sync jobs` tells what becomes of it, `iracing-sync runs` what it did")
    raise typer.Exit
