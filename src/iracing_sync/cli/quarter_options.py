"""The options by which reading commands select the seasons of a quarter."""

import typer

from iracing_sync.cli.quarter_words import quarters_asked_for
from iracing_sync.quarters import FIRST_YEAR, LAST_YEAR, Quarter
from iracing_sync.queries.quarter_filter import QuarterFilter

YEAR = typer.Option(None, min=FIRST_YEAR, max=LAST_YEAR, help="With --quarter: the seasons that run in it.")
QUARTER = typer.Option(None, help="1 to 4 with --year, or 2024Q1 without.")
TAGGED = typer.Option(False, "--tagged", help="The seasons tagged with the quarter: those that began in it.")


def quarter_asked_for(year: int | None, quarter: str | None) -> Quarter | None:
    """Return the quarter asked for; raises SettingsError for half a quarter."""
    asked = quarters_asked_for([] if year is None else [year], [] if quarter is None else [quarter])
    return asked[0] if asked else None


def quarter_filter(year: int | None, quarter: str | None, *, tagged: bool) -> QuarterFilter | None:
    """Return the quarter whose seasons are asked for."""
    asked = quarter_asked_for(year, quarter)
    return QuarterFilter(asked, tagged) if asked else None
