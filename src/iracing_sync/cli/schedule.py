"""`schedule`: the rounds of a quarter."""

from collections.abc import Iterator
from itertools import groupby

from iracing_sync.app.database import open_tables
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_JSON, AT, SERIES
from iracing_sync.cli.output import print_json
from iracing_sync.cli.quarter_options import QUARTER, TAGGED, YEAR, quarter_filter
from iracing_sync.cli.start import start
from iracing_sync.plain_text import how_many, layout_name
from iracing_sync.quarters import quarter_at
from iracing_sync.queries.quarter_filter import QuarterFilter
from iracing_sync.queries.schedule import read_schedule
from iracing_sync.tables.rows import Row

app = new_app()

NO_DAY = "?"


@app.command()
def schedule(
    year: int | None = YEAR,
    quarter: int | None = QUARTER,
    tagged: bool = TAGGED,
    series: list[int] | None = SERIES,
    at: str | None = AT,
    as_json: bool = AS_JSON,
) -> None:
    """Show the rounds of a quarter, by default the present one."""
    settings = start(at=at)
    wanted = quarter_filter(year, quarter, tagged=tagged) or QuarterFilter(quarter_at(settings.clock()), tagged)
    with open_tables(settings) as connection:
        rounds = read_schedule(connection, wanted, series or ())
    if as_json:
        print_json({"quarter": wanted.quarter._asdict(), "tagged": wanted.is_tag, "rounds": rounds})
        return
    for line in round_lines(rounds):
        say(line)
    say(f"{how_many(len(rounds), 'round')} in {wanted.quarter.name}")


def round_lines(rounds: list[Row]) -> Iterator[str]:
    """Yield a line for each season, and one for each of its rounds."""
    for name, rows in groupby(rounds, key=lambda row: row["season_name"]):
        yield name
        for row in rows:
            layout = layout_name(row["track_name"], row["config_name"])
            day = f"{row['starts_at']:%Y-%m-%d}" if row["starts_at"] else NO_DAY  # known from a season's history only
            yield f"  week {row['race_week_num'] + 1:>2}  {day:<10}  {layout}"
