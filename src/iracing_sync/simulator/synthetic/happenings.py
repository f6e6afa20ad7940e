"""What happens to the rounds of the simulated iRacing, drawn by dice for each quarter."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from iracing_sync.quarters import Quarter
from iracing_sync.simulator.synthetic.alterations import NEW_LAYOUTS_SINCE, alteration
from iracing_sync.simulator.synthetic.dice import Dice
from iracing_sync.simulator.synthetic.planned_rounds import PlannedRound, planned_rounds
from iracing_sync.simulator.synthetic.plans import PLANS, Plan
from iracing_sync.simulator.synthetic.racing_calendar import midnight, ordinal_of
from iracing_sync.simulator.synthetic.seasons import running_seasons

HAPPENINGS_SINCE = Quarter(2009, 1)
FIRST_DAY, LAST_DAY = 2, 76
"""The third day of a quarter and the end of its eleventh week, counted from 0."""
COUNTS = {"cars": 1, "track": 3, "length": 2, "postponed": 1, "restriction": 2, "weather": 1}
AHEAD_ONLY = frozenset({"new_layout", "postponed", "cars", "cancelled", "restored"})
DAYS_AHEAD = {"postponed": 8}
LONGEST_ABSENCE = 21
LEFT_ALONE = frozenset({"unlisted_track", "unlisted_class", "restricted"})
QUIET_SERIES = frozenset(sorted(plan.series_id for plan in PLANS)[:3])


class Happening(NamedTuple):
    """Something that changes in the simulated iRacing at a UTC midnight; every document shows it from then on."""

    at: datetime
    kind: str
    series_id: int
    season_id: int | None
    race_week_num: int | None
    field: str
    old: Any
    new: Any
    car_id: int | None = None


class Throw(NamedTuple):
    """One happening to be drawn; half of those that may strike a round that is over do."""

    quarter: Quarter
    kind: str
    nth: int
    dice: Dice

    def roll(self, sides: int, about: str) -> int:
        """Throw dice about this happening."""
        return self.dice.roll(sides, "happening", about, ordinal_of(self.quarter), self.kind, self.nth)

    @property
    def strikes_afterwards(self) -> bool:
        """Whether the round is over by then, rather than still to come."""
        return self.kind not in AHEAD_ONLY and self.roll(2, "afterwards") == 0

    def days(self, round_: PlannedRound) -> range:
        """Return the days of the quarter on which it may happen to a round."""
        start = (midnight(round_.day) - self.quarter.starts_at).days
        if self.strikes_afterwards:
            return range(max(FIRST_DAY, start + 7), LAST_DAY + 1)
        first = FIRST_DAY + (LONGEST_ABSENCE if self.kind == "restored" else 0)
        return range(first, min(LAST_DAY, start - DAYS_AHEAD.get(self.kind, 1)) + 1)

    def fits(self, round_: PlannedRound) -> bool:
        """Say whether it can happen to a round at all."""
        match self.kind:
            case "cars":
                return round_.has("week_cars")
            case "restriction":
                return bool(round_.restricted_cars)
            case "postponed":
                return round_.number + 1 < len(round_.season.round_days)
        return True


def may_change(plan: Plan) -> bool:
    """Say whether anything ever happens to a series."""
    return not (plan.rhythm == "week13" or plan.traits & LEFT_ALONE or plan.series_id in QUIET_SERIES)


@cache
def happenings_of(quarter: Quarter, dice: Dice) -> tuple[Happening, ...]:
    """Return what happens in a quarter to the rounds that start in it, no two things to the same round."""
    free = _open_rounds(quarter, dice) if quarter >= HAPPENINGS_SINCE else []
    drawn: list[Happening] = []
    for throw in _throws(quarter, dice):
        open_to_it = [round_ for round_ in free if throw.fits(round_) and throw.days(round_)]
        if open_to_it:
            chosen = open_to_it[throw.roll(len(open_to_it), "round")]
            free.remove(chosen)
            drawn.extend(_happenings_of_throw(throw, chosen))
    return tuple(sorted(drawn, key=lambda one: (one.at, one.kind, one.series_id)))


def _open_rounds(quarter: Quarter, dice: Dice) -> list[PlannedRound]:
    """Return the rounds that start in a quarter and may be struck, those of year-long seasons among them."""
    seasons = [season for season in running_seasons(quarter.starts_at) if may_change(season.plan)]
    return [
        round_
        for season in seasons
        if not season.is_cut_short
        for round_ in planned_rounds(season, dice)
        if quarter.starts_at <= midnight(round_.day) < quarter.ends_at
    ]


def _throws(quarter: Quarter, dice: Dice) -> Iterator[Throw]:
    """Yield what is to be drawn; one of a year's first three quarters gives back the round that it cancels."""
    restores = dice.between(1, 3, "restored", quarter.year) == quarter.number
    counts = {**COUNTS, "restored" if restores else "cancelled": 1}
    if quarter >= NEW_LAYOUTS_SINCE:
        counts["new_layout"] = 1
    for kind, count in counts.items():
        yield from (Throw(quarter, kind, nth, dice) for nth in range(count))


def _happenings_of_throw(throw: Throw, round_: PlannedRound) -> Iterator[Happening]:
    days = throw.days(round_)
    at = throw.quarter.starts_at + timedelta(days=days[throw.roll(len(days), "day")])
    if throw.kind == "restored":
        absence = timedelta(days=LONGEST_ABSENCE - throw.roll(8, "absence"))
        yield _happening(at - absence, "cancelled", round_)
    yield _happening(at, throw.kind, round_)


def _happening(at: datetime, kind: str, round_: PlannedRound) -> Happening:
    season = round_.season
    return Happening(at, kind, season.plan.series_id, round_.season_id, round_.number, *alteration(kind, round_))
