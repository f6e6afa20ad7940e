"""`report`: the page of a season."""

from datetime import datetime
from pathlib import Path

import typer
from sqlalchemy import Connection

from iracing_sync.app.database import open_tables
from iracing_sync.cli.export_options import OUT, require_file, tell_of_file
from iracing_sync.cli.for_all import new_app
from iracing_sync.cli.options import AS_JSON, AT
from iracing_sync.cli.out_file import put_out
from iracing_sync.cli.quarter_options import QUARTER, YEAR, quarter_asked_for
from iracing_sync.cli.quarter_words import run_for
from iracing_sync.cli.reading import Zone
from iracing_sync.cli.start import start
from iracing_sync.errors import SettingsError
from iracing_sync.extras import require_extra
from iracing_sync.quarters import Quarter, quarter_at
from iracing_sync.queries.report import Page, read_page
from iracing_sync.queries.schedule import newest_week

app = new_app()

ZONE = typer.Option(
    None, "--tz", metavar="ZONE", help="Times as in this zone, such as Europe/Berlin; else that of the reader."
)


@app.command()
def report(
    year: int | None = YEAR,
    quarter: str | None = QUARTER,
    at: str | None = AT,
    tz: str | None = ZONE,
    out: Path | None = OUT,
    as_json: bool = AS_JSON,
) -> None:
    """Write a quarter as a page that a browser opens without any network."""
    require_extra("report")
    from iracing_sync.report.page_object import page_object
    from iracing_sync.report.render import page_bytes  # Jinja2 takes 60 ms that the other commands need not

    require_file(out, as_json=as_json)
    Zone(tz)
    settings = start(at=at)
    with open_tables(settings) as connection:
        page = read_newest(connection, quarter_asked_for(year, quarter), settings.clock(), settings.at)
    is_written = put_out(out, page_bytes(page_object(page, settings.at, tz)))
    tell_of_file(out, None, is_written=is_written, as_json=as_json)


def read_newest(connection: Connection, asked: Quarter | None, now: datetime, at: datetime | None) -> Page:
    """Return a quarter: the one asked for, the present one, or where of that nothing is stored, the newest that is.

    Raises SettingsError where nothing is.
    """
    page = read_page(connection, asked or quarter_at(now), at)
    newest = None if page.seasons or asked else newest_week(connection)
    if newest:
        page = read_page(connection, quarter_at(newest), at)
    if not page.seasons:
        raise SettingsError(
            f"no season of {page.quarter.name} is stored yet: {run_for(page.quarter if asked else None)}"
        )
    return page
