"""What a run did, as `run --json` prints it."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar
from uuid import UUID

from iracing_sync.errors import LoadError, MappingError, SyncError

log = logging.getLogger(__name__)

Mapped = TypeVar("Mapped")

MIRRORED_TABLES = (
    *("series", "season", "event", "event_time", "event_session", "event_class", "event_car", "car_restriction"),
    *("sim_track", "sim_layout", "sim_car", "car_class", "car_class_member"),
)
"""What mirrors iRacing's, in the order in which people read of it."""


@dataclass(slots=True)
class Counts:
    """What a load did to one table, in rows."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0

    def add(self, other: "Counts") -> None:
        """Add the counts of another load."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def written(self) -> int:
        """Return how many rows were touched."""
        return self.inserted + self.updated + self.removed

    def as_dict(self) -> dict[str, int]:
        """Return the counts under their names."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(slots=True)
class Written:
    """What a load did: counts by table, the seasons of which it wrote or took away a row, and how many rows came.

    `event_ids` are of the rounds of which it wrote or took away something, those of new seasons aside. `rows` are by
    table, stubs aside: as many as are unchanged where the same records come again.
    """

    counts: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    season_ids: set[int] = field(default_factory=set)
    event_ids: set[int] = field(default_factory=set)
    rows: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Result:
    """The sum of a run. `api_calls` are answers asked of /data, without links and tokens.

    `rows` are those that the documents hold, by table. `seasons_named` are those in iRacing's own lists of quarters,
    None where none was compared, and `seasons_stored` those of them that are stored with their rounds. A run is a
    success only by having come to its end (`has_ended`); `ended_by` is what kept it from that.
    """

    run_id: UUID
    tables: dict[str, Counts]
    rows: Counter[str] = field(default_factory=Counter)
    api_calls: int = 0
    cache_hits: int = 0
    seasons_seen: int = 0
    seasons_changed: int = 0
    seasons_failed: int = 0
    seasons_named: int | None = None
    seasons_stored: int = 0
    changes: dict[str, int] = field(default_factory=lambda: {"past": 0, "current": 0, "future": 0})
    warnings: list[str] = field(default_factory=list)
    exit_code: int = 0
    has_ended: bool = False
    ended_by: SyncError | None = None

    @property
    def status(self) -> str:
        """Return ok, partial or failed."""
        return {0: "ok", 3: "partial"}.get(self.exit_code, "failed") if self.has_ended else "failed"

    def add(self, written: Written) -> None:
        """Add what a load did."""
        for table, done in written.counts.items():
            self.tables[table].add(done)
        self.rows.update(written.rows)

    def settle(self, outcomes: Iterable[Written | LoadError]) -> int:
        """Add what was written, report what was refused, and return how much that is."""
        refused = 0
        for outcome in outcomes:
            if isinstance(outcome, LoadError):
                self.skip(outcome)
                refused += 1
            else:
                self.add(outcome)
        return refused

    def confirm(self, rows: Mapping[str, int]) -> None:
        """Add rows that are stored as they are, by table."""
        for table, number in rows.items():
            self.tables[table].unchanged += number
        self.rows.update(rows)

    def count_changes(self, phases: Iterable[str]) -> None:
        """Count changes by phase."""
        for phase in phases:
            self.changes[phase] += 1

    def compare(self, *, named: int, stored: int) -> None:
        """Add how many seasons iRacing's own list of a quarter names, and how many are stored with their rounds."""
        self.seasons_named = (self.seasons_named or 0) + named
        self.seasons_stored += stored

    def skip(self, error: SyncError) -> None:
        """Report one document or season that is at fault; the run goes on."""
        log.warning("skipped: %s", error)
        self.warnings.append(str(error))
        self.exit_code = 3

    def sift(self, mapped: Iterable[Mapped | MappingError]) -> list[Mapped]:
        """Report what is at fault among mapped things, and return the others."""
        good: list[Mapped] = []
        for one in mapped:
            if isinstance(one, MappingError):
                self.skip(one)
            else:
                good.append(one)
        return good

    def warn(self, message: str) -> None:
        """Say something that does not make the run a failure."""
        log.warning("%s", message)
        self.warnings.append(message)

    def stop(self, error: SyncError) -> None:
        """Report what ends the run before its end; whoever called it is to say so."""
        self.ended_by = error
        self.warnings.append(str(error))
        self.exit_code = error.exit_code

    def as_dict(self) -> dict[str, Any]:
        """Return the result under the names of the contract."""
        unchanged = self.seasons_seen - self.seasons_changed - self.seasons_failed
        compared = {} if self.seasons_named is None else {"named": self.seasons_named, "stored": self.seasons_stored}
        return {
            "status": self.status,
            "run_id": str(self.run_id),
            "api_calls": self.api_calls,
            "cache_hits": self.cache_hits,
            "tables": {table: counts.as_dict() for table, counts in self.tables.items()},
            "seasons": {
                "seen": self.seasons_seen,
                "changed": self.seasons_changed,
                "unchanged": unchanged,
                "failed": self.seasons_failed,
                **compared,
            },
            "changes": self.changes,
            "warnings": self.warnings,
            "exit_code": self.exit_code,
        }
