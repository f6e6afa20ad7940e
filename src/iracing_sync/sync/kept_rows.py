"""What of a stored season stays whatever a document says.

The cars of past rounds, all that it is hollow of, and what in it cannot be read: that is no change.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from iracing_sync.mappers.json_object import Misfit, first_step
from iracing_sync.tables.base import Record, columns_of_key
from iracing_sync.tables.events import (
    SEASON_CLASSES,
    WEEK_CARS,
    CarRestriction,
    Event,
    EventCar,
    EventClass,
    EventPart,
    EventSession,
    EventTime,
)
from iracing_sync.tables.mirrored import RECORDS
from iracing_sync.tables.rows import Row
from iracing_sync.tables.seasons import Season

Kind = TypeVar("Kind", bound=Record)

StoredRows = Mapping[str, Sequence[Row]]
"""The rows of one season, by table."""

PARTS = {record.__tablename__: record for record in RECORDS if issubclass(record, EventPart)}
"""What belongs to a round, by table."""


class Unread(NamedTuple):
    """A key whose value cannot be read, of a round or, without `number`, of the season itself."""

    number: int | None
    key: str


PARTS_OF_KEY: Mapping[str, tuple[type[EventPart], ...]] = {
    "race_time_descriptors": (EventTime,),
    "qual_time_descriptors": (EventTime,),
    "event_sessions": (EventSession,),
    "car_restrictions": (CarRestriction,),
    "race_week_cars": (EventCar, EventClass),
    "race_week_car_classes": (EventCar, EventClass),
    "race_week_car_class_ids": (EventCar, EventClass),
}
"""What of a round is made of a list."""

OF_ROUND = re.compile(r"\.schedules\[(\d+)\]\.(.+)$")


def unread_in(misfits: Iterable[Misfit], season: str, rounds: Sequence[Any]) -> list[Unread]:
    """Return what could not be read of a season at a path, and of its rounds as they were sent."""
    found = []
    for one in misfits:
        if one.is_fraction:
            continue
        if match := OF_ROUND.search(one.path):
            found.append(Unread(rounds[int(match[1])].get("race_week_num"), first_step(match[2])))
        elif one.path.startswith(f"{season}."):
            found.append(Unread(None, first_step(one.path.removeprefix(f"{season}."))))
    return found


def with_what_stays(
    records: list[Record], old: StoredRows, kept: Collection[str], unread: Sequence[Unread], at: datetime
) -> list[Record]:
    """Return a season's records with what stays of its stored rows; `kept` are the tables that lose nothing."""
    present = with_past_cars_and_classes(records, old, at)
    if unread:
        present = list(with_unread(present, old, unread))
    return list(with_kept(present, old, kept)) if kept else present


def with_unread(records: Sequence[Record], old: StoredRows, unread: Sequence[Unread]) -> Iterator[Record]:
    """Yield records, and in the place of what cannot be read what was stored of it."""
    rows: dict[int | None, Row] = {row["race_week_num"]: row for row in old["event"] if row["removed_at"] is None}
    rows.update((None, row) for row in old["season"])
    columns: dict[int | None, set[str]] = defaultdict(set)
    parts: set[tuple[type[Record], int | None]] = set()
    for number, key in unread:
        if number not in rows:
            continue
        of_key = PARTS_OF_KEY.get(key, ())
        parts |= {(part, number) for part in of_key}
        columns[number] |= columns_of_key((Season if number is None else Event).__table__, key)
        columns[number] |= {"ends_at", "is_ends_at_derived"} if EventTime in of_key else set()
    ends = []
    header: Season | None = None
    for one in records:
        if isinstance(one, Season):
            header = Season(**vars(one) | {name: rows[None][name] for name in columns[None]})
        elif isinstance(one, Event):
            again_as = {name: rows[one.race_week_num][name] for name in columns.get(one.race_week_num, ())}
            event = Event(**vars(one) | again_as)
            ends.append(event.ends_at)
            yield event
        elif not (isinstance(one, EventPart) and (one.__class__, one.race_week_num) in parts):
            yield one
    for part, number in parts:
        yield from (again(part, row) for row in old[part.__tablename__] if row["race_week_num"] == number)
    if header:
        yield Season(**vars(header) | {"ends_at": max((end for end in ends if end), default=header.ends_at)})


