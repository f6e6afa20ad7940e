"""What `run` and `plan` are asked for."""

from collections.abc import Sequence

import typer

from iracing_sync.app.options import as_settings_say
from iracing_sync.cli.quarter_words import quarters_asked_for
from iracing_sync.errors import SettingsError
from iracing_sync.quarters import FIRST_YEAR, LAST_YEAR
from iracing_sync.settings import Settings
from iracing_sync.sync.options import Options

YEAR = typer.Option(
    None, min=FIRST_YEAR, max=LAST_YEAR, help="Season year; with --quarter. Without: what is active now."
)
QUARTER = typer.Option(None, help="Season quarter: 1 to 4 with --year, or 2024Q1 without; may be repeated.")
HISTORY = typer.Option(False, "--history", help="Every past quarter not yet stored, the newest first.")
SINCE = typer.Option(
    FIRST_YEAR, min=FIRST_YEAR, max=LAST_YEAR, help="With --history: back to the first quarter of this year."
)
COMPLETE = typer.Option(
    True,
    "--complete/--no-complete",
    "--verify/--no-verify",
    help="Compare each quarter with iRacing's own list, and ask for what it lacks.",
)


def run_options(
    settings: Settings, *, year: Sequence[int] | None, quarter: Sequence[str] | None, **given: object
) -> Options:
    """Return what is asked for; raises SettingsError where that contradicts itself."""
    asked = Options(quarters=quarters_asked_for(year or (), quarter or ()), **given)  # type: ignore[arg-type]
    options = as_settings_say(asked, settings)
    if options.refresh and options.offline:
        raise SettingsError("--refresh asks iRacing and --offline forbids it: keep one")
    if options.history and options.quarters:
        raise SettingsError("--history covers every past quarter: leave out --year and --quarter, or give --since")
    return options
