"""Which JSON paths this version knows, by endpoint: any other is drift, and never a change of a schedule."""

from collections.abc import Mapping

KEYS: Mapping[str, Mapping[str, str]] = {
    "series/seasons": {
        "$[]": """
            active car_class_ids car_switching car_types caution_laps_do_not_count complete
            connection_black_flag consec_caution_within_nlaps consec_cautions_single_file cross_license
            distributed_matchmaking driver_change_rule driver_changes drops enable_pitlane_collisions fixed_setup
            green_white_checkered_limit grid_by_class hardcore_level has_supersessions heat_ses_info
            ignore_license_for_practice incident_limit incident_warn_mode incident_warn_param1 incident_warn_param2
            is_heat_racing license_group license_group_types lucky_dog max_team_drivers max_weeks min_team_drivers
            multiclass must_use_diff_tire_types_in_race next_race_session num_fast_tows num_opt_laps official
            op_duration open_practice_session_type_id qualifier_must_start_race race_points race_week
            race_week_to_make_divisions reg_open_minutes reg_user_count region_competition restrict_by_member
            restrict_to_car restrict_viewing rookie_season schedule_description schedules season_id season_name
            season_quarter season_short_name season_year send_to_open_practice series_id short_parade_lap start_date
            start_on_qual_tire start_zone track_types unsport_conduct_rule_mode
        """,
        "$[].car_types[]": "car_type",
        "$[].heat_ses_info": """
            consolation_delta_max_field_size consolation_delta_session_laps consolation_delta_session_length_minutes
            consolation_first_max_field_size consolation_first_session_laps consolation_first_session_length_minutes
            consolation_num_position_to_invert consolation_num_to_consolation consolation_num_to_main
            consolation_run_always consolation_scores_champ_points created description heat_caution_type
            heat_info_id heat_info_name heat_laps heat_length_minutes heat_max_field_size heat_num_from_each_to_main
            heat_num_position_to_invert heat_scores_champ_points heat_session_minutes_estimate hidden main_laps
            main_length_minutes main_max_field_size main_num_position_to_invert max_entrants open_practice
            pre_main_practice_length_minutes pre_qual_num_to_main pre_qual_practice_length_minutes qual_caution_type
            qual_laps qual_length_minutes qual_num_to_main qual_open_delay_seconds qual_scores_champ_points
            qual_scoring qual_style race_style
        """,
        "$[].license_group_types[]": "license_group_type",
        "$[].schedules[]": """
            car_restrictions category category_id enable_pitlane_collisions full_course_cautions practice_length
            qual_attached qualify_laps qualify_length race_lap_limit race_time_descriptors race_time_limit
            race_week_car_class_ids race_week_cars race_week_num restart_type schedule_name season_id season_name
            series_id series_name short_parade_lap simulated_time_multiplier special_event_type start_date start_type
            start_zone track track_state warmup_length weather week_end_time yellow_flags
        """,
        "$[].schedules[].car_restrictions[]": """
            car_id max_dry_tire_sets max_pct_fuel_fill power_adjust_pct qual_setup_id race_setup_id weight_penalty_kg
        """,
        "$[].schedules[].race_time_descriptors[]": """
            day_offset first_session_time repeat_minutes repeating session_minutes session_times start_date
            super_session
        """,
        "$[].schedules[].race_week_cars[]": "car_id car_name car_name_abbreviated",
        "$[].schedules[].track": "category category_id config_name track_id track_name",
        "$[].schedules[].track_state": "leave_marbles practice_rubber qualify_rubber race_rubber warmup_rubber",
        "$[].schedules[].weather": """
            allow_fog fog forecast_options precip_option rel_humidity simulated_start_time simulated_start_utc_time
            simulated_time_multiplier simulated_time_offsets skies temp_units temp_value time_of_day track_water type
            version weather_summary weather_url weather_var_initial weather_var_ongoing wind_dir wind_units wind_value
        """,
        "$[].schedules[].weather.forecast_options": """
            allow_fog forecast_type precipitation skies stop_precip temperature weather_seed wind_dir wind_speed
        """,
        "$[].schedules[].weather.weather_summary": """
            max_precip_rate max_precip_rate_desc precip_chance skies_high skies_low temp_high temp_low temp_units
            wind_dir wind_high wind_low wind_units
        """,
        "$[].track_types[]": "track_type",
    },
    "series/get": {
        "$[]": """
            allowed_licenses category category_id first_season forum_url max_starters min_starters
            oval_caution_type road_caution_type search_filters series_id series_name series_short_name
        """,
        "$[].allowed_licenses[]": "group_name license_group max_license_level min_license_level",
        "$[].first_season": "season_quarter season_year",
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
            ai_enabled allow_pitlane_collisions allow_rolling_start allow_standing_start award_exempt banking category
            category_id closes config_name corners_per_lap created first_sale folder free_with_subscription fully_lit
            grid_stalls has_opt_path has_short_parade_lap has_start_zone has_svg_map is_dirt is_oval is_ps_purchasable
            lap_scoring latitude location logo longitude max_cars night_lighting nominal_lap_time number_pitstalls
            opens package_id pit_road_speed_limit price price_display priority purchasable qualify_laps rain_enabled
            restart_on_left retired search_filters site_url sku small_image solo_laps start_on_left
            supports_grip_compound tech_track time_zone track_config_length track_dirpath track_id track_name
            track_type track_type_text track_types
        """,
        "$[].track_types[]": "track_type",
    },
    "car/get": {
        "$[]": """
            ai_enabled allow_number_colors allow_number_font allow_sponsor1 allow_sponsor2 allow_wheel_color
            award_exempt car_config_defs car_configs car_dirpath car_id car_make car_model car_name
            car_name_abbreviated car_types car_weight categories created first_sale folder forum_url
            free_with_subscription has_headlights has_multiple_dry_tire_types has_rain_capable_tire_types hp
            is_ps_purchasable logo max_power_adjust_pct max_weight_penalty_kg min_power_adjust_pct package_id
            paint_rules patterns price price_display rain_enabled retired search_filters site_url sku small_image
            sponsor_logo
        """,
        "$[].car_config_defs[]": "carcfg cfg_subdir custom_paint_ext name",
        "$[].car_configs[]": "carcfg track_id track_type",
        "$[].car_types[]": "car_type",
    },
    "carclass/get": {
        "$[]": "car_class_id cars_in_class name rain_enabled relative_speed short_name",
        "$[].cars_in_class[]": "car_dirpath car_id rain_enabled retired",
    },
}
"""The keys of each object; `[]` stands for any item of a list."""

REQUIRED: Mapping[str, Mapping[str, str]] = {
    "series/seasons": {
        "$[]": """
            active car_class_ids driver_changes fixed_setup official season_id season_name season_quarter season_year
            series_id
        """,
        "$[].schedules[]": "race_week_num start_date track",
        "$[].schedules[].track": "track_id",
        "$[].schedules[].race_time_descriptors[]": "repeating",
        "$[].schedules[].car_restrictions[]": "car_id",
        "$[].schedules[].race_week_cars[]": "car_id",
    },
    "series/get": {"$[]": "series_id series_name"},
    "season/list": {
        "$.seasons[]": "driver_changes fixed_setup official season_id season_name season_quarter season_year series_id"
    },
    "series/past_seasons": {
        "$.series": "active seasons series_id series_name",
        "$.series.seasons[]": "season_id season_name season_quarter season_year",
        "$.series.seasons[].race_weeks[]": "race_week_num track",
    },
    "track/get": {"$[]": "package_id track_id track_name"},
    "car/get": {"$[]": "car_id car_name"},
    "carclass/get": {"$[]": "car_class_id", "$[].cars_in_class[]": "car_id"},
}
"""The keys that the mappers cannot do without, where their object is there at all."""


def paths(keys: Mapping[str, str]) -> frozenset[str]:
    """Return keys by object as paths."""
    return frozenset(f"{place}.{key}" for place, names in keys.items() for key in names.split())


KNOWN = {endpoint: paths(keys) for endpoint, keys in KEYS.items()}
NEEDED = {endpoint: paths(keys) for endpoint, keys in REQUIRED.items()}
