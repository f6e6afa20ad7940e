"""What the simulated iRacing tells of its series: which there are, and their seasons in short."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from iracing_sync.quarters import Quarter
from iracing_sync.simulator.synthetic.assumptions import Assumptions
from iracing_sync.simulator.synthetic.catalogue import CLASSES
from iracing_sync.simulator.synthetic.dice import Dice
from iracing_sync.simulator.synthetic.plans import CATEGORY_IDS, LICENSES, PLANS, Plan
from iracing_sync.simulator.synthetic.racing_calendar import utc_text
from iracing_sync.simulator.synthetic.renames import name_of, season_name
from iracing_sync.simulator.synthetic.rounds import current_round, rounds_at
from iracing_sync.simulator.synthetic.schedules import round_documents, track_in_short
from iracing_sync.simulator.synthetic.season_headers import season_header
from iracing_sync.simulator.synthetic.seasons import (
    ANNOUNCED,
    Season,
    category_at,
    listed_seasons,
    running_seasons,
    seasons_of_series,
)


def series_get(at: datetime, dice: Dice) -> list[dict[str, Any]]:
    """Return `series/get`: only the series that run at the moment."""
    return [_series_document(season.plan, at, dice) for season in running_seasons(at)]


def _series_document(plan: Plan, at: datetime, dice: Dice) -> dict[str, Any]:
    return {
        **_series_names(plan, at, dice),
        "allowed_licenses": _allowed_licenses(plan),
        "eligible": True,
        "first_season": {"season_year": plan.first.year, "season_quarter": plan.first.number},
        "forum_url": f"https://forums.iracing.com/categories/simulated-{plan.series_id}",
        "max_starters": 24 + plan.series_id % 30,
        "min_starters": 6,
        "oval_caution_type": 1 if plan.category == "oval" else 0,
        "road_caution_type": 1,
    }


def _series_names(plan: Plan, at: datetime, dice: Dice) -> dict[str, Any]:
    category = category_at(plan.category, at)
    name = name_of(plan, at, dice)
    return {
        "series_id": plan.series_id,
        "series_name": name,
        "series_short_name": name,
        "category": category,
        "category_id": CATEGORY_IDS[category],
    }


def _allowed_licenses(plan: Plan) -> list[dict[str, Any]]:
    """Return the licences from just below the series' own upwards."""
    lowest = max(plan.license_group - 1, 1)
    return [
        {
            "group_name": LICENSES[group],
            "license_group": group,
            "max_license_level": 4 * group,
            "min_license_level": 4 * group if group < plan.license_group else 4 * group - 3,
        }
        for group in range(lowest, 6)
    ]


def series_assets(at: datetime) -> dict[str, Any]:
    """Return `series/assets` of every series that is announced by then, keyed by series."""
    return {
        str(plan.series_id): {
            "large_image": None,
            "logo": f"series{plan.series_id}-logo.png",
            "series_copy": f"{plan.name} exists only in the simulator.",
            "series_id": plan.series_id,
            "small_image": None,
        }
        for plan in PLANS
        if plan.first.starts_at - ANNOUNCED <= at
    }


def series_season_list(seasons: Iterable[Season], at: datetime, dice: Dice) -> dict[str, Any]:
    """Return `series/season_list`: headers with the round that runs, and what the member may drive."""
    return {"seasons": [_header_with_week(season, at, dice) for season in seasons]}


def _header_with_week(season: Season, at: datetime, dice: Dice) -> dict[str, Any]:
    head = season_header(season, at, dice)
    [round_] = [one for one in round_documents(season, at, dice) if one["race_week_num"] == head["race_week"]]
    kept = ("race_week_num", "track", "car_restrictions", "race_lap_limit", "race_time_limit", "start_type")
    week = {**{key: round_[key] for key in kept if key in round_}, "precip_chance": 0}
    return {**head, "current_week_sched": week, "elig": {"own_car": False, "own_track": False}, "has_mpr": False}


def season_list(quarter: Quarter, at: datetime, dice: Dice, assumptions: Assumptions) -> dict[str, Any]:
    """Return `season/list` of a quarter."""
    seasons = [_season_row(season, at, dice) for season in listed_seasons(quarter, at, assumptions.named)]
    return {"season_quarter": quarter.number, "seasons": seasons, "season_year": quarter.year}


