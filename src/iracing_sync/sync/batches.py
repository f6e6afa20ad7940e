"""Mapped seasons, compared and loaded many at a time; one that PostgreSQL refuses is found and left out alone."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from iracing_sync.changes.canonical import VERSION, Hashes
from iracing_sync.changes.differences import Change, phase, season_changes
from iracing_sync.changes.shapes import Shape
from iracing_sync.errors import LoadError, SyncError
from iracing_sync.loader import load, rows_by_table, update_quietly
from iracing_sync.own_tables import DOCUMENT_SHAPE
from iracing_sync.records import Record, Season
from iracing_sync.result import Written
from iracing_sync.stored import Row, StoredSeason, rows_by_season
from iracing_sync.sync.past_cars import with_past_cars
from iracing_sync.sync.run import Run

SEASON_TABLE = Season.__table__

LEAST, MOST = 24, 128
"""So many seasons are loaded in one transaction: the more, the less it costs; the fewer, the sooner it begins."""

WAITING = 2
"""So many batches of a document may wait to be loaded."""


@dataclass
class Listed:
    """What the seasons of one document have in common. `released` is by the shape they are stored in."""

    fetched_at: datetime
    shape: Shape
    stored: Mapping[int, StoredSeason]
    members: Mapping[int, Sequence[int]]
    released: Mapping[str, Collection[str]]
    unchanged: list[Row] = field(default_factory=list)


class Mapped(NamedTuple):
    """A season on its way to the tables: its records, its volatile columns, and by what it is recognised next time."""

    season_id: int
    records: list[Record]
    volatile: Row
    hashes: Hashes
    known: StoredSeason | None


class Loading:
    """The seasons of one document on their way into the tables: PostgreSQL works while we map.

    A batch is what was mapped while the writer was busy with the one before, within bounds.
    """

    def __init__(self, run: Run, listed: Listed) -> None:
        self._run = run
        self._listed = listed
        self._batch: list[Mapped] = []
        self._coming: deque[Future[list[Written | LoadError]]] = deque()
        self._failed = 0

    @contextmanager
    def mapping(self) -> Iterator[None]:
        """Count the seasons that fail meanwhile; whatever ends it early, those that were added are loaded."""
        failures = self._run.result.failures
        try:
            yield
        except SyncError:
            self._send()
            self.finish()
            raise
        self._send()
        self._failed = self._run.result.failures - failures

    def add(self, season: Mapped) -> None:
        """Let a mapped season follow."""
        self._batch.append(season)
        if len(self._batch) >= (LEAST if self._run.writer.is_idle else MOST):
            self._send()

    def finish(self) -> int:
        """Wait for all of them, report those that PostgreSQL refused, and return how many seasons failed."""
        failures = self._run.result.failures
        while self._coming:
            self._take()
        failed = self._failed + self._run.result.failures - failures
        self._run.result.seasons_failed += failed
        return failed

    def _send(self) -> None:
        if not self._batch:
            return
        while len(self._coming) >= WAITING:
            self._take()
        self._coming.append(self._run.writer.submit(write_seasons, self._run, self._batch, self._listed))
        self._batch = []

    def _take(self) -> None:
        for outcome in self._coming.popleft().result():
            with self._run.skipping():
                if isinstance(outcome, LoadError):
                    raise outcome
                self._run.result.add(outcome)
                self._run.result.seasons_changed += len(outcome.season_ids)


def write_seasons(run: Run, seasons: Sequence[Mapped], listed: Listed) -> list[Written | LoadError]:
    """Load seasons in one transaction; where PostgreSQL refuses one, halve them until it stands alone."""
    try:
        with run.begin() as connection:
            return [write(run, connection, seasons, listed)]
    except LoadError as error:
        if len(seasons) == 1:
            return [LoadError(f"season {seasons[0].season_id}: {error}")]
    half = len(seasons) // 2
    return [*write_seasons(run, seasons[:half], listed), *write_seasons(run, seasons[half:], listed)]


def write(run: Run, connection: Connection, seasons: Sequence[Mapped], listed: Listed) -> Written:
    """Load seasons and write down, in the same transaction, how they differ from what was stored."""
    old = rows_by_season(connection, [season.season_id for season in seasons if season.known])
    kept = [as_it_was(run, season, old) if season.known else season for season in seasons]
    shape = insert(DOCUMENT_SHAPE).values(shape_id=listed.shape.shape_id, paths=dict(listed.shape.paths))
    connection.execute(shape.on_conflict_do_nothing())
    written = load(connection, chain.from_iterable(season.records for season in kept), run.result.run_id)
    known = [season.volatile | baseline(season.hashes, listed.shape) for season in kept if season.known]
    update_quietly(connection, SEASON_TABLE, known)  # type: ignore[arg-type]
    run.record(connection, [change for season in kept for change in changes(run, season, old, listed)])
    return written


def as_it_was(run: Run, season: Mapped, old: Mapping[int, Mapping[str, Sequence[Row]]]) -> Mapped:
    """Leave the cars of the rounds that a season has run already."""
    return season._replace(records=with_past_cars(season.records, old[season.season_id], run.clock()))


def baseline(hashes: Hashes, shape: Shape) -> Row:
    """Return by what a season is recognised next time."""
    return {
        "schedule_hash": hashes.schedule,
        "settings_hash": hashes.settings,
        "schedule_hash_version": VERSION,
        "shape_id": shape.shape_id,
    }


def changes(
    run: Run, mapped: Mapped, old: Mapping[int, Mapping[str, Sequence[Row]]], listed: Listed
) -> Iterator[Change]:
    """Yield how a season differs from what was stored; another canonical form only sets a new baseline."""
    known = mapped.known
    if known is None or known.schedule_hash_version != VERSION:
        return
    new = rows_by_table(mapped.records)
    [season] = new["season"]
    if known.status == "withdrawn" and season["active"]:
        at = phase(season["starts_at"], season["ends_at"], run.clock())
        yield Change(
            season["series_id"], season["season_id"], None, "status", "withdrawn", season["status"], at, "high"
        )
    yield from season_changes(old[mapped.season_id], new, listed.released.get(known.shape_id or "", ()), run.clock())
