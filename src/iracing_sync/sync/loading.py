"""Mapped seasons on their way into the tables, while others are mapped: it takes a fifth off a run over the past."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from iracing_sync.errors import LoadError
from iracing_sync.result import Result, Written
from iracing_sync.sync.season_writes import MappedSeason
from iracing_sync.sync.writer import Writer

LEAST, MOST = 24, 128
"""So many seasons are loaded in one transaction: the more, the less it costs; the fewer, the sooner it begins."""

WAITING = 2
"""So many batches of a document may wait to be loaded."""

Outcome = Written | LoadError
"""What became of some seasons."""


class Loading:
    """The seasons of one document, some at a time.

    A batch is what was mapped while the writer was busy with the one before, within bounds. `failed` counts the seasons
    that did not get into the tables.
    """

    def __init__(
        self, writer: Writer, write: Callable[[Sequence[MappedSeason]], list[Outcome]], result: Result
    ) -> None:
        self.failed = 0
        self._writer = writer
        self._write = write
        self._result = result
        self._batch: list[MappedSeason] = []
        self._coming: deque[Future[list[Outcome]]] = deque()

    def add(self, season: MappedSeason) -> None:
        """Let a mapped season follow."""
        self._batch.append(season)
        if len(self._batch) >= (LEAST if self._writer.is_idle else MOST):
            self.send()

    def send(self) -> None:
        """Give the writer what was added so far."""
        if not self._batch:
            return
        while len(self._coming) >= WAITING:
            self._take()
        self._coming.append(self._writer.submit(self._write, self._batch))
        self._batch = []

    def finish(self) -> int:
        """Wait for all of them, report those that PostgreSQL refused, and return how many seasons failed."""
        self.send()
        while self._coming:
            self._take()
        self._result.seasons_failed += self.failed
        return self.failed

    def _take(self) -> None:
        outcomes = self._coming.popleft().result()
        self.failed += self._result.settle(outcomes)
        self._result.seasons_changed += sum(len(one.season_ids) for one in outcomes if isinstance(one, Written))
