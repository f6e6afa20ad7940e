"""The past quarters that are stored: which of them need not be asked for again."""

from datetime import datetime

from sqlalchemy import Connection, func, inspect, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from iracing_sync.quarters import FIRST_YEAR, Quarter, past_quarters, quarter_at
from iracing_sync.sync.options import Options
from iracing_sync.tables.own import PAST_QUARTER

FIRST_OF_ALL = Quarter(FIRST_YEAR, 1)

FILLED = text("""
    SELECT season_year, season_quarter FROM season
    UNION SELECT season_year, season_quarter FROM past_quarter WHERE seasons > 0 OR lacking > 0
""")
BEGINNINGS = text("""
    SELECT first_season_year, first_season_quarter FROM series
    WHERE first_season_year >= :year AND first_season_quarter BETWEEN 1 AND 4
""")
OLDEST_START = text("SELECT min(starts_at) FROM season WHERE starts_at >= :at")


def missing_quarters(connection: Connection, options: Options, present: Quarter) -> list[Quarter]:
    """Return the quarters before the present one that are not stored for ever, the newest first; all for a refresh.

    What was not compared with iRacing's own list may be a part of the quarter, which will do only for `--no-complete`.
    Those of which an earlier run got an empty answer come last, so that a few calls a run get to the end.
    """
    wanted = past_quarters(present, options.since)
    if not inspect(connection).has_table(PAST_QUARTER.name):
        return list(wanted)
    noted = {Quarter(*row[:2]): row for row in connection.execute(select(PAST_QUARTER))}
    empty = {quarter for quarter, row in noted.items() if not (row.seasons or row.lacking)}
    compared = {quarter for quarter, row in noted.items() if row.lacking is not None or not options.complete}
    over = {quarter for quarter in compared - empty if noted[quarter].is_over}
    stored = frozenset() if options.refresh else over | empty_quarters(connection)
    return sorted((quarter for quarter in wanted if quarter not in stored), key=lambda quarter: quarter in empty)


def empty_quarters(connection: Connection) -> frozenset[Quarter]:
    """Return the quarters before iRacing's first: they and all older ones are empty, and nothing stored is as old.

    Both lists of a quarter must have been empty, and the first one after them must be filled: a hole between two filled
    quarters is none of them, and nothing is while iRacing answers with empty lists only.
    """
    columns = select(PAST_QUARTER.c.season_year, PAST_QUARTER.c.season_quarter)
    noted = connection.execute(columns.where(PAST_QUARTER.c.seasons == 0, PAST_QUARTER.c.lacking == 0))
    empty = {Quarter(*row) for row in noted}
    filled = {Quarter(*row) for row in connection.execute(FILLED)}
    oldest = oldest_known(connection)
    quarter, found = FIRST_OF_ALL, set()
    while quarter in empty and quarter < oldest:
        found.add(quarter)
        quarter = quarter.before_or_after(1)
    return frozenset(found if quarter in filled else ())


def oldest_known(connection: Connection) -> Quarter:
    """Return the oldest quarter in which something that is stored has begun, by its dates or by what a series says."""
    begun = [Quarter(*row) for row in connection.execute(BEGINNINGS, {"year": FIRST_YEAR})]
    starts_at = connection.scalar(OLDEST_START, {"at": FIRST_OF_ALL.starts_at})
    return min([*begun, *([quarter_at(starts_at)] if starts_at else [])], default=FIRST_OF_ALL)


def settle_empty_quarters(connection: Connection) -> None:
    """Note of each empty quarter whether it need not be asked for again, now that its neighbours are known."""
    holds_none = (PAST_QUARTER.c.seasons == 0) & (func.coalesce(PAST_QUARTER.c.lacking, 0) == 0)
    is_found = tuple_(PAST_QUARTER.c.season_year, PAST_QUARTER.c.season_quarter).in_(empty_quarters(connection))
    connection.execute(update(PAST_QUARTER).where(holds_none).values(is_over=is_found))


def remember_quarter(
    connection: Connection,
    quarter: Quarter,
    *,
    stored: int,
    lacking: int | None,
    listed: int | None,
    is_over: bool,
    at: datetime,
) -> None:
    """Write down that a quarter is stored, and how many seasons it still lacks; None where that was not compared.

    `listed` is how many came with their schedules, None where the list was not asked for.
    """
    values = {"loaded_at": at, "seasons": stored, "lacking": lacking, "listed": listed, "is_over": is_over}
    statement = insert(PAST_QUARTER).values(**quarter.params, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["season_year", "season_quarter"], set_=values))
