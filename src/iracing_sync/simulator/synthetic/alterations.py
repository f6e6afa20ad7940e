"""What becomes of a round when something happens to it: the field, what it was, and what it is from then on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from iracing_sync.quarters import Quarter, quarter_at
from iracing_sync.simulator.synthetic.catalogue import CLASS_IDS, cars_of
from iracing_sync.simulator.synthetic.layouts import FIRST_NEW_TRACK_ID, LAYOUTS_OF, track_kind
from iracing_sync.simulator.synthetic.planned_rounds import POWERS, PlannedRound
from iracing_sync.simulator.synthetic.racing_calendar import midnight, ordinal_of

NEW_LAYOUTS_SINCE = Quarter(2024, 1)


class Alteration(NamedTuple):
    """A field under iRacing's own name, and its values; `car_id` where it belongs to one car."""

    field: str = ""
    old: Any = None
    new: Any = None
    car_id: int | None = None


def alteration(kind: str, round_: PlannedRound) -> Alteration:
    """Return what a happening of a kind makes of a round."""
    return ALTERATIONS[kind](round_) if kind in ALTERATIONS else Alteration()


def _other_track(round_: PlannedRound) -> Alteration:
    old = round_.layout.track_id
    others = [layout.track_id for layout in LAYOUTS_OF[track_kind(round_.season.plan.category)]]
    others.remove(old)
    return Alteration("track_id", old, round_.pick(others, "other track"))


def _layout_new_in_its_quarter(round_: PlannedRound) -> Alteration:
    """Move the round to the layout that is new in its quarter; each quarter has but one."""
    number = ordinal_of(quarter_at(midnight(round_.day))) - ordinal_of(NEW_LAYOUTS_SINCE)
    return Alteration("track_id", round_.layout.track_id, FIRST_NEW_TRACK_ID + number)


def _other_length(round_: PlannedRound) -> Alteration:
    limits = {"race_lap_limit": round_.laps, "race_time_limit": round_.minutes}
    field, old = round_.pick([(name, limit) for name, limit in limits.items() if limit], "other limit")
    return Alteration(field, old, old + round_.pick((-10, -5, 5, 10), "other length"))


def _postponement(round_: PlannedRound) -> Alteration:
    later = round_.day + timedelta(days=round_.pick((1, 2, 3), "other day"))
    return Alteration("start_date", round_.day.isoformat(), later.isoformat())


def _other_power(round_: PlannedRound) -> Alteration:
    car = round_.pick(round_.restricted_cars, "other car")
    old = round_.power(car)
    new = round_.pick([power for power in POWERS if power != old], "other power")
    return Alteration("power_adjust_pct", old, new, car.car_id)


def _other_temperature(round_: PlannedRound) -> Alteration:
    old = round_.temperature
    return Alteration("temp_value", old, old + round_.pick((-4, -2, 2, 4), "other temperature"))


def _other_cars(round_: PlannedRound) -> Alteration:
    others = [number for number in CLASS_IDS[round_.season.plan.category] if number != round_.week_class]
    new = cars_of(round_.pick(others, "other cars"))
    old = cars_of(round_.week_class) if round_.week_class else []
    return Alteration("race_week_cars", [car.car_id for car in old], [car.car_id for car in new])


ALTERATIONS: dict[str, Callable[[PlannedRound], Alteration]] = {
    "track": _other_track,
    "new_layout": _layout_new_in_its_quarter,
    "length": _other_length,
    "postponed": _postponement,
    "restriction": _other_power,
    "weather": _other_temperature,
    "cars": _other_cars,
}
