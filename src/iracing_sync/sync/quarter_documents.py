"""The documents of one quarter: when they will never change again, and when what they say is not believed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol

from iracing_sync.documents import Document
from iracing_sync.errors import DocumentError
from iracing_sync.fetch.cache.document_cache import Settled, never
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
    starts = [round_["start_date"] for season in seasons for round_ in rounds_of(season)]
    try:
        last = max(map(instant, starts)) + AFTER_LAST_ROUND if starts else Quarter(quarter.year, 4).ends_at
    except (ValueError, OverflowError):  # a date at fault says nothing
        return False
    return document.fetched_at > max(last, quarter.ends_at) and not any(is_active(season) for season in seasons)


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
