"""What a run is asked for."""

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, Literal

from iracing_sync.quarters import FIRST_YEAR, Quarter


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for; without quarters, what is active now.

    `complete` is whether what iRacing's list of a quarter lacks is asked for season by season. `grace_days` is how long
    a season or series may be missing before it counts as withdrawn or retired, `parallel` how many documents may be
    under way at a time, and `calls_a_minute` the pace.
    """

    quarters: tuple[Quarter, ...] = ()
    series: frozenset[int] = field(default_factory=frozenset)
    refresh: bool = False
    offline: bool = False
    dry_run: bool = False
    history: bool = False
    since: int = FIRST_YEAR
    complete: bool = True
    max_calls: int | None = None
    strict: bool = False
    on_drift: Literal["warn", "fail"] = "warn"
    grace_days: int = 21
    parallel: int = 4
    calls_a_minute: float = 216

    @property
    def asks_what_lacks(self) -> bool:
        """Tell whether a season that is listed without rounds is asked for by itself, and missed where it has none."""
        return self.history or (self.complete and bool(self.quarters))

    @property
    def grace(self) -> timedelta:
        """Return how long something may be missing."""
        return timedelta(days=self.grace_days)

    @property
    def width(self) -> int:
        """Return how many documents may be under way; one, where the calls are counted or none are made."""
        return self.parallel if self.max_calls is None and not self.offline else 1

    def wants(self, series_id: object) -> bool:
        """Tell whether a series is among those asked for."""
        return not self.series or series_id in self.series

    def as_dict(self) -> dict[str, Any]:
        """Return the options as the ledger of runs keeps them."""
        return asdict(self) | {"series": sorted(self.series), "quarters": [quarter.name for quarter in self.quarters]}
