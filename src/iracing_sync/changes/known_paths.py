"""Which JSON paths this version knows, by endpoint: any other is drift, and never a change of a schedule."""

from collections.abc import Iterator, Mapping

from iracing_sync.tables.base import Source
from iracing_sync.tables.ignored import IGNORED
from iracing_sync.tables.mirrored import RECORDS

KEPT_AS_SENT: Mapping[str, Mapping[str, str]] = {
    "series/seasons": {
        "$[]": """
            car_switching caution_laps_do_not_count connection_black_flag consec_caution_within_nlaps
            consec_cautions_single_file cross_license distributed_matchmaking driver_change_rule
            enable_pitlane_collisions green_white_checkered_limit grid_by_class hardcore_level has_supersessions
            heat_ses_info ignore_license_for_practice is_heat_racing lucky_dog must_use_diff_tire_types_in_race
            num_fast_tows num_opt_laps op_duration open_practice_session_type_id qualifier_must_start_race race_points
            race_week_to_make_divisions reg_open_minutes region_competition restrict_by_member restrict_to_car
            restrict_viewing send_to_open_practice short_parade_lap start_on_qual_tire start_zone track_types
            unsport_conduct_rule_mode
        """,
        "$[].heat_ses_info": """
            consolation_delta_max_field_size consolation_delta_session_laps consolation_delta_session_length_minutes
            consolation_first_max_field_size consolation_first_session_laps consolation_first_session_length_minutes
            consolation_num_position_to_invert consolation_num_to_consolation consolation_num_to_main
            consolation_run_always consolation_scores_champ_points description heat_caution_type
            heat_info_id heat_info_name heat_laps heat_length_minutes heat_max_field_size heat_num_from_each_to_main
            heat_num_position_to_invert heat_scores_champ_points heat_session_minutes_estimate main_laps
            main_length_minutes main_max_field_size main_num_position_to_invert max_entrants open_practice
            pre_main_practice_length_minutes pre_qual_num_to_main pre_qual_practice_length_minutes qual_caution_type
            qual_laps qual_length_minutes qual_num_to_main qual_open_delay_seconds qual_scores_champ_points
            qual_scoring qual_style race_style
        """,
        "$[].schedules[]": """
            enable_pitlane_collisions event_options qual_time_descriptors race_week_car_classes short_parade_lap
            simulated_time_multiplier start_zone track_state yellow_flags
        """,
        "$[].schedules[].event_options": """
            allow_wave_arounds cautions_enabled qualify_scoring_type restart_type short_parade_lap
            single_file_consec_cautions standing_start starting_grid_type
        """,
        "$[].schedules[].event_sessions[]": "unlimited_laps unlimited_time",
        "$[].schedules[].qual_time_descriptors[]": """
            day_offset end_offset_minutes first_session_time repeat_minutes repeating session_minutes session_times
            start_date super_session
        """,
        "$[].schedules[].race_week_car_classes[]": "car_class_id cars_in_class",
        "$[].schedules[].race_week_car_classes[].cars_in_class[]": "car_id car_name car_name_abbreviated",
        "$[].schedules[].track_state": "leave_marbles practice_rubber qualify_rubber race_rubber warmup_rubber",
        "$[].schedules[].weather": """
            allow_fog fog forecast_options precip_option rel_humidity simulated_start_utc_time
            simulated_time_multiplier simulated_time_offsets skies temp_units time_of_day track_water type
            weather_var_initial weather_var_ongoing wind_dir wind_units wind_value
        """,
        "$[].schedules[].weather.forecast_options": """
            allow_fog forecast_type precipitation skies stop_precip temperature weather_seed wind_dir wind_speed
        """,
        "$[].schedules[].weather.weather_summary": """
            max_precip_rate max_precip_rate_desc skies_high skies_low temp_units wind_dir wind_high wind_low wind_units
        """,
    },
    "series/get": {
        "$[].allowed_licenses[]": "group_name license_group max_license_level min_license_level",
    },
    "season/list": {
        "$": "season_quarter season_year seasons",
        "$.seasons[]": """
            driver_changes fixed_setup license_group official rookie_season season_id season_name season_quarter
            season_year series_id series_name
        """,
    },
    "series/past_seasons": {
        "$": "series series_id success",
        "$.series": """
            active allowed_licenses category category_id fixed_setup license_group license_group_types logo official
            search_filters seasons series_id series_name series_short_name
        """,
        "$.series.allowed_licenses[]": "group_name license_group max_license_level min_license_level parent_id",
        "$.series.license_group_types[]": "license_group_type",
        "$.series.seasons[]": """
            active car_classes car_switching driver_changes fixed_setup has_supersessions license_group
            license_group_types official race_weeks season_id season_name season_quarter season_short_name season_year
            series_id
        """,
        "$.series.seasons[].car_classes[]": "car_class_id name relative_speed short_name",
        "$.series.seasons[].license_group_types[]": "license_group_type",
        "$.series.seasons[].race_weeks[]": "race_week_num season_id track",
        "$.series.seasons[].race_weeks[].track": "config_name track_id track_name",
    },
    "track/get": {
        "$[]": """
            ai_enabled allow_pitlane_collisions allow_rolling_start allow_standing_start award_exempt banking closes
            created first_sale folder has_opt_path has_short_parade_lap has_start_zone has_svg_map is_ps_purchasable
            lap_scoring opens priority qualify_laps restart_on_left search_filters small_image solo_laps start_on_left
            supports_grip_compound tech_track track_dirpath track_type
        """,
    },
    "car/get": {
        "$[]": """
            ai_enabled award_exempt car_dirpath car_types created first_sale folder forum_url has_headlights
            has_multiple_dry_tire_types has_rain_capable_tire_types is_ps_purchasable logo max_power_adjust_pct
            max_weight_penalty_kg min_power_adjust_pct search_filters site_url sku small_image sponsor_logo
        """,
        "$[].car_types[]": "car_type",
    },
    "carclass/get": {
        "$[].cars_in_class[]": "car_dirpath",
    },
}
"""The keys without a column of their own, by object: they are kept under iRacing's names.

Of the documents that know less than others (`season/list`, `series/past_seasons`) it is all that they hold.
"""

