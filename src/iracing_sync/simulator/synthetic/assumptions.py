"""What is uncertain about the real service, so that a world can be built either way."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from iracing_sync.simulator.synthetic.plans import Plan
from iracing_sync.simulator.synthetic.racing_calendar import midnight
from iracing_sync.simulator.synthetic.seasons import ANNOUNCED, Season, running_seasons

NAMED, PUBLISHED_IN_PART = timedelta(days=24), timedelta(days=17)
"""So long before a quarter begins its seasons are named, and some published, where that happens in parts."""

COMING = ("at_once", "in_parts")
PAST = ("complete", "without_schedules", "partial", "active")
ACTIVE_MEANS = ("alive", "running")


@dataclass(frozen=True)
class Assumptions:
    """How a world answers where no one knows how iRacing does.

    `past` is what `series/seasons` tells of a quarter that is over, or with `active` of any: only what is active, also
    of earlier tags. `active_means` is when a series is called active: as long as it is not retired (`alive`), or while
    one of its seasons runs (`running`). `coming` is how the next quarter is published: all of it a week before
    (`at_once`), or first the names, then some schedules in the list and some by themselves, then the rest (`in_parts`).
    `tells_present` is whether there is a `lookup/current_season`.
    """

    past: str = "complete"
    active_means: str = "alive"
    coming: str = "at_once"
    tells_present: bool = True

    def __post_init__(self) -> None:
        if self.past not in PAST:
            raise ValueError(f"past is {self.past}, not one of {', '.join(PAST)}")
        if self.active_means not in ACTIVE_MEANS:
            raise ValueError(f"active_means is {self.active_means}, not one of {', '.join(ACTIVE_MEANS)}")
        if self.coming not in COMING:
            raise ValueError(f"coming is {self.coming}, not one of {', '.join(COMING)}")

    @property
    def lists_only_active(self) -> bool:
        """Say whether `series/seasons` tells only of what is active when asked for a quarter."""
        return self.past == "active"

    @property
    def named(self) -> timedelta:
        """Return how long before a quarter begins its seasons are named."""
        return NAMED if self.coming == "in_parts" else ANNOUNCED

    def has_schedule(self, season: Season, at: datetime) -> bool:
        """Say whether the schedule of a season that is named is published."""
        ahead = season.quarter.starts_at - at
        return ahead <= ANNOUNCED or (ahead <= PUBLISHED_IN_PART and season.season_id % 4 != 3)

    def leaves_out(self, season: Season, at: datetime) -> bool:
        """Say whether `series/seasons` forgets a season when asked for its quarter."""
        if season.quarter.starts_at - at > ANNOUNCED:
            return season.season_id % 2 == 1 or not self.has_schedule(season, at)
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
