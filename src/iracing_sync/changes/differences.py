"""How the schedule of a season differs from what is stored: each difference that matters once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from iracing_sync.changes.canonical import LARGEST_EXACT
from iracing_sync.changes.compared import (
    CARS_PATHS,
    END_PATH,
    RESTRICTION,
    ROUND_PATH,
    SEASON_PATH,
    SETUP,
    TIMES_PATH,
    UNREPORTED,
    Compared,
    compared_columns,
)
from iracing_sync.changes.known_paths import KNOWN
from iracing_sync.changes.phases import phase
from iracing_sync.tables.base import Severity
from iracing_sync.tables.events import Event, EventTime
from iracing_sync.tables.rows import Row
from iracing_sync.tables.seasons import Season
from iracing_sync.tables.series import Series

Rows = Mapping[str, Sequence[Row]]
"""Rows by table."""


class Change(NamedTuple):
    """One difference; `season_id` is None for a whole series, `race_week_num` for a whole season."""

    series_id: int
    season_id: int | None
    race_week_num: int | None
    field: str
    old: Any
    new: Any
    phase: str
    severity: Severity


class Difference(NamedTuple):
    """One field that differs."""

    field: str
    old: Any
    new: Any
    severity: Severity


class Round(NamedTuple):
    """A round and what belongs to it, as rows."""

    event: Row
    times: Sequence[Row]
    classes: Sequence[Row]
    cars: Sequence[Row]
    restrictions: Sequence[Row]


TIME_COLUMNS = tuple(column.name for column in EventTime.__table__.columns if "source" in column.info)
PARTS = ("event_time", "event_class", "event_car", "car_restriction")


def season_changes(old: Rows, new: Rows, released: Collection[str], at: datetime) -> list[Change]:
    """Return how one season differs from its stored rows; what a release of the API brought or took does not count.

    `released` are JSON paths. A season or round that was known only as a stub has nothing to differ from.
    """
    [season] = new["season"]
    if not old.get("season") or old["season"][0]["is_stub"] or season["is_stub"]:
        return []
    about = season["series_id"], season["season_id"]
    stands = phase(season["starts_at"], season["ends_at"], at)
    differences = header_differences(old["season"][0], season, released)
    found = [Change(*about, None, *one[:3], stands, one.severity) for one in differences]
    before, after = rounds_by_number(old), rounds_by_number(new)
    for number in sorted(before.keys() | after.keys()):
        was, now_is = before.get(number), after.get(number)
        event = (now_is or was).event  # type: ignore[union-attr] # one of them is there
        stands = phase(event["starts_at"], event["ends_at"], at)
        differences = round_differences(was, now_is, released)
        found.extend(Change(*about, number, *one[:3], stands, one.severity) for one in differences)
    return found


def header_differences(old: Row, new: Row, released: Collection[str]) -> Iterator[Difference]:
    """Yield how the season itself differs."""
    yield from columns(old, new, compared_columns(Season), released)
    yield from objects("settings", old["settings"], new["settings"], SEASON_PATH, released, "low")


def series_differences(old: Row, new: Row) -> list[Difference]:
    """Return how a series differs from its stored row."""
    return list(columns(old, new, compared_columns(Series), ()))


def rounds_by_number(rows: Rows) -> dict[int, Round]:
    """Put what belongs to each round together, under its race_week_num."""
    parts: dict[tuple[str, int], list[Row]] = {}
    for table in PARTS:
        for row in rows.get(table, ()):
            parts.setdefault((table, row["race_week_num"]), []).append(row)
    numbered = {event["race_week_num"]: event for event in rows.get("event", ())}
    return {
        number: Round(event, *(parts.get((table, number), []) for table in PARTS)) for number, event in numbered.items()
    }


def round_differences(old: Round | None, new: Round | None, released: Collection[str]) -> Iterator[Difference]:
    """Yield how a round differs: that it came, went or came back, or each of its fields."""
    is_back = old is not None and old.event["removed_at"] is not None
    if new is None:
        if not is_back:
            yield Difference("round", "listed", "cancelled", "high")
    elif old is None:
        yield Difference("round", None, "added", "high")
    elif not (old.event["is_stub"] or new.event["is_stub"]):
        if is_back:
            yield Difference("round", "cancelled", "restored", "high")
        yield from field_differences(old, new, released)


def field_differences(old: Round, new: Round, released: Collection[str]) -> Iterator[Difference]:
    """Yield each field of a round that differs."""
    yield from columns(old.event, new.event, compared_columns(Event), released)
    yield from lengths(old.event, new.event, released)
    yield from times(old, new, released)
    yield from cars(old, new, released)
    yield from per_car("restrictions", old, new, RESTRICTION, released, "medium")
    yield from per_car("setups", old, new, SETUP, released, "low")
    weather = old.event["weather_config"], new.event["weather_config"]
    yield from objects("weather", *weather, f"{ROUND_PATH}weather.", released, "medium")
    yield from objects("settings", old.event["settings"], new.event["settings"], ROUND_PATH, released, "low")


def columns(old: Row, new: Row, compared: Sequence[Compared], released: Collection[str]) -> Iterator[Difference]:
    """Yield the columns that differ."""
    for column, path, severity in compared:
        if old[column] != new[column] and path not in released:
            yield Difference(column, plain(old[column]), plain(new[column]), severity)


def lengths(old: Row, new: Row, released: Collection[str]) -> Iterator[Difference]:
    """Yield the end of a round where iRacing states it and the round is not just moved as a whole."""
    if old["is_ends_at_derived"] or new["is_ends_at_derived"] or END_PATH in released:
        return
    if old["ends_at"] - old["starts_at"] != new["ends_at"] - new["starts_at"]:
        yield Difference("ends_at", plain(old["ends_at"]), plain(new["ends_at"]), "high")


def times(old: Round, new: Round, released: Collection[str]) -> Iterator[Difference]:
    """Yield the times of the sessions where they differ other than by the round's own move."""
    if TIMES_PATH in released or pattern(old) == pattern(new):
        return
    yield Difference("times", plain_rows(old.times), plain_rows(new.times), "high")


