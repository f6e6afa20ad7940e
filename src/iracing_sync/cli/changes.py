"""`changes`: what changed in the schedules."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby

import typer

from iracing_sync.app.database import open_tables
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_JSON, SERIES, SINCE, since_when
from iracing_sync.cli.output import print_json
from iracing_sync.cli.quarter_options import QUARTER, TAGGED, YEAR, quarter_filter
from iracing_sync.cli.start import start
from iracing_sync.instants import utc_minute
from iracing_sync.plain_text import how_many
from iracing_sync.queries.changes import ChangeFilter, read_changes
from iracing_sync.tables.rows import Row

app = new_app()


class Severity(StrEnum):
    """How much a change matters."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@app.command()
def changes(
    since: str = SINCE,
    future: bool = typer.Option(False, "--future", help="Only rounds that have not begun."),
    severity: Severity = typer.Option(Severity.LOW, help="The least severity shown."),
    series: list[int] | None = SERIES,
    year: int | None = YEAR,
    quarter: int | None = QUARTER,
    tagged: bool = TAGGED,
    as_json: bool = AS_JSON,
) -> None:
    """Show what changed in the schedules."""
    since_at = since_when(since)
    wanted = ChangeFilter(
        since=since_at,
        phases=("future",) if future else (),
        severity=severity.value,
        series=series or (),
        quarter=quarter_filter(year, quarter, tagged=tagged),
    )
    with open_tables(start()) as connection:
        found = read_changes(connection, wanted)
    if as_json:
        print_json({"changes": found})
        return
    for line in change_lines(found):
        say(line)
    say(f"{how_many(len(found), 'change')} since {utc_minute(since_at)}")


def change_lines(found: list[Row]) -> Iterator[str]:
    """Yield a line for each season or series, and one for each of its changes."""
    for name, rows in groupby(found, key=lambda row: row["season_name"] or row["series_name"]):
        yield name
        for row in rows:
            yield f"  {row['sentence']}  [{row['phase']}, {row['severity']}]"
