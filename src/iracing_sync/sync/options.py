"""What a run is asked for."""

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, Literal

from iracing_sync.errors import SettingsError
from iracing_sync.quarters import FIRST_YEAR, LAST_YEAR, Quarter
from iracing_sync.whole_numbers import LARGEST


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for; without quarters, what is active now.

    `complete` is whether what iRacing's list of a quarter lacks is asked for season by season. `grace_days` is how long
    a season or series may be missing before it counts as withdrawn or retired, `parallel` how many documents may be
    under way at a time, and `calls_a_minute` the pace. Raises SettingsError for a quarter or a series that cannot be.
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

    def __post_init__(self) -> None:
        """Refuse what iRacing has none of, whoever asks: a command, a task or a program."""
        for year, number in self.quarters:
            if year not in range(FIRST_YEAR, LAST_YEAR + 1) or number not in range(1, 5):
                raise SettingsError(f"{year!r} S{number!r} is no quarter: expected 1 to 4, from {FIRST_YEAR} on")
        for series_id in self.series:
            if type(series_id) is not int or series_id not in range(1, LARGEST + 1):
                raise SettingsError(f"{series_id!r} is no id of a series: expected a whole number from 1 on")

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
