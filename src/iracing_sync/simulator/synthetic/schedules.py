"""The rounds of a simulated season as `schedules[]` shows them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from iracing_sync.simulator.synthetic.catalogue import Car
from iracing_sync.simulator.synthetic.dice import Dice
from iracing_sync.simulator.synthetic.forecast import round_weather
from iracing_sync.simulator.synthetic.plans import CATEGORY_IDS
from iracing_sync.simulator.synthetic.racing_calendar import midnight, utc_text
from iracing_sync.simulator.synthetic.renames import name_of, season_name
from iracing_sync.simulator.synthetic.rounds import Round, rounds_at
from iracing_sync.simulator.synthetic.seasons import LENGTHS_SINCE, SPLIT_AT, Season, category_at
from iracing_sync.simulator.synthetic.shapes import in_shape, shape_of

DESCRIPTORS_SINCE = midnight(date(2023, 1, 1))


def round_documents(season: Season, at: datetime, dice: Dice) -> list[dict[str, Any]]:
    """Return `schedules[]` of a season."""
    names = _season_names(season, at, dice)
    seen_at = season.seen_at(at)
    shape = shape_of(season.season_id, seen_at)
    return [{**names, **in_shape(_round_document(round_, seen_at), shape)} for round_ in rounds_at(season, at, dice)]


def _season_names(season: Season, at: datetime, dice: Dice) -> dict[str, Any]:
    return {
        "season_id": season.season_id,
        "series_id": season.plan.series_id,
        "series_name": name_of(season.plan, season.seen_at(at), dice),
        "season_name": season_name(season, at, dice),
    }


def _round_document(round_: Round, seen_at: datetime) -> dict[str, Any]:
    """Return a round with the fields that the API had when it was seen, in the older of its shapes."""
    return {
        "race_week_num": round_.number,
        "schedule_name": f"{round_.season.plan.name.lower()} - server row {1 + round_.roll_now(2, 'row')}",
        "start_date": round_.day.isoformat(),
        "track": round_track(round_),
        "weather": round_weather(round_, seen_at),
        "track_state": {"leave_marbles": bool(round_.planned.roll(2, "marbles"))},
        "car_restrictions": _car_restrictions(round_),
        "race_week_cars": [_week_car(car) for car in round_.week_cars],
        **_race_rules(round_),
        **dict(_release_fields(round_, seen_at)),
    }


def round_track(round_: Round) -> dict[str, Any]:
    """Return the track of a round; `config_name` is null or absent for a track's only layout."""
    kind = round_.layout.kind
    return {"category": kind, "category_id": CATEGORY_IDS[kind], **track_in_short(round_)}


def track_in_short(round_: Round) -> dict[str, Any]:
    """Return the track of a round as past seasons name it."""
    layout = round_.layout
    document = {"track_id": layout.track_id, "track_name": layout.name}
    if layout.config is not None or round_.number % 2:
        document["config_name"] = layout.config
    return document


def _race_rules(round_: Round) -> dict[str, Any]:
    category = round_.season.plan.category
    return {
        "race_lap_limit": round_.laps,
        "race_time_limit": round_.minutes,
        "start_type": "Rolling" if category != "formula_car" else "Standing",
        "restart_type": "Double-file Back",
        "qual_attached": True,
        "full_course_cautions": category == "oval",
        "special_event_type": None,
        "start_zone": category == "oval",
        "enable_pitlane_collisions": False,
        "short_parade_lap": False,
    }


def _release_fields(round_: Round, seen_at: datetime) -> Iterator[tuple[str, Any]]:
    """Yield the fields that came and went with the API's releases."""
    if seen_at < DESCRIPTORS_SINCE:
        yield "yellow_flags", True
    else:
        yield "race_time_descriptors", list(_time_descriptors(round_))
    if seen_at >= SPLIT_AT:
        category = category_at(round_.season.plan.category, seen_at)
        yield from {"category": category, "category_id": CATEGORY_IDS[category]}.items()
    if seen_at < LENGTHS_SINCE:
        yield "simulated_time_multiplier", 1
    else:
        yield from {"practice_length": 3, "qualify_laps": 2, "qualify_length": 8, "warmup_length": 0}.items()
        yield "race_week_car_class_ids", round_.planned.week_classes
        yield "week_end_time", utc_text(round_.ends_at)


def _time_descriptors(round_: Round) -> Iterator[dict[str, Any]]:
    minutes = 30 + round_.planned.roll(60, "session")
    is_super = round_.planned.has("super")
    if round_.season.plan.rhythm != "year":
        yield {
            "repeating": True,
            "super_session": False,
            "session_minutes": minutes,
            "start_date": round_.day.isoformat(),
            "day_offset": [0] if round_.season.plan.rhythm == "week13" else list(range(7)),
            "first_session_time": "00:45:00",
            "repeat_minutes": 120,
        }
    if round_.season.plan.rhythm == "year" or is_super:
        yield {
            "repeating": False,
            "super_session": is_super,
            "session_minutes": 2 * minutes,
            "session_times": [_set_time(round_.day, day, hour) for day, hour in ((2, 19), (4, 1), (4, 13))],
        }


def _set_time(day: date, offset: int, hour: int) -> str:
    return utc_text(midnight(day) + timedelta(days=offset, hours=hour))


def _car_restrictions(round_: Round) -> list[dict[str, Any]]:
    """Return the balance of performance, in any order."""
    cars = sorted(round_.planned.restricted_cars, key=lambda car: round_.roll_now(1 << 32, f"order {car.car_id}"))
    return [_car_restriction(round_, car) for car in cars]


def _car_restriction(round_: Round, car: Car) -> dict[str, Any]:
    planned = round_.planned
    restriction: dict[str, Any] = {
        "car_id": car.car_id,
        "max_dry_tire_sets": planned.roll(4, f"tyres {car.car_id}"),
        "max_pct_fuel_fill": 100 - 5 * planned.roll(4, f"fuel {car.car_id}"),
        "power_adjust_pct": round_.power(car),
        "weight_penalty_kg": planned.pick((0, 5, 10), f"weight {car.car_id}"),
    }
    if round_.season.plan.is_fixed:
        restriction["race_setup_id"] = 50000 + planned.roll(9000, f"setup {car.car_id}")
    return restriction


def _week_car(car: Car) -> dict[str, Any]:
    return {"car_id": car.car_id, "car_name": car.name, "car_name_abbreviated": car.short_name}
