"""The head of a simulated season: all that `series/seasons` tells beside its schedule."""

from datetime import datetime
from typing import Any

from iracing_sync.simulator.synthetic.catalogue import Car, cars_of
from iracing_sync.simulator.synthetic.dice import Dice
from iracing_sync.simulator.synthetic.layouts import track_kind
from iracing_sync.simulator.synthetic.plans import Plan
from iracing_sync.simulator.synthetic.racing_calendar import midnight, utc_text
from iracing_sync.simulator.synthetic.renames import season_name
from iracing_sync.simulator.synthetic.rounds import Round, current_round
from iracing_sync.simulator.synthetic.seasons import LENGTHS_SINCE, Season, category_at

UNUSED_HEAT_NUMBERS = (
    "consolation_delta_max_field_size",
    "consolation_delta_session_laps",
    "consolation_delta_session_length_minutes",
    "consolation_first_max_field_size",
    "consolation_first_session_laps",
    "consolation_first_session_length_minutes",
    "consolation_num_position_to_invert",
    "consolation_num_to_consolation",
    "consolation_num_to_main",
    "heat_caution_type",
    "heat_max_field_size",
    "heat_num_from_each_to_main",
    "heat_num_position_to_invert",
    "heat_session_minutes_estimate",
    "main_max_field_size",
    "main_num_position_to_invert",
    "pre_main_practice_length_minutes",
    "pre_qual_num_to_main",
    "pre_qual_practice_length_minutes",
    "qual_caution_type",
    "qual_num_to_main",
    "qual_open_delay_seconds",
    "qual_scoring",
)
"""What stays at nought in `heat_ses_info`."""


def season_header(season: Season, at: datetime, dice: Dice) -> dict[str, Any]:
    """Return what `series/seasons` tells of a season beside its schedule, with the noise of the moment."""
    return {
        **_identity(season, at),
        "season_name": season_name(season, at, dice),
        **_noise(season, at, dice),
        **_season_rules(season),
        **_release_fields(season, season.seen_at(at)),
        **_rare_fields(season),
    }


def _identity(season: Season, at: datetime) -> dict[str, Any]:
    plan = season.plan
    return {
        "season_id": season.season_id,
        "season_short_name": season.short_name,
        "season_year": season.quarter.year,
        "season_quarter": season.quarter.number,
        "series_id": plan.series_id,
        "active": season.is_active(at),
        "complete": season.is_over(at),
        "allowed_season_members": _restricted_members() if "restricted" in plan.traits else None,
        "car_class_ids": season.car_class_ids,
        "start_date": utc_text(midnight(season.starts_on)),
        "track_types": [{"track_type": category_at(plan.category, season.seen_at(at))}],
        "license_group": plan.license_group,
        "license_group_types": [{"license_group_type": plan.license_group}],
        "official": plan.rhythm != "week13",
        "max_weeks": len(season.round_days),
        "schedule_description": "Races every two hours at :45 past",
    }


def _noise(season: Season, at: datetime, dice: Dice) -> dict[str, Any]:
    """Return what differs between two fetches although nothing changed."""
    about = (season.season_id, at.isoformat())
    round_ = current_round(season, at, dice)
    words = [track_kind(season.plan.category), *(f"car{car.car_id}" for car in _current_cars(round_))]
    return {
        "car_types": [{"car_type": word} for word in dice.permutation(words, "types", *about)],
        "next_race_session": None,
        "race_week": round_.number,
        "reg_user_count": dice.roll(120, "registered", *about) if season.is_active(at) else 0,
    }


def _current_cars(round_: Round) -> list[Car]:
    """Return the cars of the season, or of the current round where they change weekly."""
    return round_.week_cars or [car for number in round_.season.car_class_ids for car in cars_of(number)]


def _season_rules(season: Season) -> dict[str, Any]:
    plan = season.plan
    team = "team" in plan.traits
    oval = plan.category.endswith("oval")
    return {
        "car_switching": False,
        "caution_laps_do_not_count": False,
        "cross_license": False,
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
        "is_heat_racing": "heats" in plan.traits,
        "lucky_dog": oval,
        "max_team_drivers": 16 if team else 1,
        "min_team_drivers": 2 if team else 1,
        "multiclass": len(season.car_class_ids) > 1,
        "must_use_diff_tire_types_in_race": False,
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


def _release_fields(season: Season, seen_at: datetime) -> dict[str, Any]:
    """Return the fields that came and went with the API's releases."""
    if seen_at < LENGTHS_SINCE:
        return {"rookie_season": "A"} if season.plan.license_group == 1 else {}
    return {
        "connection_black_flag": True,
        "consec_caution_within_nlaps": 2,
        "consec_cautions_single_file": False,
        "distributed_matchmaking": False,
        "num_fast_tows": 1,
    }


def _rare_fields(season: Season) -> dict[str, Any]:
    """Return the fields that only a few seasons have."""
    heats = {"heat_ses_info": _heat_info(season.plan)} if "heats" in season.plan.traits else {}
    return heats | ({"reg_open_minutes": 60} if "team" in season.plan.traits else {})


def _heat_info(plan: Plan) -> dict[str, Any]:
    """Return `heat_ses_info`; the customer who made it does not exist."""
    return {
        **dict.fromkeys(UNUSED_HEAT_NUMBERS, 0),
        "consolation_run_always": False,
        "consolation_scores_champ_points": False,
        "heat_scores_champ_points": False,
        "hidden": False,
        "open_practice": False,
        "qual_scores_champ_points": False,
        "created": "2019-03-04T05:06:07Z",
        "cust_id": 900004,
        "description": "Two heats and a feature",
        "heat_info_id": 7000 + plan.series_id,
        "heat_info_name": f"{plan.name} - 2 heats",
        "heat_laps": 8,
        "heat_length_minutes": 10,
        "main_laps": 30,
        "main_length_minutes": 40,
        "max_entrants": 24,
        "qual_laps": 2,
        "qual_length_minutes": 3,
        "qual_style": 1,
        "race_style": 1,
    }


def _restricted_members() -> dict[str, Any]:
    """Return the members of a restricted season, keyed by customer id; no such people exist."""
    people = {900001: "Wilhelmina Inkpot", 900002: "Bartholomew Sandwich", 900003: "Odalys Thimble"}
    return {
        str(cust_id): {"cust_id": cust_id, "season_id": 0, "display_name": name, "car_num": str(cust_id % 100)}
        for cust_id, name in people.items()
    }