INSIDE_IGNORED: Mapping[str, Mapping[str, str]] = {
    "series/seasons": {
        "$[].car_types[]": "car_type",
        "$[].license_group_types[]": "license_group_type",
        "$[].track_types[]": "track_type",
    },
    "track/get": {"$[].track_types[]": "track_type"},
    "car/get": {
        "$[].car_config_defs[]": "carcfg cfg_subdir custom_paint_ext name",
        "$[].car_configs[]": "carcfg track_id track_type",
    },
}
"""What stands in the objects that are ignored."""

NEEDED_OF_LESSER: Mapping[str, Mapping[str, str]] = {
    "season/list": {
        "$.seasons[]": "driver_changes fixed_setup official season_id season_name season_quarter season_year series_id"
    },
    "series/past_seasons": {
        "$.series": "active seasons series_id series_name",
        "$.series.seasons[]": "season_id season_name season_quarter season_year",
        "$.series.seasons[].race_weeks[]": "race_week_num track",
    },
}


def paths(keys: Mapping[str, str]) -> set[str]:
    """Return keys by object as paths."""
    return {f"{place}.{key}" for place, names in keys.items() for key in names.split()}


def sources(endpoint: str) -> Iterator[tuple[str, Source]]:
    """Yield where the columns of an endpoint come from, and the path of the object around each."""
    for record in RECORDS:
        where, around = record.__found_at__
        for column in record.__table__.columns if where == endpoint else ():
            if "source" in column.info:
                yield around, column.info["source"]


def with_objects(path: str, start: int = 0) -> Iterator[str]:
    """Yield a path and those of the objects and lists in which it stands, from a place in it on.

    >>> list(with_objects("$[].schedules[].track.track_id"))
    ['$[].schedules[].track.track_id', '$[].schedules[].track', '$[].schedules']
    """
    while "." in path[start:]:
        yield path.removesuffix("[]")
        path = path.rpartition(".")[0]


def known_paths(endpoint: str) -> frozenset[str]:
    """Return the paths that this version knows: of columns, kept as they are sent, or ignored."""
    columns = {path for around, source in sources(endpoint) for path in with_objects(f"{around}{source.path}")}
    left_out = {path for key in IGNORED.get(endpoint, ()) for path in with_objects(f"{ITEM[endpoint]}{key.path}")}
    as_sent = paths(KEPT_AS_SENT.get(endpoint, {})) | paths(INSIDE_IGNORED.get(endpoint, {}))
    return frozenset(columns | left_out | as_sent)


def needed_paths(endpoint: str) -> frozenset[str]:
    """Return the paths that the mappers cannot do without, where their object is there at all."""
    columns = {
        path
        for around, source in sources(endpoint)
        if source.is_needed
        for path in with_objects(f"{around}{source.path}", len(around) - 1)
    }
    return frozenset(columns | paths(NEEDED_OF_LESSER.get(endpoint, {})))


ITEM = {
    **dict.fromkeys(("series/seasons", "series/get", "track/get", "car/get", "carclass/get"), "$[]."),
    "season/list": "$.seasons[].",
    "series/past_seasons": "$.series.",
}
"""By endpoint, the path of its items."""

KNOWN = {endpoint: known_paths(endpoint) for endpoint in ITEM}
NEEDED = {endpoint: needed_paths(endpoint) for endpoint in ITEM}
