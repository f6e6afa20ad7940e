"""`publish`: a static site."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import typer

from iracing_sync.app.database import open_tables
from iracing_sync.cli.for_all import GIVEN, new_app
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_JSON, AT
from iracing_sync.cli.out_file import replace_file
from iracing_sync.cli.output import print_json
from iracing_sync.cli.reading import Zone
from iracing_sync.cli.report import ZONE, read_newest
from iracing_sync.cli.start import start
from iracing_sync.errors import SettingsError
from iracing_sync.extras import require_extra
from iracing_sync.plain_text import how_many

app = new_app()


@app.command()
def publish(
    place: str = typer.Argument(metavar="DIR", help="Where the site goes: made where it is missing."),
    base_url: str | None = typer.Option(None, metavar="URL", help="Where it will be served: for feeds and webcal."),
    at: str | None = AT,
    tz: str | None = ZONE,
    as_json: bool = AS_JSON,
) -> None:
    """Write a static site: the schedules as pages, calendars, feeds and data; what is the same is not touched."""
    require_extra("report")
    from iracing_sync.site.folder import open_site
    from iracing_sync.site.publish import Published, publish  # Jinja2 and icalendar take 250 ms

    Zone(tz)
    if not place.strip():
        raise SettingsError("DIR is blank: name the folder of the site")
    folder = Path(place)
    address = address_of(base_url)
    settings = start(at=at)
    wanted = Published(settings.clock(), settings.at, tz, address)
    with (
        open_tables(settings) as connection,
        open_site(folder, replace_file, int(GIVEN.get("umask", 0o022))) as site,
    ):
        publish(connection, site, read_newest(connection, None, wanted.now, wanted.at), wanted)
    if as_json:
        print_json({"folder": str(folder), "written": site.written, "removed": site.removed})
        return
    gone = f", {how_many(len(site.removed), 'file')} removed" if site.removed else ""
    say(f"{folder}: {how_many(len(site.written), 'file')} written{gone}; the others are as before")


def address_of(base_url: str | None) -> str | None:
    """Return an address with the slash at its end; raises SettingsError for what is none."""
    if base_url is None:
        return None
    parts = urlsplit(base_url)
    is_plain = re.fullmatch(r'[^\s"<>\\^`{|}]+', base_url) and not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain:
        raise SettingsError("--base-url: expected an address such as https://example.org/iracing/")
    return base_url.rstrip("/") + "/"
