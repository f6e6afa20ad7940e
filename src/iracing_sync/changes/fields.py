"""Which fields are compared, where iRacing has them, and how much each matters to someone who races."""

from typing import Literal, NamedTuple

Severity = Literal["high", "medium", "low"]

SEASON_PATH = "$[]."
ROUND_PATH = "$[].schedules[]."


class Field(NamedTuple):
    """A column, the JSON path it comes from below its season or round, and its severity."""

    column: str
    source: str
    severity: Severity


ROUND = (
    Field("track_id", "track.track_id", "high"),
    Field("starts_at", "start_date", "high"),
    Field("race_laps", "race_lap_limit", "high"),
    Field("race_minutes", "race_time_limit", "high"),
    Field("practice_minutes", "practice_length", "medium"),
    Field("qualify_minutes", "qualify_length", "medium"),
    Field("qualify_laps", "qualify_laps", "medium"),
    Field("warmup_minutes", "warmup_length", "medium"),
    Field("is_qualify_attached", "qual_attached", "medium"),
    Field("start_type", "start_type", "medium"),
    Field("restart_type", "restart_type", "medium"),
    Field("has_full_course_cautions", "full_course_cautions", "medium"),
    Field("category", "category", "low"),
    Field("special_event_type", "special_event_type", "low"),
)

SEASON = (
    Field("starts_at", "start_date", "high"),
    Field("max_weeks", "max_weeks", "medium"),
    Field("official", "official", "medium"),
    Field("driver_changes", "driver_changes", "medium"),
    Field("min_team_drivers", "min_team_drivers", "medium"),
    Field("max_team_drivers", "max_team_drivers", "medium"),
    Field("drops", "drops", "medium"),
    Field("incident_limit", "incident_limit", "medium"),
    Field("license_group", "license_group", "medium"),
    Field("fixed_setup", "fixed_setup", "low"),
    Field("name", "season_name", "low"),
    Field("schedule_description", "schedule_description", "low"),
    Field("rookie_season", "rookie_season", "low"),
)

SERIES = (
    Field("allowed_licenses", "allowed_licenses", "medium"),
    Field("min_starters", "min_starters", "low"),
    Field("max_starters", "max_starters", "low"),
    Field("oval_caution_type", "oval_caution_type", "low"),
    Field("road_caution_type", "road_caution_type", "low"),
    Field("name", "series_name", "low"),
)

RESTRICTION = (
    Field("max_fuel_fill_pct", "car_restrictions[].max_pct_fuel_fill", "medium"),
    Field("power_adjust_pct", "car_restrictions[].power_adjust_pct", "medium"),
    Field("weight_penalty_kg", "car_restrictions[].weight_penalty_kg", "medium"),
    Field("max_dry_tire_sets", "car_restrictions[].max_dry_tire_sets", "medium"),
)

SETUP = (
    Field("race_setup_id", "car_restrictions[].race_setup_id", "low"),
    Field("qual_setup_id", "car_restrictions[].qual_setup_id", "low"),
)

UNREPORTED = {
    f"{ROUND_PATH}weather.version": "the format of the weather, which a release of the API raises",
    f"{ROUND_PATH}weather.weather_url": "where the forecast lies",
    f"{SEASON_PATH}track_types": "search words, of iRacing's categories of the time",
}
"""What is stored when it differs, and is no change of a schedule."""

TIMES_SOURCE = "race_time_descriptors"
CARS_SOURCES = ("race_week_cars", "race_week_car_class_ids")
