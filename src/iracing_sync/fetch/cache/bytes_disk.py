"""Texts to bytes in SQLite and files, by diskcache.

diskcache unpickles what it finds (CVE-2025-69872), so that whoever can write the folder can run code. Here it stores
and reads nothing but bytes, in a folder of mode 0700.
"""

import threading
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Any

import diskcache
from diskcache.core import MODE_BINARY, MODE_RAW

SETTINGS = diskcache.DEFAULT_SETTINGS | {
    "eviction_policy": "least-recently-stored",
    "cull_limit": 0,  # diskcache would evict ten at a time, the new one among them
    "sqlite_mmap_size": 0,  # a mapped file that is cut short ends the process
}
"""All there are: what it is not given diskcache takes from the database, which may be damaged."""

OLDEST = "SELECT rowid, filename FROM Cache WHERE key IS NOT ? ORDER BY store_time LIMIT 1"


class RefusedEntryError(Exception):
    """An entry that is not as we wrote it: a pickle, a file outside the folder or one that is missing."""


class BytesDisk(diskcache.Disk):  # type: ignore[misc] # diskcache has no types
    """Stores bytes under texts, and refuses whatever else it is given or finds."""

    def __init__(self, *given: Any, **settings: Any) -> None:
        super().__init__(*given, **settings)
        self._latest = threading.local()

    def put(self, key: Any) -> tuple[Any, bool]:
        """Accept a text as a key."""
        if type(key) is not str:
            raise TypeError("a cache key is a text")
        return key, True

    def get(self, key: Any, raw: bool) -> str:
        """Return a key that is a text; diskcache would unpickle any other."""
        if not raw or type(key) is not str:
            raise RefusedEntryError("a key that is not a text")
        return key

    def store(self, value: Any, read: bool, key: Any = diskcache.UNKNOWN) -> Any:
        """Store bytes; diskcache would pickle any other value."""
        if read or type(value) is not bytes:
            raise TypeError("a cache value is bytes")
        self._latest.path = None
        return super().store(value, read, key=key)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> bytes:
        """Return bytes from the row or from a file in the folder."""
        if mode == MODE_BINARY and (filename is None or not is_inside(filename)):
            raise RefusedEntryError("a file outside the cache folder")
        try:
            found = super().fetch(mode, filename, value, read) if mode in (MODE_RAW, MODE_BINARY) else None
        except OSError as error:  # diskcache takes that for an entry that never was
            raise RefusedEntryError(f"its file cannot be read ({error.strerror})") from error
        if type(found) is not bytes:
            raise RefusedEntryError("a value that is not bytes")
        return found

    def remove(self, file_path: str) -> None:
        """Remove a file in the folder; leave any other alone."""
        if type(file_path) is str and is_inside(file_path):
            super().remove(file_path)

    def remove_latest(self) -> None:
        """Remove the file that this thread stored last, because its row could not be written."""
        if path := getattr(self._latest, "path", None):
            with suppress(OSError):
                Path(path).unlink()

    def _write(self, full_path: str, *given: Any) -> Any:
        """Write a file, remembering it; diskcache leaves it behind where the disk is full."""
        self._latest.path = full_path
        return super()._write(full_path, *given)


class Entries(diskcache.Cache):  # type: ignore[misc] # diskcache has no types
    """The entries of a folder.

    Those stored longest ago make room: finished quarters, which the database has for ever; what is active is stored
    anew every night. Reading writes nothing, so that it works on a full disk.
    """

    def __init__(self, folder: Path, size_limit: int) -> None:
        super().__init__(str(folder), disk=BytesDisk, **{**SETTINGS, "size_limit": size_limit})

    def volume(self) -> int:
        """Return the bytes of the database and all files; diskcache keeps a count that damage may alter or lose."""
        [(pages,)] = self._sql("PRAGMA page_count").fetchall()
        [(files,)] = self._sql("SELECT CAST(total(size) AS INTEGER) FROM Cache").fetchall()
        return int(self._page_size * pages + files)

    def keep(self, key: str, value: bytes) -> None:
        """Store an entry after making room for it; where that fails, nothing of it stays."""
        try:
            self._make_room(len(value))
            self.set(key, value)
            self._make_room(0, kept=key)  # others may have stored theirs at the same time
        except BaseException:
            self.disk.remove_latest()
            self.close()  # a commit that failed would keep its lock
            raise

    def texts(self) -> list[str]:
        """Return all keys that are ours, sorted."""
        return [
            key for (key,) in self._sql("SELECT key FROM Cache WHERE raw = 1 AND typeof(key) = 'text' ORDER BY key")
        ]

    def _make_room(self, size: int, kept: str | None = None) -> None:
        """Drop the entries stored longest ago until there is room or nothing else is left."""
        while self.volume() + size > self.size_limit:
            with self._transact() as (sql, cleanup):
                oldest = sql(OLDEST, (kept,)).fetchall()
                for rowid, filename in oldest:
                    sql("DELETE FROM Cache WHERE rowid = ?", (rowid,))
                    cleanup(filename)
            if not oldest:
                return


def is_inside(filename: str) -> bool:
    """Tell whether a relative path stays within its folder."""
    path = PurePath(filename)
    return not path.is_absolute() and ".." not in path.parts
