"""The ledger of calls, read for people and programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select

from iracing_sync.reading import Row
from iracing_sync.records import ApiCallLog

SHOWN = [column for column in ApiCallLog.__table__.columns if column.name not in ("call_id", "entry_id")]
IS_HIT = ApiCallLog.cached == "hit"


@dataclass(frozen=True, slots=True)
class WantedCalls:
    """Which calls are wanted; what is null or empty selects nothing."""

    since: datetime | None = None
    endpoint: str | None = None
    run_id: UUID | None = None

    def conditions(self) -> Sequence[ColumnElement[bool]]:
        """Return what holds for the wanted calls."""
        given = (
            (self.since, ApiCallLog.at >= self.since),
            (self.endpoint, ApiCallLog.endpoint == self.endpoint),
            (self.run_id, ApiCallLog.run_id == self.run_id),
        )
        return [condition for value, condition in given if value is not None]


def read_calls(connection: Connection, wanted: WantedCalls, most: int) -> list[Row]:
    """Return the latest calls, the last one last."""
    latest = select(*SHOWN).where(*wanted.conditions()).order_by(ApiCallLog.at.desc(), ApiCallLog.call_id.desc())
    return [dict(row) for row in connection.execute(latest.limit(most)).mappings()][::-1]


def summarized_calls(connection: Connection, wanted: WantedCalls) -> list[Row]:
    """Return for each endpoint how often it was asked, found in the cache and failed, and what that took.

    Bytes are of what was fetched; milliseconds are the median and the 95th percentile of what was asked.
    """
    asked = ~IS_HIT

    def percentile(part: float) -> ColumnElement[Any]:
        return func.round(func.percentile_cont(part).within_group(ApiCallLog.duration_ms).filter(asked))

    summary = (
        select(
            ApiCallLog.endpoint,
            func.count().filter(asked).label("asked"),
            func.count().filter(IS_HIT).label("from_cache"),
            func.count().filter(asked, ApiCallLog.error.is_not(None)).label("failed"),
            func.coalesce(func.sum(ApiCallLog.size_bytes).filter(asked), 0).label("size_bytes"),
            percentile(0.5).label("median_ms"),
            percentile(0.95).label("p95_ms"),
            func.min(ApiCallLog.rate_limit_remaining).label("lowest_remaining"),
        )
        .where(*wanted.conditions())
        .group_by(ApiCallLog.endpoint)
        .order_by(ApiCallLog.endpoint)
    )
    return [whole_numbers(dict(row)) for row in connection.execute(summary).mappings()]


def whole_numbers(row: Row) -> Row:
    """Return a row of the summary with its sums and percentiles as the whole numbers that they are."""
    return {name: value if value is None or name == "endpoint" else int(value) for name, value in row.items()}
