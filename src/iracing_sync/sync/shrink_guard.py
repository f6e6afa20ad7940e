"""Whether the lists of a run are long enough to be believed: in a week 13 most of iRacing is not listed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, update

from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError, GuardRefused
from iracing_sync.fetch.endpoints import SEASONS, SERIES
from iracing_sync.fetch.expected import unreadable_in
from iracing_sync.instants import utc_minute
from iracing_sync.mappers.entries import objects_in
from iracing_sync.mappers.json_object import JsonObject
from iracing_sync.mappers.seasons import listed_seasons
from iracing_sync.result import Result
from iracing_sync.sync.list_length import ListLength
from iracing_sync.sync.options import Options
from iracing_sync.sync.run import Run
from iracing_sync.tables.own import SYNC_RUN
from iracing_sync.tables.seasons import Season
from iracing_sync.tables.series import Series
from iracing_sync.whole_numbers import integral


@dataclass(frozen=True)
class Guard:
    """What the documents list, and whether anything may be concluded from what they do not list.

    `fetched_at` is None where the lists are not those of all that is active; they are stale where a newer one was
    loaded before. `has_series` where the list of series could be had, `has_all_ids` and `has_all_series` where all of
    the lists can be read. `contents` is how much they hold of what seasons are made of.
    """

    fetched_at: datetime | None = None
    season_ids: frozenset[int] = frozenset()
    series_ids: frozenset[int] = frozenset()
    has_series: bool = False
    active_series_ids: frozenset[int] = frozenset()
    before: Mapping[str, ListLength] = field(default_factory=dict)
    has_all_ids: bool = False
    has_all_series: bool = False
    is_stale: bool = False
    has_shrunk: bool = False
    contents: Mapping[str, ListLength] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Tell whether both lists hold something, and every season its id."""
        return self.has_all_ids and bool(self.season_ids and self.series_ids)

    def lengths(self) -> dict[str, int]:
        """Return how long each list is that could be had."""
        return {SEASONS: len(self.season_ids), **({SERIES: len(self.series_ids)} if self.has_series else {})}


def weigh_lists(run: Run, seasons: Document | None, series: Document | None) -> Guard:
    """Compare the lists with the last good ones; raises GuardRefused where they shrank and the run is strict."""
    if run.options.quarters or run.options.series or seasons is None:
        return Guard()
    with run.begin() as connection:
        before = last_lengths(connection) or stored_lengths(connection, seasons.fetched_at)
    last = before.get(SEASONS)
    if last and seasons.from_cache and seasons.fetched_at < last.fetched_at:
        run.result.warn(
            f"the cached {SEASONS} of {utc_minute(seasons.fetched_at)} is older than the one of "
            f"{utc_minute(last.fetched_at)} that was loaded: its seasons are left alone"
        )
        return Guard(seasons.fetched_at, before=before, is_stale=True)
    ids: dict[str, Any] = {}
    try:
        ids |= season_ids_in(seasons)
        ids |= series_ids_in(series)
    except DocumentError as error:
        run.result.skip(error)
    guard = Guard(seasons.fetched_at, before=before, **ids)
    return replace(guard, has_shrunk=has_shrunk(run.options, run.result, guard, seasons.fetched_at))


def season_ids_in(seasons: Document) -> dict[str, Any]:
    """Return which seasons are listed, as fields of a Guard."""
    every = listed_seasons(seasons)
    return {
        "season_ids": numbers(every, "season_id"),
        "active_series_ids": numbers(every, "series_id"),
        "has_all_ids": not unreadable_in(seasons),
    }


def series_ids_in(series: Document | None) -> dict[str, Any]:
    """Return which series are listed, as fields of a Guard."""
    if series is None:
        return {}
    ids = numbers(objects_in(series), "series_id")
    return {"series_ids": ids, "has_series": True, "has_all_series": not unreadable_in(series)}


def numbers(objects: Iterable[JsonObject], key: str) -> frozenset[int]:
    """Return the numbers under a key; what holds none is at fault by itself, and reported where it is mapped."""
    return frozenset(number for one in objects if (number := integral(one.raw(key))) is not None)


def last_lengths(connection: Connection) -> dict[str, ListLength]:
    """Return how long the lists were in the last run that looked at them."""
    newest = (
        select(SYNC_RUN.c.listings)
        .where(SYNC_RUN.c.listings.is_not(None))
        .order_by(SYNC_RUN.c.started_at.desc())
        .limit(1)
    )
    found = connection.execute(newest).scalar_one_or_none() or {}
    return {endpoint: ListLength.from_json(length) for endpoint, length in found.items()}


def stored_lengths(connection: Connection, at: datetime) -> dict[str, ListLength]:
    """Return how long the lists must have been where no run has looked at them: by what is stored of the active."""
    stored = {
        SEASONS: connection.scalar(select(func.count()).where(Season.active)) or 0,
        SERIES: connection.scalar(select(func.count()).where(Series.active, ~Series.is_stub)) or 0,
    }
    return {
        endpoint: ListLength(datetime.min.replace(tzinfo=at.tzinfo), 1, 1, None) for endpoint, n in stored.items() if n
    }


def has_shrunk(options: Options, result: Result, guard: Guard, at: datetime) -> bool:
    """Tell whether a list has shrunk, and warn of it; raises GuardRefused where that is to stop the run."""
    short = [
        (endpoint, items, last.good_items)
        for endpoint, items in guard.lengths().items()
        if (last := guard.before.get(endpoint)) and not last.allows(items, at, options.grace)
    ]
    for endpoint, items, good_items in short:
        refuse_or_warn(
            options,
            result,
            f"{endpoint} lists {items}, the last good one listed {good_items}; nothing is withdrawn or retired",
        )
    return bool(short)


def refuse_or_warn(options: Options, result: Result, why: str) -> None:
    """Warn of what is too little to be believed; raises GuardRefused where that is to stop the run."""
    if options.strict:
        raise GuardRefused(f"shrink guard: {why}, and nothing was written (--strict)")
    result.warn(f"shrink guard: {why}")


def remember_lengths(connection: Connection, run_id: UUID, guard: Guard, at: datetime) -> None:
    """Write down what the next run compares with: a list that is not believed or not there leaves the last length."""
    lengths = {
        endpoint: guard.before[endpoint].after_short_list(items, at)
        if guard.has_shrunk and endpoint in guard.before
        else ListLength(at, items, items, None)
        for endpoint, items in guard.lengths().items()
    }
    known = {**guard.before, **lengths, **guard.contents}
    listings = {name: length.as_json() for name, length in known.items()}
    connection.execute(update(SYNC_RUN).where(SYNC_RUN.c.run_id == run_id).values(listings=listings))
