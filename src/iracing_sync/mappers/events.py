"""The rounds of a season, with layout, times, sessions, classes, cars and restrictions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from iracing_sync.changes.older_shape import older_fields
from iracing_sync.mappers.cars import car_class_stub, car_stub
from iracing_sync.mappers.event_times import map_sessions, map_times, round_ends_at
from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.mappers.tracks import layout_stub
from iracing_sync.mappers.units import celsius, measure
from iracing_sync.tables.base import Record
from iracing_sync.tables.events import (
    MOST_ROUNDS,
    SEASON_CLASSES,
    WEEK_CARS,
    WEEK_CLASSES,
    CarRestriction,
    Event,
    EventCar,
    EventClass,
    EventTime,
)
from iracing_sync.tables.ignored import keys_not_stored

UNSTORED = keys_not_stored("series/seasons", "schedules[]")


def map_round(
    round_: JsonObject, *, season_id: int, class_ids: Sequence[int], members: Mapping[int, Sequence[int]]
) -> Iterator[Record]:
    """Yield the layout as the round names it, the round, and what belongs to it."""
    round_ = round_.with_values(older_fields(round_.as_sent()))
    number = round_number(round_)
    track = round_.object("track")
    yield layout_stub(track)
    times = list(map_times(round_, season_id, number))
    others = [
        *map_sessions(round_, season_id, number),
        *map_classes_and_cars(round_, season_id, number, class_ids, members),
        *map_restrictions(round_, season_id, number),
    ]
    yield event_record(round_, season_id, number, track, times)
    yield from times
    yield from others


def round_number(round_: JsonObject) -> int:
    """Read which round of its season one is; raises MappingError beyond what a season can have."""
    number = round_.whole("race_week_num")
    if not 0 <= number < MOST_ROUNDS:
        raise round_.misfit("race_week_num", f"a number from 0 to {MOST_ROUNDS - 1}", number)
    return number


def event_record(
    round_: JsonObject, season_id: int, number: int, track: JsonObject, times: Sequence[EventTime]
) -> Event:
    """Map the round itself; what has no column goes to `settings`."""
    starts_at = round_.instant("start_date")
    week_ends_at = round_.maybe_instant("week_end_time")
    ends_at = round_ends_at(week_ends_at, starts_at, times)
    weather = round_.maybe_object("weather")
    summary = weather.maybe_object("weather_summary") if weather else None  # since 2024-03
    temp_c = celsius(weather, "temp_value") if weather else None
    return Event(
        season_id=season_id,
        race_week_num=number,
        track_id=track.whole("track_id"),
        starts_at=starts_at,
        ends_at=ends_at,
        week_ends_at=week_ends_at,
        is_ends_at_derived=ends_at != week_ends_at,
        race_laps=round_.positive("race_lap_limit"),
        race_minutes=round_.positive("race_time_limit"),
        practice_minutes=round_.maybe_whole("practice_length"),  # the three lengths since 2025
        qualify_minutes=round_.maybe_whole("qualify_length"),
        qualify_laps=round_.positive("qualify_laps"),
        warmup_minutes=round_.maybe_whole("warmup_length"),
        is_qualify_attached=round_.maybe_flag("qual_attached"),
        start_type=round_.maybe_text("start_type"),
        restart_type=round_.maybe_text("restart_type"),
        has_full_course_cautions=round_.maybe_flag("full_course_cautions"),
        category=round_.maybe_text("category") or track.maybe_text("category"),  # since 2024-03, with its id
        category_id=round_.maybe_whole("category_id") or track.maybe_whole("category_id"),
        precip_chance_pct=measure(summary.maybe_percent("precip_chance")) if summary else None,
        temp_c=None if summary else temp_c,
        temp_low_c=celsius(summary, "temp_low") if summary else None,
        temp_high_c=celsius(summary, "temp_high") if summary else None,
        simulated_start_at=weather.maybe_local_time("simulated_start_time") if weather else None,
        special_event_type=round_.maybe_whole("special_event_type"),
        weather_config=weather_config(round_),
        settings=round_.rest(UNSTORED),
        removed_at=None,
        is_stub=False,
    )


def weather_config(round_: JsonObject) -> dict[str, object] | None:
    """Return the weather as iRacing sent it, of its presigned link only the path, which is stable."""
    weather = round_.raw("weather")
    if not isinstance(weather, dict) or not weather:
        return None
    link = weather.get("weather_url")
    return {**weather, "weather_url": link.partition("?")[0]} if isinstance(link, str) else dict(weather)


def map_classes_and_cars(
    round_: JsonObject,
    season_id: int,
    number: int,
    season_classes: Sequence[int],
    members: Mapping[int, Sequence[int]],
) -> Iterator[Record]:
    """Yield the classes of a round and the cars one may drive: the week's own cars, else those of its classes."""
    week_classes = round_.maybe_wholes("race_week_car_class_ids") or []  # 2025 on
    week_cars = round_.maybe_objects("race_week_cars")
    class_ids = week_classes or season_classes
    class_cars = {  # 2025-12 on
        one.whole("car_class_id"): one.maybe_objects("cars_in_class")
        for one in round_.maybe_objects("race_week_car_classes")
    }
    yield from map(car_class_stub, week_classes)
    for ordinal, car_class_id in enumerate(dict.fromkeys(class_ids)):
        yield EventClass(season_id=season_id, race_week_num=number, car_class_id=car_class_id, ordinal=ordinal)
    for car in [*week_cars, *chain.from_iterable(class_cars.values())]:
        yield car_stub(car.whole("car_id"), car.maybe_text("car_name"), car.maybe_text("car_name_abbreviated"))
    car_ids = ids_of(week_cars) or [
        car for known in class_ids for car in ids_of(class_cars.get(known, ())) or members.get(known, [])
    ]
    source = WEEK_CARS if week_cars else WEEK_CLASSES if week_classes else SEASON_CLASSES
    for car_id in dict.fromkeys(car_ids):
        yield EventCar(season_id=season_id, race_week_num=number, car_id=car_id, known_from=source)


def ids_of(cars: Iterable[JsonObject]) -> list[int]:
    """Return the car ids of objects that name cars."""
    return [car.whole("car_id") for car in cars]


def map_restrictions(round_: JsonObject, season_id: int, number: int) -> Iterator[Record]:
    """Yield the balance of performance of a round, empty for about a third of them."""
    for car in round_.maybe_objects("car_restrictions"):
        car_id = car.whole("car_id")
        yield car_stub(car_id)
        yield CarRestriction(
            season_id=season_id,
            race_week_num=number,
            car_id=car_id,
            max_fuel_fill_pct=car.maybe_percent("max_pct_fuel_fill"),
            power_adjust_pct=car.maybe_number("power_adjust_pct"),
            weight_penalty_kg=car.maybe_number("weight_penalty_kg"),
            max_dry_tire_sets=car.positive("max_dry_tire_sets"),
            race_setup_id=car.positive("race_setup_id"),
            qual_setup_id=car.positive("qual_setup_id"),
            settings=car.rest(),
        )


def map_week(season_id: int, week: JsonObject) -> Iterator[Record]:
    """Yield a round of which only the number and the layout are said."""
    track = week.object("track")
    yield layout_stub(track)
    yield Event.lesser(
        season_id=season_id,
        race_week_num=round_number(week),
        track_id=track.whole("track_id"),
        is_ends_at_derived=True,
        settings={},
        is_stub=True,
    )
