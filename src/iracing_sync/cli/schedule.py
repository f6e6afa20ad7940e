"""`schedule`: what is raced this week, or in a quarter."""

from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import Connection

from iracing_sync.app.database import open_tables
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_CSV, AS_JSON, AT
from iracing_sync.cli.output import print_json
from iracing_sync.cli.owned import OWNED, owned_packages
from iracing_sync.cli.quarter_options import QUARTER, TAGGED, YEAR, quarter_asked_for
from iracing_sync.cli.quarter_words import run_for
from iracing_sync.cli.reading import (
    CAR_NAMES,
    CATEGORIES,
    SERIES_NAMES,
    TRACK_NAMES,
    TZ,
    Category,
    Zone,
    print_csv,
    terminal_width,
)
from iracing_sync.cli.schedule_lines import grid_lines, quarter_lines, schedule_lines
from iracing_sync.cli.start import start
from iracing_sync.errors import SettingsError
from iracing_sync.instants import instant
from iracing_sync.plain_text import how_many
from iracing_sync.quarters import WEEK, Quarter, quarter_at, week_start
from iracing_sync.queries.content import read_packages
from iracing_sync.queries.matching_names import car_ids, series_ids, track_ids
from iracing_sync.queries.schedule import ROUND, ScheduleFilter, newest_week, read_schedule, rounds_as_told
from iracing_sync.settings import MOMENTS
from iracing_sync.tables.rows import Row

app = new_app()


class License(StrEnum):
    """The licence groups."""

    ROOKIE = "rookie"
    D = "D"
    C = "C"
    B = "B"
    A = "A"
    PRO = "pro"
    WC = "WC"


MOST_WEEKS = 13


@app.command()
def schedule(
    week: int | None = typer.Option(
        None, min=1, max=MOST_WEEKS, help="This week of the present quarter, or of --year --quarter."
    ),
    date: str | None = typer.Option(None, metavar="DAY", help="The week of this day, such as 2025-05-14."),
    year: int | None = YEAR,
    quarter: str | None = QUARTER,
    tagged: bool = TAGGED,
    series: list[str] | None = SERIES_NAMES,
    category: list[Category] | None = CATEGORIES,
    license_group: list[License] | None = typer.Option(
        None, "--license", help="Only this licence; repeatable.", case_sensitive=False
    ),
    official: bool | None = typer.Option(None, help="Only official series, or the others."),
    fixed: bool | None = typer.Option(None, help="Only fixed setups, or open ones."),
    car: list[str] | None = CAR_NAMES,
    track: list[str] | None = TRACK_NAMES,
    rain: bool | None = typer.Option(None, help="Only where it may rain, or where it will not."),
    owned: Path | None = OWNED,
    grid: bool = typer.Option(False, "--grid", help="The quarter as weeks by series."),
    at: str | None = AT,
    tz: str | None = TZ,
    as_csv: bool = AS_CSV,
    as_json: bool = AS_JSON,
) -> None:
    """Show what is raced: this week, or in a quarter, a series a line."""
    settings, zone = start(at=at), Zone(tz)
    now = settings.clock()
    of_quarter = quarter_asked_for(year, quarter)
    wanted = ScheduleFilter(
        now,
        week=week_asked_for(now, week, date, of_quarter),
        quarter=of_quarter if week is None else None,
        is_tag=tagged,
        category=[one.value for one in category or ()],
        license=[list(License).index(one) + 1 for one in license_group or ()],
        official=official,
        fixed=fixed,
        rain=rain,
    )
    if grid and week is not None:
        raise SettingsError("--grid shows all weeks of a quarter: leave out --week")
    if grid or (tagged and not wanted.quarter):
        wanted = wanted._replace(quarter=wanted.quarter or quarter_at(wanted.week or now))
    with open_tables(settings) as connection:
        wanted = wanted._replace(
            series=series_ids(connection, series or ()),
            cars=car_ids(connection, car or ()),
            tracks=track_ids(connection, track or ()),
        )
        if owned:
            mine = owned_packages(read_packages(connection), owned)
            ids = {kind: [one.package_id for one in mine if one.kind == kind] for kind in ("track", "car")}
            wanted = wanted._replace(owned_tracks=ids["track"], owned_cars=ids["car"])
        wanted, rounds, note = read_newest(connection, wanted, may_move=date is None and week is None)
    begins = week_start(wanted.week or now)
    if as_json:
        print_json(schedule_object(wanted, rounds, begins))
    elif as_csv:
        print_csv(rounds, ROUND)
    else:
        show(wanted, rounds, begins, zone, note, as_grid=grid)


