"""What `run` and `plan` are asked for."""

import typer

from iracing_sync.errors import SettingsError
from iracing_sync.settings import Settings
from iracing_sync.sync.options import Options

YEAR = typer.Option(None, min=2008, max=2100, help="Season year; with --quarter. Without: what is active now.")
QUARTER = typer.Option(None, min=1, max=4, help="Season quarter; with --year.")
HISTORY = typer.Option(False, "--history", help="Every past quarter not yet stored, the newest first.")
SINCE = typer.Option(2008, min=2008, max=2100, help="With --history: back to the first quarter of this year.")
VERIFY = typer.Option(
    True, "--verify/--no-verify", help="With --history: compare each quarter with iRacing's own list."
)


def run_options(settings: Settings, **given: object) -> Options:
    """Return what is asked for; raises SettingsError where that contradicts itself."""
    options = Options(grace_days=settings.grace_days, parallel=settings.api_parallel, **given)  # type: ignore[arg-type]
    if (options.year is None) != (options.quarter is None):
        raise SettingsError("--year and --quarter go together: iRacing looks up past seasons by both")
    if options.refresh and options.offline:
        raise SettingsError("--refresh asks iRacing and --offline forbids it: keep one")
    if options.history and options.year is not None:
        raise SettingsError("--history covers every past quarter: leave out --year and --quarter, or give --since")
    return options
