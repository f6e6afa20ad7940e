"""The way from an alias of DATABASES to the tables, for what this package does itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from psycopg import pq
from sqlalchemy import Engine
from sqlalchemy.engine import URL

from iracing_sync.contrib.django.options import schema
from iracing_sync.database import connect
from iracing_sync.errors import SettingsError
from iracing_sync.settings import DRIVER


def address(alias: str) -> str:
    """Return where an alias leads, with its password; what is no word of libpq's is for Django alone.

    Raises SettingsError where that is no PostgreSQL, or there is no such alias.
    """
    if alias not in connections.settings:
        raise SettingsError(f"IRACING_SYNC['DATABASE'] is {alias!r}, which DATABASES lacks")
    if connections[alias].vendor != "postgresql":
        raise SettingsError(f"the tables need PostgreSQL; {alias!r} of DATABASES is another")
    said = connections[alias].settings_dict
    known = {one.keyword.decode() for one in pq.Conninfo.get_defaults()}
    query = {name: str(value) for name, value in said["OPTIONS"].items() if name in known}
    if role := said["OPTIONS"].get("assume_role"):
        query["options"] = f"{query.get('options', '')} -c role={role}".strip()
    host, port = str(said["HOST"] or ""), str(said["PORT"] or "")
    is_socket = not host or host.startswith("/")
    if is_socket:
        query |= {name: value for name, value in (("host", host), ("port", port)) if value}
    url = URL.create(
        DRIVER,
        said["USER"] or None,
        said["PASSWORD"] or None,
        None if is_socket else host,
        int(port) if port and not is_socket else None,
        str(said["NAME"] or "") or None,
        query,
    )
    return url.render_as_string(hide_password=False)


@contextmanager
def open_alias(alias: str) -> Iterator[Engine]:
    """Give an engine of our own for an alias, apart from Django's connection and its transaction.

    Raises DatabaseError where it cannot connect, SettingsError where it is no PostgreSQL.
    """
    engine = connect(address(alias), schema())
    try:
        yield engine
    finally:
        engine.dispose()
