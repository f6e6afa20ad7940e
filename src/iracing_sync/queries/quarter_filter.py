"""Seasons by quarter: those that run in it, or those that began there."""

from typing import Any, NamedTuple

from sqlalchemy import and_

from iracing_sync.quarters import Quarter
from iracing_sync.tables.seasons import Season


class QuarterFilter(NamedTuple):
    """A quarter to select seasons by: those that run in it, or those that have its tag because they began there."""

    quarter: Quarter
    is_tag: bool

    def condition(self) -> Any:
        """Return the condition on season."""
        quarter = self.quarter
        if self.is_tag:
            return and_(Season.season_year == quarter.year, Season.season_quarter == quarter.number)
        return and_(Season.starts_at < quarter.ends_at, Season.ends_at > quarter.starts_at)