def pattern(round_: Round) -> list[str]:
    """Return the times of the sessions as seen from the start of the round."""
    start = round_.event["starts_at"]
    return sorted(repr(seen_from(start, row)) for row in round_.times)


def seen_from(start: datetime, row: Row) -> tuple[Any, ...]:
    """Return one descriptor with its days and instants counted from the start of the round."""
    columns = ("is_repeating", "is_super_session", "session_minutes", "first_session_at", "repeat_minutes")
    days = row["starts_on"] and (row["starts_on"] - start.date()).days
    seconds = [(at - start).total_seconds() for at in row["session_times"] or ()]
    return (*(row[column] for column in columns), days, list(row["day_offsets"] or ()), seconds)


def cars(old: Round, new: Round, released: Collection[str]) -> Iterator[Difference]:
    """Yield the cars, or where they are the same the classes and their order."""
    if any(path in released for path in CARS_PATHS):
        return
    before, after = (sorted(row["car_id"] for row in round_.cars) for round_ in (old, new))
    if before != after and before:
        yield Difference("cars", before, after, "high")
        return
    before, after = (
        [row["car_class_id"] for row in sorted(round_.classes, key=lambda row: row["ordinal"])] for round_ in (old, new)
    )
    if before != after:
        yield Difference("car_class_ids", before, after, "high" if set(before) != set(after) else "medium")


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
            {str(car): before[car] for car in differing if car in before},
            {str(car): after[car] for car in differing if car in after},
            severity,
        )


def effect_of(restriction: Row | None) -> Row:
    """Return what a restriction says: a zero says as little as nothing."""
    return {column: value for column, value in (restriction or {}).items() if value}


def objects(
    field: str, old: Any, new: Any, path: str, released: Collection[str], severity: Severity
) -> Iterator[Difference]:
    """Yield how two JSON objects differ, as objects that hold only the differing keys; unknown keys do not count."""
    before, after = dict(leaves(old)), dict(leaves(new))
    differing = [key for key in sorted(before.keys() | after.keys()) if before.get(key) != after.get(key)]
    kept = [key for key in differing if is_reported(f"{path}{key}") and not is_within(f"{path}{key}", released)]
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


def is_reported(path: str) -> bool:
    """Tell whether this version knows what a JSON path of `series/seasons` means to a schedule."""
    return path in KNOWN["series/seasons"] and path not in UNREPORTED


def is_within(path: str, released: Collection[str]) -> bool:
    """Tell whether a path or an object around it came or went with a release."""
    return path in released or ("." in path and is_within(path.rpartition(".")[0], released))


def plain(value: Any) -> Any:
    """Write a value as JSON can hold it."""
    if isinstance(value, Decimal):
        return int(value) if abs(value) < LARGEST_EXACT and value == value.to_integral_value() else float(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return [plain(item) for item in value] if isinstance(value, list) else value


def plain_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Write what is said of the sessions."""
    return [{column: plain(row[column]) for column in TIME_COLUMNS if row[column] is not None} for row in rows]
