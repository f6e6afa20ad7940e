"""`export`: the schedules for other programs."""

from datetime import timedelta
from pathlib import Path

import typer

from iracing_sync.app.database import open_tables
from iracing_sync.cli.export_options import CATEGORY, OUT, require_file, tell_of_file
from iracing_sync.cli.export_rows import FORMATS, rows
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.options import AS_JSON, AT, span_of
from iracing_sync.cli.out_file import put_out
from iracing_sync.cli.reading import SERIES_NAMES, Category
from iracing_sync.cli.start import start
from iracing_sync.errors import SettingsError
from iracing_sync.queries.calendar import CalendarFilter, read_rounds, read_sessions
from iracing_sync.queries.matching_names import series_ids

app = new_app("Write the schedules for other programs.")

for name, meaning in FORMATS.items():
    app.command(name, help=meaning)(rows)


@app.callback()
def export() -> None:
    """Write the schedules for other programs."""


@app.command()
def ics(
    sessions: bool = typer.Option(False, "--sessions", help="An event a session instead of one a round."),
    series: list[str] | None = SERIES_NAMES,
    category: Category | None = CATEGORY,
    alarm: str | None = typer.Option(None, metavar="SPAN", help="Remind so long before: 15m, 2h or 1d."),
    at: str | None = AT,
    out: Path | None = OUT,
    as_json: bool = AS_JSON,
) -> None:
    """Write a calendar: the rounds as events of whole days, or their sessions."""
    from iracing_sync.calendar_text import calendar_bytes  # it takes 190 ms that the other formats need not

    require_file(out, as_json=as_json)
    lead = alarm_lead(alarm)
    settings = start(at=at)
    with open_tables(settings) as connection:
        chosen = series_ids(connection, series or ())
        wanted = CalendarFilter(settings.clock(), chosen, category.value if category else None)
        events = read_rounds(connection, wanted)
        if sessions:
            events = [row for row in events if row.is_cancelled] + read_sessions(connection, wanted)
    is_written = put_out(out, calendar_bytes(events, of_sessions=sessions, alarm=lead))
    tell_of_file(out, len(events), is_written=is_written, as_json=as_json)


def alarm_lead(alarm: str | None) -> timedelta | None:
    """Read how long before an event to remind; raises SettingsError where that cannot be told."""
    if alarm is None:
        return None
    lead = span_of(alarm, "mhd")
    if lead is not None:
        return lead
    raise SettingsError(f"--alarm {alarm}: expected 15m, 2h or 1d")
