"""Documents on disk: the API is asked only for those that are missing or too old.

diskcache unpickles what it finds (CVE-2025-69872), so that whoever can write the folder can run code. Here it stores
and reads nothing but bytes, in a folder of mode 0700.
"""

import hashlib
import logging
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

import diskcache
import orjson
from diskcache.core import MODE_BINARY, MODE_RAW

from iracing_sync.api.client import ApiClient
from iracing_sync.api.endpoints import NO_PARAMS, cache_key, life
from iracing_sync.api.ledger import Call, Ledger
from iracing_sync.documents import Document, Params, document_name
from iracing_sync.errors import DocumentError, SettingsError
from iracing_sync.locks import locked, make_private_folder

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Settled = Callable[[Document], bool]
"""Tells of a document whether it will never change again."""


def never(_document: Document) -> bool:
    """Say of most documents that they may change."""
    return False


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


class RefusedEntryError(Exception):
    """An entry that we did not write: a pickle, or a file outside the folder."""


class BytesDisk(diskcache.Disk):  # type: ignore[misc] # diskcache has no types
    """Stores bytes under texts, and refuses whatever else it is given or finds."""

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
        return super().store(value, read, key=key)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> bytes:
        """Return bytes from the row or from a file in the folder."""
        if mode == MODE_BINARY and filename is not None and not is_inside(filename):
            raise RefusedEntryError("a file outside the cache folder")
        found = super().fetch(mode, filename, value, read) if mode in (MODE_RAW, MODE_BINARY) else None
        if type(found) is not bytes:
            raise RefusedEntryError("a value that is not bytes")
        return found

    def remove(self, file_path: str) -> None:
        """Remove a file in the folder; leave any other alone."""
        if is_inside(file_path):
            super().remove(file_path)


def is_inside(filename: str) -> bool:
    """Tell whether a relative path stays within its folder."""
    path = PurePath(filename)
    return not path.is_absolute() and ".." not in path.parts


