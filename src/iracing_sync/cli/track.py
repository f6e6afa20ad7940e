"""`track NAME`: where and when it is raced."""

import typer

from iracing_sync.app.database import open_tables
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.options import AS_CSV, AS_JSON, AT
from iracing_sync.cli.quarter_options import QUARTER, YEAR, quarter_asked_for
from iracing_sync.cli.reading import TZ, Zone
from iracing_sync.cli.rounds_of import show_rounds_of
from iracing_sync.cli.start import start
from iracing_sync.quarters import quarter_at
from iracing_sync.queries.matching_names import ids_meant, track_names
from iracing_sync.queries.schedule import ScheduleFilter, read_schedule

app = new_app()


@app.command()
def track(
    name: str = typer.Argument(metavar="NAME|ID", help="The track, in part and in any case, or its id."),
    year: int | None = YEAR,
    quarter: int | None = QUARTER,
    at: str | None = AT,
    tz: str | None = TZ,
    as_csv: bool = AS_CSV,
    as_json: bool = AS_JSON,
) -> None:
    """Show the rounds at a track, in the present quarter or another one; all layouts whose name holds the words."""
    settings, zone = start(at=at), Zone(tz)
    now = settings.clock()
    wanted = ScheduleFilter(now, quarter=quarter_asked_for(year, quarter) or quarter_at(now))
    with open_tables(settings) as connection:
        names = track_names(connection)
        ids = ids_meant(names, name, "track")
        rounds = read_schedule(connection, wanted._replace(tracks=ids))
    meant = {number: names[number] for number in sorted(ids)}
    show_rounds_of("track", meant, rounds, zone, as_csv=as_csv, as_json=as_json)
