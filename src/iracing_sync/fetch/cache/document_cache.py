"""Which document is good enough, and who fetches it where none is."""

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

import diskcache

from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError, SettingsError
from iracing_sync.fetch.cache.bytes_disk import RefusedEntryError
from iracing_sync.fetch.cache.envelope import UNREADABLE, Header, header_of, pack, unpack
from iracing_sync.fetch.cache.self_healing import FAILURES, CacheFolder, TooLargeError, UnusableError, has_database
from iracing_sync.fetch.expected import proves_nothing
from iracing_sync.instants import Clock, now
from iracing_sync.private_files import file_lock

log = logging.getLogger(__name__)

SIZE_LIMIT = 1024**3

Content = TypeVar("Content")

Settled = Callable[[Document], bool]
"""Tells of a document whether it will never change again."""


class CacheEntry(NamedTuple):
    """An entry by its header; `size_bytes` is what it takes, compressed."""

    key: str
    header: Header
    size_bytes: int


def never(_document: Document) -> bool:
    """Say of most documents that they may change."""
    return False


class DocumentCache:
    """Documents in a folder, shared by threads and processes; they age but do not expire: `--offline` wants old ones.

    Where the folder is of no use there is nothing in it and nothing stays; `required` makes that a SettingsError. For
    `reading`, none is made where there is none. `warnings` are what a person should know of it.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock = now,
        *,
        size_limit: int = SIZE_LIMIT,
        required: bool = False,
        reading: bool = False,
    ) -> None:
        self.folder = folder
        self.warnings: list[str] = []
        self._said: set[str] = set()
        self._guard = threading.Lock()
        self._clock = clock
        self._entries: CacheFolder | None = None
        try:
            if not reading or has_database(folder):
                self._entries = CacheFolder(folder, size_limit, clock, self._say, reading=reading)
        except UnusableError as error:
            if required:
                raise SettingsError(str(error)) from error
            self._say_unusable(error)

    def close(self) -> None:
        """Close the database of the cache."""
        if self._entries is not None:
            self._entries.close()

    def cache_or_fetch(
        self,
        key: str,
        ttl: float,
        fetch: Callable[[], Document],
        *,
        refresh: bool = False,
        offline: bool = False,
        settled: Settled = never,
    ) -> Document:
        """Return the entry if it is settled or younger than `ttl` seconds, else what `fetch` returns and store that.

        Threads and processes that ask for one key at once fetch it once: who had to wait for another takes what that
        one has brought. `refresh` accepts nothing else. `offline` accepts any age and never fetches: raises
        DocumentError where there is no entry.
        """

        def is_good(document: Document) -> bool:
            return offline or (not refresh and is_live(document, ttl, self._clock(), settled))

        standing = self.read(key)
        if standing and is_good(standing):
            return standing
        if offline:
            raise DocumentError(f"{key} is not in the cache; run without --offline to fetch it")
        with self._lock(key):
            awaited = self.read(key)
            if awaited and (is_good(awaited) or standing is None or awaited.fetched_at != standing.fetched_at):
                return awaited
            return self._fetch(key, fetch)

    def read(self, key: str) -> Document | None:
        """Return the entry, whatever its age; one that makes no sense is dropped."""
        return self._read(key, unpack)

    def entries(self) -> Iterator[CacheEntry]:
        """Yield all entries, sorted by key; of each only the header is read."""

        def entry_of(key: str, envelope: bytes) -> CacheEntry:
            return CacheEntry(key, header_of(key, envelope), len(envelope))

        keys = self._entries.texts() if self._entries else []
        return (entry for key in keys if (entry := self._read(key, entry_of)))

    def volume(self) -> int:
        """Return the bytes that all entries take on disk."""
        return self._entries.volume() if self._entries else 0

    def clear(self, pattern: str | None = None) -> int:
        """Drop all entries, or those under a key or a beginning that ends in `*`, and return how many there were."""
        if self._entries is None:
            return 0
        if pattern is None:
            return self._entries.clear()
        return sum(self._entries.delete(key) for key in self._entries.texts() if is_meant(key, pattern))

    def _read(self, key: str, content: Callable[[str, bytes], Content]) -> Content | None:
        if self._entries is None:
            return None
        try:
            envelope = self._entries.get(key)
            return content(key, envelope) if envelope is not None else None
        except (RefusedEntryError, *UNREADABLE) as error:
            self._say(f"cache entry {key} is dropped: {error}")
            self._drop(key)
        except UnusableError as error:
            self._say_unusable(error)
        except FAILURES as error:
            self._say(f"the cache in {self.folder} cannot be read: {reason(error)}", once="read")
        return None

    def _fetch(self, key: str, fetch: Callable[[], Document]) -> Document:
        document = fetch()
        if self._entries is None:
            return document
        try:
            self._entries.put(key, pack(key, document))
        except TooLargeError as error:
            self._say(f"{document.name} is not cached: {error}", once=key)
        except UnusableError as error:
            self._say_unusable(error)
        except FAILURES as error:
            self._say(f"{document.name} is not cached, others neither: {reason(error)} ({self.folder})", once="write")
        return document

    def _drop(self, key: str) -> None:
        if self._entries is not None:
            with suppress(UnusableError, *FAILURES):
                self._entries.delete(key)

    @contextmanager
    def _lock(self, key: str) -> Iterator[None]:
        """Let one thread of all processes at a key at a time; where no lock can be had, all of them."""
        with ExitStack() as held:
            if self._entries is not None:
                name = f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.lock"
                try:
                    held.enter_context(file_lock(self.folder / "locks" / name))
                except OSError as error:
                    self._say(f"the cache in {self.folder} cannot be locked: {error}", once="lock")
            yield

    def _say_unusable(self, error: UnusableError) -> None:
        self._say(f"{error}: every document is fetched", once="unusable")

    def _say(self, message: str, once: str = "") -> None:
        """Warn; of what is said once, only the first time."""
        with self._guard:
            if once in self._said:
                return
            self._said |= {once} - {""}
            self.warnings.append(message)
        log.warning("%s", message)


def is_live(document: Document, ttl: float, at: datetime, settled: Settled) -> bool:
    """Tell whether a cached document is younger than `ttl` seconds, or will never change.

    Not one that says nothing, nor one in which something cannot be read.
    """
    is_kept = is_young(document.fetched_at, ttl, at) or settled(document)
    return is_kept and not document.is_spoilt and not proves_nothing(document)


def is_young(fetched_at: datetime, ttl: float, at: datetime) -> bool:
    """Tell whether less than `ttl` seconds have passed."""
    # an entry from the future tells of a clock set back, not of a fresh document
    return abs((at - fetched_at).total_seconds()) < ttl


def is_meant(key: str, pattern: str) -> bool:
    """Tell whether a key is the pattern, or begins like one that ends in `*`."""
    return key.startswith(pattern[:-1]) if pattern.endswith("*") else key == pattern


def reason(error: BaseException) -> str:
    """Return what SQLite said; diskcache calls every refusal a timeout, and fails to roll back what is rolled back."""
    while isinstance(error, diskcache.Timeout | sqlite3.Error) and isinstance(error.__context__, sqlite3.Error):
        error = error.__context__
    return str(error)