def _season_row(season: Season, at: datetime, dice: Dice) -> dict[str, Any]:
    return {
        "season_id": season.season_id,
        "series_id": season.plan.series_id,
        "season_name": season_name(season, at, dice),
        "series_name": name_of(season.plan, at, dice),
        "official": season.plan.rhythm != "week13",
        "season_year": season.quarter.year,
        "season_quarter": season.quarter.number,
        "license_group": season.plan.license_group,
        "fixed_setup": season.plan.is_fixed,
        "driver_changes": "team" in season.plan.traits,
    }


def series_past_seasons(series_id: int, at: datetime, dice: Dice, assumptions: Assumptions) -> dict[str, Any]:
    """Return `series/past_seasons`; raises LookupError for a series that has not raced yet."""
    seasons = seasons_of_series(series_id, at)
    if not seasons:
        raise LookupError(f"no series {series_id}")
    return {"success": True, "series": _series_with_seasons(seasons, at, dice, assumptions), "series_id": series_id}


def series_stats_series(at: datetime, dice: Dice, assumptions: Assumptions) -> list[dict[str, Any]]:
    """Return `series/stats_series`: every series that ever raced, with all its seasons."""
    histories = (seasons_of_series(plan.series_id, at) for plan in PLANS)
    return [_series_with_seasons(seasons, at, dice, assumptions) for seasons in histories if seasons]


def _series_with_seasons(seasons: list[Season], at: datetime, dice: Dice, assumptions: Assumptions) -> dict[str, Any]:
    plan = seasons[0].plan
    return {
        **_series_names(plan, at, dice),
        "active": assumptions.is_active(plan, at),
        "official": plan.rhythm != "week13",
        "fixed_setup": plan.is_fixed,
        "search_filters": plan.category,
        "logo": f"series{plan.series_id}-logo.png",
        "license_group": plan.license_group,
        "license_group_types": [{"license_group_type": plan.license_group}],
        "allowed_licenses": [{**given, "parent_id": plan.series_id} for given in _allowed_licenses(plan)],
        "seasons": [_past_season(season, at, dice) for season in seasons],
    }


def _past_season(season: Season, at: datetime, dice: Dice) -> dict[str, Any]:
    return {
        **{key: value for key, value in _season_row(season, at, dice).items() if key != "series_name"},
        "season_short_name": season.short_name,
        "active": season.is_active(at),
        "has_supersessions": "super" in season.plan.traits,
        "car_switching": False,
        "license_group_types": [{"license_group_type": season.plan.license_group}],
        "car_classes": [_class_in_short(number) for number in season.car_class_ids],
        "race_weeks": [
            {"season_id": season.season_id, "race_week_num": round_.number, "track": track_in_short(round_)}
            for round_ in rounds_at(season, at, dice)
        ],
    }


def _class_in_short(car_class_id: int) -> dict[str, Any]:
    place = car_class_id - 300
    name = CLASSES[place][1] if place < len(CLASSES) else "Brand New Class"
    return {"car_class_id": car_class_id, "short_name": name, "name": name, "relative_speed": 50}


def season_race_guide(at: datetime, dice: Dice) -> dict[str, Any]:
    """Return `season/race_guide`: the sessions of the next three hours, at :45 past every second hour."""
    ends_at = at + timedelta(hours=3)
    hours = (at.replace(minute=45, second=0, microsecond=0) + timedelta(hours=hour) for hour in range(4))
    starts = [start for start in hours if start.hour % 2 == 0 and at <= start <= ends_at]
    racing = [season for season in running_seasons(at) if season.plan.rhythm != "year"]
    sessions = [_guide_session(season, start, dice) for start in starts for season in racing]
    return {
        "subscribed": False,
        "sessions": sessions,
        "block_begin_time": utc_text(at),
        "block_end_time": utc_text(ends_at),
        "success": True,
    }


def _guide_session(season: Season, start: datetime, dice: Dice) -> dict[str, Any]:
    return {
        "season_id": season.season_id,
        "start_time": utc_text(start),
        "super_session": False,
        "series_id": season.plan.series_id,
        "race_week_num": current_round(season, start, dice).number,
        "end_time": utc_text(start + timedelta(minutes=40)),
        "session_id": season.season_id * 100000 + int(start.timestamp()) // 3600 % 100000,
        "entry_count": season.season_id % 40,
    }
