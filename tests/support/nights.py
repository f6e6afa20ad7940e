"""Runs at moments of one's choice: the whole pipeline in this process, against a simulator, with a clock to set."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from iracing_sync.database import connect
from iracing_sync.fetch.cache.document_cache import DocumentCache
from iracing_sync.fetch.http.client import ApiClient, http_client
from iracing_sync.fetch.source import DocumentSource
from iracing_sync.ledger.delivery import deliver_calls
from iracing_sync.ledger.journal import CallJournal
from iracing_sync.login.access import Access, Credentials
from iracing_sync.login.token_file import TokenFile
from iracing_sync.result import Result
from iracing_sync.simulator import Simulator, World
from iracing_sync.sync import Options, sync
from iracing_sync.sync.run import Progress

SCHEMA = "iracing"


def no_progress(_what: str, _done: int, _all: int) -> None:
    """Show nothing."""


class Nights:
    """A database, a cache and a simulated iRacing that share one clock."""

    def __init__(self, simulator: Simulator, engine: Engine, folder: Path) -> None:
        self.simulator = simulator
        self.engine = engine
        self.at = datetime.min.replace(tzinfo=UTC)
        self.folder = folder
        self._http = http_client()
        self._cache = DocumentCache(folder / "cache", clock=lambda: self.at)

    def close(self) -> None:
        self._http.close()
        self._cache.close()

    def run(
        self, at: datetime, *, max_calls: int | None = None, progress: Progress = no_progress, **options: Any
    ) -> Result:
        """Run at a moment, at which the world stands, too."""
        self.at = self.simulator.at = at
        given = {key: options.get(key, False) for key in ("refresh", "offline")}
        with CallJournal(self.folder) as ledger:
            source = self.source(ledger, max_calls, **given)
            result = sync(Options(**options), source, self.engine, SCHEMA, ledger, progress, clock=lambda: self.at)
            deliver_calls(ledger, self.engine, timedelta(days=36500))
        return result

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        with self.engine.begin() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]

    def source(
        self, ledger: CallJournal, max_calls: int | None = None, *, refresh: bool = False, offline: bool = False
    ) -> DocumentSource:
        given = self.simulator.environment()
        names = ("CLIENT_ID", "CLIENT_SECRET", "USERNAME", "PASSWORD")
        access = Access(
            given["IRACING_OAUTH_URL"],
            Credentials(*(given[f"IRACING_{name}"] for name in names)),
            TokenFile(self.folder / "token.json"),
            self._http,
        )
        client = ApiClient(
            given["IRACING_API_URL"],
            access,
            ledger=ledger,
            http=self._http,
            max_calls=max_calls,
            sleep=lambda _seconds: None,
            clock=lambda: self.at.timestamp(),
            dated_by=lambda: self.at,
        )
        return DocumentSource(
            self._cache,
            client,
            ttl=86400,
            refresh=refresh,
            offline=offline,
            ledger=ledger,
            clock=lambda: self.at,
        )


@contextmanager
def nights(world: World, database_url: str, folder: Path) -> Iterator[Nights]:
    """Give runs against a world."""
    engine = connect(database_url, SCHEMA)
    try:
        with Simulator(world, rate_limit=10**6) as simulator, closing(Nights(simulator, engine, folder)) as opened:
            yield opened
    finally:
        engine.dispose()
