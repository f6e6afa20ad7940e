"""The seasons of the simulated iRacing: which there are, when they run, and what is told of them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from iracing_sync.simulator.catalogue import CLASS_IDS, UNLISTED_CLASS_ID, cars_of, track_kind
from iracing_sync.simulator.dice import Dice
from iracing_sync.simulator.plans import PLANS, Plan
from iracing_sync.simulator.quarters import WEEK, Quarter, instant_text, midnight, nth_quarter, quarter_at

ROUNDS = {"quarter": 12, "year": 36, "week13": 7}
ANNOUNCED = timedelta(days=7)
SLOTS = 50
FIRST_SEASON_ID = 1000


class Season(NamedTuple):
    """One season of a series."""

    plan: Plan
    quarter: Quarter

    @property
    def season_id(self) -> int:
        """Its number, unique over all series and quarters."""
        return FIRST_SEASON_ID + self.quarter.ordinal * SLOTS + self.plan.slot

    @property
    def starts_on(self) -> date:
        """The first day."""
        return self.quarter.week_13_on if self.plan.rhythm == "week13" else self.quarter.starts_on

    @property
    def ends_on(self) -> date:
        """The first day after it."""
        if self.plan.rhythm == "year":
            return Quarter(self.quarter.year + 1, 1).starts_on
        return self.quarter.ends_on if self.plan.rhythm == "week13" else self.quarter.week_13_on

    @property
    def round_days(self) -> list[date]:
        """The first day of each round; a year's 36 are spread over all its quarters."""
        if self.plan.rhythm == "week13":
            return [self.starts_on + timedelta(days=day) for day in range(ROUNDS["week13"])]
        if self.plan.rhythm == "year":
            return [self.starts_on + number * 50 // 35 * WEEK for number in range(ROUNDS["year"])]
        return [self.starts_on + number * WEEK for number in range(ROUNDS["quarter"])]

    @property
    def short_name(self) -> str:
        """The name without that of the series; some of iRacing's end in a space."""
        label = f"{self.quarter.year} Season"
        if self.plan.rhythm != "year":
            label += f" {self.quarter.number}"
        return label + (" " if "trailing" in self.plan.traits else "")

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.plan.name} - {self.short_name}"

    @property
    def car_class_ids(self) -> list[int]:
        """The classes; a series with weekly cars or classes names only the first."""
        classes = CLASS_IDS[self.plan.category]
        if "unlisted_class" in self.plan.traits:
            return [classes[-1], UNLISTED_CLASS_ID]
        if self.plan.traits & {"week_cars", "week_classes"}:
            return classes[:1]
        return classes if "team" in self.plan.traits else [classes[self.plan.series_id % len(classes)]]

    def is_active(self, at: datetime) -> bool:
        """Say whether it runs at a moment."""
        return midnight(self.starts_on) <= at < midnight(self.ends_on)

    def seen_at(self, at: datetime) -> datetime:
        """Return the moment whose API shapes it: a season that is over keeps the fields of its last day."""
        return min(at, midnight(self.ends_on) - timedelta(seconds=1))


def tagged(quarter: Quarter, at: datetime) -> Iterator[Season]:
    """Yield the seasons that began in a quarter, if it is announced by then."""
    if quarter.ordinal < 0 or at < midnight(quarter.starts_on) - ANNOUNCED:
        return
    for plan in PLANS:
        if plan.first_year <= quarter.year and (plan.rhythm != "year" or quarter.number == 1):
            yield Season(plan, quarter)


def active(at: datetime) -> list[Season]:
    """Return the seasons that run at a moment."""
    now = quarter_at(at)
    began = sorted({now, Quarter(now.year, 1)})
    return [season for quarter in began for season in tagged(quarter, at) if season.is_active(at)]


def seasons_of(series_id: int, at: datetime) -> list[Season]:
    """Return all seasons of a series so far, the newest first."""
    ordinals = range(quarter_at(at).ordinal, -1, -1)
    return [s for number in ordinals for s in tagged(nth_quarter(number), at) if s.plan.series_id == series_id]


def season_of(season_id: int, at: datetime) -> Season:
    """Return a season by its number; raises LookupError."""
    ordinal, _ = divmod(season_id - FIRST_SEASON_ID, SLOTS)
    for season in tagged(nth_quarter(ordinal), at):
        if season.season_id == season_id:
            return season
    raise LookupError(f"no season {season_id}")


