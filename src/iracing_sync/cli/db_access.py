"""`db shell|url|start|stop|status`: the way to the database itself."""

from collections.abc import Mapping
from typing import Any

import typer
from sqlalchemy import text
from sqlalchemy.engine import make_url

from iracing_sync.app.database import open_database, require_database
from iracing_sync.cli.ending import leave
from iracing_sync.cli.for_all import GIVEN
from iracing_sync.cli.lines import say
from iracing_sync.cli.options import AS_CSV, AS_JSON
from iracing_sync.cli.output import print_json
from iracing_sync.cli.start import start as begin
from iracing_sync.database import current_revision, shown_url
from iracing_sync.embedded import is_kept, keep_up, let_go, url_if_up
from iracing_sync.errors import DatabaseError, SettingsError
from iracing_sync.plain_text import bytes_in_words
from iracing_sync.psql import open_psql
from iracing_sync.settings import Settings

COMMAND = typer.Option(None, "-c", "--command", metavar="SQL", help="Run these statements and end; may be repeated.")
FILE = typer.Option(None, "-f", "--file", metavar="FILE", help="Run the statements of a file and end; - is the input.")
MEASURES = text(
    "SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS size_bytes"
)
WITH_PASSWORD = typer.Option(False, "--with-password", help="Do not leave the password out.")


def shell(command: list[str] | None = COMMAND, file: str | None = FILE, as_csv: bool = AS_CSV) -> None:
    """Open psql on the database, with the schema on the search path; an embedded server runs as long as needed."""
    settings = begin()
    with open_database(settings, reading=True) as engine:
        words = psql_words(command or (), file, as_csv=as_csv)
        code = open_psql(engine, settings.schema_name, words, GIVEN["umask"])
    if code:
        leave(DatabaseError(f"psql ended with exit {code}"))


def psql_words(commands: Any, file: str | None, *, as_csv: bool) -> list[str]:
    """Return the options of psql; what is run without a person is stopped by the first error."""
    words = [word for one in commands for word in ("-c", one)] + (["-f", file] if file else [])
    return [*(["--csv"] if as_csv else []), *(["-v", "ON_ERROR_STOP=1"] if words else []), *words]


def url(with_password: bool = WITH_PASSWORD, as_json: bool = AS_JSON) -> None:
    """Print the address of the database for other tools; that of an embedded one is good while it is up."""
    settings = begin()
    found = settings.database_url or url_of_embedded(settings)
    shown = make_url(found).set(drivername="postgresql")
    if not with_password:
        secrets = [name for name in shown.query if "pass" in name.lower()]
        shown = shown._replace(password=None).difference_update_query(secrets)
    said = shown.render_as_string(hide_password=False)
    if as_json:
        print_json({"url": said})
    else:
        say(said)


def url_of_embedded(settings: Settings) -> str:
    """Return the address of the embedded database; raises DatabaseError where it is not up."""
    require_database(settings.data_dir)
    found = url_if_up(settings.data_dir)
    if found is None:
        raise not_up()
    return found


def not_up() -> DatabaseError:
    """Return that the embedded database is not up, and how it is started."""
    error = DatabaseError("the embedded PostgreSQL is not up: `iracing-sync db start` keeps it up")
    error.next = "iracing-sync db start"
    return error


def start(as_json: bool = AS_JSON) -> None:
    """Start the embedded PostgreSQL and keep it up between commands, until `db stop`."""
    settings = begin(fills_database=True)
    require_embedded(settings, "start")
    keep_up(settings.data_dir)
    show_server(settings, as_json=as_json)


def stop(as_json: bool = AS_JSON) -> None:
    """Stop the embedded PostgreSQL; while another command uses it, that one does so at its end."""
    settings = begin()
    require_embedded(settings, "stop")
    require_database(settings.data_dir)
    let_go(settings.data_dir)
    show_server(settings, as_json=as_json)


def require_embedded(settings: Settings, action: str) -> None:
    """Raise SettingsError where the database is a server of the user's own."""
    if settings.database_url:
        raise SettingsError(f"db {action} is for the embedded PostgreSQL, and IRACING_DATABASE_URL names another one")


def status(as_json: bool = AS_JSON) -> None:
    """Show which database it is, whether it is up, and how large."""
    show_server(begin(), as_json=as_json)


def show_server(settings: Settings, *, as_json: bool) -> None:
    """Print how the database stands."""
    found = state_of(settings)
    if as_json:
        print_json(found)
        return
    say(f"{'embedded in ' if found['folder'] else ''}{found['folder'] or found['url']}: {in_words(found)}")
    if found["is_up"]:
        say(f"PostgreSQL {found['version']}, {bytes_in_words(found['size_bytes'])}, {revision_of(found)}")


def revision_of(found: Mapping[str, Any]) -> str:
    """Say at which revision the tables are."""
    return f"revision {found['revision']}" if found["revision"] else "no tables yet: iracing-sync run"


def in_words(found: Mapping[str, Any]) -> str:
    """Say whether a server is up, and for how long."""
    if not found["is_up"]:
        return "not up" if found["folder"] and not found["is_kept"] else "not up; the next command starts it to stay"
    return "up" if found["folder"] is None else "up until `db stop`" if found["is_kept"] else "up while it is used"


def state_of(settings: Settings) -> dict[str, Any]:
    """Return which database it is and how it stands; `folder` is null for a server of the user's own."""
    embedded = settings.database_url is None
    if embedded:
        require_database(settings.data_dir)
    is_up = not embedded or url_if_up(settings.data_dir) is not None
    kept = is_kept(settings.data_dir) if embedded else None
    state = {"folder": str(settings.data_dir) if embedded else None, "is_up": is_up, "is_kept": kept}
    return state | (measures(settings) if is_up else {})


def measures(settings: Settings) -> dict[str, Any]:
    """Return what the server itself tells."""
    with open_database(settings, reading=True) as engine, engine.begin() as connection:
        row = dict(connection.execute(MEASURES).mappings().one())
        return row | {"url": shown_url(engine), "revision": current_revision(connection, settings.schema_name)}
