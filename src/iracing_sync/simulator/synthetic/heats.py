"""How a simulated season of heat races is run."""

from typing import Any

from iracing_sync.simulator.synthetic.plans import Plan

UNUSED = (
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
"""Numbers that stay at nought."""


def heat_info(plan: Plan) -> dict[str, Any]:
    """Return `heat_ses_info`; the customer who made it does not exist."""
    return {
        **dict.fromkeys(UNUSED, 0),
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
