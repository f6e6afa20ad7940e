"""The rounds of a simulated season as they are at a moment, after all that has happened to them by then."""

from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

from iracing_sync.simulator.synthetic.catalogue import CAR_OF, Car, cars_of
from iracing_sync.simulator.synthetic.dice import Dice
from iracing_sync.simulator.synthetic.happenings import Happening
from iracing_sync.simulator.synthetic.history import happenings_to
from iracing_sync.simulator.synthetic.layouts import Layout, layout_of
from iracing_sync.simulator.synthetic.planned_rounds import PlannedRound, planned_rounds
from iracing_sync.simulator.synthetic.racing_calendar import midnight
from iracing_sync.simulator.synthetic.seasons import Season

Value = TypeVar("Value")


class Round(NamedTuple):
    """One round, and the moment at which it is told of."""

    planned: PlannedRound
    at: datetime
    happened: list[Happening]

    @property
    def season(self) -> Season:
        """The season that it belongs to."""
        return self.planned.season

    @property
    def number(self) -> int:
        """Its `race_week_num`, which it keeps whatever happens."""
        return self.planned.number

    @property
    def is_cancelled(self) -> bool:
        """Whether it is left out."""
        return bool(self.happened) and self.happened[-1].kind == "cancelled"

    @property
    def day(self) -> date:
        """The first day."""
        return date.fromisoformat(self._now("start_date", self.planned.day.isoformat()))

    @property
    def ends_at(self) -> datetime:
        """The last start."""
        days = 1 if self.season.plan.rhythm == "week13" else 7
        return midnight(self.day) + timedelta(days=days) - timedelta(minutes=15)

    @property
    def layout(self) -> Layout:
        """What is raced on."""
        planned = self.planned.layout
        track_id = self._now("track_id", planned.track_id)
        return planned if track_id == planned.track_id else layout_of(track_id, planned.kind)

    @property
    def laps(self) -> int | None:
        """After how many laps the race ends, if only by time then None."""
        return self._now("race_lap_limit", self.planned.laps)

    @property
    def minutes(self) -> int | None:
        """After how many minutes the race ends, if only by laps then None."""
        return self._now("race_time_limit", self.planned.minutes)

    @property
    def temperature(self) -> int:
        """The `temp_value` of its weather."""
        return self._now("temp_value", self.planned.temperature)

    @property
    def week_cars(self) -> list[Car]:
        """The cars of this week alone, where the series changes cars."""
        planned = cars_of(self.planned.week_class) if self.planned.week_class else []
        return [CAR_OF[car_id] for car_id in self._now("race_week_cars", [car.car_id for car in planned])]

    def power(self, car: Car) -> float:
        """Return a car's `power_adjust_pct`."""
        return self._now("power_adjust_pct", self.planned.power(car), car.car_id)

    def roll_now(self, sides: int, about: str) -> int:
        """Throw dice that fall another way at every fetch."""
        return self.planned.dice.roll(sides, about, self.planned.season_id, self.number, self.at.isoformat())

    def _now(self, field: str, planned: Value, car_id: int | None = None) -> Value:
        """Return what a field has become, else what was planned."""
        return next((one.new for one in self.happened if (one.field, one.car_id) == (field, car_id)), planned)


def rounds_at(season: Season, at: datetime, dice: Dice) -> list[Round]:
    """Return the rounds of a season without those that are cancelled; a season that is over changes no more."""
    seen_at, happenings = season.seen_at(at), happenings_to(season, dice)
    rounds = [
        Round(planned, at, [one for one in happenings.get(planned.number, []) if one.at <= seen_at])
        for planned in planned_rounds(season, dice)
    ]
    return [round_ for round_ in rounds if not round_.is_cancelled]


def current_round(season: Season, at: datetime, dice: Dice) -> Round:
    """Return the round that has begun last, or the first where none has."""
    rounds = rounds_at(season, at, dice)
    return next((round_ for round_ in reversed(rounds) if midnight(round_.day) <= at), rounds[0])
