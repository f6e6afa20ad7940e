"""The seasons of the simulated iRacing: which there are, and when they run."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from iracing_sync.quarters import Quarter, quarter_at
from iracing_sync.simulator.synthetic.catalogue import CLASS_IDS, UNLISTED_CLASS_ID
from iracing_sync.simulator.synthetic.layouts import track_kind
from iracing_sync.simulator.synthetic.plans import PLAN_OF, PLANS, Plan
from iracing_sync.simulator.synthetic.racing_calendar import (
    FIRST_QUARTER,
    WEEK,
    midnight,
    ordinal_of,
    quarters_between,
    week_13_on,
)

ROUNDS = {"quarter": 12, "year": 36, "week13": 7}
ANNOUNCED = timedelta(days=7)
SLOTS = 50
FIRST_SEASON_ID = 1000
SPLIT_AT = midnight(date(2024, 3, 6))
"""The release that split `road` into sports and formula cars and gave each round a category and a forecast."""
LENGTHS_SINCE = midnight(date(2025, 1, 1))
"""The release that told the length of practice, qualifying and warm-up."""


class Season(NamedTuple):
    """One season of a series."""

    plan: Plan
    quarter: Quarter

    @property
    def season_id(self) -> int:
        """Its number, unique over all series and quarters."""
        return FIRST_SEASON_ID + ordinal_of(self.quarter) * SLOTS + self.plan.slot

    @property
    def starts_on(self) -> date:
        """The first day."""
        return week_13_on(self.quarter) if self.plan.rhythm == "week13" else self.quarter.starts_at.date()

    @property
    def planned_end(self) -> date:
        """The first day after it, as announced."""
        if self.plan.rhythm == "year":
            return Quarter(self.quarter.year + 1, 1).starts_at.date()
        return self.quarter.ends_at.date() if self.plan.rhythm == "week13" else week_13_on(self.quarter)

    @property
    def ends_on(self) -> date:
        """The first day after it; earlier than planned where the series is retired in its midst."""
        return min(self.planned_end, self.plan.gone_on or date.max)

    @property
    def is_cut_short(self) -> bool:
        """Whether the series is retired in its midst."""
        return self.ends_on < self.planned_end

    @property
    def round_days(self) -> list[date]:
        """The first day of each round as planned; a year's 36 are spread over all its quarters."""
        first, numbers = self.starts_on, range(ROUNDS[self.plan.rhythm])
        if self.plan.rhythm == "week13":
            return [first + timedelta(days=number) for number in numbers]
        if self.plan.rhythm == "year":
            return [first + number * 50 // 35 * WEEK for number in numbers]
        return [first + number * WEEK for number in numbers]

    @property
    def short_name(self) -> str:
        """The name without that of the series; some of iRacing's end in a space."""
        label = f"{self.quarter.year} Season"
        if self.plan.rhythm != "year":
            label += f" {self.quarter.number}"
        return label + (" " if "trailing" in self.plan.traits else "")

    @property
    def car_class_ids(self) -> list[int]:
        """The classes; a series with weekly cars or classes names only the first."""
        classes = CLASS_IDS[self.plan.category]
        if "unlisted_class" in self.plan.traits:
            return [classes[-1], UNLISTED_CLASS_ID]
        if self.plan.traits & {"week_cars", "week_classes"}:
            return classes[:1]
        return classes if "team" in self.plan.traits else [classes[self.plan.series_id % len(classes)]]

    def runs_in(self, quarter: Quarter) -> bool:
        """Say whether a day of it lies in a quarter."""
        return midnight(self.starts_on) < quarter.ends_at and quarter.starts_at < midnight(self.ends_on)

    def is_active(self, at: datetime) -> bool:
        """Say whether it runs at a moment."""
        return midnight(self.starts_on) <= at < midnight(self.ends_on)

    def is_over(self, at: datetime) -> bool:
        """Say whether it has ended by a moment."""
        return midnight(self.ends_on) <= at

    def seen_at(self, at: datetime) -> datetime:
        """Return the moment whose state it shows: a season that is over keeps that of its last second."""
        return min(at, midnight(self.ends_on) - timedelta(seconds=1))


def seasons_of_quarter(quarter: Quarter, at: datetime, announced: timedelta = ANNOUNCED) -> list[Season]:
    """Return the seasons with a quarter's tag, if it is announced by then, even those that were cut short."""
    if quarter < FIRST_QUARTER or at < quarter.starts_at - announced:
        return []
    return [Season(plan, quarter) for plan in PLANS if _has_season(plan, quarter)]


def _has_season(plan: Plan, quarter: Quarter) -> bool:
    if quarter < plan.first or (plan.rhythm == "year" and quarter.number != 1):
        return False
    return plan.gone_on is None or Season(plan, quarter).starts_on < plan.gone_on


def listed_seasons(quarter: Quarter, at: datetime, announced: timedelta = ANNOUNCED) -> Iterator[Season]:
    """Yield the seasons that are listed under a quarter's tag: one that was cut short no longer is."""
    for season in seasons_of_quarter(quarter, at, announced):
        if not (season.is_cut_short and season.is_over(at)):
            yield season


def running_seasons(at: datetime) -> list[Season]:
    """Return the seasons that run at a moment."""
    now = quarter_at(at)
    tags = sorted({now, Quarter(now.year, 1)})
    return [season for quarter in tags for season in seasons_of_quarter(quarter, at) if season.is_active(at)]


def seasons_of_series(series_id: int, at: datetime) -> list[Season]:
    """Return all seasons of a series so far, the newest first."""
    plan = PLAN_OF.get(series_id)
    quarters = list(quarters_between(FIRST_QUARTER, quarter_at(at)))
    return [Season(plan, quarter) for quarter in reversed(quarters) if plan and _has_season(plan, quarter)]


def season_by_id(season_id: int, at: datetime, announced: timedelta = ANNOUNCED) -> Season:
    """Return a season by its number; raises LookupError."""
    ordinal, _ = divmod(season_id - FIRST_SEASON_ID, SLOTS)
    for season in seasons_of_quarter(FIRST_QUARTER.before_or_after(ordinal), at, announced):
        if season.season_id == season_id:
            return season
    raise LookupError(f"no season {season_id}")


def category_at(category: str, at: datetime) -> str:
    """Return a category under the name that the API used at a moment."""
    return category if at >= SPLIT_AT else track_kind(category)
