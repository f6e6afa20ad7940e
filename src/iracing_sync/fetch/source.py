"""Documents from the cache, or from the API where it lacks them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from iracing_sync.documents import NO_PARAMS, Document, Params, document_name
from iracing_sync.errors import DocumentError
from iracing_sync.fetch.cache.document_cache import DocumentCache, Settled, is_live, never
from iracing_sync.fetch.endpoints import cache_key, life
from iracing_sync.instants import Clock, now
from iracing_sync.ledger.call import Call, Ledger


class Client(Protocol):
    """A way to iRacing."""

    def fetch(
        self, endpoint: str, params: Params = NO_PARAMS, *, cached: str = "miss", patient: bool = True
    ) -> Document:
        """Return a document as iRacing has it now; raises DocumentError, AccessRefused or ApiUnavailable."""
        ...


class DocumentSource:
    """Documents from the cache, or from the API where it lacks them; the ledger hears of both.

    `ttl` is in seconds. `client` is null only where `offline` forbids asking it.
    """

    def __init__(
        self,
        cache: DocumentCache,
        client: Client | None,
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
        self.offline = offline
        self._ledger = ledger
        self._clock = clock

    @property
    def warnings(self) -> list[str]:
        """Return what a person should know of the cache."""
        return self._cache.warnings

    def document_in_cache(
        self, endpoint: str, params: Params = NO_PARAMS, *, settled: Settled = never
    ) -> Document | None:
        """Return a document if it would come from the cache; the ledger does not hear of it."""
        if self._refresh:
            return None
        document = self._cache.read(cache_key(endpoint, params))
        ttl = self._ttl * life(endpoint, params)
        is_good = document is not None and (self.offline or is_live(document, ttl, self._clock(), settled))
        return document if is_good else None

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
            offline=self.offline,
            settled=settled,
        )
        if document.from_cache:
            self._record_hit(document, begun)
        return document

    def leave_thread(self) -> None:
        """Close what was opened for this thread, which ends: the cache has a connection for each."""
        self._cache.close()

    def document_at_one_try(self, endpoint: str, params: Params = NO_PARAMS) -> Document:
        """Return a document of this moment that can be done without; raises as `document` does, and sooner."""
        return self._cache.cache_or_fetch(
            cache_key(endpoint, params),
            0,
            lambda: self._fetch(endpoint, params, "refresh" if self._refresh else "miss", patient=False),
            refresh=True,
            offline=self.offline,
        )

    def _fetch(self, endpoint: str, params: Params, cached: str, *, patient: bool = True) -> Document:
        if self._client is None:
            raise DocumentError(
                f"{document_name(endpoint, params)} is not in the cache, and there is no way to iRacing"
            )
        return self._client.fetch(endpoint, params, cached=cached, patient=patient)

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
