"""The options by which reading commands select the seasons of a quarter."""

import typer

from iracing_sync.errors import SettingsError
from iracing_sync.quarters import FIRST_YEAR, LAST_YEAR, Quarter
from iracing_sync.queries.quarter_filter import QuarterFilter

YEAR = typer.Option(None, min=FIRST_YEAR, max=LAST_YEAR, help="With --quarter: the seasons that run in it.")
QUARTER = typer.Option(None, min=1, max=4, help="With --year.")
TAGGED = typer.Option(False, "--tagged", help="The seasons tagged with the quarter: those that began in it.")


def quarter_asked_for(year: int | None, quarter: int | None) -> Quarter | None:
    """Return the quarter asked for; raises SettingsError for half a quarter."""
    if (year is None) != (quarter is None):
        raise SettingsError("--year and --quarter go together")
    return None if year is None or quarter is None else Quarter(year, quarter)


def quarter_filter(year: int | None, quarter: int | None, *, tagged: bool) -> QuarterFilter | None:
    """Return the quarter whose seasons are asked for."""
    asked = quarter_asked_for(year, quarter)
    return QuarterFilter(asked, tagged) if asked else None
