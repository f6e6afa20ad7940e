"""`status`: how the tables stand, for people and for whatever watches over them."""

from collections.abc import Iterator

import typer

from iracing_sync.app.database import open_tables
from iracing_sync.cli.ending import leave
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_JSON, AT
from iracing_sync.cli.output import print_json
from iracing_sync.cli.start import start
from iracing_sync.errors import GuardRefused
from iracing_sync.instants import utc_minute
from iracing_sync.plain_text import how_many
from iracing_sync.queries.status import read_status
from iracing_sync.tables.rows import Row
from iracing_sync.whole_numbers import LARGEST

app = new_app()


@app.command()
def status(
    max_age: float | None = typer.Option(
        None, min=0, max=LARGEST, metavar="H", help="Exit 8 where the last good run began more than H hours ago."
    ),
    at: str | None = AT,
    as_json: bool = AS_JSON,
) -> None:
    """Show the last run, the last good one and what is stored."""
    settings = start(at=at)
    with open_tables(settings) as connection:
        found = read_status(connection, settings.schema_name, settings.clock(), max_age, until=settings.at)
    if as_json:
        print_json(found)
    else:
        for line in status_lines(found):
            say(line)
    if found["is_fresh"] is False:
        age = found["age_hours"]
        when = "no run went well so far" if age is None else f"the last good run began {age:g} hours ago"
        leave(GuardRefused(f"{when}; --max-age allows {max_age:g}. See the log of the runs since, and run again"))


def status_lines(found: Row) -> Iterator[str]:
    """Yield what a person wants to know first, first."""
    if found["run_id"] is None:
        yield "no run yet: iracing-sync run"
        return
    exit_code = "" if found["exit_code"] is None else f", exit {found['exit_code']}"
    yield f"last run:   {utc_minute(found['started_at'])}, {found['status']}{exit_code}"
    good = found["last_good_at"]
    yield f"last good:  {utc_minute(good)}, {found['age_hours']:g} hours ago" if good else "last good:  none"
    yield f"stored:     {how_many(found['active_seasons'], 'active season')}"
    stubs = ", ".join(
        f"{found[f'stub_{name}']} {name.replace('_', ' ')}" for name in ("layouts", "cars", "car_classes")
    )
    yield f"unexplained by the catalogues: {stubs}"
    yield from (f"warning:    {warning}" for warning in found["warnings"] or ())