def with_kept(records: Sequence[Record], old: StoredRows, kept: Collection[str]) -> Iterator[Record]:
    """Yield records, and in place of what a round holds less of than it had, what it had."""
    before = {row["race_week_num"]: row for row in old.get("event", ()) if row["removed_at"] is None}
    there = {one.race_week_num for one in records if isinstance(one, Event)}
    missing = before.keys() - there if "event" in kept else set()
    fewer = {table: rounds_with_fewer(records, old, table) for table in PARTS if table in kept}
    events = [
        *(with_old_end(one, before, fewer.get("event_time", ())) for one in records if isinstance(one, Event)),
        *(again(Event, before[number]) for number in sorted(missing)),
    ]
    for one in records:
        if isinstance(one, Season):
            ends = [event.ends_at for event in events if event.ends_at]
            yield Season(**{**vars(one), "ends_at": max(ends, default=one.ends_at)})
        elif not isinstance(one, Event | EventPart):
            yield one
    yield from events
    for table, part in PARTS.items():
        rounds = fewer.get(table, frozenset()) | missing
        yield from (one for one in records if isinstance(one, part) and one.race_week_num not in rounds)
        yield from (again(part, row) for row in old.get(table, ()) if row["race_week_num"] in rounds)


def rounds_with_fewer(records: Iterable[Record], old: StoredRows, table: str) -> frozenset[int]:
    """Return the rounds that hold fewer rows of a table than are stored."""
    counts: dict[int, int] = defaultdict(int)
    for row in old.get(table, ()):
        counts[row["race_week_num"]] += 1
    for one in records:
        if isinstance(one, PARTS[table]):
            counts[one.race_week_num] -= 1
    return frozenset(number for number, more in counts.items() if more > 0)


def with_old_end(event: Event, before: Mapping[int, Row], rounds: Collection[int]) -> Event:
    """Return a round that ends when it did, if its times are those that it had."""
    if event.race_week_num not in rounds or event.race_week_num not in before:
        return event
    row = before[event.race_week_num]
    end = {name: row[name] for name in ("ends_at", "is_ends_at_derived")}
    return Event(**{**vars(event), **end})


def again(record: type[Kind], row: Row) -> Kind:
    """Return a stored row as the record that it was."""
    return record(**{column.name: row[column.name] for column in fields(record) if column.init})


CAR = ("season_id", "race_week_num", "car_id", "known_from")
CLASS = ("season_id", "race_week_num", "car_class_id", "ordinal")


def with_past_cars_and_classes(records: list[Record], old: StoredRows, at: datetime) -> list[Record]:
    """Leave the cars and classes of past rounds as they were: what a season or class gains today changes none of them.

    That holds where a round has no cars and classes of its own, or the same classes of its own as before.
    """
    past = {one.race_week_num for one in records if isinstance(one, Event) and one.ends_at and one.ends_at <= at}
    before = classes_by_round((row["race_week_num"], row["car_class_id"]) for row in old.get("event_class", ()))
    after = classes_by_round((one.race_week_num, one.car_class_id) for one in records if isinstance(one, EventClass))
    cars, classes = old.get("event_car", ()), old.get("event_class", ())
    own = {one.race_week_num for one in records if isinstance(one, EventCar) and one.known_from != SEASON_CLASSES}
    had_own = {row["race_week_num"] for row in cars if row["known_from"] != SEASON_CLASSES}
    of_season = {row["race_week_num"] for row in cars} - own - had_own
    of_same_classes = {row["race_week_num"] for row in cars if row["known_from"] != WEEK_CARS} - {
        one.race_week_num for one in records if isinstance(one, EventCar) and one.known_from == WEEK_CARS
    }
    kept = past & (of_season | {number for number in of_same_classes if before[number] == after[number]})
    if not kept:
        return records
    frozen: list[Record] = [
        EventCar(**{name: row[name] for name in CAR}) for row in cars if row["race_week_num"] in kept
    ]
    frozen += [EventClass(**{name: row[name] for name in CLASS}) for row in classes if row["race_week_num"] in kept]
    left = [one for one in records if not (isinstance(one, EventCar | EventClass) and one.race_week_num in kept)]
    return left + frozen


def classes_by_round(pairs: Iterable[tuple[int, int]]) -> Mapping[int, set[int]]:
    """Return the class ids by race_week_num."""
    found: dict[int, set[int]] = defaultdict(set)
    for number, car_class_id in pairs:
        found[number].add(car_class_id)
    return found
