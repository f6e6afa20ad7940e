"""Whether what a document holds of its seasons is enough to be believed: rounds, times, sessions, classes, cars.

A list that is long enough may still be hollow: every season there, and no times in any. Then nothing of that kind is
taken away.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from iracing_sync.changes.older_shape import CLASS_IDS, QUALIFYING_TIMES, SESSIONS, TIMES, objects_in, older_fields
from iracing_sync.fetch.endpoints import SEASONS
from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.sync.list_length import ListLength
from iracing_sync.sync.run import Run
from iracing_sync.sync.shrink_guard import refuse_or_warn
from iracing_sync.sync.stored import class_members, row_counts_of_seasons, seasons_with_rounds
from iracing_sync.whole_numbers import integral

KINDS = {
    "event": "rounds",
    "event_time": "times",
    "event_session": "sessions",
    "event_class": "classes",
    "event_car": "cars",
    "car_restriction": "restrictions",
}
"""What a season is made of, by table."""

LEAST_ROWS = 20
"""Of fewer rows it cannot be told whether they are too few."""


class Contents(NamedTuple):
    """The tables of which nothing may be taken away, and what the next run compares with."""

    kept: frozenset[str]
    lengths: Mapping[str, ListLength]


NOTHING_KEPT = Contents(frozenset(), {})


def weigh_contents(
    run: Run, seasons: Sequence[JsonObject], before: Mapping[str, ListLength], at: datetime, *, remembers: bool
) -> Contents:
    """Compare what a document holds with what is stored of the same seasons.

    What stays short over the grace period is believed, where a run `remembers` it. Raises GuardRefused where something
    is short and the run is strict.
    """
    with run.begin() as connection:
        known = known_seasons(connection, seasons)
        if not known:
            return NOTHING_KEPT
        held = contents_of(known.values(), class_members(connection))
        stored = row_counts_of_seasons(connection, list(known))
    lengths = {
        table: before.get(key_of(table), ListLength(at, stored[table], stored[table], None))._replace(
            good_items=stored[table]
        )
        for table in KINDS
        if stored[table] >= LEAST_ROWS
    }
    short = [table for table, length in lengths.items() if not length.allows(held[table], at, run.options.grace)]
    for table in short:
        kind, number = KINDS[table], lengths[table].good_items
        why = f"{SEASONS} holds {held[table]} {kind}, of the same seasons {number} are stored; no {kind} are taken away"
        refuse_or_warn(run.options, run.result, why)
    told = {
        key_of(table): length.after_short_list(held[table], at)
        if table in short
        else ListLength(at, held[table], held[table], None)
        for table, length in lengths.items()
    }
    return Contents(frozenset(short), told if remembers else {})


def key_of(table: str) -> str:
    """Return under which name a run keeps how much a document held of a kind."""
    return f"{SEASONS}:{KINDS[table]}"


def known_seasons(connection: Connection, seasons: Iterable[JsonObject]) -> dict[int, JsonObject]:
    """Return the seasons that come with rounds and are stored with theirs, by id."""
    found = {
        integral(one.as_sent().get("season_id")): one for one in seasons if objects_in(one.as_sent().get("schedules"))
    }
    listed = {season_id: one for season_id, one in found.items() if season_id is not None}
    stored = seasons_with_rounds(connection, listed.keys())
    return {season_id: one for season_id, one in listed.items() if season_id in stored}


def contents_of(seasons: Iterable[JsonObject], members: Mapping[int, Sequence[int]]) -> Counter[str]:
    """Count what seasons hold, as rows by table, before any of them is mapped."""
    held: Counter[str] = Counter()
    for season in seasons:
        sent = season.as_sent()
        for round_ in objects_in(sent.get("schedules")):
            held.update(contents_of_round({**round_, **older_fields(round_)}, sent.get("car_class_ids"), members))
    return held


def contents_of_round(
    round_: Mapping[str, Any], season_classes: Any, members: Mapping[int, Sequence[int]]
) -> dict[str, int]:
    """Count what a round holds."""
    classes = whole_numbers(round_.get(CLASS_IDS)) or whole_numbers(season_classes)
    week_cars = {integral(one.get("car_id")) for one in objects_in(round_.get("race_week_cars"))}
    cars = week_cars or {car for one in classes for car in members.get(one, ())}
    return {
        "event": 1,
        "event_time": len(objects_in(round_.get(TIMES))) + len(objects_in(round_.get(QUALIFYING_TIMES))),
        "event_session": len(objects_in(round_.get(SESSIONS))),
        "event_class": len(classes),
        "event_car": len(cars),
        "car_restriction": len({integral(one.get("car_id")) for one in objects_in(round_.get("car_restrictions"))}),
    }


def whole_numbers(values: Any) -> set[int]:
    """Return the whole numbers of a list, none of what is no list."""
    found = map(integral, values) if isinstance(values, list) else ()
    return {number for number in found if number is not None}
