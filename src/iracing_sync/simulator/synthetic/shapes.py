"""The newer shape of a round: sessions and options of their own, with or without the older fields beside them."""

from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from iracing_sync.simulator.synthetic.catalogue import cars_of
from iracing_sync.simulator.synthetic.racing_calendar import midnight

SESSIONS_SINCE = midnight(date(2026, 1, 13))
LAST_PART = timedelta(days=7)
"""How much later the last seasons move over."""

UNLIMITED_LAPS = 32767
LAST_START = 22 * 60 + 45

GONE = ("practice_length", "qualify_laps", "qualify_length", "warmup_length", "start_type", "race_week_car_class_ids")
"""The older fields that some seasons have no more."""


class Shape(Enum):
    """In which shape the rounds of a season are told."""

    OLDER = "older"
    BOTH = "both"
    NEWER = "newer"


def shape_of(season_id: int, seen_at: datetime) -> Shape:
    """Return in which shape a season is seen: a third moves over later than the others, a fifth loses the older one."""
    since = SESSIONS_SINCE + (LAST_PART if season_id % 3 == 0 else timedelta(0))
    if seen_at < since:
        return Shape.OLDER
    return Shape.NEWER if season_id % 5 == 1 else Shape.BOTH


def in_shape(document: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """Return a round, told in the older shape, in another one."""
    if shape is Shape.OLDER:
        return document
    newer = document | newer_fields(document)
    if shape is Shape.BOTH:
        return newer
    without = {key: value for key, value in newer.items() if key not in GONE}
    return without | {"race_lap_limit": None, "race_time_limit": None}


def newer_fields(document: dict[str, Any]) -> dict[str, Any]:
    """Return what the newer shape has beside or in place of the older fields."""
    laps, minutes = document["race_lap_limit"], document["race_time_limit"]
    return {
        "event_options": {
            "allow_wave_arounds": True,
            "cautions_enabled": True,
            "qualify_scoring_type": 0,
            "restart_type": 2,
            "short_parade_lap": document["short_parade_lap"],
            "single_file_consec_cautions": False,
            "standing_start": document["start_type"] == "Standing",
            "starting_grid_type": 1,
        },
        "event_sessions": [
            session(3, "Open Practice", None, document["practice_length"]),
            session(4, "Lone Qualifying", document["qualify_laps"], document["qualify_length"]),
            session(6, "Race", laps, minutes),
        ],
        "qual_time_descriptors": [],
        "race_time_descriptors": [with_last_start(times) for times in document["race_time_descriptors"]],
        "race_week_car_classes": [class_with_cars(one) for one in document["race_week_car_class_ids"]],
    }


def session(number: int, name: str, laps: int | None, minutes: int | None) -> dict[str, Any]:
    """Return a session as `event_sessions` tells of it."""
    return {
        "type": number,
        "type_name": name,
        "laps": UNLIMITED_LAPS if laps is None else laps,
        "minutes": minutes or 0,
        "start_time_offset": 0,
        "unlimited_laps": laps is None,
        "unlimited_time": minutes is None,
    }


def with_last_start(times: dict[str, Any]) -> dict[str, Any]:
    """Return a descriptor with the last minute of the day at which a session may start."""
    return {**times, "end_offset_minutes": LAST_START} if times["repeating"] else times


def class_with_cars(car_class_id: int) -> dict[str, Any]:
    """Return a class as `race_week_car_classes` tells of it."""
    cars = [
        {"car_id": car.car_id, "car_name": car.name, "car_name_abbreviated": car.short_name}
        for car in cars_of(car_class_id)
    ]
    return {"car_class_id": car_class_id, "cars_in_class": cars}