class DocumentCache:
    """Documents in a folder, shared by processes; they age but do not expire: `--offline` wants old ones."""

    def __init__(self, folder: Path, clock: Clock = now) -> None:
        self.folder = folder
        self._clock = clock
        try:
            make_private_folder(folder)
            make_private_folder(folder / "locks")
            self._entries = diskcache.Cache(str(folder), disk=BytesDisk)
        except (OSError, sqlite3.Error) as error:
            raise SettingsError(f"the cache in {folder} is unusable: {error}; IRACING_CACHE_DIR") from error

    def close(self) -> None:
        """Close the database of the cache."""
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

        Processes that ask for one key at once fetch it once. `refresh` accepts only what was fetched since this call
        began. `offline` accepts any age and never fetches: raises DocumentError where there is no entry.
        """
        begun = self._clock()

        def found() -> Document | None:
            document = self.read(key)
            if document is None or offline:
                return document
            is_good = document.fetched_at > begun if refresh else is_live(document, ttl, self._clock(), settled)
            return document if is_good else None

        if document := found():
            return document
        if offline:
            raise DocumentError(f"{key} is not in the cache; run without --offline to fetch it")
        with self._lock(key):
            return found() or self._fetch(key, fetch)

    def read(self, key: str) -> Document | None:
        """Return the entry, whatever its age; one that makes no sense is dropped."""
        try:
            packed = self._entries.get(key)
            return unpacked(packed) if packed is not None else None
        except (RefusedEntryError, zlib.error, ValueError, KeyError, TypeError) as error:
            logger.warning("cache entry %s is dropped: %s", key, error)
            self._drop(key)
        except (OSError, sqlite3.Error, diskcache.Timeout) as error:
            logger.warning("cache entry %s cannot be read: %s", key, error)
        return None

    def info(self) -> dict[str, int]:
        """Return the number of entries and the bytes that they take on disk."""
        return {"entries": len(self._entries), "size_bytes": int(self._entries.volume())}

    def clear(self) -> int:
        """Drop all entries and return how many there were."""
        return int(self._entries.clear())

    def _fetch(self, key: str, fetch: Callable[[], Document]) -> Document:
        document = fetch()
        try:
            self._entries.set(key, packed(document))
        except (OSError, sqlite3.Error, diskcache.Timeout) as error:
            logger.warning("%s is not cached: %s", document.name, error)
        return document

    def _drop(self, key: str) -> None:
        with suppress(OSError, sqlite3.Error, diskcache.Timeout):
            self._entries.delete(key)

    @contextmanager
    def _lock(self, key: str) -> Iterator[None]:
        with locked(self.folder / "locks" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.lock"):
            yield


def is_live(document: Document, ttl: float, at: datetime, settled: Settled) -> bool:
    """Tell whether a cached document is younger than `ttl` seconds, or will never change."""
    # an entry from the future tells of a clock set back, not of a fresh document
    return abs((at - document.fetched_at).total_seconds()) < ttl or settled(document)


def packed(document: Document) -> bytes:
    """Write a document as a compressed envelope: one line of JSON that says what it is, then the body."""
    header = {
        "endpoint": document.endpoint,
        "params": dict(document.params),
        "fetched_at": document.fetched_at.isoformat(),
    }
    return zlib.compress(orjson.dumps(header) + b"\n" + document.body)


def unpacked(envelope: bytes) -> Document:
    """Read an envelope; raises zlib.error, ValueError, KeyError or TypeError where it is none."""
    line, newline, body = zlib.decompress(envelope).partition(b"\n")
    header = orjson.loads(line)
    fetched_at = datetime.fromisoformat(header["fetched_at"])
    if not newline or fetched_at.tzinfo is None:
        raise ValueError("no envelope")
    return Document(header["endpoint"], dict(header["params"]), body, fetched_at, from_cache=True)


class DocumentSource:
    """Documents from the cache, or from the API where it lacks them; the ledger hears of both.

    `ttl` is in seconds. `client` is null only where `offline` forbids asking it.
    """

    def __init__(
        self,
        cache: DocumentCache,
        client: ApiClient | None,
        *,
        ttl: float,
        refresh: bool,
        offline: bool,
        ledger: Ledger,
        clock: Clock = now,
    ) -> None:
        self._cache = cache
        self._client = client
        self._ttl = ttl
        self._refresh = refresh
        self._offline = offline
        self._ledger = ledger
        self._clock = clock

    def is_fresh(self, endpoint: str, params: Params = NO_PARAMS, *, settled: Settled = never) -> bool:
        """Tell whether a document would come from the cache."""
        if self._offline:
            return True
        document = None if self._refresh else self._cache.read(cache_key(endpoint, params))
        ttl = self._ttl * life(endpoint, params)
        return document is not None and is_live(document, ttl, self._clock(), settled)

    def document(
        self, endpoint: str, params: Params = NO_PARAMS, *, fresh: bool = False, settled: Settled = never
    ) -> Document:
        """Return a document; `fresh` bypasses the cache for this one, `settled` tells which never grow too old.

        Raises DocumentError, also where it is wanted offline but not cached, AccessRefused or ApiUnavailable.
        """
        refresh = self._refresh or fresh
        begun = self._clock()
        document = self._cache.cache_or_fetch(
            cache_key(endpoint, params),
            self._ttl * life(endpoint, params),
            lambda: self._fetch(endpoint, params, "refresh" if refresh else "miss"),
            refresh=refresh,
            offline=self._offline,
            settled=settled,
        )
        if document.from_cache:
            self._record_hit(document, begun)
        return document

    def _fetch(self, endpoint: str, params: Params, cached: str) -> Document:
        if self._client is None:
            raise DocumentError(
                f"{document_name(endpoint, params)} is not in the cache, and there is no way to iRacing"
            )
        return self._client.fetch(endpoint, params, cached=cached)

    def _record_hit(self, document: Document, begun: datetime) -> None:
        call = Call(
            at=begun,
            endpoint=document.endpoint,
            params=document.params,
            http_status=None,
            attempt=1,
            cached="hit",
            duration_ms=max(0, round((self._clock() - begun).total_seconds() * 1000)),
            size_bytes=len(document.body),
            rate_limit_remaining=None,
        )
        self._ledger(call)
