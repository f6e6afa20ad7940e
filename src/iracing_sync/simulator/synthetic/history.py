"""All that happens in the simulated iRacing: to rounds, to names, and series that come and go."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from iracing_sync.quarters import Quarter, quarter_at
from iracing_sync.simulator.synthetic.alterations import NEW_LAYOUTS_SINCE
from iracing_sync.simulator.synthetic.dice import Dice
from iracing_sync.simulator.synthetic.happenings import Happening, happenings_of
from iracing_sync.simulator.synthetic.layouts import LAYOUTS, Layout, layout_of, track_kind
from iracing_sync.simulator.synthetic.plans import PLAN_OF, PLANS, Plan
from iracing_sync.simulator.synthetic.racing_calendar import midnight, quarters_between
from iracing_sync.simulator.synthetic.renames import name_of, renames_of
from iracing_sync.simulator.synthetic.seasons import Season


def happenings_between(since: datetime, until: datetime, dice: Dice) -> list[Happening]:
    """Return what happens after `since` and not after `until`, in order."""
    everything = [*_happenings_to_rounds(since, until, dice), *_happenings_to_series(since, until, dice)]
    return sorted((one for one in everything if since < one.at <= until), key=lambda one: (one.at, one.kind))


def _happenings_to_rounds(since: datetime, until: datetime, dice: Dice) -> Iterator[Happening]:
    for quarter in quarters_between(quarter_at(since), quarter_at(until)):
        yield from happenings_of(quarter, dice)


def _happenings_to_series(since: datetime, until: datetime, dice: Dice) -> Iterator[Happening]:
    for year in range(since.astimezone(UTC).year, until.astimezone(UTC).year + 1):
        yield from renames_of(year, dice)
    for plan in PLANS:
        begins_at = midnight(Season(plan, plan.first).starts_on)
        yield Happening(begins_at, "new_series", plan.series_id, None, None, "series_name", None, plan.name)
        yield from _retirement(plan, dice)


def _retirement(plan: Plan, dice: Dice) -> Iterator[Happening]:
    if plan.gone_on is not None:
        at = midnight(plan.gone_on)
        name = name_of(plan, at - timedelta(seconds=1), dice)
        yield Happening(at, "retired", plan.series_id, _season_id_cut_short(plan, at), None, "", name, None)


def _season_id_cut_short(plan: Plan, at: datetime) -> int | None:
    quarter = quarter_at(at)
    season = Season(plan, Quarter(quarter.year, 1) if plan.rhythm == "year" else quarter)
    runs = season.starts_on < season.ends_on
    return season.season_id if runs and season.is_cut_short else None


@cache
def happenings_to(season: Season, dice: Dice) -> dict[int, list[Happening]]:
    """Return what ever happens to the rounds of a season, by `race_week_num`, in order."""
    last = season.quarter.before_or_after(3 if season.plan.rhythm == "year" else 0)
    found: dict[int, list[Happening]] = {}
    drawn = (one for quarter in quarters_between(season.quarter, last) for one in happenings_of(quarter, dice))
    for happening in drawn:
        if happening.season_id == season.season_id and happening.race_week_num is not None:
            found.setdefault(happening.race_week_num, []).append(happening)
    return found


def layouts_at(at: datetime, dice: Dice) -> list[Layout]:
    """Return the layouts that there are at a moment."""
    quarters = quarters_between(NEW_LAYOUTS_SINCE, quarter_at(at))
    drawn = [one for quarter in quarters for one in happenings_of(quarter, dice)]
    new = [one for one in drawn if one.kind == "new_layout" and one.at <= at]
    return LAYOUTS + [layout_of(one.new, track_kind(PLAN_OF[one.series_id].category)) for one in new]
