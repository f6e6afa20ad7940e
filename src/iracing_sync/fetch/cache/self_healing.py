"""The cache folder: ours alone, opened, and begun anew where it is damaged."""

import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import diskcache

from iracing_sync.errors import SettingsError
from iracing_sync.fetch.cache.bytes_disk import Entries, RefusedEntryError
from iracing_sync.fetch.cache.damage import DATABASE, identity, is_corrupt, is_foreign, set_aside
from iracing_sync.folders import CACHE_DIR, claim_folder, make_subfolder, require_ours

Answer = TypeVar("Answer")

FAILURES = (OSError, sqlite3.Error, diskcache.Timeout)
"""What may fail without the folder being useless."""

NOT_OPENED = (OSError, sqlite3.Error, ValueError, TypeError, KeyError, AttributeError)
"""What diskcache raises where it cannot make sense of a database."""

ATTEMPTS = 3


class UnusableError(Exception):
    """There is no cache; the text says why."""


class TooLargeError(Exception):
    """An entry that alone is more than the cache may hold."""


class CacheFolder:
    """Bytes under texts, for all threads and processes.

    `say` hears of a damaged database that was set aside, which happens once; after that there is no cache. For
    `reading`, none is set aside and no folder made. Each method raises UnusableError where there is none, or one of
    FAILURES.
    """

    def __init__(
        self,
        path: Path,
        size_limit: int,
        clock: Callable[[], datetime],
        say: Callable[[str], None],
        *,
        reading: bool = False,
    ) -> None:
        self.path = path
        self.size_limit = size_limit
        self._clock = clock
        self._say = say
        self._reading = reading
        self._guard = threading.RLock()
        self._was_set_aside = False
        self._why = ""
        self._entries: Entries | None = None
        self._open()

    def close(self) -> None:
        """Close the database of this thread."""
        if self._entries is not None:
            self._entries.close()

    def get(self, key: str) -> bytes | None:
        """Return the bytes under a key; raises RefusedEntryError where they are not as we wrote them."""
        try:
            found: bytes | None = self._on(lambda entries: entries.get(key))
        except RefusedEntryError:  # another process may have replaced it at this moment
            found = self._on(lambda entries: entries.get(key))
        return found

    def put(self, key: str, value: bytes) -> None:
        """Store bytes under a key, in the place of what was stored longest ago; raises TooLargeError."""
        if len(value) > self.size_limit:
            raise TooLargeError(f"it takes {len(value):,} bytes of {self.size_limit:,}; IRACING_CACHE_MAX_MB")
        self._on(lambda entries: entries.keep(key, value))

    def delete(self, key: str) -> bool:
        """Drop a key and tell whether it was there."""
        return self._on(lambda entries: bool(entries.delete(key)))

    def clear(self) -> int:
        """Drop all that is there, ours or not, and return how much there was."""
        return self._on(lambda entries: int(entries.clear()))

    def texts(self) -> list[str]:
        """Return all keys, sorted."""
        return self._on(lambda entries: entries.texts())

    def volume(self) -> int:
        """Return the bytes that all entries and their database take."""
        return self._on(lambda entries: int(entries.volume()))

    def _on(self, work: Callable[[Entries], Answer]) -> Answer:
        """Do something with the entries; where they are damaged, do it with new ones."""
        entries = self._current()
        try:
            return work(entries)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if is_corrupt(error):
                self._replace(entries, error)
            elif self._current() is entries:  # else another thread moved them while we read: what failed says nothing
                raise
        return work(self._current())

    def _current(self) -> Entries:
        """Return the entries, opened anew where another process has set them aside."""
        with self._guard:
            if self._entries is None:
                raise UnusableError(self._why)
            if identity(self.path) != self._identity:
                self._open()
            return self._entries

    def _replace(self, damaged: Entries, error: Exception) -> None:
        """Set the entries aside, unless another thread or process did, and open new ones."""
        with self._guard:
            if self._entries is damaged:
                damaged.close()
                self._set_aside(self._identity, error)
                self._open()

    def _open(self) -> None:
        self._entries = None
        for _ in range(ATTEMPTS):
            found = None
            try:
                self._enter()
                found = identity(self.path)
                self._entries = Entries(self.path, self.size_limit)
                self._identity = identity(self.path)
                return
            except SettingsError as refusal:
                raise self._unusable(refusal) from refusal
            except NOT_OPENED as error:
                failure = error
            if found is not None and found == identity(self.path):
                if not is_foreign(failure):
                    break
                self._set_aside(found, failure)
        raise self._unusable(failure)

    def _enter(self) -> None:
        """See that the folder is ours; raises SettingsError or OSError."""
        if self._reading:
            require_ours(self.path, CACHE_DIR)
            return
        claim_folder(self.path, CACHE_DIR)
        make_subfolder(self.path / "locks", CACHE_DIR)

    def _set_aside(self, found: tuple[int, int] | None, error: Exception) -> None:
        self._entries = None
        if self._was_set_aside or self._reading:
            raise self._unusable(error)
        self._was_set_aside = True
        try:
            place = set_aside(self.path, found, self._clock())
        except OSError as failure:
            raise self._unusable(failure) from error
        if place is not None:
            self._say(f"the cache in {self.path} is damaged ({error}): set aside as {place}, a new one is begun")

    def _unusable(self, error: Exception) -> UnusableError:
        self._why = why_unusable(self.path, error)
        return UnusableError(self._why)


def has_database(folder: Path) -> bool:
    """Tell whether a folder holds a cache; raises UnusableError for one that is not ours."""
    try:
        if folder.exists():
            require_ours(folder, CACHE_DIR)
        return (folder / DATABASE).exists()
    except (SettingsError, OSError) as error:
        raise UnusableError(why_unusable(folder, error)) from error


def why_unusable(folder: Path, error: Exception) -> str:
    """Say why there is no cache; a refusal says by itself of which folder it speaks."""
    return (
        str(error) if isinstance(error, SettingsError) else f"the cache in {folder} is unusable: {error}; {CACHE_DIR}"
    )
