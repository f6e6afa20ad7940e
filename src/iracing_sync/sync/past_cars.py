"""The cars of rounds already run, which stay as they were."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from iracing_sync.records import Event, EventCar, EventClass, Record
from iracing_sync.stored import Row

CAR = ("season_id", "race_week_num", "car_id", "known_from")


def with_past_cars(records: list[Record], old: Mapping[str, Sequence[Row]], now: datetime) -> list[Record]:
    """Leave the cars of past rounds as they were: a class that gains a car today changes no round already run.

    That holds where the cars are those of the classes, and the classes are the same.
    """
    past = {one.race_week_num for one in records if isinstance(one, Event) and one.ends_at and one.ends_at <= now}
    before = classes_by_round((row["race_week_num"], row["car_class_id"]) for row in old.get("event_class", ()))
    after = classes_by_round((one.race_week_num, one.car_class_id) for one in records if isinstance(one, EventClass))
    cars = [row for row in old.get("event_car", ()) if row["known_from"] != "week_cars"]
    kept = {row["race_week_num"] for row in cars} & {number for number in past if before[number] == after[number]}
    frozen = [EventCar(**{name: row[name] for name in CAR}) for row in cars if row["race_week_num"] in kept]
    return [one for one in records if not (isinstance(one, EventCar) and is_of_classes(one, kept))] + frozen


def is_of_classes(car: EventCar, rounds: Collection[int]) -> bool:
    """Tell whether a car may be driven in one of the rounds because of its class."""
    return car.race_week_num in rounds and car.known_from != "week_cars"


def classes_by_round(pairs: Iterable[tuple[int, int]]) -> Mapping[int, set[int]]:
    """Return the class ids by race_week_num."""
    found: dict[int, set[int]] = defaultdict(set)
    for number, car_class_id in pairs:
        found[number].add(car_class_id)
    return found
