"""`car NAME`: where and when it is raced."""

import typer

from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.options import AS_CSV, AS_JSON, AT
from iracing_sync.cli.quarter_options import QUARTER, YEAR
from iracing_sync.cli.reading import TZ
from iracing_sync.cli.rounds_of import Asked, tell_rounds_of
from iracing_sync.queries.matching_names import car_names

app = new_app()


@app.command()
def car(
    name: str = typer.Argument(metavar="NAME|ID", help="The car, in part and in any case, or its id."),
    year: int | None = YEAR,
    quarter: str | None = QUARTER,
    at: str | None = AT,
    tz: str | None = TZ,
    as_csv: bool = AS_CSV,
    as_json: bool = AS_JSON,
) -> None:
    """Show the rounds with a car, in the present quarter or another one; all cars whose name holds the words."""
    asked = Asked(name, year, quarter, at, tz, as_csv=as_csv, as_json=as_json)
    tell_rounds_of("car", car_names, asked)
