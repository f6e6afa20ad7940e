"""One run: what it was asked, where documents come from, and what it did so far."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, update

from iracing_sync import __version__
from iracing_sync.api.ledger import Call
from iracing_sync.cache import Clock, DocumentSource, Settled, never
from iracing_sync.database import prepare
from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError, SyncError
from iracing_sync.own_tables import SCHEDULE_CHANGE, SYNC_RUN
from iracing_sync.result import Result
from iracing_sync.sync.ahead import Ahead
from iracing_sync.sync.options import Options
from iracing_sync.sync.writer import Writer

if TYPE_CHECKING:
    from iracing_sync.changes.differences import Change

log = logging.getLogger(__name__)

Begin = Callable[[], AbstractContextManager[Connection]]
Progress = Callable[[str, int, int], None]
"""What goes on, how much of it is done, and how much there is."""

NO_PARAMS: Mapping[str, int] = {}


@dataclass
class Run:
    """One run.

    `begin` opens a transaction, and `writer` is the one thread that loads; `asked` are the catalogues that iRacing was
    asked for; `listings` is what the next run compares the length of its lists with.
    """

    options: Options
    source: DocumentSource
    calls: Sequence[Call]
    begin: Begin
    writer: Writer
    result: Result
    progress: Progress
    clock: Clock
    ahead: Ahead = field(init=False)
    asked: set[str] = field(default_factory=set)
    listings: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        self.ahead = Ahead(self.source, self.options.width)

    def start(self, schema: str) -> None:
        """Migrate an empty schema and write down that the run began."""
        with self.begin() as connection:
            prepare(connection, schema)
        with self.begin() as connection:
            connection.execute(
                insert(SYNC_RUN).values(
                    run_id=self.result.run_id,
                    started_at=self.clock(),
                    arguments=self.options.as_dict(),
                    version=__version__,
                    status="running",
                )
            )

    def fetched(
        self,
        endpoint: str,
        params: Mapping[str, int] = NO_PARAMS,
        *,
        fresh: bool = False,
        settled: Settled = never,
    ) -> Document | None:
        """Return a document, None where it is at fault: reported, and the run goes on."""
        with self.skipping():
            return self.ahead.document(endpoint, params, fresh=fresh, settled=settled)
        return None

    def optional(self, endpoint: str, params: Mapping[str, int] = NO_PARAMS, *, fresh: bool = False) -> Document | None:
        """Return a document that the run can do without, None where it cannot be had."""
        try:
            return self.ahead.document(endpoint, params, fresh=fresh)
        except DocumentError as error:
            log.info("doing without: %s", error)
            return None

    def catalogue(self, endpoint: str, *, fresh: bool = False) -> Document | None:
        """Return a catalogue as `fetched` does, and note whether iRacing was asked for it."""
        document = self.fetched(endpoint, fresh=fresh)
        if document is None or not document.from_cache:
            self.asked.add(endpoint)
        return document

    @contextmanager
    def skipping(self) -> Iterator[None]:
        """Report a document or season that is at fault and go on."""
        try:
            yield
        except DocumentError as error:
            log.warning("skipped: %s", error)
            self.result.failed(str(error))

    def warn(self, message: str) -> None:
        """Say something that does not make the run a failure."""
        log.warning("%s", message)
        self.result.warnings.append(message)

    def record(self, connection: Connection, changes: Sequence[Change]) -> None:
        """Write down what changed, in the transaction of the change itself, and count it."""
        rows = [change._asdict() | {"run_id": self.result.run_id, "at": self.clock()} for change in changes]
        if rows:
            connection.execute(insert(SCHEDULE_CHANGE), rows)
        self.result.count_changes(change.phase for change in changes)

    def stopped(self, error: SyncError) -> None:
        """Note what ended the run."""
        stop(self.result, error)

    def finish(self) -> None:
        """Write down how the run ended."""
        result = self.result
        result.warnings += self.source.warnings
        result.cache_hits = sum(call.cached == "hit" for call in self.calls)
        result.api_calls = len(self.calls) - result.cache_hits
        with self.begin() as connection:
            connection.execute(
                update(SYNC_RUN)
                .where(SYNC_RUN.c.run_id == result.run_id)
                .values(
                    finished_at=self.clock(),
                    status=result.status,
                    exit_code=result.exit_code,
                    counters=result.as_dict(),
                    warnings=result.warnings,
                    listings=self.listings,
                )
            )


def stop(result: Result, error: SyncError) -> None:
    """Note in a result what ended the run."""
    log.error("%s", error)
    result.warnings.append(str(error))
    result.exit_code = error.exit_code


def moment(at: datetime) -> str:
    """Write an instant as people read it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
