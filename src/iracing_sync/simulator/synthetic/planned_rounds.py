"""The rounds of a simulated season as first announced, before anything happens to them."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeVar

from iracing_sync.simulator.synthetic.catalogue import CLASS_IDS, Car, cars_of
from iracing_sync.simulator.synthetic.dice import Dice
from iracing_sync.simulator.synthetic.layouts import LAYOUTS_OF, UNLISTED_TRACK_ID, Layout, track_kind
from iracing_sync.simulator.synthetic.seasons import Season

POWERS = (0, -0.5, -1.25, -2)

Item = TypeVar("Item")


class PlannedRound(NamedTuple):
    """One round as its season announced it."""

    season: Season
    season_id: int
    number: int
    day: date
    dice: Dice

    def has(self, trait: str) -> bool:
        """Say whether the series shows an oddity."""
        return trait in self.season.plan.traits

    def roll(self, sides: int, about: str) -> int:
        """Throw dice about this round."""
        return self.dice.roll(sides, about, self.season_id, self.number)

    def pick(self, items: Sequence[Item], about: str) -> Item:
        """Return one of the items."""
        return items[self.roll(len(items), about)]

    @property
    def layout(self) -> Layout:
        """What is raced on."""
        kind = track_kind(self.season.plan.category)
        if self.has("unlisted_track") and self.number == 5:
            return Layout(UNLISTED_TRACK_ID, 0, "Brand New Circuit", None, kind)
        return self.pick(LAYOUTS_OF[kind], "track")

    @property
    def laps(self) -> int | None:
        """After how many laps the race ends, if only by time then None."""
        by_time = self.season.plan.category == "sports_car"
        return 20 + self.roll(60, "laps") if self.has("both_limits") or not by_time else None

    @property
    def minutes(self) -> int | None:
        """After how many minutes the race ends, if only by laps then None."""
        by_time = self.season.plan.category == "sports_car"
        return 20 + 5 * self.roll(12, "minutes") if self.has("both_limits") or by_time else None

    @property
    def restricted_cars(self) -> list[Car]:
        """The cars with a balance of performance; three rounds in ten have none."""
        if self.roll(10, "unrestricted") < 3:
            return []
        return [car for number in self.season.car_class_ids for car in cars_of(number)]

    def power(self, car: Car) -> float:
        """Return a car's `power_adjust_pct`."""
        return self.pick(POWERS, f"power {car.car_id}")

    @property
    def week_classes(self) -> list[int]:
        """The classes of this week alone, where the series changes them."""
        classes = CLASS_IDS[self.season.plan.category]
        first = self.number % len(classes)
        return sorted({classes[first], classes[(first + 1) % len(classes)]}) if self.has("week_classes") else []

    @property
    def week_class(self) -> int | None:
        """The class whose cars are those of this week alone, where the series changes cars."""
        classes = CLASS_IDS[self.season.plan.category]
        return classes[self.number % len(classes)] if self.has("week_cars") else None

    @property
    def is_celsius(self) -> bool:
        """Whether the temperature is in °C, else in °F."""
        return self.roll(5, "units") == 0

    @property
    def temperature(self) -> int:
        """The `temp_value` of its weather."""
        return 12 + self.roll(22, "temp") if self.is_celsius else 55 + self.roll(36, "temp")


@lru_cache(maxsize=512)
def planned_rounds(season: Season, dice: Dice) -> tuple[PlannedRound, ...]:
    """Return all rounds of a season as announced."""
    season_id = season.season_id
    return tuple(PlannedRound(season, season_id, number, day, dice) for number, day in enumerate(season.round_days))
