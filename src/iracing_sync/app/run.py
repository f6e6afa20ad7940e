"""A run with all its parts: ledger, documents, database."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from uuid import UUID

from sqlalchemy import Engine

from iracing_sync.app.documents import open_ledger, open_source
from iracing_sync.fetch.source import Client
from iracing_sync.ledger.journal import CallJournal
from iracing_sync.result import Result
from iracing_sync.settings import Settings
from iracing_sync.sync.lifecycle import sync
from iracing_sync.sync.options import Options
from iracing_sync.sync.run import Progress

Way = Callable[[Engine, CallJournal], AbstractContextManager[Client]]
"""Another way to iRacing than our own."""


def run_once(
    settings: Settings,
    engine: Engine,
    options: Options,
    run_id: UUID,
    progress: Progress = lambda _what, _done, _all: None,
    way: Way | None = None,
) -> Result:
    """Bring the database up to date and return what was done; an error that ends the run is in the result."""
    with ExitStack() as opened:
        ledger = opened.enter_context(open_ledger(settings, engine, dry_run=options.dry_run))
        client = opened.enter_context(way(engine, ledger)) if way and not options.offline else None
        source = opened.enter_context(
            open_source(
                settings,
                engine,
                ledger,
                refresh=options.refresh,
                offline=options.offline,
                max_calls=options.max_calls,
                client=client,
            )
        )
        return sync(
            options, source, engine, settings.schema_name, ledger, progress, clock=settings.clock, run_id=run_id
        )