def week_asked_for(at: datetime, week: int | None, date: str | None, quarter: Quarter | None) -> datetime:
    """Return a moment of the week that is meant; raises SettingsError for what is no day, or where two are named."""
    if date is not None and (week is not None or quarter is not None):
        raise SettingsError("--date says which week is meant: leave out --week, --year and --quarter")
    if week is not None:
        return (quarter or quarter_at(at)).starts_at + (week - 1) * WEEK
    try:
        day = instant(date) if date else at
    except (ValueError, OverflowError):
        day = None
    if day is None or day.year not in MOMENTS:
        raise SettingsError(f"--date {date}: expected a day of iRacing's years such as 2025-05-14")
    return day


def read_newest(
    connection: Connection, wanted: ScheduleFilter, *, may_move: bool
) -> tuple[ScheduleFilter, list[Row], str]:
    """Return the rounds, or where none at all is stored of this week, those of the newest week, and a word of it."""
    rounds = read_schedule(connection, wanted)
    of_all = ScheduleFilter(wanted.at, week=wanted.week, quarter=wanted.quarter, is_tag=wanted.is_tag)
    if rounds or read_schedule(connection, of_all):
        return wanted, rounds, ""
    if wanted.quarter or not may_move:
        quarter = wanted.quarter or quarter_at(wanted.week or wanted.at)
        return wanted, [], f"nothing is stored of then: {run_for(quarter)}"
    newest = newest_week(connection, wanted.series)
    if newest is None:
        return wanted, [], "no such round is stored yet: iracing-sync run"
    moved = wanted._replace(week=newest)
    note = f"Nothing is stored of this week; the newest that is held is that of {newest:%Y-%m-%d}: iracing-sync run"
    return moved, read_schedule(connection, moved), note


def schedule_object(wanted: ScheduleFilter, rounds: list[Row], begins: datetime) -> dict[str, Any]:
    """Return the rounds as JSON shows them; `week` is null where a quarter was asked for, and `quarter` otherwise."""
    quarter = wanted.quarter
    return {
        "quarter": quarter._asdict() if quarter else None,
        "tagged": wanted.is_tag,
        "week": None if quarter else {"starts_at": begins, "ends_at": begins + WEEK},
        "rounds": rounds_as_told(rounds),
    }


def show(wanted: ScheduleFilter, rounds: list[Row], begins: datetime, zone: Zone, note: str, *, as_grid: bool) -> None:
    """Print the rounds for a person."""
    width = terminal_width()
    if note:
        say(note)
    quarter = wanted.quarter
    if as_grid:
        lines = grid_lines(rounds, width, wanted.at)
    else:
        lines = (quarter_lines if quarter else schedule_lines)(rounds, zone, width)
    if rounds:
        say(heading(quarter, begins, zone))
    for line in lines:
        say(line)
    where = (
        f"in {quarter.name}"
        if quarter
        else f"in week {quarter_at(begins).week_at(begins)} of {quarter_at(begins).name}"
    )
    changed = "; * changed within seven days" if any(row["has_changed"] for row in rounds) else ""
    say(f"{how_many(len(rounds), 'round')} {where}{changed}")


def heading(quarter: Quarter | None, begins: datetime, zone: Zone) -> str:
    """Say of when the rounds are, and in which zone the times."""
    if quarter:
        return f"{quarter.name}, {quarter.starts_at:%Y-%m-%d} to {quarter.ends_at - timedelta(days=1):%Y-%m-%d}"
    return f"week of {begins:%Y-%m-%d}; times in {zone.name(begins)}"
