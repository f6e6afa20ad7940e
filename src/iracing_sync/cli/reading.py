"""`changes` and `schedule`: what the tables hold, for people and programs."""

from __future__ import annotations

from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from iracing_sync.reading import Row, Running


class Severity(StrEnum):
    """How much a change matters."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


YEAR = typer.Option(None, min=2008, max=2100, help="With --quarter: the seasons that run in it.")
QUARTER = typer.Option(None, min=1, max=4, help="With --year.")
TAGGED = typer.Option(False, "--tagged", help="The seasons tagged with the quarter: those that began in it.")
SERIES = typer.Option(None, metavar="ID", help="Only this series; may be repeated.")
AS_JSON = typer.Option(False, "--json", help="Print one JSON object.")


def changes(
    since: str = typer.Option("7d", help="How far back: 12h, 7d, 4w, or a date such as 2025-05-01."),
    future: bool = typer.Option(False, "--future", help="Only rounds that have not begun."),
    severity: Severity = typer.Option(Severity.LOW, help="The least severity shown."),
    series: list[int] | None = SERIES,
    year: int | None = YEAR,
    quarter: int | None = QUARTER,
    tagged: bool = TAGGED,
    as_json: bool = AS_JSON,
) -> None:
    """Show what changed in the schedules."""
    from iracing_sync.cli.opened import opened_reading
    from iracing_sync.cli.shown import print_json
    from iracing_sync.reading import Wanted, read_changes

    wanted = Wanted(
        since=since_when(since),
        phases=("future",) if future else (),
        severity=severity.value,
        series=series or (),
        running=running_in(year, quarter, tagged=tagged),
    )
    with opened_reading() as connection:
        found = read_changes(connection, wanted)
    if as_json:
        print_json({"changes": found})
        return
    for line in change_lines(found):
        typer.echo(line)
    typer.echo(f"{len(found)} changes since {wanted.since:%Y-%m-%d %H:%M} UTC")


def change_lines(found: list[Row]) -> Iterator[str]:
    """Yield a line for each season or series, and one for each of its changes."""
    for name, rows in groupby(found, key=lambda row: row["season_name"] or row["series_name"]):
        yield name
        for row in rows:
            yield f"  {row['sentence']}  [{row['phase']}, {row['severity']}]"


def schedule(
    year: int | None = YEAR,
    quarter: int | None = QUARTER,
    tagged: bool = TAGGED,
    series: list[int] | None = SERIES,
    as_json: bool = AS_JSON,
) -> None:
    """Show the rounds of a quarter, by default the present one."""
    from iracing_sync.cache import now
    from iracing_sync.cli.opened import opened_reading
    from iracing_sync.cli.shown import print_json
    from iracing_sync.quarters import quarter_at
    from iracing_sync.reading import Running, read_schedule

    running = running_in(year, quarter, tagged=tagged) or Running(quarter_at(now()), tagged)
    with opened_reading() as connection:
        rounds = read_schedule(connection, running, series or ())
    if as_json:
        print_json({"quarter": running.quarter._asdict(), "tagged": running.is_tag, "rounds": rounds})
        return
    for name, rows in groupby(rounds, key=lambda row: row["season_name"]):
        typer.echo(name)
        for row in rows:
            config = f" - {row['config_name']}" if row["config_name"] else ""
            typer.echo(
                f"  week {row['race_week_num'] + 1:>2}  {row['starts_at']:%Y-%m-%d}  {row['track_name']}{config}"
            )
    typer.echo(f"{len(rounds)} rounds in {running.quarter.name}")


def running_in(year: int | None, quarter: int | None, *, tagged: bool) -> Running | None:
    """Return the quarter asked for; raises SettingsError for half a quarter."""
    from iracing_sync.errors import SettingsError
    from iracing_sync.quarters import Quarter
    from iracing_sync.reading import Running

    if (year is None) != (quarter is None):
        raise SettingsError("--year and --quarter go together")
    return None if year is None or quarter is None else Running(Quarter(year, quarter), tagged)


def since_when(since: str) -> datetime:
    """Read how far back is meant; raises SettingsError where that cannot be told."""
    import re
    from datetime import UTC, datetime, timedelta

    from iracing_sync.cache import now
    from iracing_sync.errors import SettingsError

    if span := re.fullmatch(r"(\d{1,5})([hdw])", since.strip()):
        return (
            now() - int(span[1]) * {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}[span[2]]
        )
    try:
        at = datetime.fromisoformat(since)
    except ValueError:
        raise SettingsError(f"--since {since}: expected 12h, 7d, 4w or a date such as 2025-05-01") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
