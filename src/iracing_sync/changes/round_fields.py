"""How a round differs from what is stored of it, field by field."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from iracing_sync.changes.canonical import LARGEST_EXACT
from iracing_sync.changes.compared import (
    CARS_PATHS,
    END_PATH,
    NOT_SAID,
    RESTRICTION,
    ROUND_PATH,
    SETUP,
    TIMES_PATH,
    UNREPORTED,
    WEATHER_COLUMNS,
    Compared,
    compared_columns,
)
from iracing_sync.changes.facts import Difference
from iracing_sync.changes.known_paths import KNOWN
from iracing_sync.tables.base import Severity
from iracing_sync.tables.events import RACE, WEEK_CARS, Event, EventTime
from iracing_sync.tables.rows import Row

Members = Mapping[int, Sequence[int]]
"""The car ids of each car class."""


class Round(NamedTuple):
    """A round and what belongs to it, as rows."""

    event: Row
    times: Sequence[Row]
    classes: Sequence[Row]
    cars: Sequence[Row]
    restrictions: Sequence[Row]


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

TIME_COLUMNS = tuple(column.name for column in EventTime.__table__.columns if "source" in column.info)


def field_differences(old: Round, new: Round, released: Collection[str], members: Members) -> Iterator[Difference]:
    """Yield each field of a round that differs."""
    in_time = [
        *columns(old.event, new.event, compared_columns(Event), released),
        *lengths(old.event, new.event, released),
    ]
    stays = has_same_starts(old, new)
    yield from without_moves(in_time) if stays else in_time
    yield from times(old, new, released, stays=stays)
    yield from cars(old, new, released, members)
    yield from per_car("restrictions", old, new, RESTRICTION, released, "medium")
    yield from per_car("setups", old, new, SETUP, released, "low")
    yield from weather(old.event["weather_config"], new.event["weather_config"], released)
    yield from objects("settings", old.event["settings"], new.event["settings"], ROUND_PATH, released, "low")


def columns(old: Row, new: Row, compared: Sequence[Compared], released: Collection[str]) -> Iterator[Difference]:
    """Yield the columns that differ."""
    for column, path, severity in compared:
        if old[column] != new[column] and path not in released and is_said_twice(column, old, new):
            yield Difference(column, plain(old[column]), plain(new[column]), severity)


SPLIT = frozenset({"sports_car", "formula_car"})
"""What `road` has become in 2024-03."""


def is_said_twice(column: str, old: Row, new: Row) -> bool:
    """Tell whether both rows say something of a column: a field that some documents lack is no change of schedules."""
    if column == "qualify_laps":  # 0, which is null here, where there is no limit
        return old["qualify_minutes"] is not None and new["qualify_minutes"] is not None
    if column == "category" and old[column] == "road" and new[column] in SPLIT:
        return False
    return column not in NOT_SAID or (old[column] is not None and new[column] is not None)


def lengths(old: Row, new: Row, released: Collection[str]) -> Iterator[Difference]:
    """Yield the end of a round where iRacing states it and the round is not just moved as a whole."""
    before, after = old["week_ends_at"], new["week_ends_at"]
    if not (before and after) or END_PATH in released:
        return
    if before - old["starts_at"] != after - new["starts_at"]:
        yield Difference("ends_at", plain(before), plain(after), "high")


def without_moves(found: Iterable[Difference]) -> Iterator[Difference]:
    """Yield the differences of a round whose races start when they did: where it begins and ends matters little."""
    for one in found:
        yield one._replace(severity="low") if one.field in ("starts_at", "ends_at") else one


def times(old: Round, new: Round, released: Collection[str], *, stays: bool) -> Iterator[Difference]:
    """Yield the times of the races where they differ other than by the round's own move; none where all `stays`.

    That they are thought to last longer or shorter matters little.
    """
    if TIMES_PATH in released:
        return
    before, after = races(old), races(new)
    minutes: Any = [sorted(row["session_minutes"] or 0 for row in rows) for rows in (before, after)]
    moves = not stays and len(set(patterns(old, new, old.event["starts_at"], new.event["starts_at"]))) > 1
    if moves or minutes[0] != minutes[1]:
        yield Difference("times", plain_rows(before), plain_rows(after), "high" if moves else "low")


def races(round_: Round) -> list[Row]:
    """Return the descriptors of the races of a round."""
    return [row for row in round_.times if row["kind"] == RACE]


def has_same_starts(old: Round, new: Round) -> bool:
    """Tell whether the races of a round start at the very instants at which they did, of whatever day it is thought."""
    before, after = patterns(old, new, EPOCH, EPOCH)
    return bool(before) and before == after


def patterns(old: Round, new: Round, *since: datetime) -> list[tuple[str, ...]]:
    """Return when races start as seen from an instant of each round; with their end where both rounds tell of it."""
    rows = [races(old), races(new)]
    has_ends = all(any(row["end_offset_minutes"] is not None for row in some) for some in rows)
    return [
        tuple(sorted(repr(seen_from(start, row, has_ends)) for row in some))
        for start, some in zip(since, rows, strict=True)
    ]


def seen_from(start: datetime, row: Row, has_end: bool) -> tuple[Any, ...]:
    """Return one descriptor with its days and instants counted from the start of the round."""
    columns = ("is_repeating", "is_super_session", "first_session_at", "repeat_minutes")
    first = (row["starts_on"] - start.date()).days if row["starts_on"] else 0
    days = [first + offset for offset in row["day_offsets"] or (0,)]
    seconds = [(at - start).total_seconds() for at in row["session_times"] or ()]
    end = row["end_offset_minutes"] if has_end else None
    return (*(row[column] for column in columns), end, sorted(days), seconds)


def cars(old: Round, new: Round, released: Collection[str], members: Members) -> Iterator[Difference]:
    """Yield the classes, or where they are the same the cars; what a class gained or lost is told of the class."""
    if any(path in released for path in CARS_PATHS):
        return
    car_ids = [sorted(row["car_id"] for row in round_.cars) for round_ in (old, new)]
    class_ids = [
        [row["car_class_id"] for row in sorted(round_.classes, key=lambda row: row["ordinal"])] for round_ in (old, new)
    ]
    has_week_cars = any(row["known_from"] == WEEK_CARS for row in (*old.cars, *new.cars))
    if set(class_ids[0]) != set(class_ids[1]) and not has_week_cars:
        yield Difference("car_class_ids", class_ids[0], class_ids[1], "high")
        return
    of_classes = {car for one in class_ids[1] for car in members.get(one, ())}
    if car_ids[0] != car_ids[1] and car_ids[0] and (has_week_cars or of_classes != set(car_ids[1])):
        yield Difference("cars", car_ids[0], car_ids[1], "high")
    elif class_ids[0] != class_ids[1]:
        severity: Severity = "high" if set(class_ids[0]) != set(class_ids[1]) else "medium"
        yield Difference("car_class_ids", class_ids[0], class_ids[1], severity)


def per_car(
    field: str, old: Round, new: Round, compared: Sequence[Compared], released: Collection[str], severity: Severity
) -> Iterator[Difference]:
    """Yield what is said of single cars, as objects by car_id that hold only what differs."""
    kept = [column for column, path, _ in compared if path not in released]
    before, after = (
        {row["car_id"]: {column: plain(row[column]) for column in kept} for row in round_.restrictions}
        for round_ in (old, new)
    )
    differing = [
        car for car in sorted(before.keys() | after.keys()) if effect_of(before.get(car)) != effect_of(after.get(car))
    ]
    if differing:
        yield Difference(
            field,
            {str(car): effect for car in differing if (effect := effect_of(before.get(car)))},
            {str(car): effect for car in differing if (effect := effect_of(after.get(car)))},
            severity,
        )


FULL_TANK_PCT = 100


def effect_of(restriction: Row | None) -> Row:
    """Return what a restriction does: no power or weight, a full tank and any number of tyres are none."""
    return {
        column: value
        for column, value in (restriction or {}).items()
        if value and not (column == "max_fuel_fill_pct" and value == FULL_TANK_PCT)
    }


def weather(old: Any, new: Any, released: Collection[str]) -> Iterator[Difference]:
    """Yield how the weather of a round differs; between two versions of it, only in what has a column."""
    if not old or not new:
        return
    is_another = old.get("version") != new.get("version")
    units = {key for key in WEATHER_UNITS if old.get(key) != new.get(key)}
    for one in objects("weather", old, new, f"{ROUND_PATH}weather.", released, "medium"):
        sides: Any = [
            {
                key: value
                for key, value in side.items()
                if not (is_another and f"{ROUND_PATH}weather.{key}" not in WEATHER_COLUMNS)
                and not any(key in WEATHER_UNITS[unit] for unit in units)
            }
            for side in (one.old, one.new)
        ]
        if any(sides):
            yield Difference("weather", sides[0], sides[1], "medium")


WEATHER_UNITS = {"temp_units": ("temp_value",), "wind_units": ("wind_value",)}
"""What cannot be compared where its unit is another."""


def objects(
    field: str, old: Any, new: Any, path: str, released: Collection[str], severity: Severity
) -> Iterator[Difference]:
    """Yield how two JSON objects differ, as objects that hold only the differing keys.

    Unknown keys do not count, nor those that one of the objects does not have at all, not even as null: that is a
    matter of its shape.
    """
    before, after = dict(leaves(old)), dict(leaves(new))
    differing = [key for key in sorted(before.keys() | after.keys()) if before.get(key) != after.get(key)]
    kept = [
        key
        for key in differing
        if is_reported(f"{path}{key}") and not is_within(f"{path}{key}", released) and says(old, key) and says(new, key)
    ]
    if kept:
        yield Difference(
            field,
            {key: before[key] for key in kept if key in before},
            {key: after[key] for key in kept if key in after},
            severity,
        )


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values in nested objects by their dotted path; what is empty counts as left out."""
    for key, item in (value or {}).items():
        if isinstance(item, dict):
            yield from leaves(item, f"{path}{key}.")
        elif item is not None and item != []:
            yield f"{path}{key}", item


def says(value: Any, path: str) -> bool:
    """Tell whether an object has a dotted path, or null on the way to it."""
    if value is None:
        return False
    for step in path.split("."):
        if value is None:
            return True
        if not isinstance(value, dict) or step not in value:
            return False
        value = value[step]
    return True


def is_reported(path: str) -> bool:
    """Tell whether this version knows what a JSON path of `series/seasons` means to a schedule."""
    return path in KNOWN["series/seasons"] and path not in UNREPORTED


def is_within(path: str, released: Collection[str]) -> bool:
    """Tell whether a path or an object around it came or went with a release."""
    return path in released or ("." in path and is_within(path.rpartition(".")[0], released))


def plain(value: Any) -> Any:
    """Write a value as JSON can hold it."""
    if isinstance(value, Decimal | float):
        number = float(value)
        return int(number) if abs(number) < LARGEST_EXACT and number.is_integer() else number
    if isinstance(value, date | time):
        return value.isoformat()
    return [plain(item) for item in value] if isinstance(value, list) else value


def plain_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Write what is said of the sessions."""
    return [{column: plain(row[column]) for column in TIME_COLUMNS if row[column] is not None} for row in rows]
