"""What is uncertain about the real service, so that a world can be built either way."""

from dataclasses import dataclass
from datetime import datetime

from iracing_sync.simulator.synthetic.plans import Plan
from iracing_sync.simulator.synthetic.racing_calendar import midnight
from iracing_sync.simulator.synthetic.seasons import Season, running_seasons

PAST = ("complete", "without_schedules", "partial", "active")
ACTIVE_MEANS = ("alive", "running")


@dataclass(frozen=True)
class Assumptions:
    """How a world answers where no one knows how iRacing does.

    `past` is what `series/seasons` tells of a quarter that is over, or with `active` of any: only what is active, also
    of earlier tags. `active_means` is when a series is called active: as long as it is not retired (`alive`), or while
    one of its seasons runs (`running`).
    """

    past: str = "complete"
    active_means: str = "alive"

    def __post_init__(self) -> None:
        if self.past not in PAST:
            raise ValueError(f"past is {self.past}, not one of {', '.join(PAST)}")
        if self.active_means not in ACTIVE_MEANS:
            raise ValueError(f"active_means is {self.active_means}, not one of {', '.join(ACTIVE_MEANS)}")

    @property
    def lists_only_active(self) -> bool:
        """Say whether `series/seasons` tells only of what is active when asked for a quarter."""
        return self.past == "active"

    def leaves_out(self, season: Season, at: datetime) -> bool:
        """Say whether `series/seasons` forgets a season when asked for its quarter."""
        return self.past == "partial" and _is_past(season, at) and season.season_id % 3 == 0

    def drops_rounds(self, season: Season, at: datetime) -> bool:
        """Say whether `series/seasons` tells a season without its rounds when asked for its quarter."""
        is_one_of_them = self.past == "without_schedules" or (self.past == "partial" and season.season_id % 4 == 0)
        return is_one_of_them and _is_past(season, at)

    def is_active(self, plan: Plan, at: datetime) -> bool:
        """Say whether a series that has begun is called active."""
        if self.active_means == "running":
            return any(season.plan == plan for season in running_seasons(at))
        return plan.gone_on is None or at < midnight(plan.gone_on)


def _is_past(season: Season, at: datetime) -> bool:
    """Say whether the quarter of a season's tag is over, though a year-long season still runs."""
    return at >= season.quarter.ends_at
