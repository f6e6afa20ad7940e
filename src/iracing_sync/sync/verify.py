"""Whether a quarter is complete: iRacing's own list of it against what is stored."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from iracing_sync.documents import Document
from iracing_sync.fetch.expected import unreadable_in
from iracing_sync.mappers.seasons import listed_seasons
from iracing_sync.quarters import Quarter
from iracing_sync.sync.stored import seasons_with_rounds
from iracing_sync.sync.stored_quarters import empty_quarters
from iracing_sync.tables.seasons import Season
from iracing_sync.whole_numbers import integral


class Verdict(NamedTuple):
    """Which seasons are missing from the database, lack their schedule there, or are unknown to the list.

    It is doubtful where the list is empty, and nothing else says that the quarter lies before iRacing's first;
    `unreadable` is how much of the list cannot be read.
    """

    quarter: Quarter
    named: dict[int, str]
    missing: list[int]
    without_schedule: list[int]
    unlisted: list[int]
    is_doubtful: bool
    unreadable: int

    @property
    def is_complete(self) -> bool:
        """Tell whether every listed season is stored with its schedule."""
        return not (self.missing or self.without_schedule or self.is_doubtful or self.unreadable)

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON shows it."""
        return {
            "season_year": self.quarter.year,
            "season_quarter": self.quarter.number,
            "complete": self.is_complete,
            "listed": len(self.named),
            "stored": len(self.named) - len(self.missing) - len(self.without_schedule),
            "missing": self.missing,
            "without_schedule": self.without_schedule,
            "unlisted": self.unlisted,
        }


def compare_quarter(connection: Connection, quarter: Quarter, light: Document) -> Verdict:
    """Compare `season/list` of a quarter with what is stored under its tag."""
    readable = [season for season in listed_seasons(light) if integral(season.raw("season_id")) is not None]
    named = {season.whole("season_id"): season.text("season_name") for season in readable}
    known = set(connection.scalars(select(Season.season_id).where(Season.season_id.in_(named))))
    full = seasons_with_rounds(connection, named)
    tagged = select(Season.season_id).where(
        Season.season_year == quarter.year, Season.season_quarter == quarter.number, Season.season_id.not_in(named)
    )
    return Verdict(
        quarter,
        named,
        sorted(named.keys() - known),
        sorted(known - full),
        sorted(connection.scalars(tagged)),
        is_doubtful=not named and quarter not in empty_quarters(connection),
        unreadable=unreadable_in(light),
    )
