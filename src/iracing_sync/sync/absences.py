"""What is listed no more: seasons that ended or were withdrawn, series that are missing or retired.

Absent is not gone: in a week 13 most of iRacing is not listed. So nothing is concluded from a list that has shrunk, is
filtered, old or at fault, and everything that is concluded is taken back when the absent come back.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from iracing_sync.changes.differences import Change, phase
from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError, GuardRefused
from iracing_sync.mappers.fields import listed
from iracing_sync.mappers.series import map_activity
from iracing_sync.own_tables import SYNC_RUN
from iracing_sync.records import Season, Series
from iracing_sync.sync.plan import ACTIVE, SERIES
from iracing_sync.sync.run import Run, moment

log = logging.getLogger(__name__)

SHRUNK = 0.7
"""A list with a smaller share of what the last good one had is not believed."""

STATS = "series/stats_series"

SHORT_SEASON, LONG_SEASON = timedelta(weeks=3), timedelta(weeks=26)
"""A shorter season is one of the thirteenth weeks, a longer one runs for a year."""

REST, REST_OF_SHORT, REST_OF_LONG = timedelta(weeks=2), timedelta(weeks=17), timedelta(weeks=60)
"""How long a series may rest: from the end of a season; of a short or a long season, from its start."""


class Listing(NamedTuple):
    """How long a list was, how long when it was last believed, and since when it is not."""

    fetched_at: datetime
    items: int
    good_items: int
    shrunk_since: datetime | None

    @classmethod
    def from_json(cls, listing: Mapping[str, Any]) -> "Listing":
        """Read what `as_json` wrote."""
        since = listing["shrunk_since"]
        return cls(
            datetime.fromisoformat(listing["fetched_at"]),
            listing["items"],
            listing["good_items"],
            datetime.fromisoformat(since) if since else None,
        )

    def as_json(self) -> dict[str, Any]:
        """Return what a run keeps."""
        since = self.shrunk_since
        instants = {"fetched_at": self.fetched_at.isoformat(), "shrunk_since": since.isoformat() if since else None}
        return self._asdict() | instants

    def allows(self, items: int, at: datetime, grace: timedelta) -> bool:
        """Tell whether a list is long enough, or has been as short for longer than the grace period."""
        stays_short = self.shrunk_since is not None and at - self.shrunk_since >= grace
        return stays_short or items >= SHRUNK * self.good_items

    def shrunk(self, items: int, at: datetime) -> "Listing":
        """Return what to compare with after a list that is not believed."""
        return Listing(at, items, self.good_items, self.shrunk_since or at)


@dataclass
class Guard:
    """What the documents list, and whether anything may be concluded from what they do not list."""

    season_ids: set[int] = field(default_factory=set)
    series_ids: set[int] = field(default_factory=set)
    active_series_ids: set[int] = field(default_factory=set)
    fetched_at: datetime | None = None
    before: dict[str, Listing] = field(default_factory=dict)
    is_whole: bool = False
    is_stale: bool = False
    has_shrunk: bool = False

    def lengths(self) -> dict[str, int]:
        """Return how long each list is."""
        return {ACTIVE: len(self.season_ids), SERIES: len(self.series_ids)}


class Candidate(NamedTuple):
    """A series that is listed no more, though it should be."""

    series_id: int
    missing_since: datetime


def guarded(run: Run, seasons: Document | None, series: Document | None) -> Guard:
    """Compare the lists with the last good ones; raises GuardRefused where they shrank and the run is strict."""
    if run.options.tag or run.options.series or seasons is None:
        return Guard()
    guard = Guard(fetched_at=seasons.fetched_at)
    with run.begin() as connection:
        guard.before = last_listings(connection)
    last = guard.before.get(ACTIVE)
    if last and seasons.from_cache and seasons.fetched_at < last.fetched_at:
        run.warn(
            f"the cached {ACTIVE} of {moment(seasons.fetched_at)} is older than the one of "
            f"{moment(last.fetched_at)} that was loaded: its seasons are left alone"
        )
        guard.is_stale = True
        return guard
    with run.skipping():
        read_lists(guard, seasons, series)
    weigh(run, guard)
    return guard


def read_lists(guard: Guard, seasons: Document, series: Document | None) -> None:
    """Note what is listed; the lists are whole where every entry says its id."""
    every = listed(seasons, "seasons")
    guard.season_ids = {season.whole("season_id") for season in every if season.raw("season_id")}
    guard.active_series_ids = {season.whole("series_id") for season in every if season.raw("series_id")}
    if series is not None:
        guard.series_ids = {one.whole("series_id") for one in listed(series)}
        guard.is_whole = len(guard.season_ids) == len(every) > 0 and bool(guard.series_ids)


def last_listings(connection: Connection) -> dict[str, Listing]:
    """Return how long the lists were in the last run that looked at them."""
    newest = (
        select(SYNC_RUN.c.listings)
        .where(SYNC_RUN.c.listings.is_not(None))
        .order_by(SYNC_RUN.c.started_at.desc())
        .limit(1)
    )
    found = connection.execute(newest).scalar_one_or_none() or {}
    return {endpoint: Listing.from_json(listing) for endpoint, listing in found.items()}


def weigh(run: Run, guard: Guard) -> None:
    """Tell whether a list has shrunk; raises GuardRefused where that is to stop the run."""
    for endpoint, items in guard.lengths().items():
        last = guard.before.get(endpoint)
        if last is None or guard.fetched_at is None or last.allows(items, guard.fetched_at, run.options.grace):
            continue
        message = (
            f"shrink guard: {endpoint} lists {items}, the last good one listed {last.good_items}; "
            "nothing is withdrawn or retired"
        )
        if run.options.strict:
            raise GuardRefused(f"{message}, and nothing was written (--strict)")
        run.warn(message)
        guard.has_shrunk = True


def judge_absences(run: Run, guard: Guard, *, failed: int) -> None:
    """Conclude what may be concluded from what is not listed."""
    if not guard.is_whole or guard.is_stale or failed or run.options.offline or guard.fetched_at is None:
        return
    at = guard.fetched_at
    run.listings = {name: listing.as_json() for name, listing in listings_after(guard, at).items()}
    with run.begin() as connection:
        end_seasons(connection, guard, at)
        if guard.has_shrunk:
            return
        run.record(
            connection, [*withdrawn_seasons(connection, run, guard, at), *missing_series(connection, run, guard, at)]
        )
        candidates = overdue_series(connection, guard, at)
    if candidates:
        retire_series(run, guard, candidates, at)


def listings_after(guard: Guard, at: datetime) -> dict[str, Listing]:
    """Return what the next run compares with: a list that is not believed leaves the last good length."""
    return {
        endpoint: guard.before[endpoint].shrunk(items, at)
        if guard.has_shrunk and endpoint in guard.before
        else Listing(at, items, items, None)
        for endpoint, items in guard.lengths().items()
    }


def end_seasons(connection: Connection, guard: Guard, at: datetime) -> None:
    """Mark as ended what is not listed any more and whose last round is over: the calendar says so, not a guess."""
    over = unlisted_seasons(guard) & (Season.ends_at <= at)
    connection.execute(update(Season).where(over).values(active=False, status="ended", missing_since=None))


def unlisted_seasons(guard: Guard) -> ColumnElement[bool]:
    """Return the condition: active when last seen, and not listed now."""
    return and_(Season.active, Season.season_id != func.all(sorted(guard.season_ids)))


def withdrawn_seasons(connection: Connection, run: Run, guard: Guard, at: datetime) -> list[Change]:
    """Mark unlisted seasons as missing, and those that were missing for the grace period as withdrawn."""
    unlisted = unlisted_seasons(guard) & (Season.ends_at > at)
    connection.execute(update(Season).where(unlisted, Season.missing_since.is_(None)).values(missing_since=at))
    gone = select(Season.series_id, Season.season_id, Season.status, Season.starts_at, Season.ends_at)
    rows = connection.execute(gone.where(unlisted, Season.missing_since <= at - run.options.grace)).all()
    ids = [row.season_id for row in rows]
    withdrawn = {"active": False, "status": "withdrawn", "last_changed_at": func.now()}
    connection.execute(
        update(Season).where(Season.season_id.in_(ids)).values(**withdrawn, last_changed_run_id=run.result.run_id)
    )
    run.result.tables["season"].updated += len(ids)
    return [
        Change(*row[:2], None, "status", row.status, "withdrawn", phase(row.starts_at, row.ends_at, at), "high")
        for row in rows
    ]


def missing_series(connection: Connection, run: Run, guard: Guard, at: datetime) -> list[Change]:
    """Mark series that `series/get` lists no more; of those that it never listed nothing is reported."""
    absent = and_(
        Series.missing_since.is_(None),
        Series.series_id != func.all(sorted(guard.series_ids)),
        ~Series.is_stub | (Series.series_id != func.all(sorted(guard.active_series_ids))),
    )
    marked = mark_series(connection, run, absent, {"missing_since": at})
    return [
        Change(series_id, None, None, "missing_since", None, at.isoformat(), "current", "low")
        for series_id, is_stub in marked
        if not is_stub
    ]


def mark_series(
    connection: Connection, run: Run, which: ColumnElement[bool], values: Mapping[str, Any]
) -> list[tuple[int, bool]]:
    """Update series and return the id of each, and whether it is a stub."""
    own = {"last_changed_at": func.now(), "last_changed_run_id": run.result.run_id}
    statement = update(Series).where(which).values({**values, **own}).returning(Series.series_id, Series.is_stub)
    marked = [(row.series_id, row.is_stub) for row in connection.execute(statement)]
    run.result.tables["series"].updated += len(marked)
    return sorted(marked)


def overdue_series(connection: Connection, guard: Guard, at: datetime) -> list[Candidate]:
    """Return the series that are neither listed nor resting between two seasons."""
    listed_ids = sorted(guard.series_ids | guard.active_series_ids)
    missing = select(Series.series_id, Series.missing_since).where(
        Series.missing_since.is_not(None), Series.retired_at.is_(None), Series.series_id != func.all(listed_ids)
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
    """Return from when on a series should be listed, seen from its last season; at once if that is not over."""
    if last is None or last[1] > at:
        return at
    starts_at, ends_at = last
    if ends_at - starts_at < SHORT_SEASON:
        return starts_at + REST_OF_SHORT
    return starts_at + REST_OF_LONG if ends_at - starts_at > LONG_SEASON else ends_at + REST


def retire_series(run: Run, guard: Guard, candidates: Sequence[Candidate], at: datetime) -> None:
    """Retire what was missing for the grace period, or what iRacing itself calls inactive."""
    young = [one for one in candidates if at - one.missing_since < run.options.grace]
    inactive = inactive_series(run, guard, max(one.missing_since for one in young)) if young else set()
    gone = [one.series_id for one in candidates if one not in young or one.series_id in inactive]
    with run.begin() as connection:
        marked = mark_series(connection, run, Series.series_id.in_(gone), {"retired_at": at, "active": False})
        run.record(
            connection,
            [
                Change(series_id, None, None, "retired_at", None, at.isoformat(), "current", "high")
                for series_id, is_stub in marked
                if not is_stub
            ],
        )


def inactive_series(run: Run, guard: Guard, since: datetime) -> set[int]:
    """Return the series that `series/stats_series`, fetched after `since`, calls inactive.

    It is not known whether "active" means there that a series lives or that a season of it runs just now. Only where
    it calls a series active that is not listed does it mean the former; else it tells nothing new.
    """
    document = run.optional(STATS)
    if document and document.from_cache and document.fetched_at < since:
        document = run.optional(STATS, fresh=True)
    try:
        activity = map_activity(document) if document else {}
    except DocumentError as error:
        log.info("%s; waiting for the grace period", error)
        return set()
    unlisted = activity.keys() - guard.series_ids - guard.active_series_ids
    means_alive = any(activity[series_id] for series_id in unlisted)
    return {series_id for series_id in unlisted if not activity[series_id]} if means_alive else set()
