"""The ledger of calls, and the documents: from the cache, else from iRacing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from iracing_sync.fetch.cache.document_cache import DocumentCache
from iracing_sync.fetch.source import DocumentSource
from iracing_sync.ledger.call import Ledger
from iracing_sync.ledger.delivery import deliver_calls
from iracing_sync.ledger.journal import CallJournal
from iracing_sync.settings import Settings

if TYPE_CHECKING:
    from iracing_sync.fetch.http.client import ApiClient


@contextmanager
def open_ledger(settings: Settings, engine: Engine, *, dry_run: bool = False) -> Iterator[CallJournal]:
    """Give the ledger of calls, and write it into the database at the end; a dry run's waits on disk."""
    with CallJournal(settings.data_dir / "ledger") as journal:
        try:
            yield journal
        finally:
            if not dry_run:
                deliver_calls(journal, engine, timedelta(days=settings.ledger_days))


@contextmanager
def open_source(
    settings: Settings,
    engine: Engine,
    ledger: Ledger,
    *,
    refresh: bool = False,
    offline: bool = False,
    max_calls: int | None = None,
) -> Iterator[DocumentSource]:
    """Give the documents: from the cache, else from iRacing, unless `offline`."""
    with (
        nullcontext() if offline else open_client(settings, engine, ledger, max_calls) as client,
        closing(open_cache(settings, required=offline)) as cache,
    ):
        yield DocumentSource(
            cache,
            client,
            ttl=settings.cache_ttl,
            refresh=refresh,
            offline=offline,
            ledger=ledger,
        )


def open_cache(settings: Settings, *, required: bool) -> DocumentCache:
    """Open the cache on disk; raises SettingsError where it is required and of no use."""
    return DocumentCache(settings.cache_dir, size_limit=settings.cache_max_bytes, required=required)


@contextmanager
def open_client(settings: Settings, engine: Engine, ledger: Ledger, max_calls: int | None) -> Iterator[ApiClient]:
    """Give the way to iRacing, at the pace of the account."""
    # the HTTP client takes 0.1 s to import, which a run from the cache alone need not spend
    from iracing_sync.app.access import credentials_of, open_access
    from iracing_sync.fetch.http.client import ApiClient, http_client
    from iracing_sync.fetch.http.transfer import Bounds
    from iracing_sync.rate_limit.shared import SharedKeeper

    with http_client() as http:
        access = open_access(settings, credentials_of(settings), http, engine)
        with closing(SharedKeeper(engine, access.owner)) as keeper:
            yield ApiClient(
                settings.api_url,
                access,
                requests_per_second=settings.api_rps,
                reserve=settings.api_reserve_pct / 100,
                bounds=Bounds(settings.max_document_mb * 1024 * 1024, settings.timeout),
                keeper=keeper,
                ledger=ledger,
                http=http,
                max_calls=max_calls,
            )
