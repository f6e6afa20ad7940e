"""`changes`: what changed in the schedules."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby

import typer

from iracing_sync.app.database import open_tables
from iracing_sync.changes.digest import MOST_NEW, digest
from iracing_sync.cli.follow_changes import follow_changes
from iracing_sync.cli.for_all import is_verbose, new_app
from iracing_sync.cli.last_read import last_read, mark_read
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_CSV, AS_JSON, AT, since_when
from iracing_sync.cli.output import print_json
from iracing_sync.cli.quarter_options import QUARTER, TAGGED, YEAR, quarter_filter
from iracing_sync.cli.reading import SERIES_NAMES, TZ, Zone, print_csv
from iracing_sync.cli.start import start
from iracing_sync.errors import SettingsError
from iracing_sync.plain_text import how_many
from iracing_sync.queries.changes import ChangeFilter, read_changes
from iracing_sync.queries.matching_names import series_ids
from iracing_sync.tables.rows import Row

app = new_app()


class Severity(StrEnum):
    """How much a change matters."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Phase(StrEnum):
    """Where the rounds of a change stand."""

    PAST = "past"
    CURRENT = "current"
    FUTURE = "future"


CSV = (
    *("at", "series_id", "series_name", "season_id", "season_name", "rounds", "field", "old", "new", "phase"),
    *("severity", "sentence"),
)

STILL_MATTERS = (Phase.CURRENT, Phase.FUTURE)


@app.command()
def changes(
    since: str | None = typer.Option(
        None, help="How far back: 12h, 7d, 4w, a date such as 2025-05-01, or last.", show_default="7d"
    ),
    mark: bool = typer.Option(False, "--mark-read", help="Remember that these were read: --since last goes on there."),
    future: bool = typer.Option(False, "--future", help="Only rounds that are not over: this week's and later ones."),
    phase: list[Phase] | None = typer.Option(None, help="Only rounds that stand so; may be repeated."),
    severity: Severity | None = typer.Option(None, help="The least severity shown."),
    every: bool = typer.Option(False, "--all", help="Every change, of past rounds and of little weight, too."),
    series: list[str] | None = SERIES_NAMES,
    year: int | None = YEAR,
    quarter: str | None = QUARTER,
    tagged: bool = TAGGED,
    at: str | None = AT,
    follow: bool = typer.Option(False, "--follow", help="Go on with what changes from now on, or since --since."),
    reader: str | None = typer.Option(
        None, metavar="NAME", help="With --follow: go on where the reader of this name stopped."
    ),
    tz: str | None = TZ,
    as_csv: bool = AS_CSV,
    as_json: bool = AS_JSON,
) -> None:
    """Show what changed in the schedules: what still matters, or with options and in JSON all that is asked for."""
    settings, zone = start(at=at), Zone(tz)
    marked_at = last_read(settings.data_dir, begins=mark) if since == "last" else None
    since_at = marked_at or since_when("7d" if since in (None, "last") else since, settings.clock())
    everything = ChangeFilter(
        at=settings.clock(),
        since=since_at,
        quarter=quarter_filter(year, quarter, tagged=tagged),
        in_full=is_verbose() or as_json or as_csv,
    )
    if future and phase:
        raise SettingsError("--future is --phase current --phase future: leave out one of them")
    phases = STILL_MATTERS if future else tuple(phase or ())
    wanted = everything._replace(phases=phases, severity=severity.value if severity else Severity.LOW)
    is_chosen = bool(every or as_json or as_csv or phases or severity)
    if not is_chosen:
        wanted = everything._replace(phases=STILL_MATTERS, severity=Severity.MEDIUM)
    if follow or reader is not None:
        if not follow or mark or as_csv or at:
            raise SettingsError("--reader goes with --follow, and --follow without --mark-read, --csv and --at")
        follow_changes(
            settings,
            wanted._replace(at=None, since=None),
            lambda found: show(found, zone, as_json=as_json),
            series=series or (),
            reader=reader,
            since=since_at if since else None,
        )
    with open_tables(settings) as connection:
        ids = series_ids(connection, series or ())
        found = read_changes(connection, wanted._replace(series=ids))
        more = 0 if is_chosen else len(read_changes(connection, everything._replace(series=ids))) - len(found)
    if mark:
        mark_read(settings.data_dir, settings.clock())
    if as_json:
        print_json({"changes": found})
        return
    if as_csv:
        print_csv(found, CSV)
        return
    for line in change_lines(found, zone, None if is_verbose() else MOST_NEW):
        say(line)
    say(f"{how_many(len(found), 'change')} since {zone.minute(since_at)}{and_more(more)}")


def show(found: list[Row], zone: Zone, *, as_json: bool) -> None:
    """Print some changes in the order in which they came, each a line: what it says, or its JSON object."""
    if as_json:
        for change in found:
            print_json(change)
        return
    for line in change_lines(found, zone, None if is_verbose() else MOST_NEW):
        say(line)


def and_more(number: int) -> str:
    """Say how many changes are not shown."""
    return f"; {number} more of past rounds or of little weight: --all" if number else ""


def change_lines(found: list[Row], zone: Zone, most_new: int | None) -> Iterator[str]:
    """Yield the changes of one run after the other, each under its moment."""
    for at, rows in groupby(found, key=lambda row: row["at"]):
        yield zone.minute(at)
        yield from (f"  {line}" for line in digest(rows, tail, most_new))


def tail(change: Row) -> str:
    """Write where the rounds of a change stand, and how much it matters."""
    return f"  [{change['phase']}, {change['severity']}]"
