"""The rounds of a quarter at a track or with a car, as `track` and `car` show them."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from iracing_sync.app.database import open_tables
from iracing_sync.cli.columns import Column, column_lines
from iracing_sync.cli.lines import say
from iracing_sync.cli.output import print_json
from iracing_sync.cli.quarter_options import quarter_asked_for
from iracing_sync.cli.reading import Zone, print_csv, terminal_width
from iracing_sync.cli.schedule_lines import cars, day
from iracing_sync.cli.start import start
from iracing_sync.plain_text import how_many, layout_name, one_line
from iracing_sync.quarters import quarter_at
from iracing_sync.queries.matching_names import ids_meant
from iracing_sync.queries.schedule import ROUND, ScheduleFilter, read_schedule, rounds_as_told
from iracing_sync.round_text import length
from iracing_sync.tables.rows import Row

COLUMNS = (
    Column("day", "from"),
    Column("series", "series", 20, tail=6),
    Column("week", "week", is_right=True),
    Column("track", "track", 20, tail=11),
    Column("length", "length", rank=1, is_right=True),
    Column("cars", "cars", 12, rank=2),
)

MOST_NAMED = 5


class Asked(NamedTuple):
    """What a person typed."""

    name: str
    year: int | None
    quarter: str | None
    at: str | None
    tz: str | None
    as_csv: bool
    as_json: bool


def tell_rounds_of(kind: str, names_of: Callable[[Connection], Mapping[int, str]], asked: Asked) -> None:
    """Print the rounds of a quarter at what a name means, by their start, and what was meant."""
    settings, zone = start(at=asked.at), Zone(asked.tz)
    now = settings.clock()
    wanted = ScheduleFilter(now, quarter=quarter_asked_for(asked.year, asked.quarter) or quarter_at(now))
    with open_tables(settings) as connection:
        names = names_of(connection)
        ids = ids_meant(names, asked.name, kind)
        of_kind = wanted._replace(cars=ids) if kind == "car" else wanted._replace(tracks=ids)
        rounds = read_schedule(connection, of_kind)
    rounds.sort(key=lambda row: (row["starts_at"] is None, row["starts_at"], row["series_name"]))
    if asked.as_json:
        found = [{"id": number, "name": names[number]} for number in sorted(ids)]
        print_json({f"{kind}s": found, "rounds": rounds_as_told(rounds)})
    elif asked.as_csv:
        print_csv(rounds, ROUND)
    else:
        say(first_names([names[number] for number in sorted(ids)]))
        for line in column_lines(COLUMNS, [round_cells(row, zone) for row in rounds], terminal_width()):
            say(line)
        say(how_many(len(rounds), "round"))


def first_names(names: Sequence[str]) -> str:
    """Write what was meant, of much the first."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def round_cells(row: Row, zone: Zone) -> dict[str, str]:
    """Return a round as people read it."""
    return {
        "day": day(row, zone),
        "series": one_line(row["series_name"]),
        "week": f"{row['race_week_num'] + 1}/{row['rounds']}",
        "track": layout_name(row["track_name"], row["config_name"]),
        "length": length(row),
        "cars": cars(row),
    }
