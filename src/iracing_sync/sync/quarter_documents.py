"""The documents of one quarter: when they will never change again, and when what they say is not believed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError
from iracing_sync.fetch.cache.document_cache import Settled, never
from iracing_sync.fetch.endpoints import PAST_SEASONS
from iracing_sync.fetch.expected import items_in
from iracing_sync.instants import instant
from iracing_sync.quarters import Quarter

AFTER_LAST_ROUND = timedelta(days=14)
"""How long after its last round began a season is over for certain."""


class Documents(Protocol):
    """Where documents come from: a source, or one that fetches ahead."""

    def document(
        self, endpoint: str, params: Mapping[str, int], *, fresh: bool = False, settled: Settled = never
    ) -> Document:
        """Return a document; `fresh` bypasses the cache, `settled` tells which never grow too old there."""
        ...


def document_of_quarter(
    documents: Documents, endpoint: str, quarter: Quarter, *, may_be_empty: bool = False
) -> Document:
    """Return a document of one quarter; one fetched after the quarter's end is never asked for again.

    iRacing has answered with an empty list for quarters that are full: such a one is not believed out of the cache,
    unless it is known that it may be empty.
    """
    settled = settled_for(quarter.params, may_be_empty=may_be_empty)
    document = documents.document(endpoint, quarter.params, settled=settled)
    if document.from_cache and not may_be_empty and not has_seasons(document):
        return documents.document(endpoint, quarter.params, fresh=True, settled=settled)
    return document


def settled_for(params: Mapping[str, int] | None, *, may_be_empty: bool = False) -> Settled:
    """Return what tells whether a document will never change: only those of a quarter may be over."""
    if not params or "season_quarter" not in params:
        return never
    quarter = Quarter(params["season_year"], params["season_quarter"])
    return lambda document: is_over(quarter, document.without_content(), may_be_empty=may_be_empty)


def is_over(quarter: Quarter, document: Document, *, may_be_empty: bool = False) -> bool:
    """Tell whether a quarter's document was fetched after the last round of every season in it.

    The light list tells of no rounds: there the year must have ended, in which a year-long season may run. An empty
    list proves nothing by itself.
    """
    try:
        seasons = seasons_in(document)
    except DocumentError:
        return False
    if not (seasons or may_be_empty):
        return False
    if any(is_active(season) for season in seasons):
        return False
    rounds = [round_ for season in seasons for round_ in rounds_of(season)]
    ended_at = end_of(rounds) if rounds else Quarter(quarter.year, 4).ends_at
    return ended_at is not None and document.fetched_at > max(ended_at, quarter.ends_at)


def is_finished(document: Document) -> bool:
    """Tell whether `series/season_schedule` was fetched after the last round: it will never change again."""
    try:
        ended_at = end_of(rounds_of(document.without_content().content))
    except DocumentError:
        return False
    return ended_at is not None and document.fetched_at > ended_at


def tells_of(season_id: int, quarter: Quarter) -> Settled:
    """Return what tells whether `series/past_seasons` knows a season and was fetched after its quarter."""

    def is_settled(document: Document) -> bool:
        try:
            seasons = items_in(PAST_SEASONS, document.without_content().content) or []
        except DocumentError:
            return False
        ids = (season.get("season_id") for season in seasons if isinstance(season, dict))
        return document.fetched_at > quarter.ends_at and season_id in ids

    return is_settled


def end_of(rounds: list[dict[str, Any]]) -> datetime | None:
    """Return when the last of some rounds is over for certain; None where there are none, or a date is at fault."""
    try:
        return max(instant(round_["start_date"]) for round_ in rounds) + AFTER_LAST_ROUND
    except (ValueError, OverflowError):
        return None


def has_seasons(document: Document | None) -> bool:
    """Tell whether a document is there and lists a season."""
    try:
        return document is not None and bool(seasons_in(document))
    except DocumentError:
        return False


def seasons_in(document: Document) -> list[Any]:
    """Return the seasons of a list as they were sent; raises DocumentError where it is no JSON."""
    return items_in(document.endpoint, document.content) or []


def rounds_of(season: Any) -> list[dict[str, Any]]:
    """Return the rounds of a season, of those that say when they start."""
    rounds = season.get("schedules") if isinstance(season, dict) else None
    return [round_ for round_ in rounds or () if isinstance(round_, dict) and isinstance(round_.get("start_date"), str)]


def is_active(season: Any) -> bool:
    """Tell whether iRacing calls a season active."""
    return isinstance(season, dict) and season.get("active") is True


def numbers_of_seasons(document: Document, *, with_rounds: bool = False) -> dict[int, int]:
    """Return the ids of the seasons of a list and of their series, perhaps only of those that come with rounds."""
    every = [season for season in seasons_in(document) if isinstance(season, dict)]
    return {
        season["season_id"]: season["series_id"]
        for season in every
        if all(isinstance(season.get(key), int) for key in ("season_id", "series_id"))
        and (season.get("schedules") or not with_rounds)
    }
