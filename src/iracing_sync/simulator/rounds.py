"""The rounds of a simulated season, as `schedules[]` shows them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from iracing_sync.simulator.catalogue import CLASS_IDS, LAYOUTS, UNLISTED_TRACK_ID, Car, Layout, cars_of, track_kind
from iracing_sync.simulator.dice import Dice
from iracing_sync.simulator.forecast import weather
from iracing_sync.simulator.plans import CATEGORY_IDS
from iracing_sync.simulator.quarters import instant_text, midnight
from iracing_sync.simulator.seasons import SPLIT_AT, Season, seen_category

DESCRIPTORS_SINCE = midnight(date(2023, 1, 1))
LENGTHS_SINCE = midnight(date(2025, 1, 1))


class Round(NamedTuple):
    """One round of a season, and the moment at which it is told of."""

    season: Season
    number: int
    at: datetime
    dice: Dice

    @property
    def day(self) -> date:
        """The first day."""
        return self.season.round_days[self.number]

    @property
    def seen_at(self) -> datetime:
        """The moment whose API shapes the document."""
        return self.season.seen_at(self.at)

    @property
    def ends_at(self) -> datetime:
        """The last start."""
        days = 1 if self.season.plan.rhythm == "week13" else 7
        return midnight(self.day) + timedelta(days=days) - timedelta(minutes=15)

    def has(self, trait: str) -> bool:
        """Say whether the series shows an oddity."""
        return trait in self.season.plan.traits

    def roll(self, sides: int, about: str) -> int:
        """Throw dice about this round."""
        return self.dice.roll(sides, about, self.season.season_id, self.number)

    def roll_now(self, sides: int, about: str) -> int:
        """Throw dice that fall another way at every fetch."""
        return self.dice.roll(sides, about, self.season.season_id, self.number, self.at.isoformat())


def schedules(season: Season, at: datetime, dice: Dice) -> list[dict[str, Any]]:
    """Return `schedules[]` of a season."""
    return [_document(Round(season, number, at, dice)) for number in range(len(season.round_days))]


def track(season: Season, number: int, dice: Dice) -> dict[str, Any]:
    """Return the track of a round; `config_name` is null or absent for a track's only layout."""
    layout = _layout(season, number, dice)
    kind = {"category": layout.kind, "category_id": CATEGORY_IDS[layout.kind]}
    document = {**kind, "track_id": layout.track_id, "track_name": layout.name}
    if layout.config is not None or number % 2:
        document["config_name"] = layout.config
    return document


def _layout(season: Season, number: int, dice: Dice) -> Layout:
    kind = track_kind(season.plan.category)
    if "unlisted_track" in season.plan.traits and number == 5:
        return Layout(UNLISTED_TRACK_ID, 0, "Brand New Circuit", None, kind)
    return dice.pick([layout for layout in LAYOUTS if layout.kind == kind], "track", season.season_id, number)


def _document(round_: Round) -> dict[str, Any]:
    season = round_.season
    return {
        "season_id": season.season_id,
        "race_week_num": round_.number,
        "series_id": season.plan.series_id,
        "series_name": season.plan.name,
        "season_name": season.name,
        "schedule_name": f"{season.plan.name.lower()} - server row {1 + round_.roll_now(2, 'row')}",
        "start_date": round_.day.isoformat(),
        "track": track(season, round_.number, round_.dice),
        "weather": weather(round_.dice, season.season_id, round_.number, round_.day, round_.at, round_.seen_at),
        "track_state": {"leave_marbles": bool(round_.roll(2, "marbles"))},
        "car_restrictions": _restrictions(round_),
        "race_week_cars": [_week_car(car) for car in _week_cars(round_)],
        **_race(round_),
        **dict(_of_its_time(round_)),
    }