def header(season: Season, at: datetime, dice: Dice) -> dict[str, Any]:
    """Return what `series/seasons` tells of a season beside its schedule, with the noise of the moment."""
    return {**_identity(season, at), **_noise(season, at, dice), **_rules(season)}


def _identity(season: Season, at: datetime) -> dict[str, Any]:
    plan = season.plan
    return {
        "season_id": season.season_id,
        "season_name": season.name,
        "season_short_name": season.short_name,
        "season_year": season.quarter.year,
        "season_quarter": season.quarter.number,
        "series_id": plan.series_id,
        "active": season.is_active(at),
        "complete": midnight(season.ends_on) <= at,
        "allowed_season_members": members() if "restricted" in plan.traits else None,
        "car_class_ids": season.car_class_ids,
        "start_date": instant_text(midnight(season.starts_on)),
        "track_types": [{"track_type": seen_category(plan.category, season.seen_at(at))}],
        "license_group": plan.license_group,
        "license_group_types": [{"license_group_type": plan.license_group}],
        "official": plan.rhythm != "week13",
        "max_weeks": len(season.round_days),
        "schedule_description": "Races every two hours at :45 past",
    }


def _noise(season: Season, at: datetime, dice: Dice) -> dict[str, Any]:
    """Return what differs between two fetches although nothing changed."""
    about = (season.season_id, at.isoformat())
    types = [f"car{car.car_id}" for number in season.car_class_ids for car in cars_of(number)]
    words = dice.shuffled([track_kind(season.plan.category), *types], "types", *about)
    run = sum(midnight(day) <= at for day in season.round_days)
    return {
        "car_types": [{"car_type": word} for word in words],
        "next_race_session": None,
        "race_week": max(run - 1, 0),
        "reg_user_count": dice.roll(120, "registered", *about) if season.is_active(at) else 0,
    }


def _rules(season: Season) -> dict[str, Any]:
    plan = season.plan
    team = "team" in plan.traits
    oval = plan.category.endswith("oval")
    return {
        "car_switching": False,
        "caution_laps_do_not_count": False,
        "connection_black_flag": True,
        "consec_caution_within_nlaps": 2,
        "consec_cautions_single_file": False,
        "cross_license": False,
        "distributed_matchmaking": False,
        "driver_change_rule": 2 if team else 0,
        "driver_changes": team,
        "drops": 4 if plan.rhythm == "quarter" else 0,
        "enable_pitlane_collisions": False,
        "fixed_setup": plan.is_fixed,
        "green_white_checkered_limit": 3 if oval else 0,
        "grid_by_class": team,
        "hardcore_level": 1,
        "has_supersessions": "super" in plan.traits,
        "ignore_license_for_practice": True,
        "incident_limit": 0 if plan.license_group == 1 else 17,
        "incident_warn_mode": 1,
        "incident_warn_param1": 17,
        "incident_warn_param2": 0,
        "is_heat_racing": False,
        "lucky_dog": oval,
        "max_team_drivers": 16 if team else 1,
        "min_team_drivers": 2 if team else 1,
        "multiclass": len(season.car_class_ids) > 1,
        "must_use_diff_tire_types_in_race": False,
        "num_fast_tows": 1,
        "num_opt_laps": 0,
        "op_duration": 120,
        "open_practice_session_type_id": 170,
        "qualifier_must_start_race": False,
        "race_week_to_make_divisions": 0,
        "region_competition": True,
        "restrict_by_member": "restricted" in plan.traits,
        "restrict_to_car": False,
        "restrict_viewing": False,
        "send_to_open_practice": True,
        "short_parade_lap": False,
        "start_on_qual_tire": False,
        "start_zone": oval,
        "unsport_conduct_rule_mode": 0,
    }


def members() -> dict[str, Any]:
    """Return the members of a restricted season, keyed by customer id; no such people exist."""
    people = {900001: "Wilhelmina Inkpot", 900002: "Bartholomew Sandwich", 900003: "Odalys Thimble"}
    return {
        str(cust_id): {"cust_id": cust_id, "season_id": 0, "display_name": name, "car_num": str(cust_id % 100)}
        for cust_id, name in people.items()
    }


SPLIT_AT = midnight(date(2024, 3, 6))
"""The release that split `road` into sports and formula cars and gave each round a category and a forecast."""


def seen_category(category: str, at: datetime) -> str:
    """Return a category under the name that the API used at a moment."""
    return category if at >= SPLIT_AT else track_kind(category)
