"""What never changes in the simulated iRacing: licences, constants, and the index of endpoints."""

from datetime import datetime
from typing import Any

from iracing_sync.quarters import quarter_at
from iracing_sync.simulator.synthetic.plans import LICENSES
from iracing_sync.simulator.synthetic.seasons import SPLIT_AT

LETTERS = {1: "R", 2: "D", 3: "C", 4: "B", 5: "A"}
PARAMETERS: dict[str, dict[str, bool]] = {
    "car/assets": {},
    "car/get": {},
    "carclass/get": {},
    "constants/categories": {},
    "constants/divisions": {},
    "constants/event_types": {},
    "lookup/current_season": {},
    "lookup/licenses": {},
    "season/list": {"season_year": True, "season_quarter": True},
    "season/race_guide": {"from": False, "include_end_after_from": False},
    "series/assets": {},
    "series/get": {},
    "series/past_seasons": {"series_id": True},
    "series/season_list": {"include_series": False, "season_year": False, "season_quarter": False},
    "series/season_schedule": {"season_id": True},
    "series/seasons": {"include_series": False, "season_year": False, "season_quarter": False},
    "series/stats_series": {},
    "track/assets": {},
    "track/get": {},
}
"""The endpoints with their parameters, and whether each is required."""


def lookup_licenses() -> list[dict[str, Any]]:
    """Return `lookup/licenses`."""
    return [
        {
            "license_group": group,
            "group_name": name,
            "min_num_races": 2,
            "participation_credits": 4,
            "min_sr_to_fast_track": 300,
            "levels": [_license_level(group, step) for step in range(1, 5)],
            "min_num_tt": 4,
        }
        for group, name in LICENSES.items()
    ]


def _license_level(group: int, step: int) -> dict[str, Any]:
    return {
        "license_id": 4 * (group - 1) + step,
        "license_group": group,
        "license": f"{LICENSES[group]} {step}.0",
        "short_name": f"{LETTERS[group]} {step}.0",
        "license_letter": LETTERS[group],
        "color": "0c0c0c",
    }


def constants_categories(at: datetime) -> list[dict[str, Any]]:
    """Return `constants/categories`; `Road` was split in 2024."""
    labels = {1: "Oval", 2: "Road", 3: "Dirt oval", 4: "Dirt road"}
    if at >= SPLIT_AT:
        labels |= {5: "Sports car", 6: "Formula car"}
    return _constants(labels)


def constants_divisions() -> list[dict[str, Any]]:
    """Return `constants/divisions`."""
    return _constants({-1: "ALL", **{number: f"Division {number + 1}" for number in range(10)}, 10: "Rookie"})


def constants_event_types() -> list[dict[str, Any]]:
    """Return `constants/event_types`."""
    return _constants({2: "Practice", 3: "Qualify", 4: "Time Trial", 5: "Race"})


def _constants(labels: dict[int, str]) -> list[dict[str, Any]]:
    return [{"label": label, "value": value} for value, label in labels.items()]


def lookup_current_season(at: datetime) -> list[dict[str, Any]]:
    """Return `lookup/current_season`: the year and the quarter of the moment."""
    quarter = quarter_at(at)
    return [_lookup("year", quarter.year), _lookup("quarter", quarter.number)]


def _lookup(tag: str, number: int) -> dict[str, Any]:
    values = [{"value": str(number), "description": str(number), "seq": 1}]
    return {"tag": tag, "lookups": [{"lookup_type": f"season_{tag}", "lookup_values": values}]}


def doc() -> dict[str, Any]:
    """Return `doc`: the endpoints by group and name."""
    groups: dict[str, Any] = {}
    for endpoint, parameters in PARAMETERS.items():
        group, name = endpoint.split("/")
        entry: dict[str, Any] = {"link": f"https://members-ng.iracing.com/data/{endpoint}", "expirationSeconds": 900}
        if parameters:
            entry["parameters"] = {key: {"required": True} if needed else {} for key, needed in parameters.items()}
        groups.setdefault(group, {})[name] = entry
    return groups
