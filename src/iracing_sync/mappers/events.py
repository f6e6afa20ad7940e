"""The rounds of a season, with layout, times, classes, cars and restrictions."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from iracing_sync.mappers.cars import car_class_stub, car_stub
from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.mappers.tracks import layout_stub
from iracing_sync.mappers.units import celsius
from iracing_sync.tables.base import Record
from iracing_sync.tables.events import CarRestriction, Event, EventCar, EventClass, EventTime
from iracing_sync.tables.ignored import keys_not_stored

UNSTORED = keys_not_stored("series/seasons", "schedules[]")

WEEK = timedelta(days=7)

MOST_DAYS = 3660
"""A schedule tells of days up to a year ahead; the view upcoming_session reckons with them."""


def map_round(
    round_: JsonObject, *, season_id: int, class_ids: Sequence[int], members: Mapping[int, Sequence[int]]
) -> Iterator[Record]:
    """Yield the layout as the round names it, the round, and what belongs to it."""
    number = round_.whole("race_week_num")
    track = round_.object("track")
    times = round_.maybe_objects("race_time_descriptors")
    yield layout_stub(track)
    children = [
        *map_times(times, season_id, number),
        *map_classes_and_cars(round_, season_id, number, class_ids, members),
        *map_restrictions(round_, season_id, number),
    ]
    yield event_record(round_, season_id, number, track, times)
    yield from children


def event_record(
    round_: JsonObject, season_id: int, number: int, track: JsonObject, times: Sequence[JsonObject]
) -> Event:
    """Map the round itself; what has no column goes to `settings`."""
    starts_at = round_.instant("start_date")
    ends_at, is_derived = week_ends_at(round_, starts_at, times)
    weather = round_.maybe_object("weather")
    summary = weather.maybe_object("weather_summary") if weather else None  # since 2024-03
    units = (summary.maybe_whole("temp_units") if summary else None) or 0
    return Event(
        season_id=season_id,
        race_week_num=number,
        track_id=track.whole("track_id"),
        starts_at=starts_at,
        ends_at=ends_at,
        is_ends_at_derived=is_derived,
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
        category=round_.maybe_text("category"),  # since 2024-03, with its id
        category_id=round_.maybe_whole("category_id"),
        precip_chance_pct=summary.maybe_number("precip_chance") if summary else None,
        temp_c=celsius(weather.maybe_number("temp_value"), weather.maybe_whole("temp_units") or 0) if weather else None,
        temp_low_c=celsius(summary.maybe_number("temp_low"), units) if summary else None,
        temp_high_c=celsius(summary.maybe_number("temp_high"), units) if summary else None,
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


def week_ends_at(round_: JsonObject, starts_at: datetime, times: Sequence[JsonObject]) -> tuple[datetime, bool]:
    """Return when a round ends, and whether that had to be derived.

    `week_end_time` exists from 2025 on. Before, a round ends with its last session where its times are set, with the
    last of its days where they repeat, and after a week where nothing is said of them (2022).
    """
    if stated := round_.maybe_instant("week_end_time"):
        return stated, False
    ends = [end for one in times if (end := times_end_at(one))]
    return max(ends, default=starts_at + WEEK), True


def times_end_at(times: JsonObject) -> datetime | None:
    """Return when the last session of a descriptor ends, None where it tells of none."""
    if times.flag("repeating"):
        starts_at = times.maybe_instant("start_date")
        days = max(day_offsets(times) or [], default=6) + 1
        return starts_at + timedelta(days=days) if starts_at else None
    sessions = times.maybe_instants("session_times")
    return max(sessions) + timedelta(minutes=times.maybe_whole("session_minutes") or 0) if sessions else None


def day_offsets(times: JsonObject) -> list[int] | None:
    """Read on which days after the first one a descriptor repeats; raises MappingError for days of another age."""
    days = times.maybe_wholes("day_offset")
    if days and not all(0 <= day <= MOST_DAYS for day in days):
        raise times.misfit("day_offset", f"days from 0 to {MOST_DAYS}", days)
    return days


def map_times(descriptors: Sequence[JsonObject], season_id: int, number: int) -> Iterator[EventTime]:
    """Yield when the sessions start; the descriptors are absent in 2022 documents."""
    for ordinal, times in enumerate(descriptors):
        sessions = times.maybe_instants("session_times")
        yield EventTime(
            season_id=season_id,
            race_week_num=number,
            ordinal=ordinal,
            is_repeating=times.flag("repeating"),
            is_super_session=times.maybe_flag("super_session") or False,
            session_minutes=times.maybe_whole("session_minutes"),
            starts_on=times.maybe_day("start_date"),
            day_offsets=day_offsets(times),
            first_session_at=times.maybe_clock("first_session_time"),
            repeat_minutes=times.maybe_whole("repeat_minutes"),
            session_times=sessions if sessions is None else sorted(sessions),
        )


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
    yield from map(car_class_stub, week_classes)
    for ordinal, car_class_id in enumerate(dict.fromkeys(class_ids)):
        yield EventClass(season_id=season_id, race_week_num=number, car_class_id=car_class_id, ordinal=ordinal)
    for car in week_cars:
        yield car_stub(car.whole("car_id"), car.maybe_text("car_name"), car.maybe_text("car_name_abbreviated"))
    car_ids = [car.whole("car_id") for car in week_cars] or [
        car for known in class_ids for car in members.get(known, [])
    ]
    source = "week_cars" if week_cars else "week_classes" if week_classes else "season_classes"
    for car_id in dict.fromkeys(car_ids):
        yield EventCar(season_id=season_id, race_week_num=number, car_id=car_id, known_from=source)


def map_restrictions(round_: JsonObject, season_id: int, number: int) -> Iterator[Record]:
    """Yield the balance of performance of a round, empty for about a third of them."""
    for car in round_.maybe_objects("car_restrictions"):
        car_id = car.whole("car_id")
        yield car_stub(car_id)
        yield CarRestriction(
            season_id=season_id,
            race_week_num=number,
            car_id=car_id,
            max_fuel_fill_pct=car.maybe_number("max_pct_fuel_fill"),
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
        race_week_num=week.whole("race_week_num"),
        track_id=track.whole("track_id"),
        is_ends_at_derived=True,
        settings={},
        is_stub=True,
    )
