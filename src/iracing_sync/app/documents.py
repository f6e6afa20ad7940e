"""The ledger of calls, and the documents: from the cache, else from iRacing."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta

from sqlalchemy import Engine

from iracing_sync.fetch.cache.document_cache import DocumentCache
from iracing_sync.fetch.source import Client, DocumentSource
from iracing_sync.ledger.call import Ledger
from iracing_sync.ledger.delivery import deliver_calls
from iracing_sync.ledger.journal import CallJournal
from iracing_sync.settings import Settings


@contextmanager
def open_ledger(settings: Settings, engine: Engine, *, dry_run: bool = False) -> Iterator[CallJournal]:
    """Give the ledger of calls, and write it into the database at the end; a dry run's waits on disk."""
    with CallJournal(settings.data_dir) as journal:
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
    reading: bool = False,
    max_calls: int | None = None,
    client: Client | None = None,
) -> Iterator[DocumentSource]:
    """Give the documents: from the cache, else from iRacing, unless `offline`; `reading` makes no cache.

    `client` is another way to iRacing than our own.
    """
    with ExitStack() as opened:
        if client is None and not offline:
            from iracing_sync.app.client import open_client  # it takes 0.1 s to import, which the cache does not need

            client = opened.enter_context(open_client(settings, engine, ledger, max_calls))
        cache = opened.enter_context(closing(open_cache(settings, required=offline, reading=reading)))
        yield DocumentSource(
            cache,
            client,
            ttl=settings.cache_ttl,
            refresh=refresh,
            offline=offline,
            ledger=ledger,
            clock=settings.clock,
        )


def open_cache(settings: Settings, *, required: bool, reading: bool = False) -> DocumentCache:
    """Open the cache on disk, making none for `reading`; raises SettingsError where it is required and of no use."""
    return DocumentCache(
        settings.cache_dir,
        size_limit=settings.cache_max_bytes,
        clock=settings.clock,
        required=required,
        reading=reading,
    )
