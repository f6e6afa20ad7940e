"""`series NAME`: one season whole."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

import typer

from iracing_sync.app.database import open_tables
from iracing_sync.changes.sentences import weeks
from iracing_sync.cli.columns import Column, column_lines
from iracing_sync.cli.completion import series_for_shell
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_CSV, AS_JSON, AT
from iracing_sync.cli.output import print_json
from iracing_sync.cli.reading import TZ, Zone, print_csv, terminal_width
from iracing_sync.cli.schedule_lines import cars, day
from iracing_sync.cli.start import start
from iracing_sync.plain_text import layout_name, one_line
from iracing_sync.queries.matching_names import id_meant, series_names
from iracing_sync.queries.season import read_season
from iracing_sync.round_text import LICENSES, length, restrictions_in_words, weather
from iracing_sync.tables.rows import Row

app = new_app()

COLUMNS = (
    Column("mark", ""),
    Column("week", "week", is_right=True),
    Column("day", "from"),
    Column("track", "track", 16),
    Column("length", "length", is_right=True),
    Column("weather", "weather", 8, rank=1),
    Column("cars", "cars", 12, rank=2),
)

CSV = (
    *("event_id", "race_week_num", "starts_at", "ends_at", "track_id", "track_name", "config_name", "race_laps"),
    *("race_minutes", "session_minutes", "precip_chance_pct", "temp_c", "temp_low_c", "temp_high_c", "car_class_names"),
    "car_names",
)

MOST_EARLIER = 8


@app.command()
def series(
    name: str = typer.Argument(
        metavar="NAME|ID",
        help="The series, in part and in any case, or its id.",
        autocompletion=series_for_shell,
    ),
    at: str | None = AT,
    tz: str | None = TZ,
    as_csv: bool = AS_CSV,
    as_json: bool = AS_JSON,
) -> None:
    """Show one season whole: its rounds, cars, restrictions and changes, and the earlier seasons of the series."""
    settings, zone = start(at=at), Zone(tz)
    with open_tables(settings) as connection:
        found = read_season(connection, id_meant(series_names(connection), name, "series"), settings.clock())
    if as_json:
        print_json(found)
    elif as_csv:
        print_csv(found["season"]["rounds"] if found["season"] else (), CSV)
    else:
        show(found, settings.clock(), zone)


def show(found: Row, at: datetime, zone: Zone) -> None:
    """Print a series for a person: rounds that are over dimmed, the one that is on marked."""
    season = found["season"]
    say(f"{one_line(found['series_name'])} ({found['series_id']})")
    if season is None:
        say("no season of it is stored")
        return
    for line in heading_lines(season, found):
        say(line)
    rounds = season["rounds"]
    lines = column_lines(COLUMNS, [round_cells(row, at, zone) for row in rounds], terminal_width())
    for row, line in zip([None, *rounds], lines, strict=False):  # the first line has the titles
        say(line, colour="dim" if row and is_over(row, at) else None)
    for line in (*restriction_lines(rounds), *history_lines(season, found, zone)):
        say(line)


def heading_lines(season: Row, series_: Row) -> Iterator[str]:
    """Yield which season it is, and of what kind."""
    yield f"{season['season_year']} Season {season['season_quarter']}, {', '.join(traits(season, series_))}"
    if season["schedule_description"]:
        yield one_line(season["schedule_description"])


def history_lines(season: Row, series_: Row, zone: Zone) -> Iterator[str]:
    """Yield what changed, and the earlier seasons in a line each."""
    if season["changes"]:
        yield "changes"
        yield from (f"  {zone.day(change['at'])}  {change['sentence']}" for change in season["changes"])
    if series_["earlier"]:
        yield "earlier seasons"
        yield from (f"  {in_a_line(one, zone)}" for one in series_["earlier"][:MOST_EARLIER])
        if len(series_["earlier"]) > MOST_EARLIER:
            yield f"  … and {len(series_['earlier']) - MOST_EARLIER} more: --json"


def traits(season: Row, series_: Row) -> Iterator[str]:
    """Yield what kind of season it is."""
    yield season["status"] or "of unknown status"
    rounds = season["rounds"]
    category = (rounds[0]["category"] if rounds else None) or series_["category"]
    if category:
        yield category.replace("_", " ")
    group = season["license_group"]
    if group and group < len(LICENSES):
        yield f"licence {LICENSES[group]}"
    yield "official" if season["official"] else "unofficial"
    yield "fixed setups" if season["fixed_setup"] else "open setups"
    if season["driver_changes"]:
        yield "teams"
    if season["drops"]:
        yield f"{season['drops']} of the weeks not counted"
    if season["incident_limit"]:
        yield f"{season['incident_limit']} incidents at most"


def is_over(row: Row, at: datetime) -> bool:
    """Tell whether a round is over."""
    return row["ends_at"] is not None and row["ends_at"] <= at


def round_cells(row: Row, at: datetime, zone: Zone) -> dict[str, str]:
    """Return a round as people read it."""
    is_on = row["starts_at"] is not None and row["starts_at"] <= at < row["ends_at"]
    return {
        "mark": ">" if is_on else "",
        "week": str(row["race_week_num"] + 1),
        "day": day(row, zone),
        "track": layout_name(row["track_name"], row["config_name"]),
        "length": length(row),
        "weather": ", ".join(weather(row)),
        "cars": cars(row),
    }


def restriction_lines(rounds: list[Row]) -> Iterator[str]:
    """Yield the balance of performance, a line a week that has one."""
    same: dict[str, list[int]] = defaultdict(list)
    for row in rounds:
        if said := "; ".join(restrictions_in_words(row["restrictions"])):
            same[said].append(row["race_week_num"] + 1)
    if same:
        yield "balance of performance"
        yield from (f"  {weeks(numbers)}: {said}" for said, numbers in same.items())


def in_a_line(season: Row, zone: Zone) -> str:
    """Write an earlier season in a line."""
    when = f" from {zone.day(season['starts_at'])}" if season["starts_at"] else ""
    return f"{season['season_year']} S{season['season_quarter']}: {season['rounds']} rounds{when}"