def _race(round_: Round) -> dict[str, Any]:
    by_time = round_.season.plan.category == "sports_car"
    both = round_.has("both_limits")
    return {
        "race_lap_limit": 20 + round_.roll(60, "laps") if both or not by_time else None,
        "race_time_limit": 20 + 5 * round_.roll(12, "minutes") if both or by_time else None,
        "start_type": "Rolling" if round_.season.plan.category != "formula_car" else "Standing",
        "restart_type": "Double-file Back",
        "qual_attached": True,
        "full_course_cautions": round_.season.plan.category == "oval",
        "special_event_type": None,
        "start_zone": round_.season.plan.category == "oval",
        "enable_pitlane_collisions": False,
        "short_parade_lap": False,
    }


def _of_its_time(round_: Round) -> Iterator[tuple[str, Any]]:
    """Yield the fields that came and went with the API's releases."""
    if round_.seen_at < DESCRIPTORS_SINCE:
        yield "yellow_flags", True
    else:
        yield "race_time_descriptors", list(_descriptors(round_))
    if round_.seen_at >= SPLIT_AT:
        category = seen_category(round_.season.plan.category, round_.seen_at)
        yield from {"category": category, "category_id": CATEGORY_IDS[category]}.items()
    if round_.seen_at >= LENGTHS_SINCE:
        yield from {"practice_length": 3, "qualify_laps": 2, "qualify_length": 8, "warmup_length": 0}.items()
        yield "race_week_car_class_ids", _week_classes(round_)
        yield "week_end_time", instant_text(round_.ends_at)


def _descriptors(round_: Round) -> Iterator[dict[str, Any]]:
    minutes = 30 + round_.roll(60, "session")
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
    if round_.season.plan.rhythm == "year" or round_.has("super"):
        yield {
            "repeating": False,
            "super_session": round_.has("super"),
            "session_minutes": 2 * minutes,
            "session_times": [_session(round_.day, day, hour) for day, hour in ((2, 19), (4, 1), (4, 13))],
        }


def _session(day: date, offset: int, hour: int) -> str:
    return instant_text(midnight(day) + timedelta(days=offset, hours=hour))


def _restrictions(round_: Round) -> list[dict[str, Any]]:
    """Return the balance of performance, in any order; three rounds in ten have none."""
    if round_.roll(10, "unrestricted") < 3:
        return []
    cars = [car for number in round_.season.car_class_ids for car in cars_of(number)]
    about = ("restrictions", round_.season.season_id, round_.number, round_.at.isoformat())
    return [_restriction(round_, car) for car in round_.dice.shuffled(cars, *about)]


def _restriction(round_: Round, car: Car) -> dict[str, Any]:
    restriction: dict[str, Any] = {
        "car_id": car.car_id,
        "max_dry_tire_sets": round_.roll(4, f"tyres {car.car_id}"),
        "max_pct_fuel_fill": 100 - 5 * round_.roll(4, f"fuel {car.car_id}"),
        "power_adjust_pct": (0, -0.5, -1.25, -2)[round_.roll(4, f"power {car.car_id}")],
        "weight_penalty_kg": (0, 5, 10)[round_.roll(3, f"weight {car.car_id}")],
    }
    if round_.season.plan.is_fixed:
        restriction["race_setup_id"] = 50000 + round_.roll(9000, f"setup {car.car_id}")
    return restriction


def _week_cars(round_: Round) -> list[Car]:
    if not round_.has("week_cars"):
        return []
    classes = CLASS_IDS[round_.season.plan.category]
    return cars_of(classes[round_.number % len(classes)])


def _week_car(car: Car) -> dict[str, Any]:
    return {"car_id": car.car_id, "car_name": car.name, "car_name_abbreviated": car.short_name}


def _week_classes(round_: Round) -> list[int]:
    if not round_.has("week_classes"):
        return []
    classes = CLASS_IDS[round_.season.plan.category]
    first = round_.number % len(classes)
    return sorted({classes[first], classes[(first + 1) % len(classes)]})
