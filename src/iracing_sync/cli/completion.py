"""Names of series as a shell completes them."""

from contextlib import suppress

from iracing_sync.app.database import open_tables
from iracing_sync.embedded import has_database, url_if_up
from iracing_sync.plain_text import plain_text
from iracing_sync.queries.matching_names import series_names
from iracing_sync.settings import load_settings


def series_for_shell(incomplete: str) -> list[str]:
    """Return the names of the series that begin with what is typed, none where they cannot be had.

    A shell waits for it, so no server is started.
    """
    with suppress(Exception):  # whatever is wrong, a command says it better
        return sorted(name for name in map(plain_text, stored_names()) if name.startswith(incomplete))
    return []


def stored_names() -> list[str]:
    """Return the names of the series, of an embedded database only if it is up."""
    settings = load_settings()
    if settings.database_url is None and not (has_database(settings.data_dir) and url_if_up(settings.data_dir)):
        return []
    with open_tables(settings) as connection:
        return list(series_names(connection).values())
