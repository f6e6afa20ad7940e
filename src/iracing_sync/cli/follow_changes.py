"""`changes --follow`: what changes, as it does, until a signal ends it."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from iracing_sync.app.database import open_database
from iracing_sync.database import require
from iracing_sync.follow import Follower
from iracing_sync.queries.changes import ChangeFilter, read_changes
from iracing_sync.queries.matching_names import series_ids
from iracing_sync.queries.unread_changes import last_change
from iracing_sync.settings import Settings
from iracing_sync.tables.rows import Row

log = logging.getLogger(__name__)

AT_ONCE = 1000
"""How many changes are shown together at the most."""


def follow_changes(
    settings: Settings,
    wanted: ChangeFilter,
    show: Callable[[list[Row]], None],
    *,
    series: Sequence[str],
    reader: str | None,
    since: datetime | None,
) -> None:
    """Show the changes that runs write from now on or since a moment, or where the reader of this name stopped."""

    def show_some(connection: Connection, after: int, up_to: int) -> None:
        found = read_changes(connection, wanted._replace(after=after, up_to=up_to))
        if found:
            show(sorted(found, key=lambda change: change["change_id"]))

    with open_database(settings, reading=True) as engine:
        with engine.begin() as connection:
            require(connection, settings.schema_name)
            wanted = wanted._replace(series=series_ids(connection, series))
            after = last_change(connection, since) if since else None
        log.info("waiting for changes; Ctrl-C ends it")
        Follower(engine, show_some, name=reader, after=after, at_once=AT_ONCE).follow()
