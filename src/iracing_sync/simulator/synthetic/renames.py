"""The names of the simulated series: each half year a sponsor comes to one of them, or another in its place."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

from iracing_sync.quarters import quarter_at
from iracing_sync.simulator.synthetic.dice import Dice
from iracing_sync.simulator.synthetic.happenings import FIRST_DAY, HAPPENINGS_SINCE, LAST_DAY, Happening, may_change
from iracing_sync.simulator.synthetic.plans import PLANS, Plan
from iracing_sync.simulator.synthetic.racing_calendar import midnight
from iracing_sync.simulator.synthetic.seasons import Season

SPONSORS = ("Marmalade Mutual", "Tin Whistle Tyres", "Foghorn Coffee", "Button & Bobbin", "Walrus Wax", "Pepperpot Oil")


@cache
def renames_of(year: int, dice: Dice) -> tuple[Happening, ...]:
    """Return the two renames of a calendar year, one in each half."""
    if year < HAPPENINGS_SINCE.year:
        return ()
    first = _rename(date(year, 1, 1), names_before(year, dice), dice)
    return first, _rename(date(year, 7, 1), {**names_before(year, dice), first.series_id: first.new}, dice)


@cache
def names_before(year: int, dice: Dice) -> dict[int, str]:
    """Return the names by series with which a year begins."""
    if year <= HAPPENINGS_SINCE.year:
        return {plan.series_id: plan.name for plan in PLANS}
    renamed = {one.series_id: one.new for one in renames_of(year - 1, dice)}
    return {**names_before(year - 1, dice), **renamed}


def name_of(plan: Plan, at: datetime, dice: Dice) -> str:
    """Return the name of a series at a moment."""
    year = at.astimezone(UTC).year
    names = (one.new for one in reversed(renames_of(year, dice)) if one.series_id == plan.series_id and one.at <= at)
    name: str = next(names, names_before(year, dice)[plan.series_id])
    return name


def season_name(season: Season, at: datetime, dice: Dice) -> str:
    """Return the name of a season; one that is over keeps the name that it had."""
    return f"{name_of(season.plan, season.seen_at(at), dice)} - {season.short_name}"


def _rename(since: date, names: dict[int, str], dice: Dice) -> Happening:
    """Draw a rename of the half year that begins on a day."""
    days = [day for day in (since + timedelta(days=number) for number in range(180)) if _may_rename_on(day)]
    day = dice.pick(days, "renamed on", since)
    plan = dice.pick([plan for plan in PLANS if may_change(plan) and _is_raced_on(plan, day)], "renamed", since)
    old = names[plan.series_id]
    new = dice.pick([name for name in (f"{plan.name} by {who}" for who in SPONSORS) if name != old], "name", since)
    return Happening(midnight(day), "renamed", plan.series_id, None, None, "series_name", old, new)


def _may_rename_on(day: date) -> bool:
    return FIRST_DAY <= (midnight(day) - quarter_at(midnight(day)).starts_at).days <= LAST_DAY


def _is_raced_on(plan: Plan, day: date) -> bool:
    return plan.first.starts_at <= midnight(day) and day < (plan.gone_on or date.max)
