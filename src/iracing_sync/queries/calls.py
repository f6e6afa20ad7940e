"""The ledger of calls, read for people and programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select

from iracing_sync.queries.rows import plain_rows
from iracing_sync.tables.own import API_CALL_LOG
from iracing_sync.tables.rows import Row

SHOWN = [column for column in API_CALL_LOG.c if column.name not in ("call_id", "entry_id")]
IS_HIT = API_CALL_LOG.c.cached == "hit"


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls are wanted; what is None leaves out none."""

    since: datetime | None = None
    endpoint: str | None = None
    run_id: UUID | None = None

    def conditions(self) -> Sequence[ColumnElement[bool]]:
        """Return what holds for the wanted calls."""
        given = (
            (self.since, API_CALL_LOG.c.at >= self.since),
            (self.endpoint, API_CALL_LOG.c.endpoint == self.endpoint),
            (self.run_id, API_CALL_LOG.c.run_id == self.run_id),
        )
        return [condition for value, condition in given if value is not None]


def read_calls(connection: Connection, wanted: CallFilter, most: int) -> list[Row]:
    """Return the latest calls, the last one last."""
    latest = (
        select(*SHOWN).where(*wanted.conditions()).order_by(API_CALL_LOG.c.at.desc(), API_CALL_LOG.c.call_id.desc())
    )
    return plain_rows(connection.execute(latest.limit(most)))[::-1]


def read_call_summary(connection: Connection, wanted: CallFilter) -> list[Row]:
    """Return for each endpoint how often it was asked, found in the cache and failed, and what that took.

    Bytes are of what was fetched; milliseconds are the median and the 95th percentile of what was asked.
    """
    asked = ~IS_HIT

    def percentile(part: float) -> ColumnElement[Any]:
        return func.round(func.percentile_cont(part).within_group(API_CALL_LOG.c.duration_ms).filter(asked))

    summary = (
        select(
            API_CALL_LOG.c.endpoint,
            func.count().filter(asked).label("asked"),
            func.count().filter(IS_HIT).label("from_cache"),
            func.count().filter(asked, API_CALL_LOG.c.error.is_not(None)).label("failed"),
            func.coalesce(func.sum(API_CALL_LOG.c.size_bytes).filter(asked), 0).label("size_bytes"),
            percentile(0.5).label("median_ms"),
            percentile(0.95).label("p95_ms"),
            func.min(API_CALL_LOG.c.rate_limit_remaining).label("lowest_remaining"),
        )
        .where(*wanted.conditions())
        .group_by(API_CALL_LOG.c.endpoint)
        .order_by(API_CALL_LOG.c.endpoint)
    )
    return [whole_numbers(row) for row in plain_rows(connection.execute(summary))]


def whole_numbers(row: Row) -> Row:
    """Return a row of the summary with its sums and percentiles as the whole numbers that they are."""
    return {name: value if value is None or name == "endpoint" else int(value) for name, value in row.items()}
