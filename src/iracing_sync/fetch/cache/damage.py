"""A damaged cache is moved aside, for whoever wants to know what happened to it; only the latest is kept."""

import os
import re
import shutil
import sqlite3
from datetime import datetime
from pathlib import Path

from iracing_sync.private_files import file_lock

DATABASE = "cache.db"
OURS = re.compile(r"[0-9a-f]{2}|cache\.db(-wal|-shm|-journal)?")

CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
PASSING = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_AUTH,
}
"""What says nothing about the database itself."""

Identity = tuple[int, int]


def identity(folder: Path) -> Identity | None:
    """Tell one database file from another that takes its place; null where there is none."""
    try:
        found = (folder / DATABASE).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def is_corrupt(error: BaseException | None) -> bool:
    """Tell whether an error, or the one behind it, says that the database is damaged."""
    if is_undecodable(error):
        return True
    return isinstance(error, sqlite3.Error) and (primary_code(error) in CORRUPT or is_corrupt(error.__context__))


def is_undecodable(error: BaseException | None) -> bool:
    """Tell whether a text was none; Python says so in two ways, one of them an error without SQLite's code."""
    return isinstance(error, UnicodeDecodeError) or (
        isinstance(error, sqlite3.OperationalError) and not hasattr(error, "sqlite_errorcode")
    )


def is_foreign(error: Exception) -> bool:
    """Tell whether what failed to open is damaged, or no database of diskcache at all."""
    return not isinstance(error, OSError | sqlite3.Error) or (
        isinstance(error, sqlite3.DatabaseError) and primary_code(error) not in PASSING
    )


def primary_code(error: sqlite3.Error) -> int:
    """Return SQLite's own code without its details."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def set_aside(folder: Path, found: Identity | None, at: datetime) -> Path | None:
    """Move the entries beside their folder, or into it where there is no room beside; null if that is done already.

    `found` is the database that is damaged: another process may have put a new one in its place. Raises OSError.
    """
    with file_lock(folder / "locks" / "aside.lock"):
        if identity(folder) != found:
            return None
        name = f"broken-{at:%Y%m%dT%H%M%SZ}"
        remove_earlier(folder)
        try:
            return move_entries(folder, folder.with_name(f"{folder.name}.{name}"))
        except OSError:  # the folder above is not ours, or on another disk
            return move_entries(folder, folder / name)


def move_entries(folder: Path, target: Path) -> Path:
    """Move what is ours into a new folder, the database last: nothing old is left when a new one is begun."""
    target.mkdir(mode=0o700)
    ours = [item for item in folder.iterdir() if OURS.fullmatch(item.name)]
    try:
        for item in sorted(ours, key=lambda item: item.name == DATABASE):
            item.rename(target / item.name)
    except OSError:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return target


def remove_earlier(folder: Path) -> None:
    """Remove what was set aside before."""
    stamp = r"broken-\d{8}T\d{6}Z"
    for place, name in ((folder.parent, rf"{re.escape(folder.name)}\.{stamp}"), (folder, stamp)):
        for item in place.iterdir() if os.access(place, os.R_OK) else ():
            if re.fullmatch(name, item.name) and item.is_dir() and item.lstat().st_uid == os.geteuid():
                shutil.rmtree(item, ignore_errors=True)
