"""What is listed no more: seasons that ended or were withdrawn, series that are missing or retired.

Absent is not gone: in a week 13 most of iRacing is not listed. So nothing is concluded from a list that has shrunk, is
filtered, old or at fault, and everything that is concluded is taken back when the absent come back.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import distinct_on

from iracing_sync.changes.differences import Change
from iracing_sync.changes.phases import ENDED, WITHDRAWN, phase
from iracing_sync.errors import DocumentError
from iracing_sync.fetch.endpoints import STATS_SERIES
from iracing_sync.loader.changed_rounds import note_changed_rounds
from iracing_sync.mappers.series import map_activity
from iracing_sync.quarters import quarter_at
from iracing_sync.result import Result
from iracing_sync.sync.change_log import write_changes
from iracing_sync.sync.run import Run
from iracing_sync.sync.shrink_guard import Guard, remember_lengths
from iracing_sync.tables.events import Event
from iracing_sync.tables.seasons import Season
from iracing_sync.tables.series import Series

log = logging.getLogger(__name__)

SHORT_SEASON, LONG_SEASON = timedelta(weeks=3), timedelta(weeks=26)
"""A shorter season is one of the thirteenth weeks, a longer one runs for a year."""

REST, REST_OF_SHORT, REST_OF_LONG = timedelta(weeks=2), timedelta(weeks=17), timedelta(weeks=60)
"""How long a series may rest: from the end of a season; of a short or a long season, from its start."""


class Candidate(NamedTuple):
    """A series that is listed no more, though it should be."""

    series_id: int
    missing_since: datetime


def judge_absences(run: Run, guard: Guard, *, failed: int) -> None:
    """Conclude what may be concluded from what is not listed."""
    if not guard.is_whole or guard.is_stale or failed or run.options.offline or guard.fetched_at is None:
        return
    at = guard.fetched_at
    with run.begin() as connection:
        remember_lengths(connection, run.result.run_id, guard, at)
        end_seasons(connection, guard, at)
        if guard.has_shrunk:
            return
        changes = [
            *withdraw_seasons(connection, run.result, guard, at, run.options.grace),
            *(mark_missing_series(connection, run.result, guard, at) if guard.has_all_series else ()),
        ]
        write_changes(connection, run.result, changes, run.clock())
        candidates = overdue_series(connection, guard, at) if guard.has_all_series else []
    if candidates:
        retire_series(run, guard, candidates, at)


def end_seasons(connection: Connection, guard: Guard, at: datetime) -> None:
    """Mark as ended what is not listed any more and whose last round is over: the calendar says so, not a guess."""
    over = unlisted_seasons(guard) & (Season.ends_at <= at)
    connection.execute(update(Season).where(over).values(active=False, status=ENDED, missing_since=None))


def unlisted_seasons(guard: Guard) -> ColumnElement[bool]:
    """Return the condition: active when last seen, and not listed now."""
    return and_(Season.active, Season.season_id != func.all(sorted(guard.season_ids)))


def is_ahead(at: datetime) -> ColumnElement[bool]:
    """Return the condition: of a coming quarter, so that nobody expects it in the lists of what is active."""
    return tuple_(Season.season_year, Season.season_quarter) > tuple_(*map(literal, quarter_at(at)))


def withdraw_seasons(
    connection: Connection, result: Result, guard: Guard, at: datetime, grace: timedelta
) -> list[Change]:
    """Mark unlisted seasons as missing, and those that were missing for the grace period as withdrawn."""
    unlisted = unlisted_seasons(guard) & (Season.ends_at > at) & ~is_ahead(at)
    connection.execute(update(Season).where(unlisted, Season.missing_since.is_(None)).values(missing_since=at))
    gone = select(Season.series_id, Season.season_id, Season.status, Season.starts_at, Season.ends_at)
    rows = connection.execute(gone.where(unlisted, Season.missing_since <= at - grace)).all()
    ids = [row.season_id for row in rows]
    withdrawn = {"active": False, "status": WITHDRAWN, "last_changed_at": func.now()}
    connection.execute(
        update(Season).where(Season.season_id.in_(ids)).values(**withdrawn, last_changed_run_id=result.run_id)
    )
    note_changed_rounds(connection, Event.season_id.in_(ids) & (Event.ends_at > at), result.run_id)
    result.tables["season"].updated += len(ids)
    return [
        Change(*row[:2], (), "status", row.status, WITHDRAWN, phase(row.starts_at, row.ends_at, at), "high")
        for row in rows
    ]


def mark_missing_series(connection: Connection, result: Result, guard: Guard, at: datetime) -> list[Change]:
    """Mark series that `series/get` lists no more; of those that it never listed nothing is reported."""
    absent = and_(
        Series.missing_since.is_(None),
        Series.series_id != func.all(sorted(guard.series_ids)),
        ~Series.is_stub
        | ((Series.series_id != func.all(sorted(guard.active_series_ids))) & Series.series_id.not_in(series_ahead(at))),
    )
    marked = mark_series(connection, result, absent, {"missing_since": at})
    return [
        Change(series_id, None, (), "missing_since", None, at.isoformat(), "current", "low")
        for series_id, is_stub in marked
        if not is_stub
    ]


def series_ahead(at: datetime) -> Select[int]:
    """Return the query for the series of which a season of a coming quarter is known."""
    return select(Season.series_id).where(is_ahead(at))


def mark_series(
    connection: Connection, result: Result, which: ColumnElement[bool], values: Mapping[str, Any]
) -> list[tuple[int, bool]]:
    """Update series and return the id of each, and whether it is a stub."""
    own = {"last_changed_at": func.now(), "last_changed_run_id": result.run_id}
    statement = update(Series).where(which).values({**values, **own}).returning(Series.series_id, Series.is_stub)
    marked = [(row.series_id, row.is_stub) for row in connection.execute(statement)]
    result.tables["series"].updated += len(marked)
    return sorted(marked)


def overdue_series(connection: Connection, guard: Guard, at: datetime) -> list[Candidate]:
    """Return the series that are neither listed nor resting between two seasons."""
    listed_ids = sorted(guard.series_ids | guard.active_series_ids)
    missing = select(Series.series_id, Series.missing_since).where(
        Series.missing_since.is_not(None),
        Series.retired_at.is_(None),
        Series.series_id != func.all(listed_ids),
        Series.series_id.not_in(series_ahead(at)),
    )
    last = last_seasons(connection)
    rows: Any = connection.execute(missing)
    return [Candidate(*row) for row in rows if at >= due_at(last.get(row.series_id), at)]


def last_seasons(connection: Connection) -> dict[int, tuple[datetime, datetime]]:
    """Return the start and the end of the last season of each series."""
    columns = select(Season.series_id, Season.starts_at, Season.ends_at).ext(distinct_on(Season.series_id))
    known = columns.where(Season.starts_at.is_not(None), Season.ends_at.is_not(None))
    ordered = known.order_by(Season.series_id, Season.ends_at.desc())
    rows: Any = connection.execute(ordered)
    return {series_id: (starts_at, ends_at) for series_id, starts_at, ends_at in rows}


def due_at(last: tuple[datetime, datetime] | None, at: datetime) -> datetime:
    """Return from when on a series should be listed, seen from its last season; at once if that runs."""
    if last is None or last[1] > at >= last[0]:
        return at
    starts_at, ends_at = last
    if starts_at > at:
        return starts_at
    if ends_at - starts_at < SHORT_SEASON:
        return starts_at + REST_OF_SHORT
    return starts_at + REST_OF_LONG if ends_at - starts_at > LONG_SEASON else ends_at + REST


def retire_series(run: Run, guard: Guard, candidates: Sequence[Candidate], at: datetime) -> None:
    """Retire what was missing for the grace period, or what iRacing itself calls inactive."""
    young = [one for one in candidates if at - one.missing_since < run.options.grace]
    inactive = inactive_series(run, guard, max(one.missing_since for one in young)) if young else set()
    gone = [one.series_id for one in candidates if one not in young or one.series_id in inactive]
    with run.begin() as connection:
        marked = mark_series(connection, run.result, Series.series_id.in_(gone), {"retired_at": at, "active": False})
        retired = [
            Change(series_id, None, (), "retired_at", None, at.isoformat(), "current", "high")
            for series_id, is_stub in marked
            if not is_stub
        ]
        write_changes(connection, run.result, retired, run.clock())


def inactive_series(run: Run, guard: Guard, since: datetime) -> set[int]:
    """Return the series that `series/stats_series`, fetched after `since`, calls inactive.

    It is not known whether "active" means there that a series lives or that a season of it runs just now. Only where
    it calls a series active that is not listed does it mean the former; else it tells nothing new.
    """
    document = run.fetch_if_possible(STATS_SERIES)
    if document and document.from_cache and document.fetched_at < since:
        document = run.fetch_if_possible(STATS_SERIES, fresh=True)
    try:
        activity = map_activity(document) if document else {}
    except DocumentError as error:
        log.info("%s; waiting for the grace period", error)
        return set()
    unlisted = activity.keys() - guard.series_ids - guard.active_series_ids
    means_alive = any(activity[series_id] for series_id in unlisted)
    return {series_id for series_id in unlisted if not activity[series_id]} if means_alive else set()
