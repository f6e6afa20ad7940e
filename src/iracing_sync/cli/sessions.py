"""`sessions`: what starts when."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import typer

from iracing_sync.app.database import open_tables
from iracing_sync.cli.columns import Column, lines_under
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_CSV, AS_JSON, AT, span_of
from iracing_sync.cli.output import print_json
from iracing_sync.cli.reading import CATEGORIES, SERIES_NAMES, TZ, Category, Zone, print_csv, terminal_width
from iracing_sync.cli.start import start
from iracing_sync.errors import SettingsError
from iracing_sync.instants import instant
from iracing_sync.plain_text import how_many, layout_name, one_line
from iracing_sync.queries.matching_names import series_ids
from iracing_sync.queries.sessions import SESSION, SessionFilter, read_sessions
from iracing_sync.round_text import length
from iracing_sync.tables.rows import Row

app = new_app()

COLUMNS = (
    Column("time", "start"),
    Column("series", "series", 20, tail=6),
    Column("week", "week", is_right=True),
    Column("track", "track", 16),
    Column("length", "length", rank=1, is_right=True),
    Column("super", "", rank=2),
)


@app.command()
def sessions(
    ahead: str | None = typer.Option(
        None, "--next", metavar="SPAN", help="So far ahead: 30m, 6h or 2d; 6h by default."
    ),
    since: str | None = typer.Option(None, "--from", metavar="MOMENT", help="From then on, in UTC."),
    until: str | None = typer.Option(None, "--to", metavar="MOMENT", help="Before then, in UTC; with --from."),
    series: list[str] | None = SERIES_NAMES,
    category: list[Category] | None = CATEGORIES,
    at: str | None = AT,
    tz: str | None = TZ,
    as_csv: bool = AS_CSV,
    as_json: bool = AS_JSON,
) -> None:
    """Show which races start: in the next six hours, or in another span of time."""
    settings, zone = start(at=at), Zone(tz)
    span = span_asked_for(settings.clock(), ahead, since, until)
    with open_tables(settings) as connection:
        chosen = series_ids(connection, series or ())
        found = read_sessions(connection, SessionFilter(*span, chosen, [one.value for one in category or ()]))
    if as_json:
        print_json({"sessions": found})
    elif as_csv:
        print_csv(found, SESSION)
    else:
        for line in session_lines(found, zone):
            say(line)
        say(f"{how_many(len(found), 'race')} from {zone.day_and_time(span[0])} to {zone.day_and_time(span[1])}")


def span_asked_for(at: datetime, ahead: str | None, since: str | None, until: str | None) -> tuple[datetime, datetime]:
    """Return from when to when is meant; raises SettingsError where that cannot be told."""
    if until is not None and ahead is not None:
        raise SettingsError("--next and --to both say until when: leave out one")
    begin = moment_said("--from", since) if since else at
    end = moment_said("--to", until) if until else begin + span_said(ahead or "6h")
    if end <= begin:
        raise SettingsError("--to must be later than --from")
    return begin, end


def moment_said(option: str, said: str) -> datetime:
    """Read a moment."""
    try:
        return instant(said)
    except (ValueError, OverflowError):
        raise SettingsError(f"{option} {said}: expected a moment such as 2025-09-09T12:00, in UTC") from None


def span_said(said: str) -> timedelta:
    """Read a span of time."""
    span = span_of(said)
    if span is None:
        raise SettingsError(f"--next {said}: expected 30m, 6h or 2d")
    return span


def session_lines(found: list[Row], zone: Zone) -> Iterator[str]:
    """Yield the sessions under their days."""
    name = zone.name(found[0]["starts_at"]) if found else ""
    days = [zone.local(row["starts_at"]).date() for row in found]
    headings = [(day, f"{day:%A, %Y-%m-%d} ({name})") for day in days]
    yield from lines_under(headings, COLUMNS, [session_cells(row, zone) for row in found], terminal_width())


def session_cells(row: Row, zone: Zone) -> dict[str, str]:
    """Return a session as people read it."""
    return {
        "time": f"{zone.local(row['starts_at']):%H:%M}",
        "series": one_line(row["series_name"]),
        "week": str(row["race_week_num"] + 1),
        "track": layout_name(row["track_name"], row["config_name"]),
        "length": length(row),
        "super": "super session" if row["is_super_session"] else "",
    }
